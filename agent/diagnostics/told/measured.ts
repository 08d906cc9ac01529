/** What somebody measured with a tool of one purpose: the clock (`ntpdate -q`, `sntp`, `chronyd -Q`), the disk's flushes (`fio`), memory (`memtester`). */

import { check } from '../check.ts';
import { OFFSET_THRESHOLDS } from '../clock/offset-thresholds.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { readEach, rowsOf } from './read-each.ts';

/** An offset of the own clock from a server's, in seconds; positive is behind. */
interface Offset {
  readonly server: string;
  readonly seconds: number;
}

/**
 * ntpdate's rows of servers, sntp's and ntpdig's, chronyd's. An answer of stratum 0 is none. The row in which ntpdate says that it stepped or
 * adjusted the clock is none either: without a query's rows before it, it did, and the offset is past.
 */
function parseOffsets(text: string): Offset[] | undefined {
  const found = rowsOf(text).flatMap((row): Offset[] => {
    const told = /^server (\S{1,100}), stratum (?!0,)\d{1,2}, offset ([+-]?\d{1,12}\.\d{1,9}), delay /.exec(
      row,
    );
    if (told) return [{ server: told[1] ?? '', seconds: Number(told[2]) }];
    const sntp =
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,9} \([+-]\d{4}\) ([+-]\d{1,12}\.\d{1,9}) \+\/- \S{1,20} (\S{1,253})/.exec(
        row,
      );
    if (sntp) return [{ server: sntp[2] ?? '', seconds: Number(sntp[1]) }];
    const chrony = /System clock wrong by (-?\d{1,12}\.\d{1,9}) seconds \(ignored\)/.exec(row);
    return chrony ? [{ server: '', seconds: Number(chrony[1]) }] : [];
  });
  return found.length > 0 ? found : undefined;
}

/** A line that a service of time wrote into a log, where it was not asked for an offset. */
const DAEMON_LOG = /(?:^|[\s:])(?:chronyd|ntpd|systemd-timesyncd|openntpd)\[\d{1,10}\]: \S/;

const offsets = fact({
  id: 'clock.measured',
  reads: ['ntpdate -q, sntp and chronyd -Q, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['ntpdate', 'sntp', 'ntpdig', 'chronyd'],
      parseOffsets,
      'it tells of no server’s time',
      (text) => DAEMON_LOG.test(text),
    ).flat(),
});

/** The check of the clock against a server that somebody asked. */
export const MEASURED_CLOCK_CHECK = check({
  id: 'clock.measured-offset',
  area: 'clock',
  title: 'A clock that is off by what ntpdate, sntp or chronyd -Q measured',
  about: 'The offset from the server that is nearest: one that is far off may be wrong itself.',
  needs: { offsets },
  thresholds: OFFSET_THRESHOLDS,
  evaluate: ({ offsets: all }, { warnSeconds, criticalSeconds }) => {
    const [least] = all.toSorted((a, b) => Math.abs(a.seconds) - Math.abs(b.seconds));
    if (!least || Math.abs(least.seconds) < warnSeconds) return [];
    const { server, seconds } = least;
    return [
      {
        severity: Math.abs(seconds) >= criticalSeconds ? 'critical' : 'warning',
        title: 'The clock is off',
        parameters: { offsetSeconds: seconds },
        evidence: [
          `${figures(Math.abs(seconds))} s ${seconds > 0 ? 'behind' : 'ahead of'} ${server === '' ? 'the servers' : server}`,
        ],
        remedy: { text: 'See why no time service keeps it: chronyc tracking, timedatectl.', risk: 'none' },
      },
    ];
  },
});

const UNITS: Readonly<Record<string, number>> = { nsec: 1e-6, usec: 1e-3, msec: 1 };

/** The 99th percentile of flushes in ms; undefined where fio measured none. */
function parseFio(text: string): number | undefined {
  const [, unit = '', part = ''] =
    /sync percentiles \((nsec|usec|msec)\):\n((?:\s*\|.{1,300}\n?){1,12})/.exec(text) ?? [];
  const value = /99\.00th=\[\s*(\d{1,12})\]/.exec(part)?.[1];
  return value === undefined ? undefined : Number(value) * (UNITS[unit] ?? 1);
}

const flushes = fact({
  id: 'disk.fio-flushes',
  reads: ['fio with fdatasync, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => readEach(machine, ['fio'], parseFio, 'it measured no flushes (fdatasync=1)'),
});

/** The check of flushes that fio measured. */
export const FIO_CHECK = check({
  id: 'disk.fio-fsync',
  area: 'disk',
  title: 'A disk too slow for etcd by what fio measured',
  about:
    'etcd waits for the disk at each write. Its documentation measures with fio --fdatasync=1 --bs=2300.',
  needs: { flushes },
  thresholds: { p99Ms: { value: 10, unit: 'ms', source: 'etcd: the 99th percentile should be below 10 ms' } },
  links: ['https://etcd.io/docs/v3.5/op-guide/hardware/#disks'],
  evaluate: ({ flushes: all }, { p99Ms }) => {
    const p99 = all.at(-1) ?? 0;
    if (p99 < p99Ms) return [];
    return [
      {
        severity: 'warning',
        title: 'The disk makes writes safe too slowly for etcd',
        parameters: { p99Ms: Number(figures(p99)) },
        evidence: [`99 of 100 flushes take up to ${figures(p99)} ms`],
        remedy: {
          text: 'Put etcd on a disk of its own, with a cache that is safe from power loss.',
          risk: 'none',
        },
      },
    ];
  },
});

const tested = fact({
  id: 'memory.tested',
  reads: ['memtester, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['memtester'],
      (text): string[] | undefined => {
        const rows = rowsOf(text).map((row) => row.replace(/[\b\r]/g, ''));
        const failed = rows.filter((row) =>
          /FAILURE: (?:possible bad address line|0x[\da-f]+ != 0x)/i.test(row),
        );
        return failed.length > 0 || rows.some((row) => /^(?:Loop \d+|Done\.?$)/.test(row))
          ? failed
          : undefined;
      },
      'it tells of no test',
    ).flat(),
});

/** The check of memory that somebody tested. */
export const MEMTESTER_CHECK = check({
  id: 'memory.test-failed',
  area: 'memory',
  title: 'Memory that fails a test',
  about: 'memtester wrote patterns into memory and read others back. Healthy memory never does that.',
  needs: { tested },
  evaluate: ({ tested: failed }): FindingDraft[] =>
    failed.length === 0
      ? []
      : [
          {
            severity: 'critical',
            title: 'Memory fails a test',
            parameters: { failures: failed.length },
            evidence: failed.slice(0, 3).map((row) => row.trim()),
            remedy: {
              text: 'Take the node out of use and replace modules one after the other: memtest86+ from boot.',
              risk: 'reboot',
            },
          },
        ],
});
