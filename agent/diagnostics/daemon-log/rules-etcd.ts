/** What etcd's log tells of a trouble: in JSON (3.4 and later), as capnslog wrote it before, and as the journal has that. */

import type { DaemonRule } from './rules.ts';

const ETCD = /^etcd$/;

/** The rules of etcd. */
export const ETCD_RULES: readonly DaemonRule[] = [
  {
    ...{ id: 'clock.log-peer-drift', area: 'clock', severity: 'warning', kind: 'clock' },
    title: 'etcd finds that its members’ clocks differ',
    program: ETCD,
    words: /prober found high clock drift|clock difference against peer \S{1,40} is too high/,
    remedy: { text: 'See the time service of all members: nodectl clock --skew.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-etcd-heartbeat', area: 'system', severity: 'warning', kind: 'service' },
    title: 'etcd’s leader is late with its heartbeats',
    program: ETCD,
    words: /failed to send out heartbeat on time/,
    remedy: { text: 'Give etcd a fast disk of its own, and see what takes the processors.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-etcd-space', area: 'system', severity: 'critical', kind: 'service' },
    title: 'etcd has used up its space and takes no more writes',
    program: ETCD,
    words: /database space exceeded|alarm:NOSPACE|alarm NOSPACE raised|"alarm raised".{0,200}"NOSPACE"/,
    remedy: { text: 'Compact and defragment it, then etcdctl alarm disarm.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-etcd-corrupt', area: 'system', severity: 'critical', kind: 'service' },
    title: 'etcd’s data is damaged',
    program: ETCD,
    words:
      /(?:walpb|wal|snap): crc mismatch|found data inconsistency|data corruption detected|alarm:CORRUPT|alarm CORRUPT raised|"alarm raised".{0,200}"CORRUPT"/i,
    remedy: { text: 'Take the member out and add it anew; see its disk.', risk: 'data' },
  },
  {
    ...{ id: 'system.log-etcd-peer', area: 'system', severity: 'warning', kind: 'service' },
    title: 'etcd does not reach another member',
    program: ETCD,
    words:
      /health check for peer (?<name>[0-9a-f]{6,16}) could not connect|"prober detected unhealthy status".{0,200}"remote-peer-id":"(?<id>[0-9a-f]{6,16})"|\bpeer (?<peer>[0-9a-f]{6,16}) became inactive|"peer became inactive[^"]{0,60}","peer-id":"(?<one>[0-9a-f]{6,16})"|lost (?:the )?TCP streaming connection with (?:remote )?peer(?: |.{0,200}"remote-peer-id":")(?<stream>[0-9a-f]{6,16})|"failed to (?:reach the peer URL|get version)".{0,300}"remote-member-id":"(?<far>[0-9a-f]{6,16})"|(?:failed to reach the peerURL\(\S{1,120}\) of|cannot get the version of) member (?<away>[0-9a-f]{6,16})/,
    over: /\bpeer (?<name>[0-9a-f]{6,16}) became active|"peer became active","peer-id":"(?<id>[0-9a-f]{6,16})"|established (?:a )?TCP streaming connection with (?:remote )?peer(?: |.{0,200}"remote-peer-id":")(?<stream>[0-9a-f]{6,16})/,
    remedy: {
      text: 'See whether that member runs, and the network between the two on port 2380.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-etcd-leader', area: 'system', severity: 'warning', kind: 'service' },
    title: 'etcd loses its leader again and again',
    program: ETCD,
    words: /\blost leader [0-9a-f]{6,16} at term \d/,
    // Once is what any restart of a member does.
    least: 3,
    remedy: {
      text: 'See the network between the members, their disks (slow fdatasync) and their processors.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-etcd-no-leader', area: 'system', severity: 'critical', kind: 'service' },
    title: 'etcd has no leader, and answers nobody',
    program: ETCD,
    words:
      /\betcdserver: no leader\b|\bno leader at term \d{1,9}; dropping|publish error: etcdserver: request timed out|"failed to publish local member to cluster through raft".{0,400}request timed out/,
    over: /\b(?:became leader at term \d|elected leader [0-9a-f]{6,16} at term \d|published \{Name:|ready to serve client requests)|"published local member to cluster through raft"/,
    // Each may come once while the members start.
    least: 2,
    remedy: {
      text: 'See how many members run: more than half of them must, and reach each other on port 2380.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-etcd-tls', area: 'system', severity: 'warning', kind: 'service' },
    title: 'etcd and who calls it do not accept each other’s certificates',
    program: ETCD,
    words: /rejected connection.{0,400}(?:tls: |x509: )/,
    // Once is what anybody does who tries without a certificate.
    least: 2,
    remedy: {
      text: 'See the certificates of members and clients: their names, their authority, their end (openssl x509 -noout -text).',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-etcd-stranger', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A member of etcd is of another cluster than the one that it calls',
    program: ETCD,
    words: /cluster ID mismatch|"request sent was ignored by remote peer due to cluster ID mismatch"/,
    remedy: {
      text: 'Take the stranger out (etcdctl member remove), clear its data and add it anew as part of the existing cluster.',
      risk: 'data',
    },
  },
  {
    ...{ id: 'system.log-etcd-read-late', area: 'system', severity: 'warning', kind: 'service' },
    title: 'etcd waits for its leader again and again',
    program: ETCD,
    words: /waiting for ReadIndex response took too long, retrying|timed out waiting for read index response/,
    least: 3,
    remedy: { text: 'See the disk and the processors of the leader, and the network to it.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-etcd-fatal', area: 'system', severity: 'critical', kind: 'service' },
    title: 'etcd stopped with an error',
    program: ETCD,
    words:
      /^\{"level":"(?:fatal|panic)"|^C \| |^panic: |tocommit\(\d+\) is out of range|member [0-9a-f]{6,16} has already been bootstrapped|failed to recover v3 backend/,
    over: /ready to serve client requests|"published local member to cluster through raft"/,
    remedy: {
      text: 'Look at what it names. Where its data is damaged, take the member out and add it anew, one at a time.',
      risk: 'data',
    },
  },
];
