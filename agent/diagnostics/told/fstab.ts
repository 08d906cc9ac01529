/** `findmnt --verify` of /etc/fstab, as captured machines have it. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { rowsOf } from './read-each.ts';

interface Told {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Rows "   [E] unreachable on boot required source: UUID=…" below the mount that they are of; undefined for other text. */
function parseVerify(text: string): Told | undefined {
  const [errors, warnings]: [string[], string[]] = [[], []];
  let mount = '';
  let understood =
    /^(?:\d+ parse errors?, \d+ errors?, \d+ warnings?|Success, no errors or warnings detected)\s*$/m.test(
      text,
    );
  for (const row of rowsOf(text)) {
    const [, kind, words = ''] = /^\s{0,8}\[([EW ])\] (.{1,300})$/.exec(row) ?? [];
    if (kind === undefined) mount = /^(?:\/\S{0,200}|none|swap)$/.exec(row)?.[0] ?? mount;
    else {
      understood = true;
      if (kind !== ' ')
        (kind === 'E' ? errors : warnings).push(`${mount === '' ? '' : `${mount}: `}${words}`);
    }
  }
  // Where the rows are left out, the last one counts them.
  const counted = Number(/^\d+ parse errors?, (\d{1,6}) errors?,/m.exec(text)?.[1] ?? 0);
  if (counted > 0 && errors.length === 0) errors.push(`${counted} that are not listed`);
  return understood ? { errors, warnings } : undefined;
}

const verified = fact({
  id: 'disk.fstab-verified',
  reads: ['findmnt --verify, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): Told => {
    // Its tables of mounts have a reader of their own.
    const found = machine.live
      ? []
      : (machine.saved?.('findmnt') ?? []).flatMap(({ text }) => parseVerify(text) ?? []);
    const last = found.at(-1);
    if (!last) throw nothing(machine, 'the output of findmnt --verify');
    return last;
  },
});

/** The check of what findmnt found in /etc/fstab. */
export const FSTAB_CHECK = check({
  id: 'disk.fstab-errors',
  area: 'disk',
  title: 'Errors that findmnt --verify finds in /etc/fstab',
  about:
    'A mount that the boot requires and that cannot be made ends the boot in emergency mode, where nobody can reach the node. Warnings are ' +
    'infos: file systems on removable media and in networks have some.',
  needs: { verified },
  links: ['https://man7.org/linux/man-pages/man8/findmnt.8.html'],
  evaluate: ({ verified: { errors, warnings } }) =>
    errors.length + warnings.length === 0
      ? []
      : [
          {
            severity: errors.length > 0 ? 'warning' : 'info',
            title: errors.length > 0 ? '/etc/fstab has errors' : '/etc/fstab is unusual',
            parameters: { errors: errors.length, warnings: warnings.length },
            evidence: [...errors, ...warnings].slice(0, 3),
            remedy: {
              text: 'Mend the line, or add nofail where the boot can do without; then findmnt --verify again.',
              risk: 'none',
            },
          },
        ],
});
