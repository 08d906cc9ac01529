/** Checks that only several nodes together can make: from the traits that each of them tells. */

import type { CheckResult__Output } from '../../../proto/gen/types/nodectl/v1/CheckResult.ts';
import { foldNames } from '../../fleet/names.ts';
import { into } from './collect.ts';
import type { Finding, NodeReport, Severity } from './model.ts';
import { MIN_PEERS, median } from './outliers.ts';

/** What a check over the fleet says of one node. */
interface Draft {
  readonly node: string;
  readonly severity: Severity;
  readonly title: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
  readonly subject?: { kind: string; hardware?: string; attributes?: Record<string, string> };
  readonly parameters?: Record<string, string>;
}

/** What such a check finds: nodes that it could look at, and what is wrong with some of them. */
interface Outcome {
  readonly looked: readonly string[];
  readonly drafts: readonly Draft[];
}

/** A check over the fleet. */
export interface FleetCheck {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  /** Why it matters and how it is judged, for `--explain`. */
  readonly about: string;
  /** The traits that it reads. */
  readonly reads: readonly string[];
  readonly links: readonly string[];
  readonly evaluate: (reports: readonly NodeReport[]) => Outcome;
}

/** Who deviates so rarely was most likely forgotten; where more do, a change may be under way. */
const RARE = 1 / 3;
/** A shelf of disks has many models. */
const MAX_HARDWARE = 80;
/** A lost memory module takes at least a thirty-second part; what a kernel keeps for itself differs by less. */
const MEMORY_TOLERANCE = 0.025;
/** Totals are told in whole GiB, so that one less may be nothing but rounding. */
const MEMORY_ROUNDING = 2 * 2 ** 30;

/** The checks, in the order in which they are listed. */
export const FLEET_CHECKS: readonly FleetCheck[] = [
  {
    id: 'fleet.mixed-firmware',
    area: 'nic',
    title: 'Firmware that differs between nodes with the same hardware',
    about:
      'Network interfaces or disks of the same models should run the same firmware: troubles of one version otherwise look like ' +
      'chance. Among nodes with the same devices those are named that do not have the firmware which most of them have; a ' +
      'warning where these are at most a third of at least five.',
    reads: ['traits nic.pci and nic.firmware, disk.model and disk.firmware'],
    links: [],
    evaluate: mixedFirmware,
  },
  {
    id: 'fleet.memory-below-peers',
    area: 'memory',
    title: 'Less memory than other nodes of the same model',
    about:
      'A memory module that failed or was not detected at start is missing silently: the firmware goes on with the others. The ' +
      'total of each node is held against the median of at least five nodes of the same model; 2.5 % less is told, where that is ' +
      'at least 2 GiB.',
    reads: ['traits model and memory'],
    links: ['https://www.kernel.org/doc/html/latest/filesystems/proc.html#meminfo'],
    evaluate: memoryBelowPeers,
  },
  {
    id: 'fleet.duplicate-machine-id',
    area: 'system',
    title: 'Nodes with the same machine-id',
    about:
      'machine-id(5) must be unique: DHCP leases, journals and cluster software tell nodes apart by it. An image that was made ' +
      'of a running machine without emptying /etc/machine-id gives all its copies the same.',
    reads: ['trait machine-id'],
    links: ['https://www.freedesktop.org/software/systemd/man/latest/machine-id.html'],
    evaluate: duplicateMachineId,
  },
  mixed('kernel', 'kernel', 'kernels', 'kernel'),
  mixed('os', 'system', 'releases of the operating system', 'release'),
  {
    id: 'fleet.mixed-agents',
    area: 'system',
    title: 'Nodes whose agents have different versions',
    about:
      'An older agent knows fewer checks. Nodes are named whose agent is not the one that most nodes have.',
    reads: ['the agent’s version'],
    links: [],
    evaluate: (reports) =>
      minority(
        reports.map(({ node, answer }) => ({ node, value: answer.agentVersion })),
        (node, value, most) => ({
          node,
          severity: 'info',
          title: 'The agent’s version differs from that of most nodes',
          evidence: [`agent ${value}; most have ${most}`],
          remedy: 'Bring the agents to one version.',
        }),
      ),
  },
];

/** What the checks find, with how they ended, by node. */
export function fleetFindings(
  reports: readonly NodeReport[],
  isWanted: (check: FleetCheck) => boolean = () => true,
): Map<string, { findings: Finding[]; checks: CheckResult__Output[] }> {
  const found = new Map(
    reports.map(({ node }) => [node, { findings: [] as Finding[], checks: [] as CheckResult__Output[] }]),
  );
  // One node has nothing that it could be held against.
  if (reports.length < 2) return found;
  for (const check of FLEET_CHECKS.filter(isWanted)) {
    const { looked, drafts } = check.evaluate(reports);
    const sick = new Set(drafts.map(({ node }) => node));
    for (const node of looked)
      found.get(node)?.checks.push({
        id: check.id,
        status: sick.has(node) ? 'CHECK_STATUS_FINDINGS' : 'CHECK_STATUS_OK',
        reason: '',
      });
    for (const draft of drafts) found.get(draft.node)?.findings.push(finding(check, draft));
  }
  return found;
}

function finding(
  { id, links }: FleetCheck,
  { severity, title, evidence, remedy, subject, parameters }: Draft,
): Finding {
  const { kind = 'node', hardware = '', attributes = {} } = subject ?? {};
  return {
    ...{ id, check: id, title, explains: [], firstUsec: 0, lastUsec: 0, count: 0 },
    severity: severity === 'warning' ? 'SEVERITY_WARNING' : 'SEVERITY_INFO',
    certainty: 'CERTAINTY_CERTAIN',
    subject: { kind, name: '', hardware, attributes },
    parameters: parameters ?? {},
    evidence: [...evidence],
    remedy: { text: remedy, risk: 'REMEDY_RISK_NONE' },
    links: [...links],
  };
}

/** All values that a node tells of a trait. */
function valuesOf({ answer }: NodeReport, name: string): string[] {
  return answer.traits.filter((trait) => trait.name === name).map(({ value }) => value);
}

/** The value that most nodes have; of several as frequent ones the last in alphabetical order, which is mostly the newest. */
function mostFrequent(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? 1 : -1));
  return sorted[0]?.[0] ?? '';
}

/** Nodes whose value is not that of most. */
function minority(
  all: readonly { node: string; value: string }[],
  draft: (node: string, value: string, most: string) => Draft,
): Outcome {
  const known = all.filter(({ value }) => value !== '');
  const most = mostFrequent(known.map(({ value }) => value));
  return {
    looked: known.map(({ node }) => node),
    drafts: known.filter(({ value }) => value !== most).map(({ node, value }) => draft(node, value, most)),
  };
}

/** A check that a trait of the node is the same everywhere. That it is not may be intended, so it is worth knowing and no more. */
function mixed(trait: string, area: string, many: string, one: string): FleetCheck {
  return {
    id: `fleet.mixed-${many.split(' ')[0]}`,
    area,
    title: `Nodes with different ${many}`,
    about: `Nodes are named whose ${one} is not the one that most nodes run. Where that is intended it can be left so.`,
    reads: [`trait ${trait}`],
    links: [],
    evaluate: (reports) =>
      minority(
        reports.map((report) => ({ node: report.node, value: valuesOf(report, trait)[0] ?? '' })),
        (node, value, most) => ({
          node,
          severity: 'info',
          title: `The ${one} differs from that of most nodes`,
          evidence: [`${value}; most run ${most}`],
          remedy: `Bring the nodes to one ${one}, where no other is intended.`,
          subject: { kind: 'node', attributes: { [trait]: value } },
        }),
      ),
  };
}

/** Kinds of devices with firmware: the trait that says what they are, and the one that says what runs on them. */
const WITH_FIRMWARE = [
  { kind: 'nic', hardware: 'nic.pci', firmware: 'nic.firmware' },
  { kind: 'disk', hardware: 'disk.model', firmware: 'disk.firmware' },
];

/**
 * Traits do not say which firmware is on which device. So only nodes are held against each other that have the same devices of
 * a kind, all in all.
 */
function mixedFirmware(reports: readonly NodeReport[]): Outcome {
  const outcomes = WITH_FIRMWARE.flatMap((names) => {
    const alike = new Map<string, { node: string; values: string[] }[]>();
    for (const report of reports) {
      const hardware = [...new Set(valuesOf(report, names.hardware))].sort().join(' + ');
      const values = [...new Set(valuesOf(report, names.firmware))].sort();
      if (hardware !== '' && values.length > 0) into(alike, hardware, { node: report.node, values });
    }
    return [...alike].map(([hardware, nodes]) => firmwareOutcome(names.kind, hardware, nodes));
  });
  return {
    looked: [...new Set(outcomes.flatMap(({ looked }) => looked))],
    drafts: outcomes.flatMap(({ drafts }) => drafts),
  };
}

function firmwareOutcome(
  kind: string,
  hardware: string,
  nodes: readonly { node: string; values: readonly string[] }[],
): Outcome {
  const most = mostFrequent(nodes.map(({ values }) => values.join(' + ')));
  const others = nodes.filter(({ values }) => values.join(' + ') !== most);
  const rare = nodes.length >= MIN_PEERS && others.length <= RARE * nodes.length;
  const usual = new Set(most.split(' + '));
  const draft = (node: string, value: string): Draft => ({
    node,
    severity: rare ? 'warning' : 'info',
    title: 'The firmware differs from that of most nodes with the same hardware',
    evidence: [`${value}; most have ${most}`],
    remedy:
      'Bring these devices to the firmware of the others, or all to the newest that the vendor recommends.',
    subject: { kind, hardware: hardware.slice(0, MAX_HARDWARE), attributes: { firmware: value } },
  });
  return {
    looked: nodes.map(({ node }) => node),
    drafts: others.flatMap(({ node, values }) => {
      const odd = values.filter((value) => !usual.has(value));
      // A node that lacks one of two versions has nothing that the others do not have.
      return (odd.length > 0 ? odd : [values.join(' + ')]).map((value) => draft(node, value));
    }),
  };
}

function memoryBelowPeers(reports: readonly NodeReport[]): Outcome {
  const byModel = new Map<string, { node: string; bytes: number }[]>();
  for (const report of reports) {
    const model = valuesOf(report, 'model')[0];
    const bytes = bytesOf(valuesOf(report, 'memory')[0] ?? '');
    if (model && bytes > 0) into(byModel, model, { node: report.node, bytes });
  }
  const judged = [...byModel].filter(([, peers]) => peers.length >= MIN_PEERS);
  return {
    looked: judged.flatMap(([, peers]) => peers.map(({ node }) => node)),
    drafts: judged.flatMap(([model, peers]) => {
      const middle = median(peers.map(({ bytes }) => bytes));
      return peers
        .filter(({ bytes }) => bytes < middle - Math.max(MEMORY_ROUNDING, middle * MEMORY_TOLERANCE))
        .map(
          ({ node, bytes }): Draft => ({
            node,
            severity: 'warning',
            title: 'Less memory than other nodes of the same model',
            evidence: [
              `${gib(bytes)} of memory; ${peers.length} nodes of the model ${model} have ${gib(middle)}`,
            ],
            remedy:
              'Look into the firmware’s log for a memory module that was disabled or not found, and reseat or replace it.',
            parameters: { totalBytes: String(bytes), medianBytes: String(middle) },
          }),
        );
    }),
  };
}

/** "256 GiB" or "512 MiB" as the nodes tell their memory; NaN where it is neither. */
function bytesOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9}) ([GM])iB$/.exec(text) ?? [];
  return number === '' ? Number.NaN : Number(number) * 2 ** (unit === 'G' ? 30 : 20);
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function duplicateMachineId(reports: readonly NodeReport[]): Outcome {
  const byId = new Map<string, string[]>();
  for (const report of reports)
    for (const id of valuesOf(report, 'machine-id').slice(0, 1)) into(byId, id, report.node);
  return {
    looked: [...byId.values()].flat(),
    drafts: [...byId.values()]
      .filter((nodes) => nodes.length > 1)
      .flatMap((nodes) =>
        nodes.map(
          (node): Draft => ({
            node,
            severity: 'warning',
            title: 'Several nodes have the same machine-id',
            evidence: [`the machine-id is that of ${foldNames(nodes)}`],
            remedy:
              'Empty /etc/machine-id in the image, and on all of these nodes but one; it is made anew at the next boot.',
          }),
        ),
      ),
  };
}
