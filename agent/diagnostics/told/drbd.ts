/** DRBD's devices as /proc/drbd of version 8, `drbdadm status`, `drbdsetup status --verbose` and `drbd-overview` tell them. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft, Severity } from '../finding.ts';
import { nothing } from '../required.ts';
import { readEach, rowsOf } from './read-each.ts';

/** What is amiss with a device or a connection. */
interface Fault {
  readonly severity: Severity;
  readonly title: string;
  readonly name: string;
  readonly evidence: string;
}

/** Words of states (drbd-9 user's guide, "Connection states", "Replication states", "Disk states"). */
const SYNC =
  /^(?:SyncSource|SyncTarget|PausedSync[ST]|StartingSync[ST]|WFSyncUUID|WFBitMap[ST]|Ahead|Behind|VerifyS|VerifyT)$/;
const LOST =
  /^(?:WFConnection|Connecting|Unconnected|Timeout|BrokenPipe|NetworkFailure|ProtocolError|TearDown|Disconnecting|WFReportParams)$/;

/** Judges a connection's state. */
function ofConnection(state: string, name: string, evidence: string): Fault[] {
  if (state === 'StandAlone')
    return [{ severity: 'critical', title: 'A connection of DRBD is given up', name, evidence }];
  if (LOST.test(state))
    return [{ severity: 'warning', title: 'A peer of DRBD is not reached', name, evidence }];
  return [];
}

/** Judges the state of the own disk, or of a peer's. */
function ofDisk(state: string, syncing: boolean, peer: boolean, name: string, evidence: string): Fault[] {
  const whose = peer ? 'a peer of DRBD' : 'DRBD';
  if (/^(?:Diskless|Failed)$/.test(state))
    return [
      {
        severity: peer ? 'warning' : 'critical',
        title: `A device of ${whose} has lost its disk`,
        name,
        evidence,
      },
    ];
  if (state === 'Inconsistent')
    return syncing
      ? [{ severity: 'info', title: 'A device of DRBD is being synchronised', name, evidence }]
      : [
          {
            severity: peer ? 'warning' : 'critical',
            title: `A device of ${whose} is inconsistent`,
            name,
            evidence,
          },
        ];
  if (state === 'Outdated')
    return [{ severity: 'warning', title: `A device of ${whose} is outdated`, name, evidence }];
  return [];
}

/** Parses any of the forms; undefined for other text. */
function parseDrbd(text: string): Fault[] | undefined {
  const faults: Fault[] = [];
  let understood = false;
  let resource = '';
  let device = '';
  let connected = true;
  const rows = rowsOf(text);
  for (const [at, row] of rows.entries()) {
    const old = /^\s*(\d{1,7}): ?cs:(\w+)(?: (?:ro|st):\S+)?(?: (?:ds|ld):(\w+)\/(\w+))?/.exec(row);
    const overview =
      /^\s*(?:\d{1,7}:)?(\S{1,80}\/\d{1,5})\s+(?:\w+\(\d\*?\)|(\w+))\s+\S*(?:Primary|Secondary|Unknown)\S*\s+(\w+)\/(\w+)/.exec(
        row,
      );
    const known = old ?? overview;
    if (known) {
      understood = true;
      const [, name = '', state = '', own = '', peer = ''] = known;
      device = old ? `drbd${name}` : name;
      const syncing = SYNC.test(state);
      connected = state === 'Connected';
      const evidence = row.trim().slice(0, 200);
      if (state === 'Unconfigured') continue;
      faults.push(...ofConnection(state, device, evidence), ...ofDisk(own, syncing, false, device, evidence));
      if (connected || syncing)
        faults.push(
          ...ofDisk(peer, syncing, true, device, evidence).filter(
            ({ severity }) => severity !== 'info' || own !== 'Inconsistent',
          ),
        );
      continue;
    }
    const oos = Number(/\b(?:oos|out-of-sync):(\d{1,15})\b/.exec(row)?.[1] ?? 0);
    if (oos > 0 && connected)
      faults.push({
        severity: 'warning',
        title: 'Blocks of DRBD differ between the nodes',
        name: device || resource,
        evidence: `${oos} KiB are out of sync while the nodes are connected`,
      });
    if (!/(?:^|\s)(?:role|disk|connection|replication|peer-disk|quorum|suspended):[A-Za-z]/.test(row))
      continue;
    understood = true;
    const evidence = `${row.startsWith(' ') && resource !== '' ? `${resource}: ` : ''}${row.trim()}`.slice(
      0,
      200,
    );
    const word = (key: string) => new RegExp(`(?:^|\\s)${key}:([A-Za-z]+)`).exec(row)?.[1] ?? '';
    if (/^\S/.test(row) && / (?:node-id:\d+ )?role:/.test(row)) {
      resource = row.split(' ', 1)[0] ?? '';
      connected = true;
    }
    const peer = /^\s+(\S{1,80}) (?:node-id:\d{1,3} )?(?:connection|role):/.exec(row)?.[1];
    const name =
      peer === undefined || /^(?:volume|disk|minor|peer$)/.test(peer) ? resource : `${resource} ${peer}`;
    const replication = word('replication');
    const syncing = SYNC.test(replication) || /\bdone:\d/.test(row);
    connected = !syncing && (replication === '' ? connected : replication === 'Established');
    faults.push(...ofConnection(word('connection'), name, evidence));
    if (word('suspended') !== '' && word('suspended') !== 'no')
      faults.push({ severity: 'critical', title: 'DRBD holds up all I/O', name, evidence });
    if (word('quorum') === 'no')
      faults.push({ severity: 'critical', title: 'A device of DRBD has no quorum', name, evidence });
    if (!/\bclient:yes\b/.test(row)) {
      // A peer that synchronises tells it on a line below, before the next resource.
      const end = rows.findIndex((one, index) => index > at && /^\S/.test(one));
      const below = rows.slice(at, end < 0 ? undefined : end).join('\n');
      const target = /\breplication:(?:SyncTarget|PausedSyncT)\b/.test(below);
      faults.push(...ofDisk(word('disk'), target, false, name, evidence));
    }
    if (!/\bpeer-client:yes\b/.test(row))
      faults.push(
        ...ofDisk(word('peer-disk'), syncing, true, name, evidence).filter(
          ({ severity }) => severity !== 'info' || replication.endsWith('S') || replication === 'SyncSource',
        ),
      );
  }
  understood ||= /^version: [89]\.\d\S{0,20} \(api:/m.test(text);
  return understood ? faults : undefined;
}

const drbd = fact({
  id: 'disk.drbd',
  reads: [
    '/proc/drbd (version 8); drbdadm status, drbdsetup status and drbd-overview, on a captured machine',
  ],
  limitMs: 1_000,
  read: ({ machine }): readonly Fault[] => {
    const text = machine.text('proc/drbd');
    const own = text === undefined ? undefined : parseDrbd(text);
    if (own && (machine.live || !/^version: 9/m.test(text ?? ''))) return own;
    if (machine.live) throw nothing(machine, 'device of DRBD 8');
    return readEach(
      machine,
      ['drbdadm', 'drbdsetup', 'drbd-overview', 'cat /proc/drbd'],
      parseDrbd,
      'it tells of no device of DRBD',
    ).flat();
  },
});

/** The check of replicated devices. */
export const DRBD_CHECK = check({
  id: 'disk.drbd',
  area: 'disk',
  title: 'Devices of DRBD that are not replicated',
  about:
    'A connection that stands alone was given up, most often because both sides had been written to (split brain), and stays so until ' +
    'somebody says whose data is dropped. A device without its disk works over the network alone; one that is inconsistent is of no use ' +
    'until it is synchronised. A peer that is not reached is waited for.',
  needs: { drbd },
  links: ['https://linbit.com/drbd-user-guide/drbd-guide-9_0-en/'],
  evaluate: ({ drbd: all }) =>
    [...new Map(all.map((one) => [`${one.title} ${one.name}`, one])).values()].map(
      ({ severity, title, name, evidence }): FindingDraft => ({
        ...{ severity, title, subject: { kind: 'drbd device', name }, evidence: [evidence] },
        remedy: {
          text: 'See the kernel’s log of both sides for why; after a split brain, drbdadm connect --discard-my-data on the side whose data is dropped.',
          risk: severity === 'info' ? 'none' : 'data',
        },
      }),
    ),
});
