/** EDAC: errors of memory that its error correction corrected or could not correct, by module. */

import { line, type Machine, number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { edacTold } from './edac-told.ts';

const ROOT = 'sys/devices/system/edac/mc';
const MAX_CONTROLLERS = 256;
const MAX_MODULES = 1_024;

/** A memory module, or a row of chips where the driver knows no modules. */
export interface Module {
  /** As the kernel calls it: "mc0/dimm3", "mc0/csrow1/ch0". */
  readonly name: string;
  /** The slot's name on the board as firmware or a labels database tells it: "CPU_SrcID#0_Ha#0_Chan#1_DIMM#0"; may be empty. */
  readonly label: string;
  /** MiB; 0 where it is not told. */
  readonly sizeMiB: number;
  readonly corrected: number;
  readonly uncorrected: number;
  /** Corrected in the last 24 h, where the tool itself counts them. */
  readonly inDay?: number;
}

/** A memory controller. */
export interface Controller {
  readonly name: string;
  /** The driver's name for it: "Skylake Socket#0 IMC#0"; may be empty. */
  readonly type: string;
  /** All errors, those of no known module included. */
  readonly corrected: number;
  readonly uncorrected: number;
  /** How long it has been counting; undefined where it is not told. */
  readonly seconds: number | undefined;
  readonly modules: readonly Module[];
  /** Whether a capture has no count of either kind: people print the files of one. */
  readonly untold?: { readonly corrected: boolean; readonly uncorrected: boolean } | undefined;
}

const COUNT = (machine: Machine, path: string) => number(machine, path) ?? 0;

function dimms(machine: Machine, controller: string, names: readonly string[]): Module[] {
  return names
    .filter((name) => /^(dimm|rank)\d+$/.test(name))
    .slice(0, MAX_MODULES)
    .map((name) => {
      const at = `${ROOT}/${controller}/${name}`;
      return {
        name: `${controller}/${name}`,
        label: line(machine, `${at}/dimm_label`) ?? '',
        sizeMiB: COUNT(machine, `${at}/size`),
        corrected: COUNT(machine, `${at}/dimm_ce_count`),
        uncorrected: COUNT(machine, `${at}/dimm_ue_count`),
      };
    });
}

/** Drivers that count by rows and channels (the older interface, still there in some kernels). */
function rows(machine: Machine, controller: string, names: readonly string[]): Module[] {
  const modules: Module[] = [];
  for (const name of names.filter((one) => /^csrow\d+$/.test(one)).slice(0, MAX_MODULES)) {
    const at = `${ROOT}/${controller}/${name}`;
    const channels = machine.list(at).flatMap((file) => /^(ch\d+)_ce_count$/.exec(file)?.[1] ?? []);
    for (const channel of channels)
      modules.push({
        name: `${controller}/${name}/${channel}`,
        label: line(machine, `${at}/${channel}_dimm_label`) ?? '',
        sizeMiB: channels.length === 1 ? COUNT(machine, `${at}/size_mb`) : 0,
        corrected: COUNT(machine, `${at}/${channel}_ce_count`),
        // Uncorrected errors are counted for the row: which of its channels had them is not known.
        uncorrected: channels.length === 1 ? COUNT(machine, `${at}/ue_count`) : 0,
      });
  }
  return modules;
}

/** Which counts are in no file of a controller. */
function untoldOf(machine: Machine, controller: string, names: readonly string[]): Controller['untold'] {
  const files = [
    ...names,
    ...names
      .filter((name) => /^(?:dimm|rank|csrow)\d+$/.test(name))
      .flatMap((name) => machine.list(`${ROOT}/${controller}/${name}`)),
  ];
  return {
    corrected: !files.some((file) => /(?:^|_)ce_count$/.test(file)),
    uncorrected: !files.some((file) => /(?:^|_)ue_count$/.test(file)),
  };
}

/** Reads all memory controllers that the EDAC drivers know; empty where there are none. @throws Unavailable denied or failed */
export function readEdac(machine: Machine): Controller[] {
  return machine
    .list(ROOT)
    .filter((name) => /^mc\d+$/.test(name))
    .slice(0, MAX_CONTROLLERS)
    .map((name) => {
      const names = machine.list(`${ROOT}/${name}`);
      const found = dimms(machine, name, names);
      return {
        name,
        type: line(machine, `${ROOT}/${name}/mc_name`) ?? '',
        corrected: COUNT(machine, `${ROOT}/${name}/ce_count`),
        uncorrected:
          number(machine, `${ROOT}/${name}/ue_count`) ??
          names
            .filter((one) => /^csrow\d+$/.test(one))
            .reduce((sum, one) => sum + COUNT(machine, `${ROOT}/${name}/${one}/ue_count`), 0),
        seconds: number(machine, `${ROOT}/${name}/seconds_since_reset`),
        modules: found.length > 0 ? found : rows(machine, name, names),
        ...(machine.live ? {} : { untold: untoldOf(machine, name, names) }),
      };
    });
}

/** Memory controllers with their errors. */
export const edac = fact({
  id: 'memory.edac',
  reads: [
    `/${ROOT}/mc*/{ce_count,ue_count,dimm*/*,rank*/*,csrow*/*}`,
    'edac-util, ras-mc-ctl and mcelog, where they were saved',
  ],
  limitMs: 2_000,
  read: ({ machine }): readonly Controller[] => {
    const known = readEdac(machine);
    const controllers = known.length > 0 ? known : edacTold(machine);
    if (controllers.length === 0) throw nothing(machine, 'memory controller with an EDAC driver');
    return controllers;
  },
});
