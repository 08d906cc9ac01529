/** By what machines may differ in the area "kernel": kernel, system, image, processors, hardware, firmware. */

import type { Reading } from '../fact.ts';
import type { Trait } from '../report.ts';
import { commandLine } from './command-line.ts';
import { hardware, kernelIdentity } from './identity.ts';
import { processors } from './processor.ts';

/** Parameters that differ on every node and tell nothing of its kind. */
const OWN =
  /^(?:BOOT_IMAGE|root|initrd|rd\.|resume|ip|ifname|netroot|hostname|systemd\.(?:hostname|machine_id)|ostree|verity|roothash|luks|cryptdevice|ds|talos\.config)/;

/** Traits of this area; none where they cannot be read. */
export async function kernelTraits({ get }: Reading): Promise<Trait[]> {
  const [kernel, words, cpus, machine] = await Promise.all([
    get(kernelIdentity).catch(() => undefined),
    get(commandLine).catch(() => undefined),
    get(processors).catch(() => undefined),
    get(hardware).catch(() => undefined),
  ]);
  const shared = words?.parameters
    .filter(({ name }) => !OWN.test(name))
    .map(({ name, value }) => (value === '' ? name : `${name}=${value}`));
  const image = [kernel?.os.imageId, kernel?.os.imageVersion].filter(Boolean).join(' ');
  const values: [string, string | undefined][] = [
    ['kernel', kernel?.release],
    ['kernel.package', kernel?.package],
    ['kernel.parameters', shared?.join(' ')],
    ['os', kernel?.os.name],
    ['image', image],
    ['cpu', cpus?.name],
    ['microcode', cpus?.microcode[0]?.revision],
    ['model', machine && [machine.vendor, machine.product].filter(Boolean).join(' ')],
    ['bios', machine && [machine.biosVersion, machine.biosDate].filter(Boolean).join(' ')],
    ['virtualisation', machine?.virtualisation],
  ];
  return values.flatMap(([name, value]) => (value ? [{ name, value: value.slice(0, 300) }] : []));
}
