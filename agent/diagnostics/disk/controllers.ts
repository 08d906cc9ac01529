/** Controllers of NVMe drives, as /sys/class/nvme has them: one that is dead has lost its namespaces, so that no block device tells of it. */

import { line } from '../../host/machine.ts';
import { fact } from '../fact.ts';

const ROOT = 'sys/class/nvme';
const MAX_CONTROLLERS = 1_024;

/** A controller. */
export interface NvmeController {
  /** "nvme0" */
  readonly name: string;
  /** "live", "resetting", "connecting", "deleting", "dead" (drivers/nvme/host/sysfs.c). */
  readonly state: string;
  readonly model: string;
  readonly firmware: string;
}

/** Controllers on the bus of the machine: paths over a network are told by their own check. Empty where there are none. */
export const nvmeControllers = fact({
  id: 'disk.nvme-controllers',
  reads: [`/${ROOT}/*/{state,transport,model,firmware_rev}`],
  limitMs: 2_000,
  read: ({ machine }): readonly NvmeController[] =>
    machine
      .list(ROOT)
      .filter((name) => /^nvme\d+$/.test(name))
      .slice(0, MAX_CONTROLLERS)
      .flatMap((name) => {
        const of = (file: string) => line(machine, `${ROOT}/${name}/${file}`) ?? '';
        const state = of('state');
        if (state === '' || !/^(?:pcie|)$/.test(of('transport'))) return [];
        return [{ name, state, model: of('model'), firmware: of('firmware_rev') }];
      }),
});
