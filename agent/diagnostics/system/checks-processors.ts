/** Checks of processors: load, pressure, time that others took, heat, frequencies. */

import { activity } from '../activity/activity.ts';
import { lookWords, type Observed } from '../activity/shares.ts';
import { check, NotApplicable, type Outcome, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { uptime } from '../memory/meminfo.ts';
import { pressures } from '../memory/pressure.ts';
import { NO_TREND, past } from '../past.ts';
import { figures, inTime, percent } from '../quantities.ts';
import { machineChecks } from './identity.ts';
import { lscpuLists } from './lscpu-lists.ts';
import { cpuTime, load, processorCount, processors, stolenTime } from './processors.ts';

const HOUR = 3_600_000;

const high = check({
  id: 'system.load-high',
  area: 'system',
  title: 'More work than the processors can do',
  about:
    'The load counts tasks that run, wait for a processor, or wait for I/O. Judged is its mean over 15 minutes, for each ' +
    'processor.',
  needs: { load },
  wants: { cpuTime, cpus: processorCount },
  thresholds: {
    perCpu: {
      value: 2,
      unit: '',
      source: 'node-mixin NodeSystemSaturation; netdata load_average_15 (200 %)',
    },
    unknownCpus: {
      value: 64,
      unit: '',
      source: 'chosen: where the number of processors is not told; few machines have so many to do',
    },
  },
  evaluate: ({ load: { one, five, fifteen }, cpus, cpuTime: now }, { perCpu, unknownCpus }) => {
    if (cpus === undefined) {
      if (fifteen < unknownCpus) return new Skipped('how many processors there are was not captured');
      return [
        {
          ...{ severity: 'warning', certainty: 'possible' },
          title: 'The machine has a great deal to do',
          parameters: { load15: fifteen },
          evidence: [
            `load ${one}, ${five}, ${fifteen} over 1, 5 and 15 min; how many processors there are was not captured`,
          ],
          remedy: {
            text: 'Compare it with nproc; find what takes the processors or the disks (top, iostat -x).',
            risk: 'none',
          },
        },
      ];
    }
    const count = Math.max(cpus, 1);
    if (fifteen / count < perCpu) return [];
    return [
      {
        severity: 'warning',
        title: 'The machine has more to do than it can',
        parameters: { loadPerCpu: Number(figures(fifteen / count)), load15: fifteen, cpus: count },
        evidence: [
          `load ${one}, ${five}, ${fifteen} over 1, 5 and 15 min for ${count === 1 ? 'one processor' : `${count} processors`}${now ? `; ${now.blocked} tasks wait for I/O` : ''}`,
        ],
        remedy: {
          text: 'Find what takes the processors or the disks; /proc/pressure tells which of them it is.',
          risk: 'none',
        },
      },
    ];
  },
});

const pressure = check({
  id: 'system.cpu-pressure',
  area: 'system',
  title: 'Programs that wait for a processor',
  about:
    'Pressure stall information: the share of the last five minutes in which some task could have run and had no processor. ' +
    'etcd and the kubelet miss their heartbeats where that is high.',
  needs: { pressures },
  thresholds: { someWarn: { value: 60, unit: '%', source: 'chosen: most of the last five minutes' } },
  links: ['https://www.kernel.org/doc/html/latest/accounting/psi.html'],
  evaluate: ({ pressures: { cpu } }, { someWarn }) => {
    const some = cpu?.some?.avg300 ?? 0;
    if (some < someWarn) return [];
    return [
      {
        severity: 'warning',
        title: 'Programs wait for a processor most of the time',
        parameters: { somePercent: some },
        evidence: [`over five minutes some ${some} % (/proc/pressure/cpu)`],
        remedy: {
          text: 'Find what takes the processors, limit it (CPUQuota=, requests and limits of pods), or add some.',
          risk: 'none',
        },
        explains: ['system.load-high', 'system.etcd-slow-disk', 'system.kubelet-unhealthy'],
      },
    ];
  },
});

const busy = check({
  id: 'system.cpu-busy',
  area: 'system',
  title: 'Processors that are busy all the time',
  about:
    'The share of the last quarter of an hour in which the processors did anything, by the agent’s history.',
  needs: { past },
  thresholds: {
    busyPercent: {
      value: 95,
      unit: '%',
      source: 'netdata 10min_cpu_usage (85 to 95 %); node-mixin NodeCPUHighUsage (90 %)',
    },
  },
  evaluate: ({ past: history }, { busyPercent }) => {
    const total = history.growth('system/cpu/total_ticks', HOUR / 4);
    const idle = history.growth('system/cpu/idle_ticks', HOUR / 4);
    // Counters that stand still, as those of some containers do, say nothing of how busy anything is.
    if (!total || !idle || total.overMs < HOUR / 12 || total.delta <= 0) return NO_TREND;
    const share = 100 - percent(idle.delta, total.delta);
    if (share < busyPercent) return [];
    return [
      {
        severity: 'info',
        title: 'The processors are busy all the time',
        parameters: { busyPercent: Number(figures(share)) },
        evidence: [`busy ${figures(share)} % of ${inTime(total.overMs)}`],
        remedy: { text: 'Find what takes them, or add some.', risk: 'none' },
      },
    ];
  },
});

const steal = check({
  id: 'system.cpu-steal',
  area: 'system',
  title: 'Time that the hypervisor gave to others',
  about:
    'A virtual machine that was ready to run and did not get its processor: the host has sold more than it has, or a burst ' +
    'credit is used up. Over the last 20 minutes by the agent’s history, else since boot.',
  needs: { stolen: stolenTime },
  wants: { past },
  thresholds: { warnPercent: { value: 10, unit: '%', source: 'netdata 20min_steal_cpu (5 to 10 %)' } },
  evaluate: ({ stolen: now, past: history }, { warnPercent }) => {
    const stolen = history?.growth('system/cpu/steal_ticks', HOUR / 3);
    const total = history?.growth('system/cpu/total_ticks', HOUR / 3);
    const trend = stolen && total && total.delta > 0;
    const share = trend ? percent(stolen.delta, total.delta) : now.percent;
    if (share < warnPercent) return [];
    return [
      {
        severity: 'warning',
        title: 'The hypervisor gives much of the processors to others',
        parameters: { stolenPercent: share },
        evidence: [`${share} % stolen ${trend ? `over ${inTime(total.overMs)} (/proc/stat)` : now.when}`],
        remedy: {
          text: 'Move the machine to a host with room, or to a size without burst credits.',
          risk: 'reboot',
        },
        explains: [
          'system.cpu-pressure',
          'system.load-high',
          'clock.*unstable*',
          'kernel-log.soft-lockup*',
          'kernel-log.rcu-stall*',
        ],
      },
    ];
  },
});

/** Whether processors waited for disks, or tasks did at every look, while a tool looked. */
function waitingOf(looks: readonly Observed[], warnPercent: number, most: number): Outcome {
  for (const seen of looks) {
    const share = seen.shares.find(({ cpu }) => cpu === 'all')?.iowait ?? 0;
    const tasks = seen.looks > 1 ? (seen.blocked?.least ?? 0) : 0;
    if (share < warnPercent && tasks < most) continue;
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title:
          share < warnPercent ? 'Tasks wait for I/O all the time' : 'The processors mostly wait for disks',
        parameters: { waitedPercent: Number(figures(share)), blockedTasks: tasks },
        evidence: [
          `${figures(share)} % waiting for I/O ${lookWords(seen)}`,
          ...(seen.blocked
            ? [`${figures(seen.blocked.mean)} tasks in uninterruptible sleep, ${tasks} at least`]
            : []),
        ],
        remedy: {
          text: 'Find the disk or network file system that is slow: iostat -x 1, nfsstat; nodectl diag disk.',
          risk: 'none',
        },
        explains: ['system.load-high'],
      },
    ];
  }
  return [];
}

const iowait = check({
  id: 'system.iowait',
  area: 'system',
  title: 'Processors that have nothing to do but wait for disks',
  about:
    'The share of the last ten minutes in which processors were idle while a task of theirs waited for I/O, by the agent’s history.',
  needs: { past },
  wants: { activity },
  thresholds: {
    warnPercent: { value: 40, unit: '%', source: 'netdata 10min_cpu_iowait (20 to 40 %)' },
    blocked: {
      value: 10,
      unit: '',
      source: 'chosen: so many tasks in uninterruptible sleep at every look of vmstat',
    },
  },
  evaluate: ({ past: history, activity: looks }, { warnPercent, blocked: most }) => {
    // Tables of disks alone tell of no waiting.
    const told = looks?.filter(({ shares, blocked }) => shares.length > 0 || blocked !== undefined);
    if (told?.length === 0) return new Skipped('what was saved tells of no waiting for I/O');
    if (told) return waitingOf(told, warnPercent, most);
    const waited = history.growth('system/cpu/iowait_ticks', HOUR / 6);
    const total = history.growth('system/cpu/total_ticks', HOUR / 6);
    if (!waited || !total || total.delta <= 0) return NO_TREND;
    const share = percent(waited.delta, total.delta);
    if (share < warnPercent) return [];
    return [
      {
        severity: 'warning',
        title: 'The processors mostly wait for disks',
        parameters: { waitedPercent: share },
        evidence: [`${share} % of ${inTime(total.overMs)} waiting for I/O (/proc/stat)`],
        remedy: { text: 'nodectl diag disk tells of slow or overloaded disks.', risk: 'none' },
        explains: ['system.load-high'],
      },
    ];
  },
});

const throttled = check({
  id: 'system.cpu-throttled',
  area: 'system',
  title: 'Processors that were slowed down for heat',
  about:
    'The processor counts how often it lowered its frequency because it or its package was too hot. In the last hour by the ' +
    'agent’s history; without it, since boot.',
  needs: { processors },
  wants: { past, uptime },
  thresholds: {
    perHour: {
      value: 10,
      unit: '1/h',
      source: 'chosen: a few at the start of a load are normal for laptops and dense servers',
    },
  },
  evaluate: ({ processors: { throttles }, past: history, uptime: up }, { perHour }) => {
    if (throttles === undefined)
      return new NotApplicable('these processors do not count how often they were too hot');
    const recent = history?.growth('system/cpu/throttles', HOUR);
    const hours = Math.max(1, (up?.seconds ?? 3_600) / 3_600);
    const rate = recent ? recent.delta : throttles / hours;
    if (throttles === 0 || rate < perHour) return [];
    const last = history?.lastGrowth('system/cpu/throttles');
    return [
      {
        severity: 'warning',
        title: 'The processors are slowed down for heat',
        parameters: { perHour: Math.round(rate), throttles },
        count: throttles,
        ...(last === undefined ? {} : { lastMs: last }),
        evidence: [
          `${throttles} times since boot${recent ? `, ${recent.delta} times in the last hour` : ''} (thermal_throttle)`,
        ],
        remedy: {
          text: 'Look at fans, dust and the room; for servers at the cooling policy of the firmware.',
          risk: 'none',
        },
        explains: ['system.temperature', 'kernel-log.thermal*'],
      },
    ];
  },
});

/** Virtual machines set none, and of captured ones it may not be told. */
const NO_FREQUENCIES = (all: readonly unknown[]): NotApplicable | undefined =>
  all.length === 0 ? new NotApplicable('nothing tells how the frequency of processors is set') : undefined;

const governor = check({
  id: 'system.cpu-powersave',
  area: 'system',
  title: 'Processors that are kept slow',
  about:
    'The governor "powersave" of most drivers keeps a processor at its lowest frequency. With intel_pstate and amd-pstate in ' +
    'active mode it does not: there it is the usual, and follows the load.',
  needs: { processors },
  evaluate: ({ processors: { frequencies } }) =>
    NO_FREQUENCIES(frequencies) ??
    frequencies
      .filter(
        ({ governor: name, driver }) =>
          // Which driver it is is not always captured.
          name === 'powersave' &&
          driver !== '' &&
          !/^(intel_pstate|amd-pstate-epp|amd_pstate_epp)$/.test(driver),
      )
      .map(
        ({ driver, cpus }): FindingDraft => ({
          severity: 'info',
          title: 'Processors are kept at their lowest frequency',
          parameters: { cpus },
          evidence: [`${cpus} processors have the governor powersave of ${driver || 'their driver'}`],
          remedy: {
            text: 'Set schedutil or performance: cpupower frequency-set -g schedutil.',
            risk: 'none',
          },
        }),
      ),
});

const capped = check({
  id: 'system.cpu-capped',
  area: 'system',
  title: 'Processors whose highest frequency is cut',
  about:
    'The limit that software set (scaling_max_freq) is below what the hardware can. A power cap of the firmware, a tool, or a ' +
    'thermal daemon did that, and often nobody takes it back.',
  needs: { processors },
  thresholds: { leastPercent: { value: 90, unit: '%', source: 'chosen: of what the hardware can' } },
  evaluate: ({ processors: { frequencies } }, { leastPercent }) =>
    NO_FREQUENCIES(frequencies) ??
    frequencies.flatMap(({ limit, hardware, cpus, driver }): FindingDraft[] => {
      if (
        limit === undefined ||
        hardware === undefined ||
        hardware === 0 ||
        percent(limit, hardware) >= leastPercent
      )
        return [];
      return [
        {
          severity: 'info',
          title: 'The highest frequency of processors is cut',
          parameters: {
            limitMHz: Math.round(limit / 1_000),
            hardwareMHz: Math.round(hardware / 1_000),
            cpus,
          },
          evidence: [
            `${cpus} processors${driver === '' ? '' : ` (${driver})`}: ${Math.round(limit / 1_000)} of ${Math.round(hardware / 1_000)} MHz`,
          ],
          remedy: {
            text: 'Find who set it (tuned, tlp, thermald), or set it back: cpupower frequency-set -u.',
            risk: 'none',
          },
        },
      ];
    }),
});

const offline = check({
  id: 'system.cpu-offline',
  area: 'system',
  title: 'Processors that are there and switched off',
  about:
    'Processors that the kernel sees and does not use: switched off by somebody, by nosmt or maxcpus= on the command line, or ' +
    'because they failed to start.',
  needs: {},
  wants: { processors, lscpuLists },
  evaluate: ({ processors: own, lscpuLists: told }) => {
    // Of what was captured of /sys it may not be told which there are.
    const known = own && own.present.length > 0 ? own : (told ?? own);
    if (!known) return new Skipped('which processors are online was not captured');
    const { online, present } = known;
    if (present.length === 0) return new Skipped('which processors there are was not captured');
    const missing = present.filter((cpu) => !online.includes(cpu));
    // Every second one off is hyper-threading switched off: a decision, not a trouble.
    if (missing.length === 0 || missing.length * 2 >= present.length) return [];
    return [
      {
        severity: 'warning',
        title: 'Processors are switched off',
        parameters: { offline: missing.length, present: present.length },
        evidence: [
          `${missing.length} of ${present.length} processors are offline: ${missing.slice(0, 16).join(', ')}`,
        ],
        remedy: {
          text: 'nodectl dmesg -g smpboot tells whether they failed; else switch them on: echo 1 > …/cpuN/online.',
          risk: 'none',
        },
      },
    ];
  },
});

const mce = check({
  id: 'system.machine-check',
  area: 'system',
  title: 'Machine checks',
  about:
    'Exceptions by which the processor reports errors of itself, of caches, buses or memory, counted since boot in ' +
    '/proc/interrupts. Corrected ones raise a threshold interrupt instead.',
  needs: { machineChecks },
  links: ['https://www.kernel.org/doc/html/latest/admin-guide/RAS/main.html'],
  evaluate: ({ machineChecks: { exceptions, thresholds, deferred } }) => {
    if (exceptions + thresholds + deferred === 0) return [];
    const serious = exceptions + deferred > 0;
    return [
      {
        severity: serious ? 'critical' : 'warning',
        title: serious
          ? 'The processor reports hardware errors'
          : 'The processor reports many corrected errors',
        parameters: { exceptions, thresholds, deferred },
        count: exceptions + thresholds + deferred,
        evidence: [
          `machine check exceptions ${exceptions}, deferred ${deferred}, threshold interrupts ${thresholds}`,
        ],
        remedy: {
          text: 'nodectl dmesg -g "Hardware Error" and the firmware’s event log tell which part: replace it.',
          risk: 'reboot',
        },
        explains: ['kernel-log.mce*'],
      },
    ];
  },
});

/** Checks of processors. */
export const SYSTEM_PROCESSOR_CHECKS = [
  ...[high, pressure, busy, steal, iowait, throttled],
  ...[governor, capped, offline, mce],
] as const;
