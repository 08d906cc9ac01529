/** etcd's own figures, where it tells them over plain HTTP on loopback (kubeadm: 127.0.0.1:2381). */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';

/** Where etcd tells its figures: kubeadm's place, then a member without TLS. */
const URLS = ['http://127.0.0.1:2381/metrics', 'http://127.0.0.1:2379/metrics'];
const DATA = [
  'var/lib/etcd/member',
  'var/lib/etcd/default.etcd/member',
  'var/lib/etcd-data/member',
  'var/lib/rancher/k3s/server/db/etcd/member',
];
const MANIFEST = 'etc/kubernetes/manifests/etcd.yaml';

/** Figures of an etcd member. */
export interface Etcd {
  /** The slowest hundredth of its fsyncs and of its backend's commits since it started, in s: undefined where there are none. */
  readonly fsyncP99: number | undefined;
  readonly commitP99: number | undefined;
  readonly fsyncs: number;
  readonly hasLeader: boolean | undefined;
  readonly leaderChanges: number | undefined;
  readonly databaseBytes: number | undefined;
  readonly databaseInUseBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  readonly slowApplies: number | undefined;
  readonly heartbeatFailures: number | undefined;
  /** How long it has been running, in s; undefined where it does not tell. */
  readonly seconds: number | undefined;
}

/** Samples of OpenMetrics text: name with labels as they stand, and value. */
function samplesOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of text.split('\n').slice(0, 100_000)) {
    if (row === '' || row.startsWith('#')) continue;
    const at = row.lastIndexOf(' ');
    const value = Number(row.slice(at + 1).replace(/^\+Inf$/, 'Infinity'));
    if (at > 0 && !Number.isNaN(value)) found.set(row.slice(0, at).trim(), value);
  }
  return found;
}

/**
 * A quantile of a histogram, as Prometheus reckons it: the bucket that the rank falls into, and within it on a straight line.
 * Beyond the last bound it is that bound.
 */
export function quantile(samples: ReadonlyMap<string, number>, name: string, q: number): number | undefined {
  const buckets: [bound: number, count: number][] = [];
  for (const [key, count] of samples) {
    const bound = key.startsWith(`${name}_bucket{`) ? /le="([^"]+)"/.exec(key)?.[1] : undefined;
    if (bound !== undefined)
      buckets.push([bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), count]);
  }
  buckets.sort(([a], [b]) => a - b);
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total <= 0) return undefined;
  let below = 0;
  let from = 0;
  for (const [bound, count] of buckets) {
    if (count >= q * total) {
      if (bound === Number.POSITIVE_INFINITY) return from;
      return count === below ? bound : from + ((bound - from) * (q * total - below)) / (count - below);
    }
    below = count;
    from = bound;
  }
  return from;
}

/** Parses etcd's figures. @throws Unavailable nonsense where they are of something else */
export function parseEtcd(text: string, nowMs: number): Etcd {
  const samples = samplesOf(text);
  if (![...samples.keys()].some((name) => name.startsWith('etcd_')))
    throw new Unavailable('nonsense', 'what answers there are not etcd’s figures');
  const of = (...names: string[]) =>
    names.map((name) => samples.get(name)).find((value) => value !== undefined);
  const leader = of('etcd_server_has_leader');
  const started = of('process_start_time_seconds');
  // etcd 2 had another name for it. Where grep kept the buckets alone, the last has all.
  const fsync = ['etcd_disk_wal_fsync_duration_seconds', 'etcd_wal_fsync_durations_seconds'];
  const buckets = [...samples].filter(([key]) => fsync.some((name) => key.startsWith(`${name}_bucket{`)));
  return {
    fsyncP99: fsync.map((name) => quantile(samples, name, 0.99)).find((value) => value !== undefined),
    commitP99: quantile(samples, 'etcd_disk_backend_commit_duration_seconds', 0.99),
    fsyncs: of(...fsync.map((name) => `${name}_count`)) ?? Math.max(0, ...buckets.map(([, count]) => count)),
    hasLeader: leader === undefined ? undefined : leader === 1,
    leaderChanges: of('etcd_server_leader_changes_seen_total'),
    databaseBytes: of('etcd_mvcc_db_total_size_in_bytes', 'etcd_debugging_mvcc_db_total_size_in_bytes'),
    databaseInUseBytes: of('etcd_mvcc_db_total_size_in_use_in_bytes'),
    quotaBytes: of('etcd_server_quota_backend_bytes'),
    slowApplies: of('etcd_server_slow_apply_total'),
    heartbeatFailures: of('etcd_server_heartbeat_send_failures_total'),
    seconds: started === undefined ? undefined : Math.max(0, nowMs / 1_000 - started),
  };
}

/** Where etcd keeps its data on this machine; undefined where there is none, or where it may not be seen. */
export function etcdFolder(machine: Machine): string | undefined {
  return DATA.find((path) => machine.has(path))?.replace(/\/member$/, '');
}

/** Whether this machine keeps an etcd: what is slow for it may be fast enough for others. */
export const keepsEtcd = fact({
  id: 'system.keeps-etcd',
  reads: DATA.map((path) => `/${path}`),
  limitMs: 1_000,
  read: ({ machine }): boolean => etcdFolder(machine) !== undefined || machine.has(MANIFEST),
});

/** etcd's figures. @throws Unavailable absent where there is no etcd, failed where it cannot be asked without a certificate */
export const etcd = fact({
  id: 'system.etcd',
  reads: URLS,
  limitMs: 5_000,
  waits: true,
  read: async ({ machine, signal }): Promise<Etcd> => {
    // What somebody saved of /metrics.
    const told = machine.live ? [] : (machine.saved?.('metrics-of-etcd') ?? []);
    if (told.length > 0) return parseEtcd(told.map(({ text }) => text).join('\n'), machine.now());
    if (etcdFolder(machine) === undefined && !machine.has(MANIFEST))
      throw new Unavailable('absent', 'this machine keeps no etcd');
    let first: Unavailable | undefined;
    for (const url of URLS) {
      try {
        const { status, body } = await machine.probe({ url }, { timeoutMs: 2_000, signal });
        if (status !== 200) throw new Unavailable('failed', `${url} answers with status ${status}`);
        return parseEtcd(body, machine.now());
      } catch (error) {
        first ??= unavailable(error);
      }
    }
    throw first ?? new Unavailable('failed', 'etcd does not answer');
  },
});
