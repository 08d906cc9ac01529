/** Whether systemd came up: by itself, or on a captured machine by what `systemctl is-system-running`, list-jobs and systemd-analyze printed. */

import { fact } from '../fact.ts';
import { manager } from './units.ts';

/** How far it is. */
interface ManagerState {
  /** "running", "degraded", "starting", "maintenance" … */
  readonly state: string;
  readonly jobs: number;
  /** Units that jobs which run now are about: others wait for these. */
  readonly waitsFor: readonly string[];
}

/** "101 systemd-networkd-wait-online.service start running". */
const JOB =
  /^\s*\d{1,9} +([\w@.:\\-]{1,200}\.[a-z]{4,9}) +(?:start|verify-active|restart|stop) +(running|waiting)\s*$/gm;
const STATE = /^(initializing|starting|running|degraded|maintenance|stopping|offline)\s*$/m;

function told(text: string): ManagerState | undefined {
  const jobs = [...text.matchAll(JOB)];
  if (jobs.length > 0 || /^No jobs (?:running|listed)\.?/m.test(text)) {
    const waitsFor = jobs.flatMap(([, unit = '', how]) => (how === 'running' ? [unit] : []));
    // Jobs come and go on a machine that is up: what has not begun is told where others wait for it to be up.
    const boots = jobs.some(([, unit = '', how]) => how === 'waiting' && unit.endsWith('.target'));
    return { state: boots ? 'starting' : 'running', jobs: jobs.length, waitsFor };
  }
  if (/^Bootup is not yet finished\b/m.test(text)) return { state: 'starting', jobs: 0, waitsFor: [] };
  const state = STATE.exec(text)?.[1];
  return state === undefined ? undefined : { state, jobs: 0, waitsFor: [] };
}

/** The state of systemd. */
export const managerState = fact({
  id: 'system.manager-state',
  reads: [
    'systemctl show',
    'systemctl is-system-running and list-jobs, systemd-analyze, on a captured machine',
  ],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, get }): Promise<ManagerState> => {
    const all = ['systemctl', 'systemd-analyze'].flatMap((program) =>
      (machine.saved?.(program) ?? [])
        .filter(({ words }) => !/^(?:status|show|cat|list-(?:unit|timer|socket))/.test(words[0] ?? ''))
        .flatMap(({ text }) => told(text.slice(0, 200_000)) ?? []),
    );
    const grave = (one: ManagerState) =>
      ['maintenance', 'starting', 'initializing', 'degraded'].indexOf(one.state) + 1 || 9;
    const worst = all.toSorted((a, b) => grave(a) - grave(b))[0];
    if (worst) return { ...worst, waitsFor: all.flatMap(({ waitsFor }) => waitsFor) };
    const { state, jobs } = await get(manager);
    return { state, jobs, waitsFor: [] };
  },
});
