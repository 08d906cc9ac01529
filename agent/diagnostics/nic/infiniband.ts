/**
 * InfiniBand ports of captured machines: their states by `ibstat` and `ibstatus`, their counters by `perfquery` (infiniband-diags, rdma-core
 * 17 to 55).
 */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

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
      /^\s+(State|Physical state|Link layer|state|phys state|link_layer):\s*(?:\d+: )?(\S.{0,60}?)\s*$/.exec(
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

/** What was saved of InfiniBand ports. @throws Unavailable absent on a running machine, not-captured */
export const infiniband = fact({
  id: 'nic.infiniband',
  reads: ['ibstat, ibstatus and perfquery, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): Infiniband => {
    const of = (program: string) => (machine.saved?.(program) ?? []).map(({ text }) => text);
    const ports = ['ibstat', 'ibstatus'].flatMap(of).flatMap(parsePorts);
    const counters = of('perfquery').flatMap(parseCounters);
    if (ports.length === 0 && counters.length === 0)
      throw nothing(machine, 'the output of ibstat or perfquery');
    return { ports: [...new Map(ports.map((one) => [one.name, one])).values()], counters };
  },
});
