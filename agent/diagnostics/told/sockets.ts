/** Sockets as `ss` (iproute2) lists them: listeners whose queue is full, and with -i connections whose segments do not arrive. */

import { check, NotApplicable } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { readEach, rowsOf } from './read-each.ts';

/** A listener, with how many wait to be accepted and how many may. */
interface Listener {
  readonly name: string;
  readonly waiting: number;
  readonly most: number;
}

/** What -i tells of a connection. */
interface Connection {
  /** "192.0.2.1:22 to 192.0.2.9:51234"; empty where its row is not there. */
  readonly name: string;
  readonly sent: number;
  readonly again: number;
  /** How often in a row its timer ran out. */
  readonly backoff: number;
  readonly window: number;
  readonly lost: number;
}

interface Sockets {
  readonly listeners: readonly Listener[];
  readonly connections: readonly Connection[];
}

const ROW =
  /^\s*(?:(?:tcp|mptcp|u_str|u_seq)\s+)?(LISTEN|ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-[12]|CLOSE-WAIT|LAST-ACK|CLOSING|TIME-WAIT|UNCONN)\s+(\d{1,12})\s+(\d{1,12})\s+(\S{1,120})(?:\s+(\S{1,120}))?/;

/** A listener as netstat has it: what waits, and nothing of how much may. */
const NETSTAT_LISTENER = /^\s*tcp6?\s+(\d{1,12})\s+\d{1,12}\s+(\S{1,120})\s+\S{1,120}\s+LISTEN\b/;

/** Parses a list; undefined for other text. */
function parseSockets(text: string): Sockets | undefined {
  const listeners: Listener[] = [];
  const connections: Connection[] = [];
  let name = '';
  let understood = /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s/m.test(text);
  for (const row of rowsOf(text)) {
    const [, state, waiting, most, local = '', peer = ''] = ROW.exec(row) ?? [];
    if (state !== undefined) {
      understood = true;
      name = `${local} to ${peer}`;
      if (state === 'LISTEN') listeners.push({ name: local, waiting: Number(waiting), most: Number(most) });
    }
    const [, backlog, listener] = NETSTAT_LISTENER.exec(row) ?? [];
    if (listener !== undefined) {
      understood = true;
      listeners.push({ name: listener, waiting: Number(backlog), most: 0 });
    }
    if (!/\brto:\d/.test(row) || !/\bcwnd:\d/.test(row)) continue;
    understood = true;
    const of = (pattern: RegExp) => Number(pattern.exec(row)?.[1] ?? 0);
    const bytes = of(/\bbytes_retrans:(\d{1,18})\b/);
    connections.push({
      name,
      // Both in bytes, else both in segments.
      sent: bytes > 0 ? of(/\bbytes_sent:(\d{1,18})\b/) : of(/\bsegs_out:(\d{1,18})\b/),
      again: bytes > 0 ? bytes : of(/\bretrans:\d{1,9}\/(\d{1,9})\b/),
      backoff: of(/\bbackoff:(\d{1,3})\b/),
      window: of(/\bcwnd:(\d{1,9})\b/),
      lost: of(/\blost:(\d{1,9})\b/),
    });
    name = '';
  }
  return understood ? { listeners, connections } : undefined;
}

const SUMMARY = /^(?:Total: \d|TCP: {2,}\d)/m;
const sockets = fact({
  id: 'nic.sockets-told',
  reads: ['ss -ltn and ss -ti, on a captured machine'],
  limitMs: 2_000,
  read: ({ machine }): Sockets => {
    // The summary has a reader of its own (agent/diagnostics/system/sockets.ts).
    const found = readEach(
      machine,
      ['ss', 'netstat'],
      (text) => parseSockets(text) ?? (SUMMARY.test(text) ? { listeners: [], connections: [] } : undefined),
      'it lists no socket',
    );
    return {
      listeners: found.flatMap((one) => one.listeners),
      connections: found.flatMap((one) => one.connections),
    };
  },
});

/** The check of listeners. */
export const LISTENERS_CHECK = check({
  id: 'nic.listen-queue-full',
  area: 'nic',
  title: 'Sockets on which more connections wait than may',
  about:
    'Of a listening socket ss tells how many connections wait to be accepted (Recv-Q) and how many may (Send-Q). From one more than may on ' +
    'the kernel drops who comes next. netstat does not tell how many may.',
  needs: { sockets },
  thresholds: {
    least: {
      value: 129,
      unit: '',
      source:
        'listen(2): 128 may wait at most unless net.core.somaxconn says otherwise (4096 since Linux 5.4)',
    },
  },
  links: ['https://man7.org/linux/man-pages/man2/listen.2.html'],
  evaluate: ({ sockets: { listeners } }, { least }) => {
    if (listeners.length === 0) return new NotApplicable('no listening socket was saved');
    return listeners
      .filter(({ waiting, most }) => (most > 0 ? waiting > most : waiting >= least))
      .map(
        ({ name, waiting, most }): FindingDraft => ({
          severity: 'warning',
          title: 'The queue of a listening socket is full',
          subject: { kind: 'socket', name },
          parameters: { waiting, ...(most > 0 ? { most } : {}) },
          evidence: [`${name}: ${waiting} connections wait to be accepted${most > 0 ? `, ${most} may` : ''}`],
          remedy: {
            text: 'Its program does not accept fast enough: see what it does. A longer backlog (and net.core.somaxconn) helps over peaks alone.',
            risk: 'restart',
          },
        }),
      );
  },
});

/** The check of connections. */
export const CONNECTIONS_CHECK = check({
  id: 'nic.connection-loss',
  area: 'nic',
  title: 'Connections of TCP whose segments do not arrive',
  about:
    'What ss -ti tells of each connection: how much was sent again, and how often in a row its timer ran out without an answer (backoff).',
  needs: { sockets },
  thresholds: {
    percent: { value: 1, unit: '%', source: 'hotsos: retransmits above 1 %' },
    least: { value: 10, unit: '', source: 'chosen: some segments are lost on any path' },
    backoff: {
      value: 3,
      unit: '',
      source: 'net.ipv4.tcp_retries1: from three on the kernel doubts the route',
    },
  },
  links: ['https://docs.kernel.org/networking/ip-sysctl.html'],
  evaluate: ({ sockets: { connections } }, { percent, least, backoff: most }) => {
    if (connections.length === 0) return new NotApplicable('no ss -i was saved');
    const share = ({ again, sent }: Connection) => (sent > 0 ? (100 * again) / sent : 0);
    const stuck = connections.filter(({ backoff }) => backoff >= most);
    const lossy = connections.filter((one) => one.again >= least && share(one) >= percent);
    const sick = [...new Set([...stuck, ...lossy])];
    if (sick.length === 0) return [];
    const words = (one: Connection) =>
      `${one.name === '' ? 'a connection' : one.name}: ${one.sent > 0 ? `${figures(share(one))} % sent again` : `${one.again} sent again`}` +
      `${one.backoff > 0 ? `, its timer ran out ${one.backoff} times in a row` : ''}${one.lost > 0 ? `, ${one.lost} lost now` : ''}, window ${one.window}`;
    return [
      {
        severity: 'warning',
        title:
          stuck.length > 0
            ? 'Peers of connections do not answer'
            : 'Segments of connections are lost on the way',
        parameters: { connections: sick.length, of: connections.length },
        evidence: sick.slice(0, 3).map(words),
        remedy: {
          text: 'Look for errors and drops on the way to these peers, for a full link, and for a path with a smaller MTU.',
          risk: 'none',
        },
      },
    ];
  },
});
