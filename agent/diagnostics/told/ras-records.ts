/** What rasdaemon recorded beside errors of memory: PCI Express, disks, machine checks, pages given up, as `ras-mc-ctl` tells of captured machines. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft, Severity } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** Records of a kind. */
interface Records {
  readonly title: string;
  readonly name: string;
  readonly severity: Severity;
  readonly count: number;
  readonly line: string;
}

/** Headings of `ras-mc-ctl --summary` and `--errors`, and what their records are of. */
const SECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^PCIe AER events(?: summary)?:/, 'PCI Express'],
  [/^(?:Disk errors(?: summary)?|Disk errors)\b/, 'disks'],
  [/^Extlog (?:records summary|events):/, 'the firmware’s log'],
  [/^MCE (?:records summary|events):/, 'machine checks'],
  [/^Memory failure events(?: summary)?:/, 'pages given up'],
  [/^ARM processor events(?: summary)?:/, 'the processors'],
];
const OTHER = /^(?:No .{1,60} errors\.|Memory controller events|Devlink|CXL|Signal)/;
const GRAVE = /uncorrect|fatal|\bUE\b|deferred|poison|panic|recoverable/i;

/** One row of a section; undefined for one that is no record. */
function recordOf(of: string, row: string): Omit<Records, 'title'> | undefined {
  const line = row.trim().slice(0, 200);
  const summed =
    /^(\d{1,9}) (.{0,120}?) ?errors\b/.exec(line) ??
    /^()(.{1,120}?) (?:has|errors:) (\d{1,9})(?: errors)?$/.exec(line);
  const single = /^\d{1,9} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} (.*)$/.exec(line)?.[1];
  if (!summed && single === undefined) return undefined;
  const count = single === undefined ? Number(summed?.[1] || summed?.[3] || 0) : 1;
  if (count === 0) return undefined;
  const words = single ?? line;
  const name =
    of === 'PCI Express'
      ? (/\b[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.\d\b/.exec(words)?.[0] ?? '')
      : of === 'disks'
        ? (/\bdev=([\w:]{1,40})/.exec(words)?.[1] ?? /^(\S{1,40}) has /.exec(words)?.[1] ?? '')
        : '';
  const grave = of === 'disks' || of === 'pages given up' || GRAVE.test(words);
  return { name, severity: grave ? 'warning' : 'info', count, line };
}

/** Parses it; undefined for other text. Machine checks of memory that `--errors` lists are counted as errors of memory elsewhere. */
function parseRas(text: string): Records[] | undefined {
  const found: Records[] = [];
  let of = '';
  let understood = false;
  for (const row of rowsOf(text)) {
    const next = SECTIONS.find(([heading]) => heading.test(row))?.[1];
    if (next !== undefined || OTHER.test(row)) {
      of = next ?? '';
      understood = true;
      continue;
    }
    const record = of === '' ? undefined : recordOf(of, row);
    if (!record || (of === 'machine checks' && /^\d+ \d{4}-/.test(row) && /memory|DRAM|CECC|UECC/i.test(row)))
      continue;
    found.push({ ...record, title: `rasdaemon recorded errors of ${of}` });
  }
  return understood ? found : undefined;
}

const records = fact({
  id: 'system.ras-records',
  reads: ['ras-mc-ctl --summary and --errors, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Records[] =>
    readEach(machine, ['ras-mc-ctl'], parseRas, 'it tells of no records', (text) =>
      /^Label\s+CE\s+UE/m.test(text),
    ).flat(),
});

/** The check of what rasdaemon recorded. */
export const RAS_RECORDS_CHECK = check({
  id: 'system.ras-records',
  area: 'system',
  title: 'Errors of the hardware that rasdaemon recorded',
  about:
    'Of a captured machine, since rasdaemon was set up. What was corrected is told as an info, but for very many; what was not is a warning.',
  needs: { records },
  thresholds: { corrected: { value: 1_000, unit: '', source: 'as system.pcie-errors' } },
  links: ['https://github.com/mchehab/rasdaemon'],
  evaluate: ({ records: all }, { corrected }) =>
    [...Map.groupBy(all, ({ title, name }) => `${title} ${name}`).values()]
      .slice(0, 30)
      .map((own): FindingDraft => {
        const grave = own.filter(({ severity }) => severity === 'warning');
        const total = own.reduce((sum, { count }) => sum + count, 0);
        const { title = '', name = '' } = own[0] ?? {};
        return {
          severity: grave.length > 0 || total >= corrected ? 'warning' : 'info',
          certainty: 'likely',
          title,
          ...(name === '' ? {} : { subject: { kind: title.endsWith('disks') ? 'disk' : 'pci', name } }),
          parameters: { records: total },
          evidence: [...grave, ...own.filter((one) => !grave.includes(one))]
            .slice(0, 3)
            .map(({ line }) => line),
          remedy: {
            text: 'ras-mc-ctl --errors tells when and where; nodectl diag scan looks into the kernel’s log.',
            risk: 'none',
          },
        };
      }),
});
