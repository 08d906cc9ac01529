/** Checks of how hard the machine has to work for memory: stalls, swapping, faults, kills. */

import { activity } from '../activity/activity.ts';
import { lookWords } from '../activity/shares.ts';
import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { NO_TREND, past } from '../past.ts';
import { figures, inBytes, inTime, percent } from '../quantities.ts';
import { groups } from './groups.ts';
import { meminfo, uptime, vmstat } from './meminfo.ts';
import { pressures } from './pressure.ts';

const HOUR = 3_600_000;
const PAGE = 4_096;

const pressure = check({
  id: 'memory.pressure',
  area: 'memory',
  title: 'Programs that stand still for want of memory',
  about:
    'Pressure stall information tells the share of time in which tasks waited for memory: for reclaim, for swap, for pages ' +
    'that were dropped and had to be read again. "full" means that nobody could work in that time.',
  needs: { pressures },
  thresholds: {
    someWarn: {
      value: 20,
      unit: '%',
      source: 'chosen: a fifth of the last minute lost for at least one task',
    },
    fullWarn: { value: 10, unit: '%', source: 'chosen: a tenth of the last minute lost for everyone' },
    fullCritical: { value: 60, unit: '%', source: 'systemd-oomd DefaultMemoryPressureLimit=60% for 30 s' },
  },
  links: ['https://www.kernel.org/doc/html/latest/accounting/psi.html'],
  evaluate: ({ pressures: { memory } }, { someWarn, fullWarn, fullCritical }) => {
    const some = memory?.some?.avg60 ?? 0;
    const full = memory?.full?.avg60 ?? 0;
    if (some < someWarn && full < fullWarn) return [];
    return [
      {
        severity: full >= fullCritical ? 'critical' : 'warning',
        title: 'Programs stand still for want of memory',
        parameters: { somePercent: some, fullPercent: full },
        evidence: [`over the last minute some ${some} %, full ${full} % (/proc/pressure/memory)`],
        remedy: {
          text: 'Find what takes the memory and limit it, or give the machine more.',
          risk: 'restart',
        },
        explains: ['disk.io-pressure', 'system.load-high', 'system.processes-stuck'],
      },
    ];
  },
});

const oom = check({
  id: 'memory.oom-kills',
  area: 'memory',
  title: 'Processes that were killed for want of memory',
  about:
    'The kernel counts its kills since boot (oom_kill in /proc/vmstat, Linux 4.13 and later), those inside of control groups ' +
    'included. With the agent’s history a kill in the last hour is a warning; without it, any kill in the first day after boot.',
  needs: { vmstat },
  wants: { past, uptime },
  thresholds: {
    recentHours: {
      value: 1,
      unit: 'h',
      source: 'netdata oom_kill (any within 30 min); an hour, so that it is seen',
    },
  },
  evaluate: ({ vmstat: counters, past: history, uptime: up }, { recentHours }) => {
    const kills = counters.get('oom_kill') ?? 0;
    if (kills === 0) return [];
    const recent = history?.growth('memory//oom_kills', recentHours * HOUR)?.delta;
    const last = history?.lastGrowth('memory//oom_kills');
    const fresh = recent === undefined ? (up?.seconds ?? Number.POSITIVE_INFINITY) < 86_400 : recent > 0;
    const sinceBoot = up ? ` in ${inTime(up.seconds * 1_000)} since boot` : ' since boot';
    return [
      {
        severity: fresh ? 'warning' : 'info',
        title: 'The kernel killed processes for want of memory',
        parameters: { kills, ...(recent === undefined ? {} : { recentKills: recent }) },
        evidence: [
          `oom_kill is ${kills}${sinceBoot}`,
          ...(recent === undefined ? [] : [`${recent} in the last ${figures(recentHours)} h`]),
        ],
        count: kills,
        ...(last === undefined ? {} : { lastMs: last }),
        remedy: {
          text: 'nodectl dmesg -g "Killed process" names the victims and what they used. Limit what grew, or add memory.',
          risk: 'restart',
        },
        explains: ['system.unit-failed', 'system.unit-restarts', 'kernel-log.oom*'],
      },
    ];
  },
});

const groupKills = check({
  id: 'memory.service-oom',
  area: 'memory',
  title: 'Services and pods that ran into their own memory limit',
  about:
    'A control group with a limit (MemoryMax=, a pod’s limit) loses processes when it reaches it, however much memory the ' +
    'machine has. Counted in memory.events since the group was made, so a service that was restarted begins anew.',
  needs: { groups },
  evaluate: ({ groups: all }) => {
    const hit = all.filter(({ oomKills }) => oomKills > 0).sort((a, b) => b.oomKills - a.oomKills);
    return hit.slice(0, 10).map(({ path, oomKills, limitHits }): FindingDraft => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const pod = /^(kubepods|pod)/.test(name);
      return {
        severity: pod ? 'info' : 'warning',
        title: `Processes of a ${pod ? 'pod' : 'service'} were killed at its memory limit`,
        subject: { kind: pod ? 'pod' : 'service', name, ...(pod ? {} : { hardware: name }) },
        parameters: { kills: oomKills, limitHits },
        evidence: [`/sys/fs/cgroup/${path}/memory.events: oom_kill ${oomKills}, max ${limitHits}`],
        count: oomKills,
        remedy: {
          text: 'Raise its limit (MemoryMax=, resources.limits.memory) or find its leak.',
          risk: 'restart',
        },
        explains: ['system.unit-failed', 'system.unit-restarts'],
      };
    });
  },
});

const groupPressure = check({
  id: 'memory.service-pressure',
  area: 'memory',
  title: 'Services that stand still at their own memory limit',
  about:
    'A service near its limit spends its time on reclaiming its own pages while the machine has memory enough. Judged by the ' +
    'memory pressure of its control group.',
  needs: { groups },
  wants: { pressures },
  thresholds: {
    fullWarn: {
      value: 20,
      unit: '%',
      source: 'chosen: a fifth of the last minute lost; systemd-oomd kills at 60 %',
    },
  },
  evaluate: ({ groups: all, pressures: machine }, { fullWarn }) => {
    // Where the whole machine is short of memory, that is the finding.
    if ((machine?.memory?.full?.avg60 ?? 0) >= fullWarn) return [];
    return all
      .filter(({ pressure: own }) => (own?.full?.avg60 ?? 0) >= fullWarn)
      .slice(0, 10)
      .map(({ path, pressure: own, limitHits }): FindingDraft => {
        const full = own?.full?.avg60 ?? 0;
        return {
          severity: 'warning',
          title: 'A service stands still at its memory limit',
          subject: { kind: 'service', name: path.slice(path.lastIndexOf('/') + 1) },
          parameters: { fullPercent: full, limitHits },
          evidence: [`/sys/fs/cgroup/${path}/memory.pressure: full ${full} % over the last minute`],
          remedy: {
            text: 'Raise its limit (MemoryHigh=, MemoryMax=), or make it use less.',
            risk: 'restart',
          },
        };
      });
  },
});

const swapping = check({
  id: 'memory.swap-traffic',
  area: 'memory',
  title: 'Heavy swapping',
  about:
    'Judges how much of the memory was written to swap in the last half hour, by the agent’s history. A full swap area that ' +
    'nothing moves in or out of is harmless; one that is written and read all the time makes everything slow. Of a captured machine the ' +
    'columns si and so of vmstat are judged.',
  needs: { past },
  wants: { meminfo, activity },
  thresholds: {
    outPercent: { value: 30, unit: '%', source: 'netdata 30min_ram_swapped_out' },
    kibPerSecond: {
      value: 2_000,
      unit: 'KiB/s',
      source: 'chosen: 500 pages a second, as many as node-mixin NodeMemoryMajorPagesFaults',
    },
  },
  evaluate: ({ past: history, meminfo: memory, activity: looks }, { outPercent, kibPerSecond }) => {
    const seen = looks?.find(({ swapped }) => swapped);
    if (seen?.swapped) {
      const { in: back, out } = seen.swapped;
      if (back + out < kibPerSecond) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'Memory is swapped out and in all the time',
          parameters: { outKibPerSecond: Math.round(out), inKibPerSecond: Math.round(back) },
          evidence: [`${figures(out)} KiB/s out and ${figures(back)} KiB/s in ${lookWords(seen)}`],
          remedy: { text: 'Less is needed, or more memory: swap does not replace it.', risk: 'restart' },
          explains: [
            'disk.io-pressure',
            'disk.saturated',
            'disk.latency',
            'system.iowait',
            'system.load-high',
          ],
        },
      ];
    }
    if (!memory) return NO_TREND;
    const out = history.growth('memory//swap_out_pages', HOUR / 2);
    const back = history.growth('memory//swap_in_pages', HOUR / 2);
    if (!out) return NO_TREND;
    if (percent(out.delta * PAGE, memory.total) < outPercent) return [];
    return [
      {
        severity: 'warning',
        title: 'Memory is swapped out and in all the time',
        parameters: { swappedOutPercent: percent(out.delta * PAGE, memory.total) },
        evidence: [
          `${inBytes(out.delta * PAGE)} out and ${inBytes((back?.delta ?? 0) * PAGE)} in over ${inTime(out.overMs)}`,
        ],
        remedy: { text: 'Less is needed, or more memory: swap does not replace it.', risk: 'restart' },
        explains: ['disk.io-pressure', 'disk.saturated', 'system.load-high'],
      },
    ];
  },
});

const majorFaults = check({
  id: 'memory.major-faults',
  area: 'memory',
  title: 'Many page faults that need the disk',
  about:
    'A major fault is a page of a program or of a mapped file that had to be read from the disk. Many over long mean that ' +
    'the page cache does not hold what is worked on. Judged over a quarter of an hour of the agent’s history.',
  needs: { past },
  thresholds: {
    perSecond: { value: 500, unit: '1/s', source: 'node-mixin NodeMemoryMajorPagesFaults' },
  },
  evaluate: ({ past: history }, { perSecond }) => {
    const faults = history.growth('memory//major_faults', HOUR / 4);
    if (!faults || faults.overMs < 60_000) return NO_TREND;
    const rate = (1_000 * faults.delta) / faults.overMs;
    if (rate < perSecond) return [];
    return [
      {
        severity: 'warning',
        title: 'Programs and files have to be read from disk again and again',
        parameters: { faultsPerSecond: Math.round(rate) },
        evidence: [`${Math.round(rate)} major faults a second over ${inTime(faults.overMs)}`],
        remedy: {
          text: 'The working set does not fit into memory: use less or add memory.',
          risk: 'restart',
        },
      },
    ];
  },
});

/** Checks of stalls, swapping, faults and kills. */
export const MEMORY_PRESSURE_CHECKS = [
  pressure,
  oom,
  groupKills,
  groupPressure,
  swapping,
  majorFaults,
] as const;
