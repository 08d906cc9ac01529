/** A saved log: text, in pieces, of any length. Who has it packed unpacks it. */

import { catalogue } from './catalogue.ts';
import { type Hit, LineScanner } from './line-scanner.ts';
import { type Group, Tally } from './tally.ts';

/** What a log was found to hold. */
export interface ScanResult {
  /** How many lines it has. */
  readonly lines: number;
  /** Signatures, devices and, in the log of a collector, hosts; worst first. */
  readonly groups: readonly Group[];
  /** Lines that are in groups of their signature alone, whatever their device and host, since groups are bounded. */
  readonly overflow: number;
}

/**
 * Scans a log from its first byte to its last. Yields the lines in which something was recognised, as they come, and returns
 * what all of them come to. At no time is more than a piece of the log in memory.
 * @param referenceMs ms since the epoch: no line without a year is later than this
 * @throws what reading the source throws
 */
export async function* scanLog(
  source: AsyncIterable<Buffer>,
  referenceMs: number,
): AsyncGenerator<readonly Hit[], ScanResult, undefined> {
  const tally = new Tally({ hosts: true });
  let hits: Hit[] = [];
  const scanner = new LineScanner(catalogue(), {
    referenceMs,
    hit: (hit) => {
      tally.add(hit);
      hits.push(hit);
    },
  });
  for await (const chunk of source) {
    scanner.push(chunk);
    if (hits.length === 0) continue;
    yield hits;
    hits = [];
  }
  scanner.end();
  if (hits.length > 0) yield hits;
  return { lines: scanner.lines, groups: tally.groups(), overflow: tally.overflow };
}
