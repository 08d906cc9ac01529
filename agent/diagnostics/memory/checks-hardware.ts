/** Checks of the memory itself: errors of modules, pages taken out of use, NUMA nodes. */

import { check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { past } from '../past.ts';
import { figures, inBytes, inTime, percent } from '../quantities.ts';
import { type Controller, edac, type Module } from './edac.ts';
import { meminfo, uptime } from './meminfo.ts';
import { type NumaNode, numa } from './numa.ts';

const DAY = 86_400_000;
const GIB = 2 ** 30;

/** A module as the subject of a finding: named by its slot where that is known. */
function subjectOf({ name, label }: Module): { kind: string; name: string } {
  return { kind: 'dimm', name: label === '' ? name : label };
}

/** Errors of a controller that belong to no module it knows, as if of a module of its own. */
function rest({ name, type, corrected, uncorrected, modules }: Controller): Module {
  const sum = (key: 'corrected' | 'uncorrected') => modules.reduce((total, one) => total + one[key], 0);
  return {
    ...{ name, label: type === '' ? '' : `${name} (${type})`, sizeMiB: 0 },
    corrected: Math.max(0, corrected - sum('corrected')),
    uncorrected: Math.max(0, uncorrected - sum('uncorrected')),
  };
}

/** Why errors of a kind cannot be judged; undefined where one controller counts them. */
function notCounted(all: readonly Controller[], kind: 'corrected' | 'uncorrected'): Skipped | undefined {
  return all.length > 0 && all.every(({ untold }) => untold?.[kind])
    ? new Skipped(`counts of ${kind} errors were not captured`)
    : undefined;
}

const uncorrected = check({
  id: 'memory.uncorrected-errors',
  area: 'memory',
  title: 'Memory errors that could not be corrected',
  about:
    'The memory controller found bits that its error correction could not restore. What was there is lost: the process that ' +
    'used it was killed, or the machine crashed. The module is to be replaced.',
  needs: { edac },
  links: ['https://www.kernel.org/doc/html/latest/admin-guide/RAS/main.html'],
  evaluate: ({ edac: controllers }) =>
    notCounted(controllers, 'uncorrected') ??
    controllers
      .flatMap((controller) => [...controller.modules, rest(controller)])
      .filter((module) => module.uncorrected > 0)
      .map(
        (module): FindingDraft => ({
          severity: 'critical',
          title: 'Memory has errors that could not be corrected',
          subject: subjectOf(module),
          parameters: { errors: module.uncorrected },
          count: module.uncorrected,
          evidence: [
            `EDAC ${module.name}: ${module.uncorrected} uncorrected, ${module.corrected} corrected errors`,
          ],
          remedy: { text: 'Take the node out of service and replace the module.', risk: 'reboot' },
          explains: [
            'memory.corrected-errors',
            'memory.pages-poisoned',
            'kernel-log.mce*',
            'kernel-log.edac*',
          ],
        }),
      ),
});

const corrected = check({
  id: 'memory.corrected-errors',
  area: 'memory',
  title: 'Memory errors that were corrected, often',
  about:
    'Single flipped bits are normal and are corrected. Many of one module in a day mean that it wears out, and that an error ' +
    'which cannot be corrected is likely. Taken from the agent’s history, or from the rate since the driver was loaded.',
  needs: { edac },
  wants: { past, uptime },
  thresholds: {
    perDay: { value: 50, unit: '1/d', source: 'rasdaemon PAGE_CE_THRESHOLD=50 in PAGE_CE_REFRESH_CYCLE=24h' },
    untimed: {
      value: 24,
      unit: '',
      source:
        'Sun’s and Oracle’s service manuals: more than 24 in 24 h of one module; where nothing tells over how long',
    },
  },
  links: ['https://github.com/mchehab/rasdaemon'],
  evaluate: ({ edac: controllers, past: history, uptime: up }, { perDay, untimed }) =>
    notCounted(controllers, 'corrected') ??
    controllers.flatMap((controller) =>
      [...controller.modules, rest(controller)].flatMap((module): FindingDraft[] => {
        if (module.corrected === 0) return [];
        const grown = history?.growth(`memory/${module.name.replaceAll('/', ':')}/corrected_errors`, DAY);
        const seconds = Math.max(controller.seconds ?? up?.seconds ?? 86_400, 86_400);
        // Over less than a day what was counted is taken as it is: it can only become more.
        const rate = grown ? grown.delta : (module.corrected * 86_400) / seconds;
        const timed = grown !== undefined || (controller.seconds ?? up?.seconds) !== undefined;
        // Of one that had none in the last day they are of long ago.
        if (module.inDay === 0 || (rate < perDay && (timed || module.corrected <= untimed)))
          return grown === undefined || grown.delta > 0
            ? [
                {
                  severity: 'info',
                  title: 'Memory has errors that were corrected',
                  subject: subjectOf(module),
                  parameters: { errors: module.corrected },
                  count: module.corrected,
                  evidence: [`EDAC ${module.name}: ${module.corrected} corrected errors`],
                  remedy: { text: 'Watch whether they become more.', risk: 'none' },
                  explains: ['kernel-log.edac*'],
                },
              ]
            : [];
        return [
          {
            severity: 'warning',
            certainty: timed ? 'certain' : 'possible',
            title: 'A memory module has many corrected errors',
            subject: subjectOf(module),
            parameters: { ...(timed ? { errorsPerDay: Math.round(rate) } : {}), errors: module.corrected },
            count: module.corrected,
            evidence: [
              `EDAC ${module.name}: ${module.corrected} corrected errors` +
                (grown
                  ? `, ${grown.delta} of them in ${inTime(grown.overMs)}`
                  : timed
                    ? `, ${figures(rate)} a day`
                    : module.inDay === undefined
                      ? '; over how long was not captured'
                      : `, ${module.inDay} of them in 24 h`),
            ],
            remedy: { text: 'Reseat the module or replace it at the next occasion.', risk: 'reboot' },
            explains: ['kernel-log.edac*', 'kernel-log.mce*'],
          },
        ];
      }),
    ),
});

const poisoned = check({
  id: 'memory.pages-poisoned',
  area: 'memory',
  title: 'Pages that were taken out of use for memory errors',
  about:
    'After an uncorrected error, or many corrected ones, the kernel uses a page no more (HardwareCorrupted in /proc/meminfo). ' +
    'It is lost until the next boot; the module behind it goes on failing.',
  needs: { meminfo },
  wants: { numa },
  evaluate: ({ meminfo: memory, numa: nodes }) => {
    const size = memory.of('HardwareCorrupted');
    if (size === 0) return [];
    const where = (nodes ?? []).filter((node) => (node.poisoned ?? 0) > 0);
    return [
      {
        severity: 'warning',
        title: 'The kernel took broken memory out of use',
        parameters: { bytes: size },
        evidence: [
          `HardwareCorrupted ${inBytes(size)}`,
          ...where.map((node) => `${node.name}: ${node.poisoned} pages`),
        ],
        remedy: {
          text: 'nodectl dmesg -g "Memory failure" and the firmware’s event log name the module: replace it.',
          risk: 'reboot',
        },
      },
    ];
  },
});

/** NUMA nodes that have processors: others are accelerators or persistent memory. */
function withCpus(nodes: readonly NumaNode[]): NumaNode[] {
  return nodes.filter(({ cpus }) => cpus !== '');
}

const emptyNode = check({
  id: 'memory.node-without-memory',
  area: 'memory',
  title: 'NUMA nodes with processors and without memory',
  about:
    'A socket whose modules are missing, failed their training or are wrongly placed: all its processors then work on the ' +
    'memory of another socket, at half the bandwidth.',
  needs: { numa },
  evaluate: ({ numa: nodes }) => {
    const all = withCpus(nodes);
    if (all.length < 2) return new NotApplicable('this machine has one NUMA node');
    return all
      .filter(({ total }) => total === 0)
      .map(
        (node): FindingDraft => ({
          severity: 'warning',
          title: 'A NUMA node has processors and no memory',
          subject: { kind: 'numa-node', name: node.name },
          parameters: { nodes: all.length },
          evidence: [`${node.name} with processors ${node.cpus} has no memory`],
          remedy: {
            text: 'Look for failed or misplaced modules in the firmware’s set-up and event log.',
            risk: 'reboot',
          },
          explains: ['memory.nodes-uneven', 'memory.node-exhausted'],
        }),
      );
  },
});

const uneven = check({
  id: 'memory.nodes-uneven',
  area: 'memory',
  title: 'NUMA nodes with unequal memory',
  about:
    'Sockets are usually filled alike. One that has much less memory than another has lost a module, or its channels are ' +
    'unevenly filled, which costs bandwidth.',
  needs: { numa },
  thresholds: {
    differencePercent: {
      value: 20,
      unit: '%',
      source: 'chosen: reserved memory differs less; a lost module of 8 is 12.5 %',
    },
  },
  evaluate: ({ numa: nodes }, { differencePercent }) => {
    const all = withCpus(nodes).filter(({ total }) => total > 0);
    if (all.length < 2) return new NotApplicable('this machine has one NUMA node with memory');
    const [least, most] = [...all]
      .sort((a, b) => a.total - b.total)
      .filter((_, at) => at === 0 || at === all.length - 1);
    if (!least || !most || percent(most.total - least.total, most.total) < differencePercent) return [];
    return [
      {
        severity: 'info',
        title: 'NUMA nodes have unequal memory',
        subject: { kind: 'numa-node', name: least.name },
        parameters: { leastBytes: least.total, mostBytes: most.total },
        evidence: [`${least.name} has ${inBytes(least.total)}, ${most.name} ${inBytes(most.total)}`],
        remedy: {
          text: 'Compare the modules with those of sibling machines: nodectl report.',
          risk: 'reboot',
        },
      },
    ];
  },
});

const exhausted = check({
  id: 'memory.node-exhausted',
  area: 'memory',
  title: 'One NUMA node full while another has memory',
  about:
    'Programs that are bound to a node (databases, DPDK, pinned virtual machines) run out of memory although the machine has ' +
    'some: they swap, or are killed. Free memory and page cache of a node count as room.',
  needs: { numa },
  thresholds: {
    fullPercent: { value: 3, unit: '%', source: 'chosen: room on the full node' },
    roomPercent: { value: 30, unit: '%', source: 'chosen: room on another node' },
  },
  evaluate: ({ numa: nodes }, { fullPercent, roomPercent }) => {
    const room = (node: NumaNode) => percent(node.free + node.reclaimable, node.total);
    const all = nodes.filter(({ total }) => total >= GIB);
    if (all.length < 2) return new NotApplicable('this machine has one NUMA node with memory');
    const other = all.find((node) => room(node) >= roomPercent);
    if (!other) return [];
    return all
      .filter((node) => room(node) < fullPercent)
      .map(
        (node): FindingDraft => ({
          severity: 'warning',
          title: 'A NUMA node is full while another has room',
          subject: { kind: 'numa-node', name: node.name },
          parameters: { roomPercent: room(node), otherRoomPercent: room(other) },
          evidence: [
            `${node.name}: ${inBytes(node.free + node.reclaimable)} room of ${inBytes(node.total)}`,
            `${other.name}: ${inBytes(other.free + other.reclaimable)} room of ${inBytes(other.total)}`,
          ],
          remedy: {
            text: 'Spread what is bound to the node (numactl --interleave, NUMAPolicy=, the kubelet’s topology manager).',
            risk: 'restart',
          },
        }),
      );
  },
});

/** Checks of modules, pages and NUMA nodes. */
export const MEMORY_HARDWARE_CHECKS = [
  uncorrected,
  corrected,
  poisoned,
  emptyNode,
  uneven,
  exhausted,
] as const;
