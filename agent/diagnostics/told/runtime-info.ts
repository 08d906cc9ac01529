/** What `docker info` and `podman info` warn of, as captured machines have it. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

const SILENT =
  /^(?:error during connect: .{0,200}|(?:ERROR: )?Cannot connect to the Docker daemon at .{1,160}|(?:Error: )?(?:unable|failed) to connect to Podman.{0,160}|Cannot connect to Podman.{0,160})$/i;

interface Told {
  readonly silent: readonly string[];
  readonly warnings: readonly string[];
}

/** Parses it; undefined for other text. */
function parseInfo(text: string): Told | undefined {
  const rows = rowsOf(text).map((row) => row.trim());
  const silent = rows.filter((row) => SILENT.test(row));
  const warnings = rows.flatMap((row) => /^WARNING: (.{5,300})$/.exec(row)?.[1] ?? []);
  const known = rows.some((row) =>
    /^(?:Server Version: |Storage Driver: |graphDriverName: |Containers: \d)/.test(row),
  );
  return silent.length + warnings.length > 0 || known ? { silent, warnings } : undefined;
}

const info = fact({
  id: 'system.runtime-info',
  reads: ['docker info and podman info, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['docker info', 'docker system info', 'podman info'],
      parseInfo,
      'it tells of no container runtime',
    ),
});

/** The check of what the runtime warns of. */
export const RUNTIME_INFO_CHECK = check({
  id: 'system.runtime-warnings',
  area: 'system',
  title: 'A container runtime that does not answer, or warns',
  about:
    'What docker info and podman info say. Their warnings are of what the kernel or the setup lacks, and mostly of no weight.',
  needs: { info },
  links: ['https://docs.docker.com/reference/cli/docker/system/info/'],
  evaluate: ({ info: all }) => {
    const silent = all.flatMap((one) => one.silent);
    const warnings = [...new Set(all.flatMap((one) => one.warnings))];
    const drafts: FindingDraft[] = [];
    if (silent.length > 0)
      drafts.push({
        severity: 'warning',
        title: 'The container runtime does not answer',
        evidence: silent.slice(0, 3),
        remedy: { text: 'See whether it runs: systemctl status docker; nodectl logs docker.', risk: 'none' },
      });
    if (warnings.length > 0)
      drafts.push({
        severity: 'info',
        title: 'The container runtime warns of its setup',
        parameters: { warnings: warnings.length },
        evidence: warnings.slice(0, 3),
        remedy: {
          text: 'Most of it is of no weight; bridged traffic past the firewall is, and so are loop devices as storage.',
          risk: 'none',
        },
      });
    return drafts;
  },
});
