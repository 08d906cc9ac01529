/**
 * The interfaces of a captured machine, from whatever was saved: `ip` in any of its forms, else `ifconfig` or `netstat -i`, else the headings
 * of what ethtool printed, or what switches told. What was captured of /sys seldom has more than a few files.
 */

import { deviceOfCommand } from '../../host/ethtool-device.ts';
import type { Machine, SavedOutput } from '../../host/machine.ts';
import { parseIfconfig, parseNetstatInterfaces } from './ifconfig.ts';
import { interfacesOfInterrupts } from './interrupt-names.ts';
import { type IpLink, parseIpLink } from './ip-link.ts';
import { parseLldpdText } from './lldp/lldpd-text.ts';

/** Options of `ip` that say more of an interface, best first; what is about neighbours and routes has no interfaces in it. */
const DETAILS = ['s', 'd', 'link'];
/** "Settings for eth0:", "Ring parameters for eth0:", "Features for eth0:". */
const HEADING = /^[ \t]*[A-Z][\w ]{1,40} for ([\w.:@-]{1,32}):[ \t]*\r?$/m;

/** Lines of counters, as `ethtool -S` prints them. */
const COUNTERS = /^\s*(?:NIC statistics:|\S*[rt]x_\S*: \d+)\s*$/m;

/** Interfaces by name; none where nothing of the kind was saved. */
export function capturedLinks(machine: Machine): Map<string, IpLink> {
  const found = new Map<string, IpLink>();
  const outputs = (machine.saved?.('ip') ?? [])
    // Those of other network namespaces are not the machine's.
    .filter(({ words }) => !words.some((word) => /^(?:netns|n|all)$/.test(word)))
    .map(({ words, text }) => ({ rank: DETAILS.filter((one) => words.includes(one)).length, words, text }))
    .sort((a, b) => b.rank - a.rank);
  for (const { text } of outputs)
    for (const one of parseIpLink(text)) {
      const known = found.get(one.name);
      found.set(one.name, known ? merged(known, one) : one);
    }
  for (const { words, text } of machine.saved?.('ifconfig') ?? [])
    if (found.size === 0 || words.length === 0 || words.includes('a'))
      for (const one of parseIfconfig(text)) {
        const known = found.get(one.name);
        found.set(one.name, known ? merged(known, one) : one);
      }
  for (const one of (machine.saved?.('netstat') ?? []).flatMap(({ text }) => parseNetstatInterfaces(text)))
    if (!found.has(one.name)) found.set(one.name, one);
  for (const name of queueNames(machine))
    if (!found.has(name)) found.set(name, { name, flags: [], addresses: [], statistics: {} });
  const interrupts = machine.text('proc/interrupts') ?? '';
  const own = interfacesOfInterrupts(interrupts);
  for (const name of [...ethtoolNames(machine), ...neighbourNames(machine), ...own])
    if (!found.has(name)) found.set(name, { name, flags: [], addresses: [], statistics: {} });
  return found;
}

/** Interfaces that `tc -s qdisc show` names, or was asked of: those with a queue of a device. */
function queueNames(machine: Machine): string[] {
  return (machine.saved?.('tc') ?? []).flatMap(({ words, text }) => {
    if (!words.includes('qdisc')) return [];
    const named = [
      ...text.slice(0, 1 << 20).matchAll(/^qdisc (\S{1,32}) \S{1,32} dev ([\w.@-]{1,32}) root\b/gm),
    ]
      .filter(([, kind, name]) => kind !== 'noqueue' && name !== 'lo')
      .map(([, , name = '']) => name);
    const last = words.at(-1) ?? '';
    // Rows that name no interface are of the one that was asked for.
    const asked =
      /^qdisc \S{1,32} \S{1,32} (?:root|parent)\b/m.test(text) && !/^(?:qdisc|show|ls|list)$/.test(last);
    return named.length === 0 && asked ? [last] : named;
  });
}

/** Interfaces on which a switch was heard, in the text of lldpd's clients. */
function neighbourNames(machine: Machine): string[] {
  return ['lldpctl', 'lldpcli']
    .flatMap((program) => machine.saved?.(program) ?? [])
    .flatMap(({ text }) => parseLldpdText(text).map((one) => one.interface));
}

/** What one output does not tell is taken from another. */
function merged(known: IpLink, more: IpLink): IpLink {
  return {
    ...more,
    ...known,
    flags: known.flags.length > 0 ? known.flags : more.flags,
    addresses: known.addresses.length > 0 ? known.addresses : more.addresses,
    statistics: { ...more.statistics, ...known.statistics },
  };
}

/** Names in the headings of ethtool's outputs; of `-i`, `-S` and `-m`, which have none, that of the command line. */
function ethtoolNames(machine: Machine): Set<string> {
  const names = new Set<string>();
  const told: SavedOutput[] = [];
  const nameless: SavedOutput[] = [];
  for (const output of machine.saved?.('ethtool') ?? []) {
    const { words, text, device } = output;
    const heading = HEADING.exec(text.slice(0, 4_000))?.[1];
    const plain =
      words.length >= 2 &&
      (/^(?:driver: |NIC statistics:)/m.test(text.slice(0, 4_000)) ||
        // Of which somebody kept the lines with errors alone.
        (/^[a-z]$/.test(words[0] ?? '') &&
          (device !== undefined || /\d/.test(words.at(-1) ?? '')) &&
          /^\s*(?!netlink error|Cannot )[\w.[\]: -]+: +\S/m.test(text)));
    // In the name of a folder, or before the command in that of a file.
    const above = words.length === 2 ? deviceOfCommand(`ethtool -${words.join(' ')}`) : undefined;
    const name = heading ?? (plain ? (device ?? above) : undefined);
    if (name !== undefined && name !== 'lo') names.add(name);
    if (name !== undefined) told.push(output);
    else if (COUNTERS.test(text)) nameless.push(output);
  }
  // The same text may be there by a name that was found within it.
  for (const one of nameless)
    if (!told.some(({ path, text }) => path === one.path && one.text.includes(text.trim())))
      machine.notUsed?.(one, 'nothing tells which interface its counters are of');
  return names;
}
