/** The check of known troubles: one check, and a finding for each trouble and kind of device that has it. */

import { type Check, check, Skipped } from '../check.ts';
import type { FindingDraft, Severity } from '../finding.ts';
import { basisInWords } from '../kernel/release.ts';
import { evaluateTroubles, type TroubleMatch } from './evaluate.ts';
import type { SubjectDevice } from './subject.ts';
import { troubleSubject } from './subject-fact.ts';
import { TROUBLES } from './troubles.ts';

const knownTroubles = check({
  id: 'kernel.known-trouble',
  area: 'kernel',
  title: 'Known troubles of this kernel with this hardware, firmware and use',
  about:
    'The running kernel, its drivers, their firmware, the processor and what is mounted are held against a table of incompatibilities that are publicly told of (nodectl kernel --troubles). Kernels that a vendor keeps on its own are judged by ranges of their packages alone, and what could not be read never matches.',
  needs: { subject: troubleSubject },
  evaluate: ({ subject }) => {
    const findings = evaluateTroubles(subject, TROUBLES).flatMap(toFindings);
    if (findings.length === 0 && subject.kernel.basis === 'unknown')
      return new Skipped(`the kernel is ${basisInWords(subject.kernel)}`);
    return findings;
  },
});

/** A trouble that is only possible is nothing to get up for. */
function severityOf({ trouble, certainty }: TroubleMatch): Severity {
  return certainty === 'possible' && trouble.severity === 'critical' ? 'warning' : trouble.severity;
}

function toFindings(match: TroubleMatch): FindingDraft[] {
  const { trouble, certainty, because, devices } = match;
  const hardware = [...new Set(devices.map(hardwareOf))];
  const draft = (on: readonly SubjectDevice[], name: string): FindingDraft => ({
    id: trouble.id,
    severity: severityOf(match),
    certainty,
    title: trouble.title,
    subject: {
      kind: on[0]?.kind ?? 'node',
      name: on
        .map((one) => one.name)
        .join(' ')
        .slice(0, 200),
      ...(name ? { hardware: name } : {}),
      attributes: attributesOf(on[0]),
    },
    evidence: [because.join('; '), trouble.symptom],
    remedy: trouble.remedy,
    links: trouble.links,
  });
  if (hardware.length === 0) return [draft([], '')];
  return hardware.map((name) =>
    draft(
      devices.filter((device) => hardwareOf(device) === name),
      name,
    ),
  );
}

function hardwareOf({ driver, pci, model }: SubjectDevice): string {
  return [driver, pci, model].filter(Boolean).join(' ');
}

function attributesOf(device: SubjectDevice | undefined): Record<string, string> {
  if (!device) return {};
  const { driver, firmware = '', model } = device;
  return Object.fromEntries(Object.entries({ driver, firmware, model }).filter(([, value]) => value !== ''));
}

/** The checks of known troubles. */
export const KNOWN_CHECKS: readonly Check[] = [knownTroubles];
