/** What a report shows of fleets that are made up: their past, their clocks, and who made it. For tests and docs/report.png. */

import { foldFleet } from './fold/fold.ts';
import type { NodeReport } from './fold/model.ts';
import type { ClockOffset, Past, Point, ReportData } from './report/model.ts';
import { random } from './testing.ts';

const HOUR_MS = 3_600_000;
/** Samples of a day, one a quarter of an hour. */
const SAMPLES = 96;

function course(nowMs: number, value: (at: number) => number): Point[] {
  return Array.from({ length: SAMPLES }, (_, at) => ({
    at: nowMs - (SAMPLES - 1 - at) * (HOUR_MS / 4),
    value: value(at),
  }));
}

/** A counter that grows by so much at each sample. */
function counter(name: string, nowMs: number, growth: (at: number) => number) {
  let total = 0;
  const points = course(nowMs, (at) => {
    total += at === 0 ? 0 : Math.max(0, growth(at));
    return Math.round(total);
  });
  return { name, points, growth: points.at(-1)?.value ?? 0 };
}

function pastOf({ node, answer }: NodeReport, next: () => number): Past {
  const nowMs = answer.nowUsec / 1_000;
  const found = (id: string) => answer.findings.some((one) => one.id === id);
  const [hangs, hung, off] = ['nic.tx-timeouts', 'kernel.hung-task', 'clock.offset'].map(found);
  const noisy = next() < 0.15;
  const stall = (what: string, share: number) =>
    counter(`memory/pressure-${what}/some_us`, nowMs, () => share * 900e6 * (0.4 + 1.2 * next()));
  return {
    node,
    series: [
      counter('nic/eth0/rx_errors', nowMs, (at) => (hangs && at > 40 ? 30 * next() ** 3 : 0)),
      counter('nic/eth0/tx_dropped', nowMs, () => (hangs ? 4 * next() : noisy ? next() ** 8 : 0)),
      {
        name: 'clock//offset_seconds',
        points: course(nowMs, (at) => (off && at > 60 ? (at - 60) * 0.008 : 0) + (next() - 0.5) * 4e-5),
        growth: 0,
      },
      counter('disk/nvme0n1/busy_ms', nowMs, () => (hung ? 0.9 : 0.03 + 0.2 * next() ** 4) * 900_000),
      {
        name: 'memory//available_bytes',
        points: course(nowMs, () => (90 + 60 * next()) * 2 ** 30),
        growth: 0,
      },
      stall('cpu', 0.004 + 0.03 * next() ** 4),
      stall('memory', noisy ? 0.002 * next() : 0),
      stall('io', hung ? 0.35 : 0.002 + 0.02 * next() ** 6),
    ],
  };
}

function clockOf({ node, answer }: NodeReport, next: () => number): ClockOffset {
  const { parameters } = answer.findings.find((one) => one.id === 'clock.offset') ?? { parameters: {} };
  const planted = Number((parameters as Record<string, string>).offsetSeconds ?? 0) * -1_000;
  return { node, offsetMs: planted + (next() - 0.5) * 0.8, errorMs: 0.3 + next() * 0.9 };
}

/** The data of a report over made-up answers. */
export function madeReportData(reports: readonly NodeReport[], more: Partial<ReportData> = {}): ReportData {
  const next = random(reports.length);
  return {
    ...{ place: 'prod', by: 'nodectl://operator/alice/operator', version: '0.1.0', nowMs: 1_795_000_001_000 },
    fleet: foldFleet(reports),
    failures: [],
    asked: reports.length + (more.failures?.length ?? 0),
    pasts: reports.map((report) => pastOf(report, next)),
    clocks: reports.map((report) => clockOf(report, next)),
    clocksAgainst: 'the median of all',
    ...more,
  };
}
