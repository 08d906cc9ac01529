/** What modprobe and insmod (kmod) say of modules that could not be loaded, on captured machines. */

import { Unavailable } from '../../host/unavailable.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { notSaved } from '../required.ts';

interface Refused {
  readonly module: string;
  readonly error: string;
  readonly missing: boolean;
}

const ROW =
  /^\s*(?:modprobe|insmod): (?:ERROR: could not insert (?:module )?'?(?:\S{0,200}\/)?([\w-]{1,64}?)(?:\.ko(?:\.\w{2,4})?)?'?: (.{3,120})|FATAL: Module ([\w-]{1,64}) not found in directory (\S{1,200}))/;
/** The hardware is not there, it is loaded already, who asked may not, or wrote what the module does not know. */
const NO_TROUBLE =
  /^(?:No such device|File exists|Operation not permitted|Device or resource busy|Invalid argument)/;

const refused = fact({
  id: 'kernel.module-loads',
  reads: ['lines of modprobe and insmod, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Refused[] => {
    if (machine.live) throw new Unavailable('absent', 'what modprobe said is read of captured machines only');
    const outputs = machine.saved?.('module-errors') ?? [];
    if (outputs.length === 0) throw notSaved(machine, ['modprobe']);
    return outputs.flatMap(({ text }) =>
      text.split('\n').flatMap((row): Refused[] => {
        const [, module, error = '', absent, folder = ''] = ROW.exec(row) ?? [];
        if (absent !== undefined) return [{ module: absent, error: `not found in ${folder}`, missing: true }];
        return module === undefined || NO_TROUBLE.test(error) ? [] : [{ module, error, missing: false }];
      }),
    );
  },
});

/** The check of them. */
export const MODULE_LOADS_CHECK = check({
  id: 'kernel.module-load',
  area: 'kernel',
  title: 'Modules that could not be loaded',
  about:
    'What modprobe and insmod say: a module that was made for another kernel, is not signed by a key that the kernel has, or lacks a symbol. That one ' +
    'is not there may be a name that nobody has; where all are missing, the running kernel’s folder is gone.',
  needs: { refused },
  evaluate: ({ refused: all }) =>
    [...new Map(all.map((one) => [one.module, one])).values()].slice(0, 20).map(
      ({ module, error, missing }): FindingDraft => ({
        severity: missing ? 'info' : 'warning',
        title: missing ? 'A module that was asked for is not there' : 'A module could not be loaded',
        subject: { kind: 'module', name: module },
        evidence: [`${module}: ${error}`],
        remedy: {
          text: missing
            ? 'Compare uname -r with what is in /lib/modules: after an upgrade the running kernel’s modules may be gone until a reboot.'
            : 'The kernel’s log says more (dmesg). Build it for the running kernel, or sign it with a key that is enrolled (mokutil).',
          risk: 'none',
        },
      }),
    ),
});
