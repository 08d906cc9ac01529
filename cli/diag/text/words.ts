/** Folded findings in words: what tells the sick from the healthy, parameters with their units, times as ages. */

import { formatDuration } from '../../duration.ts';
import { foldNames } from '../../fleet/names.ts';
import { thousands } from '../../output/thousands.ts';
import { visibleName } from '../../output/visible.ts';
import { cut } from '../../output/width.ts';
import {
  type Distinction,
  type Explained,
  type Member,
  type Outlier,
  subjectOf,
  type TraitValue,
  type Trouble,
} from '../fold/model.ts';
import { LABEL } from '../fold/trait-table.ts';

/** How kinds of subjects are written in the middle of a sentence, where that is not as they are called. */
const KINDS: Readonly<Record<string, string>> = {
  nic: 'NIC',
  os: 'OS',
  cpu: 'CPU',
  bios: 'BIOS',
  ptp: 'PTP',
};
/** So many counter-examples and exceptions are named. */
const MAX_NAMED = 3;
/** So many characters of the name of one subject are shown. */
const MAX_NAME = 48;
/** What nodes run, and do not have. */
const RUNS = /^(kernel|os|image|agent)$/;

/** A value as an object: "NIC firmware mlx5_core 16.28.2006", "rack=a". */
function traitText({ name, value }: TraitValue): string {
  if (name.startsWith(LABEL)) return `the label ${visibleName(`${name.slice(LABEL.length)}=${value}`)}`;
  // An operating system's name says what it is.
  if (name === 'os') return visibleName(value);
  const words = name.split('.').map((part) => KINDS[part] ?? part.replaceAll('-', ' '));
  return visibleName(`${words.join(' ')} ${value}`);
}

/** What tells the sick from the healthy, as a sentence without a full stop. */
export function distinctionText(one: Distinction): string {
  const { traits, same, sick, healthy, counterExamples, exceptions } = one;
  const plural = (count: number) => count !== 1;
  const verb = (count: number) => {
    const run = traits.some(({ name }) => RUNS.test(name));
    return run ? (plural(count) ? 'run' : 'runs') : plural(count) ? 'have' : 'has';
  };
  const what = traits.map(traitText).join(' together with ');
  const every = sick.of === 2 ? 'both' : `all ${sick.of}`;
  const ofSick = sick.having === sick.of ? every : `${sick.having} of the ${sick.of}`;
  const ofHealthy =
    healthy.having === 0
      ? healthy.of === 1
        ? 'the healthy one does not'
        : `none of the ${healthy.of} healthy ones does`
      : `so ${plural(healthy.having) ? 'do' : 'does'} ${healthyNames(counterExamples)}`;
  const also =
    same.length > 0 ? ` (the same nodes: ${same.slice(0, MAX_NAMED).map(traitText).join(', ')})` : '';
  const but = exceptions.length > 0 ? ` (not ${named(exceptions)})` : '';
  return `${ofSick} ${verb(sick.having)} ${what}${but}${also}; ${ofHealthy}`;
}

function healthyNames(nodes: readonly string[]): string {
  if (nodes.length > MAX_NAMED * 4) return `${nodes.length} healthy ones`;
  return `${named(nodes)}, which ${nodes.length === 1 ? 'is' : 'are'} free of it`;
}

/** Names folded, or their number where they are many. */
function named(nodes: readonly string[]): string {
  return nodes.length > MAX_NAMED * 4 ? `${nodes.length} nodes` : visibleName(foldNames(nodes));
}

/** What most of the sick share without that it is proof. */
export function placeText({ traits, sick, healthy }: Distinction): string {
  return `${sick.having} of the ${sick.of} share ${traits.map(traitText).join(' and ')} with ${healthy.having} healthy`;
}

/** One node that stands out among those that have the trouble. */
export function outlierText({ node, parameter, value, median }: Outlier): string {
  const { label, unit } = parameterName(parameter);
  return visibleName(
    `${node} stands out: ${label} ${quantity(value, unit)} where the median is ${quantity(median, unit)}`,
  );
}

/** Endings of parameters' names that are units. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['PerSecond', '/s'],
  ['PerHour', '/h'],
  ['PerDay', '/d'],
  ['Seconds', ' s'],
  ['Milliseconds', ' ms'],
  ['Ms', ' ms'],
  ['Percent', ' %'],
  ['Celsius', ' °C'],
  ['Bytes', ' B'],
  ['Volts', ' V'],
  ['Rpm', ' rpm'],
  ['Ppm', ' ppm'],
];

/** A parameter's name in words, and its unit: "offsetSeconds" is the offset, in s. */
function parameterName(key: string): { label: string; unit: string } {
  const known = UNITS.find(([ending]) => key.endsWith(ending));
  const bare = known ? key.slice(0, -known[0].length) : key;
  const words = (bare || key).replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return { label: words, unit: known?.[1] ?? '' };
}

/** A parameter with its value: "offset 0.31 s". */
export function parameterText(key: string, value: string): string {
  const { label, unit } = parameterName(key);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return visibleName(`${label} ${Number.isFinite(number) ? quantity(number, unit) : value}`);
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A number with its unit, in at most four digits: bytes in powers of 1024, others with thousands set apart. */
export function quantity(value: number, unit: string): string {
  if (unit === ' B') {
    let [scaled, at] = [value, 0];
    while (Math.abs(scaled) >= 1_024 && at < BINARY.length - 1) [scaled, at] = [scaled / 1_024, at + 1];
    return `${short(scaled)} ${BINARY[at]}`;
  }
  return `${short(value)}${unit}`;
}

function short(value: number): string {
  if (Number.isInteger(value)) return thousands(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1_000) return thousands(Math.round(value));
  return magnitude >= 1e-4 ? String(Number(value.toPrecision(3))) : value.toExponential(2);
}

/** How long ago something was seen, on the node's own clock: "3m 20s ago". */
function ago(lastUsec: number, nowUsec: number): string {
  const milliseconds = Math.max(0, nowUsec - lastUsec) / 1_000;
  return milliseconds < 1_000 ? 'just now' : `${formatDuration(milliseconds)} ago`;
}

/** The member whose trouble was seen last; the first one where no time is known. */
export function newest({ members }: Trouble): Member | undefined {
  return members.reduce<Member | undefined>(
    (best, one) => (best && best.finding.lastUsec >= one.finding.lastUsec ? best : one),
    undefined,
  );
}

/** Some of the members to show: of different nodes before others of the same. */
export function someOf({ members }: Trouble, count: number): Member[] {
  const nodes = new Set<string>();
  const first = members.filter(({ node }) => nodes.size < count && !nodes.has(node) && nodes.add(node));
  const others = members.filter((one) => !first.includes(one)).slice(0, count - first.length);
  return [...first, ...others];
}

/** Where a member is, as far as it differs among the members of its trouble: "web-1 eth0". */
export function placeOf({ node, finding }: Member, { nodes, members }: Trouble): string {
  const name = finding.subject?.name ?? '';
  const several = members.some((one) => (one.finding.subject?.name ?? '') !== name);
  return visibleName([nodes.length > 1 ? node : '', several ? name : ''].filter(Boolean).join(' '));
}

/** Whether a line of evidence begins with where its member is, so that nothing has to be said of that. */
export function saysWhere(line: string, { finding }: Member, { nodes }: Trouble): boolean {
  const name = finding.subject?.name ?? '';
  return nodes.length === 1 && name !== '' && line.startsWith(name);
}

/** The first line of evidence of a member, with where and when that is, as far as it needs saying. */
export function evidenceText(member: Member, trouble: Trouble): string {
  const { finding, nowUsec } = member;
  const [first = ''] = finding.evidence;
  const when = finding.lastUsec > 0 ? ago(finding.lastUsec, nowUsec) : '';
  const where = [saysWhere(first, member, trouble) ? '' : placeOf(member, trouble), when]
    .filter(Boolean)
    .join(', ');
  return visibleName([first, where && `(${where})`].filter(Boolean).join(' '));
}

const RISKS: Readonly<Record<string, string>> = {
  REMEDY_RISK_RESTART: 'a service restarts',
  REMEDY_RISK_CONNECTION: 'the network may go away for a while',
  REMEDY_RISK_REBOOT: 'the node reboots',
  REMEDY_RISK_DATA: 'data may be lost',
};

/** What to do, with what that risks. */
export function remedyText({ finding: { remedy } }: Member): string {
  if (!remedy?.text) return '';
  const risk = RISKS[remedy.risk];
  return visibleName(`${remedy.text}${risk ? ` [${risk}]` : ''}`);
}

/** What a trouble causes and is not told on its own. */
export function explainedText(explained: readonly Explained[], nodes: number): string {
  const parts = explained.map((one) => explainedTitle(one, nodes));
  return parts.length === 0 ? '' : visibleName(`with it: ${parts.join('; ')}`);
}

/** Subjects of what is explained are named as far as they are so many. */
const MAX_SUBJECTS = 3;

/** One thing that a trouble causes: "A service unit failed (nginx.service)". @param nodes how many have the trouble */
export function explainedTitle({ title, nodes: there, members }: Explained, nodes: number): string {
  const subjects = [...new Set(members.map(({ finding }) => subjectOf(finding).name))].filter(Boolean);
  const more = subjects.length - MAX_SUBJECTS;
  const brackets = [
    [...subjects.slice(0, MAX_SUBJECTS), ...(more > 0 ? [`${more} more`] : [])].join(', '),
    there.length === nodes ? '' : `${there.length} of ${nodes}`,
  ].filter(Boolean);
  return brackets.length === 0 ? title : `${title} (${brackets.join('; ')})`;
}

/** Numbers of a PCI device, with those of the board that it sits on in words: "15b3:1017 on board 15b3:0020". */
export function hardwareText(hardware: string): string {
  return hardware.replace(/\b([0-9a-f]{4}:[0-9a-f]{4}):([0-9a-f]{4}:[0-9a-f]{4})\b/g, '$1 on board $2');
}

/** What a trouble is with, where that is the same or nearly the same everywhere: "eth0, mlx5_core 15b3:101d". */
export function subjectText({ members, hardware, title }: Trouble): string {
  const names = new Set(members.map(({ finding }) => finding.subject?.name ?? '').filter(Boolean));
  const folded = names.size > 0 ? foldNames([...names]) : '';
  // One alone is named, whatever the length.
  const short = folded.length <= MAX_NAME ? folded : `${folded.slice(0, MAX_NAME - 1)}…`;
  const shown = names.size === 1 ? short : folded.length <= 24 ? folded : `${names.size} of them`;
  // What kind of thing it is says nothing new where the names begin with it, nor a name that the title ends with.
  const kind =
    names.size > 0 && [...names].every((name) => name.startsWith(hardware)) ? '' : hardwareText(hardware);
  return visibleName([title.endsWith(shown) ? '' : shown, kind].filter(Boolean).join(', '));
}

/** Nodes folded, cut where they are too many for the room, with their number; one alone by its name, cut where need be. */
export function nodesText(
  nodes: readonly string[],
  answered: number,
  room = Number.POSITIVE_INFINITY,
): string {
  if (nodes.length > 2 && nodes.length === answered) return `all ${nodes.length} nodes`;
  const whole = visibleName(foldNames(nodes));
  if (whole.length <= room) return whole;
  if (nodes.length === 1) return cut(whole, room);
  const tail = `,… (${nodes.length})`;
  for (let count = Math.min(nodes.length - 1, 40); count > 0; count--) {
    const some = visibleName(foldNames(nodes.slice(0, count)));
    if (some.length + tail.length <= room) return some + tail;
  }
  return `${nodes.length} nodes`;
}
