/**
 * Ports of RDMA adapters of captured machines: their states by `ibstat`, `ibstatus` and `rdma link`, their counters by `perfquery` and
 * `rdma statistic` (infiniband-diags, rdma-core 17 to 55; iproute2's rdma/link.c and stat.c).
 */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { parseLinkInfo, parseQueryErrors } from './infiniband-fabric.ts';
import { sysfsInfiniband } from './infiniband-sysfs.ts';

/** A port of a channel adapter. What is not told is left out. */
export interface IbPort {
  /** "mlx5_0 port 1". */
  readonly name: string;
  /** "Active", "Down", "Initializing", "Armed". */
  readonly state: string;
  /** "LinkUp", "Polling", "Disabled". */
  readonly physical: string;
  /** "InfiniBand", "Ethernet"; empty where it is not told. */
  readonly layer: string;
  /** How fast it is and could be, where iblinkinfo finds it slower than both sides can be. */
  readonly slower?: string;
}

/** Counters of a port by their names: "SymbolErrorCounter". */
export interface IbCounters {
  /** "Lid 21 port 1". */
  readonly name: string;
  readonly counters: ReadonlyMap<string, number>;
}

/** What was saved. */
export interface Infiniband {
  readonly ports: readonly IbPort[];
  readonly counters: readonly IbCounters[];
  /** What the adapter itself counts, by port: "mlx5_0 port 1", with names in lower case: "out_of_buffer". */
  readonly hardware: readonly IbCounters[];
}

const MAX_ROWS = 50_000;

type Draft = { -readonly [K in keyof IbPort]: IbPort[K] };

/** "CA 'mlx5_0'", below it "	Port 1:" and "		State: Down"; ibstatus: "Infiniband device 'mlx5_0' port 1 status:" and "	state:		 4: ACTIVE". */
function parsePorts(text: string): IbPort[] {
  const ports: Draft[] = [];
  let adapter = '';
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 300);
    adapter = /^CA '([\w.-]{1,40})'/.exec(row)?.[1] ?? adapter;
    const status = /^Infiniband device '([\w.-]{1,40})' port (\d{1,4}) status:/.exec(row);
    const number = status?.[2] ?? /^\s*Port (\d{1,4}):\s*$/.exec(row)?.[1];
    if (number !== undefined)
      ports.push({
        name: `${status?.[1] ?? adapter} port ${number}`.trim(),
        ...{ state: '', physical: '', layer: '' },
      });
    const port = ports.at(-1);
    const field =
      /^\s*(State|Physical state|Link layer|state|phys state|link_layer):\s*(?:\d+: )?(\S.{0,60}?)\s*$/.exec(
        row,
      );
    if (!port || !field) continue;
    const value = field[2] ?? '';
    if (/^state$/i.test(field[1] ?? '')) port.state = value;
    else if (/^phys/i.test(field[1] ?? '')) port.physical = value;
    else port.layer = value;
  }
  return ports.filter(({ state }) => state !== '');
}

/** "# Port counters: Lid 1 port 1 (CapMask: 0x1400)", below it "SymbolErrorCounter:..............0". */
function parseCounters(text: string): IbCounters[] {
  const found: { name: string; counters: Map<string, number> }[] = [];
  for (const row of text.split('\n', MAX_ROWS)) {
    const heading = /^# Port (?:extended )?counters: (Lid \d{1,6} port \d{1,4})\b/.exec(
      row.slice(0, 200),
    )?.[1];
    if (heading !== undefined) found.push({ name: heading, counters: new Map() });
    const [, name, value] = /^([A-Z]\w{2,60}):\.{2,60}(\d{1,20})\s*$/.exec(row.slice(0, 200)) ?? [];
    if (name !== undefined && found.length === 0) found.push({ name: 'a port', counters: new Map() });
    if (name !== undefined) found.at(-1)?.counters.set(name, Number(value));
  }
  return found.filter(({ counters }) => counters.size > 0);
}

/** "link mlx5_0/1 state ACTIVE physical_state LINK_UP netdev ens1f0np0": with a netdev its link is Ethernet; "link mlx5_0/1 subnet_prefix … state …". */
function parseRdmaLinks(text: string): IbPort[] {
  return text.split('\n', MAX_ROWS).flatMap((row): IbPort[] => {
    const [, device, port, words = ''] =
      /^\s*(?:\d+\/\d+: )?(?:link )?([\w.-]{1,40})\/(\d{1,4}):? (.*\bstate .*)$/.exec(row.slice(0, 400)) ??
      [];
    const of = (word: string) => new RegExp(`(?:^|\\s)${word} (\\S{1,40})`).exec(words)?.[1] ?? '';
    if (device === undefined || of('state') === '') return [];
    return [
      {
        name: `${device} port ${port}`,
        state: of('state'),
        physical: of('physical_state'),
        layer: of('netdev') === '' ? '' : 'Ethernet',
      },
    ];
  });
}

/** "link mlx5_0/1 rx_write_requests 812312 rx_read_requests 0 out_of_buffer 12 …" */
function parseRdmaCounters(text: string): IbCounters[] {
  return text.split('\n', MAX_ROWS).flatMap((row): IbCounters[] => {
    const [, device, port, words = ''] =
      /^\s*link ([\w.-]{1,40})\/(\d{1,4}) (.*)$/.exec(row.slice(0, 8_000)) ?? [];
    const counters = new Map(
      [...words.matchAll(/([a-z][a-z0-9_]{2,60}) (\d{1,20})(?=\s|$)/g)].map(
        ([, name = '', value]) => [name, Number(value)] as const,
      ),
    );
    return device === undefined || counters.size < 2 ? [] : [{ name: `${device} port ${port}`, counters }];
  });
}

/** What was saved of InfiniBand ports. @throws Unavailable absent on a running machine, not-captured */
export const infiniband = fact({
  id: 'nic.infiniband',
  reads: [
    'ibstat, ibstatus, perfquery, ibqueryerrors, iblinkinfo, rdma link, rdma statistic and /sys/class/infiniband, on a captured machine',
  ],
  limitMs: 1_000,
  read: ({ machine }): Infiniband => {
    const of = (program: string) => (machine.saved?.(program) ?? []).map(({ text }) => text);
    const files = machine.live ? undefined : sysfsInfiniband(machine);
    const ports = [
      ...['ibstat', 'ibstatus'].flatMap(of).flatMap(parsePorts),
      ...of('rdma').flatMap(parseRdmaLinks),
      ...of('iblinkinfo').flatMap(parseLinkInfo),
      ...(files?.ports ?? []),
    ];
    const hardware = [...of('rdma').flatMap(parseRdmaCounters), ...(files?.hardware ?? [])];
    const counters = [
      ...of('perfquery').flatMap(parseCounters),
      ...of('ibqueryerrors').flatMap(parseQueryErrors),
      ...(files?.counters ?? []),
    ];
    if (ports.length + counters.length + hardware.length === 0)
      throw nothing(machine, 'the output of ibstat, perfquery or rdma');
    // What was told first: ibstat knows the layer.
    const byName = new Map(ports.toReversed().map((one) => [one.name, one]));
    return { ports: [...byName.values()].reverse(), counters, hardware };
  },
});
