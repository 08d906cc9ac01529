/**
 * NFS from the client's side: requests that had to be sent again (/proc/net/rpc/nfs and `nfsstat -c`; each mount's in /proc/self/mountstats
 * and `nfsiostat`), and what `mount.nfs` and `showmount` say of a server.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { nothing } from '../required.ts';
import { readEach, rowsOf } from './read-each.ts';

/** Requests of a mount, or of all. */
interface Requests {
  /** "/srv/data"; empty for those of all mounts. */
  readonly name: string;
  /** Undefined where a share alone is told. */
  readonly calls: number | undefined;
  readonly againPercent: number;
  /** Milliseconds that a request takes; undefined where that is not told. */
  readonly ms: number | undefined;
}

/** /proc/net/rpc/nfs: "rpc 1234 12 1234", calls, sent again, authentications. */
function parseRpc(text: string): Requests[] | undefined {
  const [, calls, again] = /^rpc (\d{1,18}) (\d{1,18}) \d/m.exec(text)?.map(Number) ?? [];
  return calls === undefined || again === undefined ? undefined : [ofAll(calls, again)];
}

function ofAll(calls: number, again: number): Requests {
  return { name: '', calls, againPercent: (100 * again) / Math.max(1, calls), ms: undefined };
}

/** `nfsstat -c`: the row below "calls retrans authrefrsh". */
function parseNfsstat(text: string): Requests[] | undefined {
  const row = /^calls\s+retrans\s+auth\w+\s*\n(\d{1,18})\s+(\d{1,18})\s/m.exec(text);
  if (row) return [ofAll(Number(row[1]), Number(row[2]))];
  // Of a server it tells nothing that is judged here.
  return undefined;
}

/** `nfsiostat`: per mount and direction, "5 (10.0%)" sent again, then the time on the way and the whole of it. */
function parseNfsiostat(text: string): Requests[] | undefined {
  const found: Requests[] = [];
  let name = '';
  for (const row of rowsOf(text)) {
    name = /^\S{1,300} mounted on (\S{1,300}):\s*$/.exec(row)?.[1] ?? name;
    const values =
      /^\s*([\d.]{1,15})\s+[\d.]+\s+[\d.]+\s+\d{1,12} \(([\d.]{1,8})%\)\s+([\d.]{1,15})\s+[\d.]/.exec(row);
    if (!values) continue;
    const [rate = 0, againPercent = 0, ms = 0] = values.slice(1).map(Number);
    found.push({ name, calls: undefined, againPercent, ms: rate > 0 ? ms : undefined });
  }
  return found.length > 0 ? found : undefined;
}

/** /proc/self/mountstats: "READ: 12 13 0 …", operations, transmissions and time-outs; milliseconds on the way are the seventh. */
function parseMountstats(text: string): Requests[] | undefined {
  const found: Requests[] = [];
  for (const part of text.split(/^(?=device )/m).slice(0, 1_000)) {
    const name = /^device \S{1,500} mounted on (\S{1,300}) with fstype nfs/.exec(part)?.[1];
    if (name === undefined) continue;
    let [operations, sent, ms] = [0, 0, 0];
    for (const [, one, tries, rtt] of part.matchAll(
      /^\s+[A-Z_]{2,30}: (\d{1,18}) (\d{1,18}) \d+ \d+ \d+ \d+ (\d{1,18}) \d+/gm,
    )) {
      operations += Number(one);
      sent += Number(tries);
      ms += Number(rtt);
    }
    found.push({
      ...{
        name,
        calls: operations,
        againPercent: (100 * Math.max(0, sent - operations)) / Math.max(1, operations),
      },
      ms: operations > 0 ? ms / operations : undefined,
    });
  }
  return found.length > 0 ? found : undefined;
}

const requests = fact({
  id: 'disk.nfs-requests',
  reads: ['/proc/self/mountstats and /proc/net/rpc/nfs; nfsstat and nfsiostat, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Requests[] => {
    const files = [
      parseMountstats(machine.text('proc/self/mountstats') ?? machine.text('proc/1/mountstats') ?? ''),
      parseRpc(machine.text('proc/net/rpc/nfs') ?? ''),
    ].flatMap((one) => one ?? []);
    if (machine.live || files.length > 0) {
      if (files.length === 0) throw nothing(machine, 'mount of NFS');
      return files;
    }
    const tools = [
      [['nfsstat'], (text: string) => parseNfsstat(text), 'it tells of no requests of a client'],
      [['nfsiostat'], (text: string) => parseNfsiostat(text), 'it tells of no mount'],
    ] as const;
    const found = tools.flatMap(([programs, read, why]) => {
      try {
        return readEach(machine, programs, read, why).flat();
      } catch (error) {
        if (error instanceof Unavailable) return [];
        throw error;
      }
    });
    if (found.length === 0) throw nothing(machine, 'the output of nfsstat -c or nfsiostat');
    return found;
  },
});

/** The check of requests that are sent again, and of slow ones. */
export const NFS_REQUESTS_CHECK = check({
  id: 'disk.nfs-retransmits',
  area: 'disk',
  title: 'Requests to NFS servers that have to be sent again, or take long',
  about:
    'A client sends a request again when it has no answer in time: the server is slow, or the network loses packets. Counted since the ' +
    'mount or the boot. On the way to a server that is well a request takes a few milliseconds.',
  needs: { requests },
  thresholds: {
    percent: {
      value: 5,
      unit: '%',
      source: 'Oracle Solaris, nfsstat: above 5 % requests do not reach the server',
    },
    least: { value: 1_000, unit: '', source: 'chosen: of fewer requests a share says little' },
    slowMs: { value: 500, unit: 'ms', source: 'chosen: half a second a request, far above a disk’s' },
  },
  links: ['https://man7.org/linux/man-pages/man8/nfsstat.8.html'],
  evaluate: ({ requests: all }, { percent, least, slowMs }) =>
    all.flatMap((one): FindingDraft[] => {
      const many = (one.calls === undefined || one.calls >= least) && one.againPercent >= percent;
      const slow = (one.calls === undefined || one.calls >= least) && (one.ms ?? 0) >= slowMs;
      if (!many && !slow) return [];
      const where = one.name === '' ? 'all mounts' : one.name;
      const calls = one.calls === undefined ? 'requests' : `${one.calls} requests`;
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: many ? 'Many requests to an NFS server are sent again' : 'An NFS server answers slowly',
          subject: { kind: 'mount', name: one.name },
          parameters: { againPercent: Number(figures(one.againPercent)) },
          evidence: [
            `${where}: ${figures(one.againPercent)} % of ${calls} sent again${one.ms === undefined ? '' : `, ${figures(one.ms)} ms each`}`,
          ],
          remedy: {
            text: 'See the server’s load and disks, and errors and drops of the network between: nodectl diag nic.',
            risk: 'none',
          },
        },
      ];
    }),
});

/** What programs say of a server that they did not reach, or that refused. */
const SAYS =
  /^\s*(?:mount\.nfs4?: .{0,200}(?:timed out|refused|No route to host|Stale|access denied|not responding|unreachable|Protocol not supported|requested NFS version|No such file).{0,100}|clnt_create: RPC: .{1,160}|rpc mount export: RPC: .{1,160}|(?:rpcinfo|showmount): .{0,80}(?:RPC|timed out|refused).{0,120})$/i;

const errors = fact({
  id: 'disk.nfs-errors',
  reads: ['what showmount, rpcinfo and mount.nfs said, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['showmount', 'mount.nfs', 'rpcinfo'],
      (text) => {
        const said = rowsOf(text).filter((row) => SAYS.test(row));
        const lists = /^Export list for |^\s*program\s+(?:vers|version)\b/m.test(text);
        return said.length > 0 || lists ? said : undefined;
      },
      'it tells of no server',
    ).flat(),
});

/** The check of servers that are not reached. */
export const NFS_SERVER_CHECK = check({
  id: 'disk.nfs-server',
  area: 'disk',
  title: 'NFS servers that do not answer, or refuse',
  about: 'What mount.nfs, showmount and rpcinfo said when they were run.',
  needs: { errors },
  links: ['https://man7.org/linux/man-pages/man8/mount.nfs.8.html'],
  evaluate: ({ errors: said }) =>
    said.length === 0
      ? []
      : [
          {
            severity: 'warning',
            title: 'An NFS server did not answer, or refused',
            evidence: [...new Set(said.map((row) => row.trim()))].slice(0, 3),
            remedy: {
              text: 'See whether the server is up and exports it (exportfs -v), and whether a firewall stands between (ports 111 and 2049).',
              risk: 'none',
            },
          },
        ],
});
