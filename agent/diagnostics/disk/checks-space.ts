/** Checks of how full file systems are, and how fast they fill. */

import { check, NotApplicable } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { NO_TREND, past } from '../past.ts';
import { figures, inBytes, inTime, percent } from '../quantities.ts';
import { fileSystem } from './mounts.ts';
import { seriesOf } from './samples.ts';
import { type Usage, usage, usedPercent } from './usage.ts';

const HOUR = 3_600_000;

/** File systems that are written to and that can be full: read-only ones are full by nature. */
function writable(all: readonly Usage[]): Usage[] {
  return all.filter(({ mount, bytes }) => bytes > 0 && !mount.readOnly && !mount.fileSystemReadOnly);
}

const full = check({
  id: 'disk.filesystem-full',
  area: 'disk',
  title: 'File systems that are nearly full',
  about:
    'Judges what users can still write, as df does. A full file system stops whatever writes to it: logs, databases, the ' +
    'kubelet, the agent’s own state. Read-only images and the kernel’s own file systems are left out.',
  needs: { usage },
  thresholds: {
    warnPercent: { value: 80, unit: '%', source: 'netdata disk_space_usage (80 to 90 %)' },
    criticalPercent: {
      value: 90,
      unit: '%',
      source: 'kubelet’s hard eviction default, nodefs.available<10%',
    },
    plentyGiB: { value: 200, unit: 'GiB', source: 'chosen: with so much left nothing stops today' },
  },
  links: ['https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/'],
  evaluate: ({ usage: { known } }, { warnPercent, criticalPercent, plentyGiB }) =>
    writable(known).flatMap((one): FindingDraft[] => {
      const used = usedPercent(one);
      if (used < warnPercent) return [];
      const nearly = used >= criticalPercent && one.availableBytes < plentyGiB * 2 ** 30;
      const critical = nearly && one.mount.kind !== 'network';
      return [
        {
          severity: critical ? 'critical' : 'warning',
          title: nearly ? 'A file system is nearly full' : 'A file system is filling up',
          subject: fileSystem(one.mount),
          parameters: { usedPercent: used, availableBytes: one.availableBytes, sizeBytes: one.bytes },
          evidence: [
            `${one.mount.path}${one.mount.type === '' ? '' : ` (${one.mount.type})`}: ${used} % used, ${inBytes(one.availableBytes)} of ${inBytes(one.bytes)} left`,
          ],
          remedy: {
            text: 'Find what grew and remove it (old logs: journalctl --vacuum-size=; images; core dumps), or enlarge it.',
            risk: 'data',
          },
          explains: critical ? ['system.unit-failed', 'disk.filesystem-fills', 'disk.agent-state'] : [],
        },
      ];
    }),
});

const inodes = check({
  id: 'disk.inodes-full',
  area: 'disk',
  title: 'File systems that run out of inodes',
  about:
    'Each file takes an inode, and ext4 and others have a fixed number of them: many small files end with "No space left on ' +
    'device" while df shows room. File systems without a fixed number are left out.',
  needs: { usage },
  thresholds: {
    warnPercent: { value: 90, unit: '%', source: 'netdata disk_inode_usage' },
    criticalPercent: { value: 97, unit: '%', source: 'node-mixin NodeFilesystemAlmostOutOfFiles (3 % left)' },
  },
  evaluate: ({ usage: { known } }, { warnPercent, criticalPercent }) =>
    writable(known).flatMap((one): FindingDraft[] => {
      const used = percent(one.inodes - one.freeInodes, one.inodes);
      if (used < warnPercent) return [];
      return [
        {
          severity: used >= criticalPercent ? 'critical' : 'warning',
          title: 'A file system runs out of inodes',
          subject: fileSystem(one.mount),
          parameters: { usedPercent: used, freeInodes: one.freeInodes, inodes: one.inodes },
          evidence: [`${one.mount.path}: ${one.freeInodes} of ${one.inodes} inodes are left`],
          remedy: { text: 'Remove many small files (caches, sessions, old container layers).', risk: 'data' },
        },
      ];
    }),
});

/** Whether the machine has an agent: a captured one may be any. */
const hasAgentState = fact({
  id: 'disk.agent-state',
  reads: [],
  limitMs: 1_000,
  read: ({ machine }): boolean => machine.live || !machine.savedFiles || machine.has(AGENT_STATE.slice(1)),
});

/** A line through points by least squares, in units a ms. */
function slope(points: readonly { at: number; value: number }[]): number {
  const n = points.length;
  const start = points[0]?.at ?? 0;
  let [sx, sy, sxx, sxy] = [0, 0, 0, 0];
  for (const { at, value } of points) {
    const x = at - start;
    sx += x;
    sy += value;
    sxx += x * x;
    sxy += x * value;
  }
  const below = n * sxx - sx * sx;
  return below > 0 ? (n * sxy - sx * sy) / below : 0;
}

const fills = check({
  id: 'disk.filesystem-fills',
  area: 'disk',
  title: 'File systems that will be full soon',
  about:
    'Draws a line through what was available over the last six hours of the agent’s history, and tells when it reaches zero, ' +
    'as node-mixin does. It counts only where little enough is left that it can come true.',
  needs: { usage, past },
  thresholds: {
    warnHours: { value: 24, unit: 'h', source: 'node-mixin NodeFilesystemSpaceFillingUp' },
    warnLeftPercent: { value: 40, unit: '%', source: 'node-mixin fsSpaceFillingUpWarningThreshold' },
    criticalHours: { value: 4, unit: 'h', source: 'node-mixin NodeFilesystemSpaceFillingUp' },
    criticalLeftPercent: { value: 20, unit: '%', source: 'node-mixin fsSpaceFillingUpCriticalThreshold' },
  },
  links: ['https://github.com/prometheus/node_exporter/tree/master/docs/node-mixin'],
  evaluate: ({ usage: { known }, past: history }, limits) => {
    let judged = 0;
    const findings = writable(known).flatMap((one): FindingDraft[] => {
      const points = history.points(seriesOf(one.mount.path, 'available_bytes'), 6 * HOUR);
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last || points.length < 4 || last.at - first.at < HOUR) return [];
      judged++;
      const rate = slope(points);
      if (rate >= 0) return [];
      const hours = last.value / -rate / HOUR;
      const left = percent(one.availableBytes, one.availableBytes + one.usedBytes);
      const critical = hours < limits.criticalHours && left < limits.criticalLeftPercent;
      if (!critical && !(hours < limits.warnHours && left < limits.warnLeftPercent)) return [];
      return [
        {
          severity: critical ? 'critical' : 'warning',
          certainty: 'likely',
          title: 'A file system will be full soon',
          subject: fileSystem(one.mount),
          parameters: { hoursLeft: Number(figures(hours)), bytesPerHour: Math.round(-rate * HOUR) },
          evidence: [
            `${one.mount.path} loses ${inBytes(-rate * HOUR)} an hour and has ${inBytes(one.availableBytes)} left: ${inTime(hours * HOUR)}`,
          ],
          remedy: { text: 'Find what writes so much, and stop it or make room.', risk: 'none' },
        },
      ];
    });
    return judged === 0 ? NO_TREND : findings;
  },
});

/** Where the agent keeps its identity, audit log and history, unless its configuration says otherwise. */
const AGENT_STATE = '/var/lib/nodectl';

const agentState = check({
  id: 'disk.agent-state',
  area: 'disk',
  title: 'No room for the agent’s own state',
  about:
    'The agent keeps its certificate, its denylist, its audit log and its history in /var/lib/nodectl. A change that cannot be ' +
    'written into the audit log is refused, and a certificate that cannot be renewed ends: the node is then out of reach.',
  needs: { usage, kept: hasAgentState },
  thresholds: {
    leastMiB: {
      value: 64,
      unit: 'MiB',
      source: 'chosen: an audit log, a week of history (20 MiB) and room to replace both',
    },
  },
  evaluate: ({ usage: { known }, kept }, { leastMiB }) => {
    const holds = ({ mount: { path } }: Usage) =>
      AGENT_STATE === path || AGENT_STATE.startsWith(path === '/' ? path : `${path}/`);
    const [one] = known.filter(holds).sort((a, b) => b.mount.path.length - a.mount.path.length);
    if (!one) return new NotApplicable('the file system of /var/lib/nodectl was not asked');
    const { mount, availableBytes, inodes, freeInodes } = one;
    const readOnly = mount.readOnly || mount.fileSystemReadOnly;
    const noInodes = inodes > 0 && freeInodes < 100;
    if (!kept) return new NotApplicable('no agent runs on the captured machine');
    if (!readOnly && !noInodes && availableBytes >= leastMiB * 2 ** 20) return [];
    return [
      {
        severity: 'critical',
        title: readOnly
          ? 'The agent cannot write its own state'
          : 'There is no room for the agent’s own state',
        subject: fileSystem(mount),
        parameters: { availableBytes, freeInodes },
        evidence: [
          `${AGENT_STATE} is on ${mount.path}: ${readOnly ? 'read-only' : `${inBytes(availableBytes)} left${noInodes ? `, ${freeInodes} inodes` : ''}`}`,
        ],
        remedy: {
          text: 'Make room there, or mount it for writing, before the agent’s certificate has to be renewed.',
          risk: 'none',
        },
      },
    ];
  },
});

/** Checks of space. */
export const DISK_SPACE_CHECKS = [full, agentState, inodes, fills] as const;
