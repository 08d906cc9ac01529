/** What /proc/interrupts counts of the processors themselves, beside machine checks: that they were too hot, and errors of the APIC. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { inFormat, required } from '../required.ts';
import { interruptsNamed } from './identity.ts';

/** A row: "TRM:   0   0   Thermal event interrupts". */
const ROW = /^\s*[\w-]{1,20}:\s+\d+(?:\s|$)/m;

const counts = fact({
  id: 'system.interrupt-counters',
  reads: ['/proc/interrupts'],
  limitMs: 1_000,
  read: ({ machine }): { readonly thermal: number; readonly apic: number } => {
    const rows = inFormat(required(machine, 'proc/interrupts'), ROW, '/proc/interrupts')
      .split('\n', 20_000)
      .map((row) => row.slice(0, 40_000));
    return { thermal: interruptsNamed(rows, 'TRM'), apic: interruptsNamed(rows, 'ERR') };
  },
});

/** The check of them. */
export const INTERRUPT_COUNTERS_CHECK = check({
  id: 'system.interrupt-counters',
  area: 'system',
  title: 'Processors that were too hot, and errors of interrupt controllers',
  about:
    'TRM in /proc/interrupts counts how often a processor told that it crossed a threshold of temperature, ERR what the interrupt ' +
    'controllers counted as errors, both since the boot; neither tells when. A few of the latter come at the boot.',
  needs: { counts },
  thresholds: { apicErrors: { value: 10, unit: '', source: 'chosen: a few come while the system boots' } },
  links: ['https://docs.kernel.org/filesystems/proc.html'],
  evaluate: ({ counts: { thermal, apic } }, { apicErrors }): FindingDraft[] => [
    ...(thermal > 0
      ? [
          {
            severity: 'info' as const,
            title: 'Processors were too hot since the boot',
            parameters: { events: thermal },
            evidence: [`thermal event interrupts (TRM) ${thermal}`],
            remedy: { text: 'See fans, filters, and the air that comes in.', risk: 'none' as const },
          },
        ]
      : []),
    ...(apic >= apicErrors
      ? [
          {
            severity: 'info' as const,
            title: 'Interrupt controllers count errors',
            parameters: { errors: apic },
            evidence: [`ERR ${apic} in /proc/interrupts`],
            remedy: {
              text: 'Update the firmware; see the kernel’s log for "APIC error".',
              risk: 'none' as const,
            },
          },
        ]
      : []),
  ],
});
