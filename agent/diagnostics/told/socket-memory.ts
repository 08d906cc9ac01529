/** What sockets of UDP threw away, as `ss -uanm` tells in skmem (iproute2's misc/ss.c: d is sk_drops). */

import { Unavailable } from '../../host/unavailable.ts';
import { check, NotApplicable } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { notSaved } from '../required.ts';

interface SocketDrops {
  readonly name: string;
  readonly drops: number;
}

const MAX_ROWS = 50_000;
const ROW =
  /^\s*(?:(udp|tcp|mptcp|sctp|u_\w+|nl|raw|p_\w+)\s+)?(ESTAB|UNCONN|LISTEN|[A-Z]+-[A-Z\d-]+)\s+\d{1,12}\s+\d{1,12}\s+(\S{1,120})/;
const DROPS = /\bskmem:\([^)]{0,300}\bd(\d{1,12})\)/;

/** TCP throws away what came twice too, so its sockets are left out. @param datagrams whether it was asked of UDP alone */
function parse(text: string, datagrams: boolean): SocketDrops[] {
  const found: SocketDrops[] = [];
  let name: string | undefined;
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 1_000);
    const [, kind, state, local] = ROW.exec(row) ?? [];
    if (local !== undefined)
      name = kind === 'udp' || (kind === undefined && (datagrams || state === 'UNCONN')) ? local : undefined;
    const drops = DROPS.exec(row)?.[1];
    if (drops !== undefined && name !== undefined) found.push({ name, drops: Number(drops) });
  }
  return found;
}

const memory = fact({
  id: 'nic.socket-memory',
  reads: ['ss -uanm, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly SocketDrops[] => {
    if (machine.live) throw new Unavailable('absent', 'ss is read of captured machines only');
    const found = (machine.saved?.('ss') ?? []).flatMap(({ words, text }) => {
      const options = words.filter((word) => /^[a-zA-Z]{1,10}$/.test(word)).join('');
      return parse(text, /u/.test(options) && !/[tx]/.test(options));
    });
    if (found.length === 0) throw notSaved(machine, ['ss']);
    return found;
  },
});

/** The check of them. */
export const SOCKET_DROPS_CHECK = check({
  id: 'nic.socket-drops',
  area: 'nic',
  title: 'Datagrams that a socket of UDP lost',
  about:
    'With -m ss tells what each socket threw away since it was opened (d in skmem): its buffer was full, or the checksum wrong.',
  needs: { memory },
  thresholds: {
    least: {
      value: 500,
      unit: '',
      source: 'chosen, as for datagrams of which it is not told among how many',
    },
  },
  links: ['https://man7.org/linux/man-pages/man8/ss.8.html'],
  evaluate: ({ memory: sockets }, { least }) => {
    if (sockets.length === 0) return new NotApplicable('no socket of UDP was saved with its memory');
    return sockets
      .filter(({ drops }) => drops >= least)
      .slice(0, 20)
      .map(
        ({ name, drops }): FindingDraft => ({
          severity: 'warning',
          certainty: 'likely',
          title: 'A socket of UDP loses datagrams',
          subject: { kind: 'socket', name },
          parameters: { drops },
          evidence: [`${name}: ${drops} thrown away since it was opened`],
          count: drops,
          remedy: {
            text: 'Its program does not read fast enough: give it more time or a larger buffer (SO_RCVBUF, net.core.rmem_max).',
            risk: 'none',
          },
          explains: ['nic.udp-buffer-errors', 'nic.udp-lost'],
        }),
      );
  },
});
