/**
 * What `etcdctl` printed of a cluster on a captured machine: endpoint health and status as text, table, comma-separated and JSON (3.x),
 * alarm list, and the cluster-health of version 2. A running machine is not asked: etcdctl wants certificates that the agent leaves alone.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { savedTexts } from '../required.ts';

/** An endpoint or member. What is not told is undefined. */
export interface EtcdEndpoint {
  /** "https://10.0.0.11:2379", or a member's id where that is all. */
  readonly name: string;
  readonly healthy: boolean | undefined;
  /** Why it is not. */
  readonly why: string;
  /** How long a proposal took, in ms. */
  readonly tookMs: number | undefined;
  readonly leader: boolean | undefined;
  /** The size of its database. */
  readonly dbBytes: number | undefined;
}

/** A cluster, as it was told. */
export interface EtcdTold {
  readonly endpoints: readonly EtcdEndpoint[];
  /** "NOSPACE", "CORRUPT". */
  readonly alarms: readonly string[];
  /** Members that were added and never started, by their ids; undefined where no list of members was saved. */
  readonly unstarted: readonly string[] | undefined;
}

type Draft = { -readonly [K in keyof EtcdEndpoint]: EtcdEndpoint[K] };

const MAX_ROWS = 5_000;
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
};

/** A duration of Go, "2h3m", "1m2.5s", "14.5208ms", in ms; undefined where it is none. */
export function goDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d{1,12}(?:\.\d{1,12})?)(ns|us|µs|μs|ms|s|m|h)/g)];
  return parts.length === 0
    ? undefined
    : parts.reduce((sum, [, value, unit]) => sum + Number(value) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** A size as go-humanize writes it, "11 GB", "57 MB", "20 kB"; undefined where it is none. */
function humanSize(text: string | undefined): number | undefined {
  const [, figure, unit = ''] = /^([\d.]{1,12}) ([kMGT]?B)$/.exec(text ?? '') ?? [];
  return figure === undefined ? undefined : Number(figure) * 1_000 ** 'BkMGT'.indexOf(unit[0] ?? 'B');
}

class Cluster {
  readonly endpoints = new Map<string, Draft>();
  readonly alarms = new Set<string>();
  readonly unstarted = new Set<string>();
  members = false;

  endpoint(name: string): Draft {
    const known = this.endpoints.get(name) ?? {
      ...{ name, healthy: undefined, why: '', tookMs: undefined, leader: undefined, dbBytes: undefined },
    };
    this.endpoints.set(name, known);
    return known;
  }

  alarm(text: string): void {
    for (const [alarm] of text.matchAll(/NOSPACE|CORRUPT/g)) this.alarms.add(alarm);
  }
}

/**
 * "a:2379 is unhealthy: failed to commit proposal: …", "member 8e9e… is unreachable: …" (before etcd 2.1 without a reason), "alarm:NOSPACE",
 * "Failed to get the status of endpoint …".
 */
function ofRow(row: string, into: Cluster): void {
  const health =
    /^(?:member )?(?!cluster )(\S{1,200}) is (healthy|unhealthy|unreachable)(?:: ?(.{0,300})|\s*$)/.exec(row);
  if (health) {
    const [, name = '', state, more = ''] = health;
    const one = into.endpoint(name);
    one.healthy = state === 'healthy';
    one.why = one.healthy ? '' : more || String(state);
    one.tookMs = goDuration(/took = (\S+)/.exec(more)?.[1] ?? '');
    return;
  }
  // "8e9e05c52164694d, unstarted, , http://…", a table's row, and "8e9e05c52164694d[unstarted]: peerURLs=…" of version 2.
  const [, id = '', list, table] =
    /^\|?\s*([0-9a-f]{6,16})(?:\s*[,|]\s*(unstarted|started)\b|(\[unstarted\]: |: (?:name=\S* )?peerURLs=))/.exec(
      row,
    ) ?? [];
  if (id !== '') {
    into.members = true;
    if (list === 'unstarted' || table?.startsWith('[')) into.unstarted.add(id);
    return;
  }
  const failed = /^Failed to get the status of endpoint (\S{1,200}) \((.{0,200})\)/.exec(row);
  if (failed) Object.assign(into.endpoint(failed[1] ?? ''), { healthy: false, why: failed[2] ?? '' });
  if (/^cluster (?:is (?:unhealthy|degraded)|may be unhealthy)/.test(row))
    Object.assign(into.endpoint('cluster'), { healthy: false, why: row.slice(0, 200) });
  if (/^memberID:\d+ alarm:/.test(row)) into.alarm(row);
  // What any write is answered while the alarm stands.
  if (/^Error: +(?:etcdserver: )?mvcc: database space exceeded/.test(row)) into.alarm('NOSPACE');
}

/** "https://10.0.0.2:2379" and "10.0.0.2:2379" are one. */
const bare = (name: string) => name.replace(/^[a-z]{1,10}:\/\//, '');

/**
 * What the client of etcd 3.4 and later logs of an endpoint before etcdctl's own row of it, which a copy may have cut off or sent elsewhere
 * (it is on standard error). The row is the outcome: an attempt that failed may be followed by one that did not.
 */
function ofWarnings(rows: readonly string[], into: Cluster): void {
  for (const row of rows) {
    if (!/^\{"level":"warn".*"msg":"retrying of unary invoker failed"/.test(row)) continue;
    // It answered: that it has no space.
    if (row.includes('mvcc: database space exceeded')) {
      into.alarm('NOSPACE');
      continue;
    }
    const target = /"target":"[^"]{0,160}\/([^"/]{1,160}:\d{1,5})"/.exec(row)?.[1];
    const dialled = /\bdial tcp ([^\s"]{1,100}:\d{1,5}): /.exec(row)?.[1];
    const name = target ?? dialled;
    if (name === undefined || [...into.endpoints.keys()].some((one) => bare(one) === name)) continue;
    const why = /desc = \\?"?transport: (.{1,300}?)\\?"*\}?$/.exec(row)?.[1];
    Object.assign(into.endpoint(name), {
      healthy: false,
      why: why ?? /desc = ([^"]{1,300})/.exec(row)?.[1] ?? 'its client could not reach it',
    });
  }
}

/** Rows of a table by the names of its columns; of the comma-separated form those of etcdctl 3.x. */
function ofTable(rows: readonly string[], into: Cluster): void {
  let columns: string[] | undefined;
  for (const row of rows) {
    const table = row.trim().startsWith('|');
    const cells = table
      ? row
          .trim()
          .slice(1)
          .split('|')
          .map((cell) => cell.trim())
      : row.split(', ');
    if (table && cells[0] === 'ENDPOINT') columns = cells;
    else if (table && columns) {
      const of = (name: string) => cells[columns?.indexOf(name) ?? -1];
      const one = into.endpoint(cells[0] ?? '');
      const health = of('HEALTH');
      if (health !== undefined) one.healthy = health === 'true';
      if (of('TOOK')) one.tookMs = goDuration(of('TOOK') ?? '');
      if (of('IS LEADER')) one.leader = of('IS LEADER') === 'true';
      one.dbBytes = humanSize(of('DB SIZE')) ?? one.dbBytes;
      const errors = of('ERRORS') ?? of('ERROR') ?? '';
      into.alarm(errors);
      if (health === 'false') one.why = errors || 'it says so';
    } else if (!table && /^\S+:\d{2,5}$/.test(cells[0] ?? '') && /^[0-9a-f]{6,16}$/.test(cells[1] ?? '')) {
      const leader = cells.find((cell) => /^(?:true|false)$/.test(cell));
      if (leader !== undefined) into.endpoint(cells[0] ?? '').leader = leader === 'true';
      const size = cells.map(humanSize).find((one) => one !== undefined);
      if (size !== undefined) into.endpoint(cells[0] ?? '').dbBytes = size;
      into.alarm(row);
    }
  }
}

/** What a member answers at /health: {"health":"false","reason":"ALARM NOSPACE"}; before 3.5 without a reason. */
function ofHealth(json: unknown, into: Cluster): void {
  const { health, reason } = (json ?? {}) as { health?: unknown; reason?: unknown };
  if (!/^(?:true|false)$/.test(String(health))) return;
  const why = typeof reason === 'string' && reason !== '' ? reason.slice(0, 300) : 'it says so at /health';
  Object.assign(into.endpoint('/health'), { healthy: String(health) === 'true', why });
  if (String(health) === 'false') into.alarm(why);
}

/** `-w json`: [{"endpoint","health","took","error"}] and [{"Endpoint","Status":{"header":{"member_id"},"leader","errors"}}]. */
function ofJson(text: string, into: Cluster): boolean {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return false;
  }
  ofHealth(json, into);
  for (const item of Array.isArray(json) ? json.slice(0, 100) : []) {
    const one = (item ?? {}) as Record<string, unknown>;
    const name = one.endpoint ?? one.Endpoint;
    if (typeof name !== 'string') continue;
    const found = into.endpoint(name.slice(0, 200));
    if (typeof one.health === 'boolean') found.healthy = one.health;
    if (typeof one.error === 'string' && one.health === false) found.why = one.error.slice(0, 300);
    if (typeof one.took === 'string') found.tookMs = goDuration(one.took);
    const status = (one.Status ?? {}) as {
      header?: { member_id?: unknown };
      leader?: unknown;
      errors?: unknown;
      dbSize?: unknown;
    };
    if (typeof status.dbSize === 'number') found.dbBytes = status.dbSize;
    if (status.leader !== undefined)
      found.leader = String(status.header?.member_id) === String(status.leader);
    if (Array.isArray(status.errors)) into.alarm(status.errors.join(' '));
  }
  return true;
}

const isUnhealthy = ({ healthy }: EtcdEndpoint) => healthy === false;

/** Parses whatever etcdctl printed, each output by itself. Lines that are none of its are passed over. */
function parseEtcdctl(texts: readonly string[]): EtcdTold {
  const into = new Cluster();
  const others = texts.filter((text) => !/^\s*[[{]/.test(text) || !ofJson(text.trim(), into));
  const rows = others.flatMap((text) => text.split('\n', MAX_ROWS).map((row) => row.slice(0, 1_000).trim()));
  for (const row of rows) ofRow(row, into);
  ofTable(rows, into);
  ofWarnings(rows, into);
  if (rows.includes('Error: unhealthy cluster') && ![...into.endpoints.values()].some(isUnhealthy))
    Object.assign(into.endpoint('cluster'), { healthy: false, why: 'Error: unhealthy cluster' });
  return {
    ...{ endpoints: [...into.endpoints.values()], alarms: [...into.alarms].sort() },
    unstarted: into.members ? [...into.unstarted] : undefined,
  };
}

/** What was saved of etcdctl. @throws Unavailable absent on a running machine, not-captured */
export const etcdTold = fact({
  id: 'system.etcd-told',
  reads: ['etcdctl endpoint health, endpoint status, alarm list and cluster-health, where they were saved'],
  limitMs: 1_000,
  read: ({ machine }): EtcdTold => {
    const told = parseEtcdctl(savedTexts(machine, 'etcdctl'));
    if (told.endpoints.length + told.alarms.length === 0 && told.unstarted === undefined)
      throw new Unavailable('nonsense', 'what was saved of etcdctl tells of no endpoint');
    return told;
  },
});
