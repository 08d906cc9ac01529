/** Checks of what daemons wrote into logs that were saved, one an area; of captured machines only. */

import { Unavailable } from '../../host/unavailable.ts';
import { type Check, check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { DAEMON_RULES, type DaemonRule } from './rules.ts';

const MAX_ROWS = 200_000;
/** Logs in a tree of the machine. */
const LOGS = ['var/log/messages', 'var/log/syslog', 'var/log/daemon.log'];
const MAX_NAMES = 500;

/** A trouble that a log tells. */
interface Told {
  readonly rule: DaemonRule;
  readonly name: string;
  count: number;
  /** The last of its lines. */
  words: string;
  program: string;
}

/** "host smartd[732]: words", "etcd" by where in its source a line is from, klog's head of the kubelet, containerd's own form, rasdaemon's. */
const HEAD = /(?:^|[\s:\]])([A-Za-z][\w.@-]{1,40})(?:\[\d{1,10}\])?: {1,4}(?=\S)/;
const WITH_PID = /(?:^|[\s:\]])([A-Za-z][\w.@-]{1,40})\[\d{1,10}\]: {1,4}(?=\S)/;
const OWN_HEADS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?=.{0,300}"caller":"(?:etcdserver|rafthttp|embed|etcdmain|wal|mvcc|raft|snap|membership|v3rpc)\/)/,
    'etcd',
  ],
  // Before 3.4: "2019-05-12 10:11:12.123456 W | rafthttp: …".
  [
    /\d\d:\d\d:\d\d\.\d{6} (?=[CEWNID] \| (?:etcdserver|etcdmain|rafthttp|wal|snap|mvcc|raft|embed)[\w/]{0,20}: )/,
    'etcd',
  ],
  [
    /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ (?:kubelet\w*|eviction_\w+|pod_workers|kuberuntime_\w+|generic|remote_runtime)\.go:\d+\] /,
    'kubelet',
  ],
  [/"caller":"(?:kubelet|pleg|nodestatus|eviction|kuberuntime|cri|cm|prober|server)\/\w/, 'kubelet'],
  // k3s and RKE2 say of their etcd what they find of it.
  [/^(?=time="[^"]{10,40}" level=\w+ msg=".{0,60}\betcd cluster: )/, 'etcd'],
  [/^(?=time="[^"]{10,40}" level=\w+ )/, 'containerd'],
  [/^(?=FATA\[\d{4}-\d\d-\d\dT|failed to start (?:daemon|containerd): |Error starting daemon: )/, 'dockerd'],
  [/^(?=\[kubelet-check\] )/, 'kubelet'],
  [/^(?=mem avail: |Killing process: \S{1,40}, pid: )/, 'earlyoom'],
  [/^(?=DEBU\[\d{4,6}\] StatusResponse: )/, 'crictl'],
  [/\b(?=mc_event:)/, 'rasdaemon'],
  [/\[(?:ERROR|Warning)\](?: \[MY-\d{6}\])? \[InnoDB\] /, 'mysqld'],
  // What is asked of an UPS: upsc of NUT, apcaccess.
  [/^(?=ups\.status: |STATUS {3}: )/, 'upsmon'],
  // zpool events: "Jan 12 2026 04:11:02.112233445  ereport.fs.zfs.checksum".
  [/^[A-Z][a-z]{2} +\d{1,2} \d{4} [\d:.]{8,20} +(?=ereport\.fs\.zfs\.)/, 'zed'],
  // corosync's own log: "Mar 01 10:00:01 [1512] db1 corosync notice  [TOTEM ] …".
  [/ corosync \w{4,9} +(?=\[)/, 'corosync'],
];

function taken(row: string): { program: string; words: string } | undefined {
  for (const [pattern, program] of OWN_HEADS) {
    const match = pattern.exec(row);
    if (match) return { program, words: row.slice(match.index + match[0].length).trim() };
  }
  const match = WITH_PID.exec(row) ?? HEAD.exec(row);
  // Another than the first is a user's, whose desktop starts what it has not.
  if (match?.[1] === 'systemd' && !/\bsystemd(?:\[1\])?: /.test(match[0])) return undefined;
  return match
    ? { program: match[1] ?? '', words: row.slice(match.index + match[0].length).trim() }
    : undefined;
}

const nameOf = (groups: Record<string, string | undefined> | undefined): string =>
  Object.values(groups ?? {}).find((one) => one !== undefined) ?? '';

function read(text: string): Told[] {
  const found = new Map<string, Told>();
  for (const row of text.split('\n', MAX_ROWS)) {
    const line = taken(row);
    if (!line) continue;
    const { program, words } = line;
    for (const rule of DAEMON_RULES) {
      if (!rule.program.test(program)) continue;
      const over = rule.over?.exec(words);
      if (over) found.delete(`${rule.id} ${nameOf(over.groups)}`);
      const match = over ? null : rule.words.exec(words);
      if (!match) continue;
      const name = nameOf(match.groups);
      const key = `${rule.id} ${name}`;
      const one = found.get(key) ?? { rule, name, count: 0, words, program };
      // Of a long line the part that tells.
      const shown = match.index > 120 ? `… ${words.slice(match.index)}` : words;
      Object.assign(one, { count: one.count + 1, words: shown, program });
      if (found.size < MAX_NAMES) found.set(key, one);
    }
  }
  return [...found.values()].filter(({ rule, count }) => count >= (rule.least ?? 1));
}

const daemonTroubles = fact({
  id: 'system.daemon-log',
  reads: ['lines of daemons in logs, on a captured machine'],
  limitMs: 3_000,
  read: ({ machine }): readonly Told[] => {
    if (machine.live) throw new Unavailable('absent', 'logs of daemons are read of captured machines only');
    const texts = [
      ...(machine.saved?.('daemons') ?? []),
      ...LOGS.flatMap((path) => {
        const text = machine.text(path);
        return text === undefined ? [] : [{ text }];
      }),
    ];
    if (texts.length === 0)
      throw new Unavailable('not-captured', 'no log of daemons is in the captured folder');
    return read(texts.map(({ text }) => text).join('\n'));
  },
});

const ABOUT =
  'Daemons tell in their log what they see of disks, links, members of a cluster and services. Where a later line says that it is over, it is ' +
  'not told. A log may be old: what it tells may have been mended since.';

const AREAS = {
  clock: 'Clocks that differ, by what daemons wrote into a log',
  disk: 'Disks, arrays and paths that fail, by what daemons wrote into a log',
  memory: 'Memory that fails or runs out, by what daemons wrote into a log',
  nic: 'Links that come and go, by what daemons wrote into a log',
  system: 'Clusters, services and power that fail, by what daemons wrote into a log',
} as const;

/** The checks of what logs of daemons tell of an area. */
export function daemonLogChecks(area: DaemonRule['area']): Check[] {
  return [
    check({
      id: `${area}.daemon-log`,
      area,
      title: AREAS[area],
      about: ABOUT,
      needs: { told: daemonTroubles },
      evaluate: ({ told }) =>
        told
          .filter(({ rule }) => rule.area === area)
          .map(
            ({ rule, name, count, words, program }): FindingDraft => ({
              ...{ id: rule.id, severity: rule.severity, title: rule.title, remedy: rule.remedy, count },
              certainty: 'likely',
              subject: { kind: rule.kind, name: name.replace(/^\/dev\//, '') },
              evidence: [`${program}: ${words.slice(0, 200)}${count > 1 ? ` (${count} times)` : ''}`],
              ...(rule.explains ? { explains: rule.explains } : {}),
            }),
          ),
    }),
  ];
}
