/**
 * What mcelog wrote of a captured machine: its log (/var/log/mcelog) and what it printed, in records that begin with "Hardware event.", and
 * the counts of `mcelog --client` (mcelog's mcelog.c and memdb.c).
 */

import type { Machine } from '../../host/machine.ts';

/** mcelog's own log on the machine (mcelog.conf: logfile). */
/** Its log. */
export const MCELOG_LOG = 'var/log/mcelog';
const MAX_RECORDS = 20_000;

/** A machine check. */
export interface MachineCheck {
  /** Whether it is one of memory; the others are of the processor, its caches and buses. */
  readonly memory: boolean;
  readonly uncorrected: boolean;
  /** The state of the processor was lost with it: what ran could not go on. */
  readonly corrupt: boolean;
  /** "CPU 9 BANK 5 SOCKETID 1", as far as it is told. */
  readonly where: string;
  /** The module: "DIMM location: …"; empty where it is not told. */
  readonly module: string;
  /** "MCA: Internal unclassified error: 405"; empty where it is not told. */
  readonly what: string;
}

/** Counts of `mcelog --client` for a place. */
export interface ClientCount {
  /** "SOCKET 1 CHANNEL 3 DIMM 0". */
  readonly place: string;
  readonly corrected: number;
  readonly uncorrected: number;
  /** Corrected in the last 24 h. */
  readonly inDay: number;
}

/** All texts of mcelog that were saved; none on a running machine. */
export function mcelogTexts(machine: Machine): string[] {
  if (machine.live) return [];
  const texts = (machine.saved?.('mcelog') ?? []).map(({ text }) => text);
  const log = machine.text(MCELOG_LOG);
  return log === undefined || texts.includes(log) ? texts : [...texts, log];
}

/** The records in a text of mcelog. */
export function machineChecksIn(text: string): MachineCheck[] {
  return text
    .split(/Hardware event\. This is not a software error\.?/)
    .slice(1, MAX_RECORDS)
    .map((record) => {
      const first = (pattern: RegExp) => pattern.exec(record)?.[0].trim() ?? '';
      return {
        memory: /MEMORY CONTROLLER|memory (?:read|write) (?:ECC )?error|DIMM|bus error.*mem/i.test(record),
        uncorrected: /uncorrected error/i.test(record),
        corrupt: /processor context corrupt/i.test(record),
        where: [first(/^CPU \d{1,5} BANK \d{1,3}/m), first(/\bSOCKETID \d{1,3}/)].filter(Boolean).join(' '),
        module: first(/^(?:DIMM (?:location|\d+)|LOCATION|Memory DIMM ID).{0,80}/im),
        what: first(/^MCA: .{1,120}/m),
      };
    });
}

/** The counts in what `mcelog --client` printed; a sum of places ("DIMM any") is left out where the places are told. */
export function clientCounts(text: string): ClientCount[] {
  const places = new Map<string, { corrected: number; uncorrected: number; inDay: number }>();
  let one: { corrected: number; uncorrected: number; inDay: number } | undefined;
  let uncorrected = false;
  for (const row of text.split('\n', MAX_RECORDS)) {
    const place = /^\s*(SOCKET \d{1,3} CHANNEL (?:\d{1,3}|any) DIMM (?:\d{1,3}|any))\b/.exec(row)?.[1];
    if (place) {
      one = { corrected: 0, uncorrected: 0, inDay: 0 };
      places.set(place, one);
    }
    const kind = /^\s*(un)?corrected memory errors:/.exec(row);
    if (kind) uncorrected = kind[1] !== undefined;
    const [, count, of] = /^\s*(\d{1,12}) (total|in 24h)\b/.exec(row) ?? [];
    if (!one || count === undefined) continue;
    if (of === 'total') one[uncorrected ? 'uncorrected' : 'corrected'] = Number(count);
    else if (!uncorrected) one.inDay = Number(count);
  }
  const told = [...places.keys()];
  return [...places]
    .filter(([place]) => {
      const within = place.replace(/ (?:CHANNEL any DIMM any|DIMM any)$/, ' ');
      return within === place || !told.some((other) => other !== place && other.startsWith(within));
    })
    .map(([place, counts]) => ({ place, ...counts }));
}
