/** A cluster of Pacemaker as `pcs status`, `crm_mon -1` and `crm status` tell it (lib/pengine, tools/crm_mon.c). */

import { check, Skipped } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** What one output tells; lists are empty where nothing is amiss. */
interface Pacemaker {
  readonly name: string;
  readonly noQuorum: boolean;
  readonly noController: boolean;
  /** Why the node is no part of it now; empty where it is. */
  readonly silent: string;
  readonly offline: Set<string>;
  readonly unclean: Set<string>;
  /** Nodes that somebody keeps from running resources, and "maintenance" for all. */
  readonly kept: Set<string>;
  /** Whether it tells of resources at all. */
  listed: boolean;
  /** Resources that failed, are blocked, or do not run: "web: FAILED node1 (blocked)". */
  readonly resources: string[];
  readonly actions: string[];
  readonly fencing: string[];
}

/** "vip (ocf::heartbeat:IPaddr2): FAILED node1 (blocked)", "* vip\t(ocf:heartbeat:IPaddr2):\t Stopped". */
const RESOURCE =
  /^[\s*|]*(\S{1,120})\s+\((?:ocf|lsb|systemd|service|stonith|upstart)[:\w.-]{1,80}\):\s+(\S.{0,200})$/;

/** Parses one; undefined for other text. */
function parsePacemaker(text: string): Pacemaker | undefined {
  const found: Pacemaker = {
    name: /^\s*Cluster name: (\S{1,80})/m.exec(text)?.[1] ?? 'pacemaker',
    noQuorum: /partition WITHOUT quorum/.test(text),
    noController: /^\s*(?:\* )?Current DC: NONE\b/m.test(text),
    silent:
      /^.{0,40}(?:cluster is not (?:currently running|available) on this node|error running crm_mon, is pacemaker running\?|Connection to (?:the )?cluster failed: .{1,80})\s*$/m
        .exec(text)?.[0]
        .trim() ?? '',
    ...{ offline: new Set(), unclean: new Set(), kept: new Set() },
    ...{ listed: false, resources: [], actions: [], fencing: [] },
  };
  let understood = found.noQuorum || found.noController || found.silent !== '';
  let part = '';
  for (const row of rowsOf(text)) {
    const heading = /^\s*([A-Z][\w ]{3,40}):\s*$/.exec(row)?.[1];
    if (heading !== undefined) part = heading;
    else if (row === '') part = '';
    const list = /^\s*(?:\* )?(OFFLINE|Online|RemoteOnline|RemoteOFFLINE|GuestOnline): \[ ?(.*?) ?\]/.exec(
      row,
    );
    const node = /^\s*(?:\* )?(?:Remote|Guest)?Node (\S{1,80}?)(?: \(\d{1,10}\))?: (.+)$/i.exec(row);
    const resource = RESOURCE.exec(row);
    if (list) {
      if (/OFFLINE/.test(list[1] ?? ''))
        for (const one of (list[2] ?? '').split(/\s+/)) if (one !== '') found.offline.add(one);
    } else if (node) {
      const [, name = '', state = ''] = node;
      if (/UNCLEAN/.test(state)) found.unclean.add(name);
      else if (/^OFFLINE/i.test(state)) found.offline.add(name);
      if (/standby|maintenance/.test(state)) found.kept.add(`${name} (${state.trim()})`);
    } else if (resource) {
      const [, name = '', state = ''] = resource;
      found.listed = true;
      if (
        /^FAILED\b|\bblocked\b/.test(state) ||
        (/^Stopped\b/.test(state) && !/disabled|unmanaged|\[/.test(state))
      )
        found.resources.push(`${name}: ${state.trim()}`);
    } else if (/Resource management is DISABLED/.test(row)) found.kept.add('all resources');
    else if (/^Failed (?:Resource )?Actions$/.test(part) && /^\s*\* \S/.test(row))
      found.actions.push(row.replace(/^[\s*]+/, ''));
    else if (part === 'Failed Fencing Actions' && /^\s*\* \S/.test(row))
      found.fencing.push(row.replace(/^[\s*]+/, ''));
    else if (!/^\s*(?:\* )?(?:Current DC: \S|Failed .{0,10}Actions:|\d{1,4} nodes? configured)/.test(row))
      continue;
    understood = true;
  }
  return understood ? found : undefined;
}

const pacemaker = fact({
  id: 'system.pacemaker-told',
  reads: ['pcs status and crm_mon -1, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['crm_mon', 'pcs status', 'pcs cluster', 'crm status'],
      parsePacemaker,
      'it tells of no node and no resource of a cluster',
    ),
});

const few = (all: Iterable<string>) => [...all].slice(0, 8).join(', ');
const LINKS = ['https://clusterlabs.org/projects/pacemaker/doc/2.1/Pacemaker_Explained/html/'];

/** The check of a cluster's nodes. */
export const CLUSTER_NODES_CHECK = check({
  id: 'system.cluster-nodes-away',
  area: 'system',
  title: 'Nodes of a Pacemaker cluster that are away, unclean, or without quorum',
  about:
    'Nodes that are offline run nothing. One that is unclean could not be fenced yet: what ran there is started nowhere else until it is, ' +
    'since it may still run. A partition without quorum stops its resources.',
  needs: { told: pacemaker },
  links: LINKS,
  evaluate: ({ told }) => {
    const one = told.at(-1);
    if (!one) return [];
    const subject = { kind: 'cluster', name: one.name };
    const drafts: FindingDraft[] = [];
    if (one.silent !== '')
      drafts.push({
        severity: 'critical',
        title: 'Pacemaker does not run on a node of a cluster',
        ...{ subject, evidence: [one.silent] },
        remedy: {
          text: 'pcs cluster start, after seeing why it ended: nodectl logs pacemaker.',
          risk: 'none',
        },
      });
    if (one.noQuorum || one.noController)
      drafts.push({
        severity: 'critical',
        title: one.noQuorum
          ? 'A Pacemaker cluster is without quorum'
          : 'A Pacemaker cluster has no controller',
        ...{ subject, evidence: [one.noQuorum ? 'partition WITHOUT quorum' : 'Current DC: NONE'] },
        remedy: {
          text: 'See which members are away, and the network between them: corosync-cfgtool -s.',
          risk: 'none',
        },
      });
    if (one.unclean.size > 0)
      drafts.push({
        severity: 'critical',
        title: 'A node of a Pacemaker cluster is unclean',
        subject,
        evidence: [`unclean: ${few(one.unclean)}`, ...one.fencing.slice(0, 2)],
        remedy: {
          text: 'Fencing has to succeed: pcs stonith history. Only when the node is surely off: pcs stonith confirm NODE.',
          risk: 'data',
        },
      });
    const away = [...one.offline].filter((name) => !one.unclean.has(name));
    if (away.length > 0)
      drafts.push({
        severity: 'warning',
        title: 'A node of a Pacemaker cluster is offline',
        ...{ subject, evidence: [`offline: ${few(away)}`] },
        remedy: { text: 'Start the cluster’s services there, or see why the node is away.', risk: 'none' },
      });
    if (one.kept.size > 0)
      drafts.push({
        severity: 'info',
        title: 'Somebody keeps a Pacemaker cluster from managing all it has',
        ...{ subject, evidence: [`maintenance or standby: ${few(one.kept)}`] },
        remedy: {
          text: 'End the maintenance when it is over: pcs property, pcs node unstandby.',
          risk: 'none',
        },
      });
    return drafts;
  },
});

/** The check of a cluster's resources. */
export const CLUSTER_RESOURCES_CHECK = check({
  id: 'system.cluster-resource',
  area: 'system',
  title: 'Resources and actions of a Pacemaker cluster that failed',
  about:
    'A resource that is blocked or failed is not run until somebody acts; one that stopped and was not disabled has no node. An action that ' +
    'failed stays in the list until it is cleaned up, and counts against the node.',
  needs: { told: pacemaker },
  links: LINKS,
  evaluate: ({ told }) => {
    const one = told.at(-1);
    if (!one) return [];
    const { resources, actions, fencing } = one;
    if (resources.length + actions.length + fencing.length === 0)
      return one.listed ? [] : new Skipped('what was saved of the cluster tells of no resource');
    const blocked = resources.some((row) => /FAILED|blocked/.test(row));
    return [
      {
        severity: blocked ? 'critical' : 'warning',
        title: blocked
          ? 'A resource of a Pacemaker cluster failed'
          : resources.length > 0
            ? 'A resource of a Pacemaker cluster does not run'
            : fencing.length > 0
              ? 'Fencing of a Pacemaker cluster failed'
              : 'An action of a Pacemaker cluster failed',
        subject: { kind: 'cluster', name: one.name },
        parameters: { resources: resources.length, actions: actions.length, fencing: fencing.length },
        evidence: [...resources, ...fencing, ...actions].slice(0, 3),
        remedy: {
          text: 'See why in its log; pcs resource cleanup has it tried again, and takes the failure out of the list.',
          risk: 'none',
        },
      },
    ];
  },
});
