/** What a port's own tests found, as tools told it of a captured machine: `ethtool -t`, `ethtool --cable-test`, and `mii-tool`. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { notSaved } from '../required.ts';
import { rowsOf } from './read-each.ts';

/** A test of a port, and what is bad of it; nothing where it passed. */
interface PortTest {
  readonly kind: 'self-test' | 'cable' | 'half-duplex' | 'no-link';
  /** Empty where nothing tells it. */
  readonly name: string;
  readonly bad: readonly string[];
}

/** ethtool's cmd_test: "The test result is FAIL", and below it each test with a number that is 0 where it passed. */
const RESULT = /^The test result is (PASS|FAIL)\b/;
const EXTRA = /^\s*(\S[^\t]{1,60}?)\s+(-?\d{1,12})\s*$/;
/** ethtool's netlink/cable_test.c. */
const STARTED = /^Cable test (?:started|completed) for device (\S{1,32}?)\.?\s*$/;
const CODE = /^\s*Pair ([A-D]) code (\S.{0,60}?)\s*$/;
const LENGTH = /^\s*Pair ([A-D]),? fault length: ([\d.]{1,10}m)/;
/** The faults of a pair; "Unspecified" and "Impossible" (noise, or a partner that talks) are no verdict. */
const FAULT = /^(?:Open|Short|Impedance mismatch|Resistance)/i;
/** mii-tool: "eth0: negotiated 100baseTx-HD, link ok", "eth0: 10 Mbit, half duplex, link ok", "eth0: no link". */
const MII = /^([\w.-]{1,32}): (?:(negotiated|\d+ Mbit|autonegotiation|100base|10base)\b.{0,80}|no link)\s*$/;

function selfTest(text: string, name: string): PortTest | undefined {
  const rows = rowsOf(text);
  const at = rows.findIndex((row) => RESULT.test(row));
  if (at < 0) return undefined;
  const tests = rows.slice(at + 1, at + 60).flatMap((row) => {
    const [, test = '', value = '0'] = EXTRA.exec(row) ?? [];
    return test !== '' && value !== '0' ? [`${test.replace(/\s+/g, ' ')} ${value}`] : [];
  });
  const failed = RESULT.exec(rows[at] ?? '')?.[1] === 'FAIL';
  return { kind: 'self-test', name, bad: failed ? ['The test result is FAIL', ...tests] : [] };
}

function cableTest(text: string, name: string): PortTest | undefined {
  const rows = rowsOf(text);
  const codes = rows.flatMap((row) => {
    const [, pair, code = ''] = CODE.exec(row) ?? [];
    return pair === undefined ? [] : [{ pair, code }];
  });
  if (codes.length === 0) return undefined;
  const lengths = new Map(
    rows.flatMap((row) => {
      const [, pair, length] = LENGTH.exec(row) ?? [];
      return pair !== undefined && length !== undefined ? [[pair, length] as const] : [];
    }),
  );
  const own = rows.map((row) => STARTED.exec(row)?.[1]).find((one) => one !== undefined);
  const bad = codes
    .filter(({ code }) => FAULT.test(code))
    .map(({ pair, code }) => `Pair ${pair}: ${code}${lengths.has(pair) ? ` at ${lengths.get(pair)}` : ''}`);
  return { kind: 'cable', name: own ?? name, bad };
}

function mii(text: string): PortTest[] {
  return rowsOf(text).flatMap((row): PortTest[] => {
    const [, name] = MII.exec(row) ?? [];
    if (name === undefined) return [];
    const half = /-HD\b|half duplex/.test(row) && /link ok/.test(row);
    const none = /no link\s*$/.test(row);
    const kind = none ? 'no-link' : 'half-duplex';
    return [{ kind, name, bad: half || none ? [row.trim()] : [] }];
  });
}

/** What stands behind the options of a command line. */
function nameIn(words: readonly string[], device: string | undefined): string {
  return device ?? words.findLast((word) => /\d$/.test(word)) ?? '';
}

function read(machine: Machine): PortTest[] {
  if (machine.live) throw new Unavailable('absent', 'tests of ports are read of captured machines only');
  const found = (machine.saved?.('ethtool') ?? []).flatMap(({ words, text, device }) => {
    const name = nameIn(words, device);
    return [selfTest(text, name), cableTest(text, name)].filter((one) => one !== undefined);
  });
  for (const output of machine.saved?.('mii-tool') ?? []) {
    const told = mii(output.text);
    if (told.length === 0) machine.notUsed?.(output, 'it tells of no link');
    found.push(...told);
  }
  if (found.length === 0) throw notSaved(machine, ['ethtool -t', 'mii-tool']);
  // An output below its command line is there without it too.
  const byWhat = new Map<string, PortTest>();
  for (const one of found) {
    const key = `${one.kind} ${one.bad.join()}`;
    if ((byWhat.get(key)?.name ?? '') === '') byWhat.set(key, one);
    else if (one.name !== '') byWhat.set(`${key} ${one.name}`, one);
  }
  return [
    ...new Map(
      [...byWhat.values()].map((one) => [`${one.kind} ${one.name} ${one.bad.join()}`, one]),
    ).values(),
  ];
}

const tests = fact({
  id: 'nic.port-tests',
  reads: ['ethtool -t, ethtool --cable-test and mii-tool, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => read(machine),
});

const TOLD: Readonly<Record<PortTest['kind'], Pick<FindingDraft, 'severity' | 'title' | 'remedy'>>> = {
  'self-test': {
    severity: 'warning',
    title: 'A NIC failed its own test',
    remedy: {
      text: 'Repeat it offline while nothing uses the port (a loopback that fails alone may be a cable that is missing); then another slot, firmware, card.',
      risk: 'connection',
    },
  },
  cable: {
    severity: 'warning',
    title: 'A cable is broken, by the test of its port',
    remedy: {
      text: 'Replace the cable; the length tells how far from this port its fault is.',
      risk: 'connection',
    },
  },
  'half-duplex': {
    severity: 'warning',
    title: 'A link runs in half duplex',
    remedy: {
      text: 'Let both ends negotiate, or set both to the same speed and duplex.',
      risk: 'connection',
    },
  },
  'no-link': {
    severity: 'info',
    title: 'A port has no link, as mii-tool tells',
    remedy: { text: 'Where it should have one: see the cable and the port of the switch.', risk: 'none' },
  },
};

/** The check of what tests of ports found. */
export const PORT_TESTS_CHECK = check({
  id: 'nic.port-tests',
  area: 'nic',
  title: 'Ports that failed a test, and what mii-tool tells of links',
  about:
    'A NIC tests its registers, memory, interrupts and loopback (ethtool -t), and the pairs of its copper cable by echoes (--cable-test): open, ' +
    'or short, with the distance. mii-tool tells of links of before ethtool.',
  needs: { tests },
  links: ['https://docs.kernel.org/networking/ethtool-netlink.html'],
  evaluate: ({ tests: all }): FindingDraft[] =>
    all.flatMap(({ kind, name, bad }) =>
      bad.length === 0
        ? []
        : [
            {
              ...TOLD[kind],
              subject: { kind: 'nic', name },
              evidence: bad.slice(0, 5).map((one) => one.slice(0, 200)),
            },
          ],
    ),
});
