/** `etcdctl check perf` and etcd's `benchmark` tool: how fast somebody measured a cluster to be. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import { readEach, rowsOf } from './read-each.ts';

/** What was measured. */
interface Measured {
  /** The rows in which `check perf` says what is too slow, in its own words (etcdctl/ctlv3/command/check.go). */
  readonly failed: readonly string[];
  /** How long 99 of 100 requests of `benchmark` took at most, in s. */
  readonly p99: number | undefined;
}

const FAILED = /^(?:FAIL: \S|Slowest request took too long: |Stddev too high: )/;
const PASSED = /^PASS: (?:Throughput is|Slowest request took|Stddev is) /;

function parsePerf(text: string): Measured | undefined {
  const rows = rowsOf(text).map((row) => row.trim());
  const failed = rows.filter((row) => FAILED.test(row));
  const errors = /^Error distribution:\n\s*(\[\d{1,9}\]\s.{3,200})$/m.exec(text)?.[1];
  const p99 = /^\s*99% in (\d{1,6}(?:\.\d{1,9})?) secs\.?\s*$/m.exec(text)?.[1];
  if (failed.length === 0 && p99 === undefined && errors === undefined)
    return rows.some((row) => PASSED.test(row)) ? { failed: [], p99: undefined } : undefined;
  return {
    failed: errors === undefined ? failed : [...failed, errors],
    p99: p99 === undefined ? undefined : Number(p99),
  };
}

const measured = fact({
  id: 'system.etcd-perf',
  reads: ['etcdctl check perf and benchmark, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['etcdctl', 'benchmark'],
      parsePerf,
      'it tells of no measurement',
      // What else etcdctl prints is read elsewhere.
      (text) => !/^(?:PASS|FAIL)\b|\d% in [\d.]+ secs/m.test(text),
    ),
});

/** The check of what was measured. */
export const ETCD_PERF_CHECK = check({
  id: 'system.etcd-perf',
  area: 'system',
  title: 'An etcd cluster that was measured to be slow',
  about:
    'etcdctl check perf writes for a minute and judges by itself: the throughput that the load asks for, no request above 0.5 s, a standard ' +
    'deviation of at most 0.1 s. Of benchmark, which judges nothing, the 99th percentile is held against the same 0.5 s.',
  needs: { measured },
  thresholds: {
    slowSeconds: { value: 0.5, unit: 's', source: 'etcdctl check perf: the slowest request' },
  },
  links: ['https://etcd.io/docs/v3.5/op-guide/performance/'],
  evaluate: ({ measured: all }, { slowSeconds }) => {
    const evidence = all.flatMap(({ failed, p99 }) => [
      ...failed.map((row) => `etcdctl check perf: ${row}`),
      ...(p99 !== undefined && p99 >= slowSeconds ? [`99 of 100 requests take up to ${p99} s`] : []),
    ]);
    if (evidence.length === 0) return [];
    return [
      {
        severity: 'warning',
        title: 'etcd is slower than it should be',
        subject: { kind: 'service', name: 'etcd' },
        evidence: evidence.slice(0, 3),
        remedy: {
          text: 'Give etcd a fast disk of its own (fio with fdatasync tells how fast it is), and see the network between the members.',
          risk: 'none',
        },
      },
    ];
  },
});
