/** What is ready for a crash and what one left, as tools tell it of captured machines: `kdumpctl`, `kdump-config`, and `crash` with its `sys`. */

import { check, NotApplicable } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** What a tool says of kdump. */
interface Readiness {
  readonly ready: boolean;
  /** Whether it is meant to be ready: where it is not set up nobody waits for a dump. */
  readonly wanted: boolean | undefined;
  /** The line that tells. */
  readonly row: string;
}

/** Lines of kexec-tools (kdumpctl, from RHEL 6 on) and of Debian's kdump-tools (kdump-config). */
const READY = /^(?:kdump: )?Kdump is operational\b|^current state\s*:\s*ready to kdump\b/i;
const NOT_READY =
  /^(?:kdump: )?Kdump is not operational\b|^current state\s*:\s*not ready to kdump\b|^(?:kdump: )?No memory reserved for crash kernel\b|^(?:kdump: )?Starting kdump: \[FAILED\]|^.{0,40}no crashkernel= parameter in the kernel cmdline/i;
/** What only one who set it up is told. */
const TRIED = /No memory reserved|Starting kdump: \[FAILED\]|^USE_KDUMP:\s+1\b/i;

function parseReadiness(text: string): Readiness | undefined {
  const rows = rowsOf(text).map((row) => row.trim());
  const bad = rows.find((row) => NOT_READY.test(row));
  const good = rows.find((row) => READY.test(row));
  const row = bad ?? good;
  if (row === undefined) return undefined;
  const off = rows.some((one) => /^USE_KDUMP:\s+0\b/.test(one));
  return {
    ready: bad === undefined,
    wanted: off ? false : rows.some((one) => TRIED.test(one)) || undefined,
    row,
  };
}

const readiness = fact({
  id: 'kernel.kdump-told',
  reads: ['kdumpctl status, kdump-config show and status, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['kdumpctl', 'kdump-config'],
      parseReadiness,
      'it does not tell whether kdump is ready',
    ),
});

/** The check of what kdump's own tools tell. */
export const KDUMP_TOLD_CHECK = check({
  id: 'kernel.kdump-told',
  area: 'kernel',
  title: 'A kdump that is not ready, as its tools tell',
  about:
    'kdumpctl and kdump-config say whether a crash kernel is loaded: without one the next panic leaves no dump. It is a warning where ' +
    'something tells that kdump is set up, else an info.',
  needs: { readiness },
  links: ['https://docs.kernel.org/admin-guide/kdump/kdump.html'],
  evaluate: ({ readiness: all }): FindingDraft[] | NotApplicable => {
    const bad = all.filter(({ ready, wanted }) => !ready && wanted !== false);
    if (bad.length === 0 && all.some(({ ready }) => !ready))
      return new NotApplicable('kdump is switched off');
    const [first] = bad;
    return first
      ? [
          {
            severity: bad.some(({ wanted }) => wanted) ? 'warning' : 'info',
            title: 'kdump is not ready',
            evidence: [...new Set(bad.map(({ row }) => row))].slice(0, 3),
            remedy: {
              text: 'Set crashkernel= as the distribution recommends, reboot, and see what the unit kdump says.',
              risk: 'reboot',
            },
            explains: ['kernel.kdump-not-loaded'],
          },
        ]
      : [];
  },
});

/** A crash that somebody looked into. */
interface Dump {
  /** What the kernel said last; empty of a running one. */
  readonly panic: string;
  readonly release: string;
  readonly date: string;
}

/** The head of `crash`, which its command `sys` prints again. */
function parseDump(text: string): Dump | undefined {
  const of = (name: string) =>
    new RegExp(String.raw`^\s{0,14}${name}: (.{1,300})$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const dump = of('DUMPFILE');
  // Databases cry PANIC too, without quotes.
  const panic = of('PANIC').startsWith('"') ? of('PANIC') : '';
  if (dump === '' && panic === '') return undefined;
  // Of the kernel that runs it reads the memory.
  if (/^\/(?:proc\/kcore|dev\/(?:crash|mem))\b/.test(dump)) return { panic: '', release: '', date: '' };
  return { panic: panic.replaceAll('"', ''), release: of('RELEASE'), date: of('DATE') };
}

const dumps = fact({
  id: 'kernel.dumps-told',
  reads: ['crash, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => readEach(machine, ['crash'], parseDump, 'it tells of no dump'),
});

/** The check of dumps that somebody looked into. */
export const CRASH_SESSION_CHECK = check({
  id: 'kernel.crash-told',
  area: 'kernel',
  title: 'A kernel that crashed, by what crash tells of its dump',
  about:
    'The program crash reads the memory that a kernel left when it crashed, and tells what it said last. A crash that somebody asked for ' +
    'with SysRq is an info.',
  needs: { dumps },
  links: ['https://crash-utility.github.io/'],
  evaluate: ({ dumps: all }): FindingDraft[] =>
    all.flatMap(({ panic, release, date }) =>
      panic === ''
        ? []
        : [
            {
              severity: /sysrq/i.test(panic) ? 'info' : 'warning',
              title: 'The kernel crashed and left a dump',
              evidence: [panic.slice(0, 200), [release, date].filter((one) => one !== '').join(', ')].filter(
                (one) => one !== '',
              ),
              remedy: {
                text: 'crash’s log and bt tell where; compare the driver and the release with known troubles.',
                risk: 'none',
              },
            },
          ],
    ),
});
