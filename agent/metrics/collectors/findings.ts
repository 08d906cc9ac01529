/** What the last run of the checks found. */

import type { Finding } from '../../diagnostics/finding.ts';
import type { Report } from '../../diagnostics/report.ts';
import { type Family, gauge } from '../family.ts';

/** More findings than these get no series of their own; their number is told all the same. */
const MAX_FINDINGS = 200;
const SEVERITIES = ['info', 'warning', 'critical'] as const;
const STATUSES = ['ok', 'findings', 'skipped', 'not-applicable'] as const;

/** A run of the checks. */
export interface Run {
  readonly report: Report;
  /** When it ended, ms since the epoch on the machine's clock. */
  readonly at: number;
  readonly tookMs: number;
}

function labelsOf({ id, severity, subject }: Finding) {
  return { id, severity, kind: subject.kind, subject: subject.name };
}

/** The metrics of a run. */
export function findingFamilies({ report, at, tookMs }: Run): Family[] {
  const { findings, checks, problems } = report;
  const count = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter(is).length;
  return [
    gauge(
      'nodectl_findings',
      'Findings of the last run of the checks, by severity.',
      SEVERITIES.map(
        (severity) => [{ severity }, count(findings, (one) => one.severity === severity)] as const,
      ),
    ),
    gauge(
      'nodectl_finding',
      'A finding of the last run of the checks: how often it is there.',
      grouped(findings.slice(0, MAX_FINDINGS)),
    ),
    gauge(
      'nodectl_checks',
      'Checks of the last run, by how they ended; one that was skipped says nothing of the machine.',
      STATUSES.map((status) => [{ status }, count(checks, (one) => one.status === status)] as const),
    ),
    gauge('nodectl_read_problems', 'What the last run of the checks could not read.', problems.length),
    gauge('nodectl_checks_run_timestamp_seconds', 'When the checks ran last.', at / 1_000),
    gauge('nodectl_checks_run_duration_seconds', 'How long the last run of the checks took.', tookMs / 1_000),
  ];
}

/** Two findings of one check with one subject are one series. */
function grouped(findings: readonly Finding[]) {
  const counts = new Map<string, [ReturnType<typeof labelsOf>, number]>();
  for (const one of findings) {
    const labels = labelsOf(one);
    const key = JSON.stringify(labels);
    counts.set(key, [labels, (counts.get(key)?.[1] ?? 0) + 1]);
  }
  return [...counts.values()];
}
