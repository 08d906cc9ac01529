/** What somebody saw who probed the network: `ping`, `mtr`, `tracepath`, `arping`, `nc -z`, `curl` and `iperf3`, on captured machines. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { ofIperf } from './iperf.ts';
import { readEach, rowsOf } from './read-each.ts';
import { type Seen, seen } from './seen.ts';

/** netdata's ping.conf: from 5 % on a warning; latency from 500 ms on. */
const LOSS_PERCENT = 5;
const SLOW_MS = 500;
/** Of fewer packets nothing is said of how even their times are; deviations below are those of any busy machine. */
const LEAST_PACKETS = 5;
const UNEVEN_MS = 20;

/** Statistics of `ping` of iputils, BusyBox and inetutils, and what routers answered. */
function ofPing(rows: readonly string[]): Seen[] | undefined {
  const found: Seen[] = [];
  let understood = false;
  let host = '';
  let sent = 0;
  let duplicates = 0;
  for (const row of rows) {
    const begins = /^PING (\S{1,253})/.exec(row)?.[1];
    const summary = /^--- (\S{1,253}) (?:ping|hping) statistics ---/.exec(row)?.[1];
    if (begins !== undefined || summary !== undefined) {
      host = (summary ?? begins ?? '').replace(/:$/, '');
      if (begins !== undefined) duplicates = 0;
    }
    if (/^\d{1,6} bytes from /.test(row)) {
      understood = true;
      if (/\(DUP!\)/.test(row) && duplicates++ === 0)
        found.push(seen('warning', 'Packets arrive twice', host, row));
    }
    const fits =
      /^From \S.{0,120}(?:Frag needed and DF set|Packet too big).{0,40}$/i.exec(row) ??
      /^ping.{0,20}: (?:local error: |sendmsg: |sendto: )?message too long.{0,40}$/i.exec(row);
    if (fits) {
      understood = true;
      if (!found.some(({ title, name }) => title.startsWith('Packets of this size') && name === host))
        found.push(seen('warning', 'Packets of this size do not fit through the path', host, row));
    }
    const failed =
      /^ping6?: (?:(?!connect|send)(\S{1,253}): )?(?:.{0,60}(?:name resolution|service not known|nodename nor servname)|unknown host|bad address|(?:connect|sendto|sendmsg): (?:Network is unreachable|Network is down|No route to host)).{0,60}$/i.exec(
        row,
      );
    if (failed) {
      understood = true;
      const unresolved = /resolution|not known|nodename|unknown host|bad address/i.test(row);
      found.push(
        seen(
          'warning',
          unresolved ? 'A name is not resolved' : 'The network is not reached',
          failed[1] ?? '',
          row,
        ),
      );
    }
    const told =
      /^(\d{1,9}) packets transmitted, (\d{1,9}) (?:packets )?received,(?: \+?(\d{1,9}) (?:duplicates|errors),)*.*?([\d.]{1,8})% packet loss/.exec(
        row,
      );
    if (told) {
      understood = true;
      sent = Number(told[1]);
      const lost = Number(told[4]);
      if (/\d duplicates/.test(row) && duplicates === 0)
        found.push(seen('warning', 'Packets arrive twice', host, row));
      if (sent > 0 && lost >= 100)
        found.push(seen('warning', 'A host does not answer ping', host, row, 'possible'));
      else if (lost >= LOSS_PERCENT) found.push(seen('warning', 'Packets are lost on the way', host, row));
    }
    const [, , average = 0, worst = 0, deviation = 0] =
      /^(?:rtt|round-trip) min\/avg\/max(?:\/(?:mdev|stddev))? = ([\d.]+)\/([\d.]+)\/([\d.]+)(?:\/([\d.]+))? ms/
        .exec(row)
        ?.map(Number) ?? [];
    if (average >= SLOW_MS) found.push(seen('warning', 'Packets take long on the way', host, row));
    else if (sent >= LEAST_PACKETS && deviation >= Math.max(UNEVEN_MS, average))
      found.push(
        seen(
          worst >= 2 * SLOW_MS ? 'warning' : 'info',
          'Packets take very uneven times on the way',
          host,
          row,
        ),
      );
  }
  return understood ? found : undefined;
}

/** A report of `mtr`: what routers between do not answer says nothing of what they forward, so the last one counts. */
function ofMtr(rows: readonly string[]): Seen[] | undefined {
  const hops = rows.flatMap((row) => {
    const hop =
      /^\s*\d{1,3}\.\s*(?:\|--)?\s*(?:AS\S+\s+)?(\S{1,253})(?:\s+\([\d.:a-f]+\))?\s+([\d.]{1,6})%?\s+(\d{1,9})\s+([\d.]+)\s+([\d.]+)/.exec(
        row,
      );
    return hop ? [{ name: hop[1] ?? '', loss: Number(hop[2]), row }] : [];
  });
  const last = hops.at(-1);
  if (!last) return undefined;
  if (last.loss >= 100)
    return [seen('warning', 'A host does not answer ping', last.name, last.row, 'possible')];
  return last.loss >= LOSS_PERCENT
    ? [seen('warning', 'Packets are lost on the way', last.name, last.row)]
    : [];
}

function ofTracepath(rows: readonly string[]): Seen[] | undefined {
  const sizes = rows.flatMap((row) => /\bpmtu (\d{1,6})/.exec(row)?.[1] ?? []).map(Number);
  const [first] = sizes;
  const last = sizes.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return last < first
    ? [
        seen(
          'info',
          'The path takes smaller packets than the interface',
          '',
          `from ${first} bytes to ${last}`,
        ),
      ]
    : [];
}

/** Answers to `arping`: one address, one machine. */
function ofArping(rows: readonly string[]): Seen[] | undefined {
  const answers = new Map<string, Set<string>>();
  let understood = false;
  for (const row of rows) {
    const iputils = /^(?:Unicast|Broadcast) reply from (\S{1,45}) \[([\da-f:]{17})\]/i.exec(row);
    const other = /^\d{1,4} bytes from ([\da-f:]{17}) \((\S{1,45})\)/i.exec(row);
    const [address = '', hardware = ''] = iputils ? iputils.slice(1) : other ? [other[2], other[1]] : [];
    if (hardware !== '')
      answers.set(address, (answers.get(address) ?? new Set()).add(hardware.toLowerCase()));
    understood ||= hardware !== '' || /^(?:Received \d+ (?:response|repl)|Sent \d+ probes)/.test(row);
  }
  if (!understood) return undefined;
  return [...answers].flatMap(([address, all]) =>
    all.size > 1
      ? [
          seen(
            'warning',
            'Several machines answer for one address',
            address,
            `${address}: ${[...all].join(', ')}`,
          ),
        ]
      : [],
  );
}

/** Connections that did not come about: nc of OpenBSD, Ncat, curl (its codes: curl(1), "EXIT CODES"). */
function ofConnections(rows: readonly string[]): Seen[] | undefined {
  const found = new Map<string, Seen>();
  let understood = false;
  for (const row of rows) {
    if (
      /^Connection to \S+ \d+ port .{0,40} succeeded!|^Ncat: Connected to |^< HTTP\/[\d.]+ \d{3}|^HTTP\/[\d.]+ \d{3}|^\S+ \[\S+\] \d+ \(\S+\) open/.test(
        row,
      )
    )
      understood = true;
    const nc =
      /^(?:nc|ncat|netcat): (?:connect to (\S{1,253}) (?:\(\S{1,45}\) )?port (\d{1,5}).{0,20} failed: |Connection |.{0,60}(?:timed out|No route to host)).{0,80}$/i.exec(
        row,
      );
    const curl = /^curl: \((5|6|7|28|35|52|56|60|51|58)\) .{1,250}$/.exec(row);
    if (!nc && !curl) continue;
    understood = true;
    const name = nc?.[1] === undefined ? '' : `${nc[1]} port ${nc[2]}`;
    const code = Number(curl?.[1] ?? 0);
    const title =
      code === 60 || code === 51 || code === 58
        ? 'A service’s certificate is not accepted'
        : code === 6 || code === 5
          ? 'A name is not resolved'
          : 'A service is not reached';
    found.set(`${title} ${name}`, seen('warning', title, name, row));
  }
  return understood ? [...found.values()] : undefined;
}

const READERS = [ofPing, ofMtr, ofTracepath, ofArping, ofConnections, ofIperf];

const probes = fact({
  id: 'nic.probes',
  reads: ['ping, mtr, tracepath, arping, nc, curl and iperf3, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['ping', 'ping6', 'mtr', 'tracepath', 'arping', 'nc', 'ncat', 'curl', 'iperf3', 'iperf'],
      (text) => {
        const rows = rowsOf(text);
        const told = READERS.map((read) => read(rows)).filter((one) => one !== undefined);
        return told.length > 0 ? told.flat() : undefined;
      },
      'it tells of no answer and of no error',
    ).flat(),
});

/** The check of what was probed. */
export const PROBES_CHECK = check({
  id: 'nic.probe',
  area: 'nic',
  title: 'What somebody saw who probed the network from the machine',
  about:
    'What ping, mtr, tracepath, arping, nc, curl and iperf3 told: packets that were lost, came twice, took long or did not fit, hosts and services ' +
    'that did not answer, and addresses that several machines have. A host that answers no ping may just not be meant to; of the routers ' +
    'between, mtr’s losses say nothing. Loss warns from 5 % on, segments of TCP that iperf3 sent again from 1 %, and times from 500 ms on, as netdata’s ping.conf has it.',
  needs: { probes },
  links: ['https://github.com/netdata/netdata/blob/master/src/health/health.d/ping.conf'],
  evaluate: ({ probes: all }) =>
    [...new Map(all.map((one) => [`${one.title} ${one.name}`, one])).values()].map(
      ({ severity, certainty, title, name, evidence }): FindingDraft => ({
        ...{ severity, certainty, title, evidence: [evidence] },
        subject: { kind: 'peer', name },
        remedy: {
          text: `See from another machine whether it is the same, and the interfaces on the way: nodectl diag nic (${figures(LOSS_PERCENT)} % of loss and more are told).`,
          risk: 'none',
        },
      }),
    ),
});
