/**
 * The quorum of a cluster of corosync, as `corosync-quorumtool -s`, `pvecm status`, `pcs quorum status` and `cman_tool status` tell it
 * (votequorum(5)), and its rings or links as `corosync-cfgtool -s` and `-n` do.
 */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** What one output tells. */
interface Quorum {
  readonly name: string;
  /** Whether the node may act; undefined where that is not told. */
  readonly quorate: boolean | undefined;
  /** Corosync does not run, in the tool's words; empty where it does. */
  readonly silent: string;
  readonly expected: number;
  readonly votes: number;
  readonly needed: number;
  /** A quorum device that gives no vote. */
  readonly device: string;
}

/** Parses the tables; undefined for other text. */
function parseQuorum(text: string): Quorum | undefined {
  const value = (key: string) =>
    new RegExp(`^\\s*${key}: {1,20}(\\S.{0,100}?)\\s*$`, 'm').exec(text.slice(0, 100_000))?.[1];
  const quorum = value('Quorum');
  const told = value('Quorate');
  const silent =
    /^.{0,60}Cannot initiali[sz]e (?:CMAP|QUORUM|VOTEQUORUM) service.{0,80}$/m.exec(text)?.[0].trim() ?? '';
  const blocked = quorum?.includes('Activity blocked') === true;
  const needed = Number(/^\d{1,6}/.exec(quorum ?? '')?.[0] ?? 0);
  const votes = Number(value('Total votes') ?? 0);
  if (told === undefined && silent === '' && !(blocked || (needed > 0 && votes > 0))) return undefined;
  return {
    name: value('(?:Cluster )?Name') ?? 'corosync',
    quorate: blocked ? false : told === undefined ? needed > 0 && votes >= needed : told === 'Yes',
    ...{ silent, needed, votes, expected: Number(value('Expected votes') ?? 0) },
    device:
      rowsOf(text).find((row) => /^\s*0x0{8}\s+0\b.*\bQdevice\b/.test(row) && /\bNA\b|\bNV\b/.test(row)) ??
      '',
  };
}

const quorum = fact({
  id: 'system.quorum-told',
  reads: ['corosync-quorumtool, pvecm status and pcs quorum status, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['corosync-quorumtool', 'pvecm', 'pcs quorum', 'cman_tool'],
      parseQuorum,
      'it tells of no quorum',
    ),
});

/** The check of a cluster's votes. */
export const QUORUM_CHECK = check({
  id: 'system.cluster-quorum',
  area: 'system',
  title: 'A cluster of corosync without quorum, or without all its votes',
  about:
    'A node that sees less than most of the votes is not quorate: it starts nothing, Proxmox VE makes /etc/pve read-only, and cluster file ' +
    'systems stand still. With some votes missing the cluster goes on, until too many are.',
  needs: { told: quorum },
  links: ['https://manpages.debian.org/bookworm/corosync/votequorum.5.en.html'],
  evaluate: ({ told }) => {
    const one = told.at(-1);
    if (!one) return [];
    const { name, quorate, silent, expected, votes, needed, device } = one;
    const subject = { kind: 'cluster', name };
    const counts = `${votes} of ${expected} votes, ${needed} are needed`;
    const drafts: FindingDraft[] = [];
    if (silent !== '' && quorate !== true)
      drafts.push({
        severity: 'critical',
        title: 'Corosync does not run on a node of a cluster',
        ...{ subject, evidence: [silent] },
        remedy: { text: 'See why: systemctl status corosync, nodectl logs corosync.', risk: 'none' },
      });
    else if (quorate === false)
      drafts.push({
        severity: 'critical',
        title: 'A cluster has no quorum where this node is',
        ...{ subject, parameters: { votes, expected, needed } },
        evidence: [`not quorate: ${expected > 0 ? counts : 'activity is blocked'}`],
        remedy: {
          text: 'See which members are away and whether the network between them works: corosync-cfgtool -s. Lower the votes expected only where the others are surely off.',
          risk: 'data',
        },
        explains: ['system.cluster-nodes-away'],
      });
    else if ((expected > votes && votes > 0) || device !== '')
      drafts.push({
        severity: 'warning',
        title:
          device === '' ? 'A cluster lacks some of its votes' : 'A cluster’s quorum device gives no vote',
        ...{ subject, parameters: { votes, expected, needed } },
        evidence: [counts, ...(device === '' ? [] : [device.trim()])],
        remedy: {
          text: 'Bring the members back that are away, or take them out of the cluster.',
          risk: 'none',
        },
      });
    return drafts;
  },
});

/** A ring, or a link of knet. */
interface Ring {
  readonly name: string;
  readonly fault: string;
}

/** Parses both forms; undefined for other text. */
function parseRings(text: string): Ring[] | undefined {
  const rings: Ring[] = [];
  let name = '';
  let node = '';
  let judged = false;
  for (const row of rowsOf(text)) {
    const head = /^(?:RING|LINK) ID (\d{1,3})/.exec(row);
    const peer = /^Node ID (\d{1,10})\b/i.exec(row)?.[1];
    if (head) name = `${row.startsWith('R') ? 'ring' : 'link'} ${head[1]}`;
    if (peer !== undefined) node = peer;
    // "FAULTY" of totem's rings; "nodeid: 2: disconnected", "node 0: link enabled:1 link connected:0" of knet's links; "LINK: 0 udp (…) enabled disconnected" of -n.
    const link = /^\s*LINK: (\d{1,3}) .*?\)\s*(\S.*)$/.exec(row);
    const state =
      /^\s*(?:node ?id:?|node):?\s*(\d{1,10}):?\s+(localhost|connected|disconnected|link enabled.*)$/.exec(
        row,
      );
    const status = /^\s*status\s*= (.*\S)$/.exec(row)?.[1];
    judged ||= link !== null || state !== null || status !== undefined;
    if (status !== undefined && /FAULTY/.test(status)) rings.push({ name, fault: status });
    else if (link && !/(?<!dis)connected/.test(link[2] ?? ''))
      rings.push({ name: `link ${link[1]}`, fault: `node ${node}: ${link[2]?.trim()}` });
    else if (state && /^disconnected|connected: ?0/.test(state[2] ?? ''))
      rings.push({ name, fault: `node ${state[1]}: ${state[2]}` });
  }
  return judged ? rings : undefined;
}

const rings = fact({
  id: 'nic.cluster-rings',
  reads: ['corosync-cfgtool -s and -n, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(machine, ['corosync-cfgtool'], parseRings, 'it tells of no ring and no link'),
});

/** The check of the networks between a cluster's nodes. */
export const RINGS_CHECK = check({
  id: 'nic.cluster-ring',
  area: 'nic',
  title: 'Rings and links of corosync that are faulty',
  about:
    'Corosync sends over one or more networks. One on which a node is not reached is out of use; the cluster goes on over the others, ' +
    'where there are some.',
  needs: { told: rings },
  links: ['https://manpages.debian.org/bookworm/corosync/corosync-cfgtool.8.en.html'],
  evaluate: ({ told }) =>
    [...Map.groupBy(told.at(-1) ?? [], ({ name }) => name)].map(
      ([name, faults]): FindingDraft => ({
        severity: 'warning',
        title: 'A network between the nodes of a cluster is faulty',
        subject: { kind: 'cluster link', name },
        evidence: faults.slice(0, 3).map(({ fault }) => `${name}: ${fault}`),
        remedy: {
          text: 'See the interface, cable and switch of this network, then corosync-cfgtool -r on old versions; newer ones take it back by themselves.',
          risk: 'none',
        },
      }),
    ),
});
