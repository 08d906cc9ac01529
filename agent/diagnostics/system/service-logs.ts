/** What etcd and the kubelet write into their logs when they wait for something, of captured machines. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { goDuration } from './etcd-told.ts';

const MAX_ROWS = 200_000;

/** How often something took too long, and how long at most. */
export interface Slowness {
  readonly count: number;
  readonly worstMs: number;
  /** What the program expected, "100ms"; empty where it is not told. */
  readonly expected: string;
}

/** What a log tells to be slow, by what it is. */
export interface EtcdLog {
  /** Writes of its log to the disk. */
  readonly sync: Slowness | undefined;
  /** Requests. */
  readonly apply: Slowness | undefined;
}

/** A line of etcd's: of its log in JSON (3.4 and later), as before it, or as the journal has that. */
const ETCD =
  /"caller":"[\w./-]{1,60}\.go:\d|\b(?:etcdserver|raft|wal|mvcc|embed|rafthttp): |\betcd(?:\[\d{1,10}\])?: /;
/** "slow fdatasync" in JSON, "sync duration of 1.8s, expected less than 1s" before (etcd's wal/wal.go). */
const SYNC = /"msg":"slow fdatasync".{0,80}"took":"([^"]{1,30})"(?:,"expected-duration":"([^"]{1,30})")?/;
const SYNC_BEFORE =
  /\b(?:wal|etcd(?:\[\d{1,10}\])?): sync duration of (\S{1,30}), expected less than (\S{1,30})/;
/** "apply request took too long" in JSON, 'request "…" took too long (3.2s) to execute' before (etcdserver/util.go). */
const APPLY =
  /"msg":"apply request took too long".{0,80}"took":"([^"]{1,30})"(?:,"expected-duration":"([^"]{1,30})")?/;
const APPLY_BEFORE =
  /\b(?:etcdserver|etcd(?:\[\d{1,10}\])?): .{0,400} took too long \(([\w.µμ]{1,30})\) to execute/;
/** "apply entries took too long [1.2s for 1 entries]" (3.2 and before). */
const ENTRIES = /\bapply entries took too long \[([\w.µμ]{1,30}) for \d+ entries\]/;

/** Lines of a program's log, of the files that are named after it and of its part of the journal, each line once. */
function linesOf(machine: Machine, program: string, pattern: RegExp): string[] {
  if (machine.live)
    throw new Unavailable('absent', `the log of ${program} is read of captured machines only`);
  // The longer form is sosreport's.
  const journal = ['-u', '--unit', '--no-pager --unit'].map((option) => `journalctl ${option} ${program}`);
  // Lines of daemons stand in other outputs too, such as systemctl's.
  const own = [program, ...journal].flatMap((name) => machine.saved?.(name) ?? []);
  const outputs = [...own, ...(machine.saved?.('daemons') ?? [])];
  const lines = new Set<string>();
  for (const { text } of outputs)
    for (const row of text.split('\n', MAX_ROWS))
      if (pattern.test(row)) lines.add(row.slice(0, 2_000).trim());
  if (lines.size === 0) {
    for (const one of own) machine.notUsed?.(one, `no line of it has the form of a log of ${program}`);
    throw new Unavailable('not-captured', `no log of ${program} is in the captured folder`);
  }
  return [...lines];
}

function slowness(lines: readonly string[], ...patterns: readonly RegExp[]): Slowness | undefined {
  const found = lines.flatMap((row) => {
    const match = patterns.map((pattern) => pattern.exec(row)).find((one) => one !== null);
    const ms = match ? goDuration(match[1] ?? '') : undefined;
    return ms === undefined ? [] : [{ ms, expected: match?.[2] ?? '' }];
  });
  const worst = found.toSorted((a, b) => b.ms - a.ms)[0];
  return worst && { count: found.length, worstMs: worst.ms, expected: worst.expected };
}

/** What a log of etcd tells. @throws Unavailable absent on a running machine, not-captured */
export const etcdLog = fact({
  id: 'system.etcd-log',
  reads: ['logs of etcd and journalctl -u etcd, where they were saved'],
  limitMs: 2_000,
  read: ({ machine }): EtcdLog => {
    const lines = linesOf(machine, 'etcd', ETCD);
    return { sync: slowness(lines, SYNC, SYNC_BEFORE), apply: slowness(lines, APPLY, APPLY_BEFORE, ENTRIES) };
  },
});

/** A line of the kubelet's: klog's head with its file. */
const KUBELET =
  /\bkubelet\b.{0,40}[IWEF]\d{4} \d\d:\d\d:\d\d|\bkubelet\.go:\d{1,5}\]|"caller":"(?:kubelet|pleg|nodestatus|eviction|kuberuntime|cri|cm|prober|server)\/\w/;
/** pkg/kubelet/pleg: "pleg was last seen active 3m5s ago; threshold is 3m0s". That it "has yet to be successful" belongs to a start. */
const PLEG =
  /PLEG is not healthy: pleg was last seen active ([\dhms.]{1,30}) ago(?:; threshold is ([\dhms.]{1,20}))?/;

/** The moment of a line in ms: klog's head, whose year is not told, or "ts" of its JSON. */
function momentOf(row: string): number | undefined {
  const json = /"ts":(\d{13})(?:\.\d+)?,/.exec(row)?.[1];
  if (json !== undefined) return Number(json);
  const [, month, day, time] = /\b[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d)\.\d/.exec(row) ?? [];
  const ms = time === undefined ? Number.NaN : Date.parse(`2024-${month}-${day}T${time}Z`);
  return Number.isFinite(ms) ? ms : undefined;
}

/**
 * How long a kubelet said again and again that it leaves pods alone (kubelet.go: syncLoop), ms; undefined where it did not. Each start has a
 * few such lines, of which the first tells that PLEG "has yet to be successful".
 */
function waited(lines: readonly string[]): number | undefined {
  let from: number | undefined;
  let longest: number | undefined;
  for (const row of lines) {
    if (/Starting kubelet main sync loop/.test(row)) from = undefined;
    if (!/[Ss]kipping pod synchronization/.test(row)) continue;
    const at = momentOf(row);
    if (at === undefined) continue;
    if (from === undefined || /has yet to be successful/.test(row)) from = at;
    longest = Math.max(longest ?? 0, at - from);
  }
  return longest;
}

/** Something that keeps a kubelet from its work, by its log. */
export interface KubeletTrouble {
  readonly words: string;
  readonly severity: 'warning' | 'info';
  readonly count: number;
  readonly newest: string;
}

/** What else a kubelet says (pkg/kubelet); what belongs to any start is left out, or is an info. */
const TROUBLES: readonly (readonly [RegExp, words: string, severity: 'warning' | 'info'])[] = [
  [
    /[Nn]etwork (?:plugin )?(?:is )?not ready|NetworkPluginNotReady|cni plugin not initialized/,
    'the network of containers is not ready',
    'warning',
  ],
  [
    /failed to run Kubelet|Failed to (?:start ContainerManager|validate kubelet)|"command failed"/i,
    'it cannot start',
    'warning',
  ],
  [
    /certificate has expired|x509: certificate (?:signed by unknown authority|has expired)/,
    'a certificate is not valid',
    'warning',
  ],
  [
    /failed to get imageFs info|Image garbage collection failed.{0,80}(?:freed|wanted|disk)|freed \d+ bytes.{0,40}wanted/i,
    'images cannot be removed to make room',
    'warning',
  ],
  [
    /container runtime is down|runtime service failed|connection error: desc = .{0,120}(?:containerd|crio|dockershim)\.sock/,
    'the container runtime does not answer',
    'warning',
  ],
  [
    /node \W{0,3}[\w.-]{1,253}\W{0,3} not found|Unable to register node|[Ee]rror updating node status/,
    'it does not reach the cluster, or is not known there',
    'info',
  ],
];

/** How long the kubelet had no word of its containers, by its log; undefined where it never complains. @throws Unavailable */
export const kubeletLog = fact({
  id: 'system.kubelet-log',
  reads: ['logs of the kubelet and journalctl -u kubelet, where they were saved'],
  limitMs: 2_000,
  read: ({
    machine,
  }): {
    readonly pleg: Slowness | undefined;
    readonly waitedMs: number | undefined;
    readonly troubles: readonly KubeletTrouble[];
  } => {
    const lines = linesOf(machine, 'kubelet', KUBELET);
    const troubles = TROUBLES.flatMap(([pattern, words, severity]): KubeletTrouble[] => {
      const found = lines.filter((row) => pattern.test(row));
      return found.length === 0 ? [] : [{ words, severity, count: found.length, newest: found.at(-1) ?? '' }];
    });
    return { pleg: slowness(lines, PLEG), waitedMs: waited(lines), troubles };
  },
});
