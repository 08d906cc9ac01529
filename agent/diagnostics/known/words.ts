/** Known troubles in words, for people who read the table. */

import type { Conditions, Range, Trouble } from './trouble.ts';
import { branchOf } from './version.ts';

/** "6.1.63 to before 6.1.64", "6.6 and later", "before 5.10.9". */
export function rangeInWords({ introduced, fixed }: Range): string {
  if (introduced === undefined) return `before ${fixed}`;
  return fixed === undefined ? `${introduced} and later` : `${introduced} to before ${fixed}`;
}

/** The same of upstream’s releases, of which each range is one of a branch: "6.5 from 6.5.12 on", "6.1 before 6.1.149", "all of 5.17". */
export function branchInWords(range: Range): string {
  const { introduced, fixed } = range;
  if (introduced !== undefined && fixed !== undefined) return rangeInWords(range);
  if (introduced === undefined) return `${branchOf(fixed ?? '')} before ${fixed}`;
  const branch = branchOf(introduced);
  return introduced === branch ? `all of ${branch}` : `${branch} from ${introduced} on`;
}

/** What an entry asks for beside the kernel, a phrase for each condition. */
export function conditionsInWords({ where, unless }: Pick<Trouble, 'where' | 'unless'>): string[] {
  const any = (list: readonly string[] | undefined, before: string, after = '') =>
    list ? [`${before}${list.join(' or ')}${after}`] : [];
  const { cpu } = where;
  return [
    ...any(where.drivers, 'a device of ', ''),
    ...any(where.pci, 'PCI id '),
    ...any(where.models, 'model '),
    ...any(where.firmware?.map(rangeInWords), 'firmware '),
    ...(where.mtuAbove === undefined ? [] : [`MTU above ${where.mtuAbove}`]),
    ...any(where.modules, 'module '),
    ...any(where.moduleVersions?.map(rangeInWords), 'its version '),
    ...any(where.filesystems, '', ' mounted'),
    ...(cpu ? [cpuInWords(cpu)] : []),
    ...any(cpu?.microcode, 'microcode '),
    ...(cpu?.microcodeBefore ? [`microcode before ${cpu.microcodeBefore}`] : []),
    ...any(where.virtualisation, 'virtualisation '),
    ...any(where.features, '', ' in use'),
    ...(where.uptimeDaysAbove === undefined ? [] : [`up for more than ${where.uptimeDaysAbove} days`]),
    ...any(where.firmwareFilesMissing, 'no file '),
    ...any(where.parameters, '', ' on the command line'),
    ...(unless.length > 0 ? [`not with ${unless.join(' or ')} on the command line`] : []),
  ];
}

function cpuInWords({ vendor, family, models }: NonNullable<Conditions['cpu']>): string {
  const what = [family === undefined ? '' : `family ${family}`, models ? `model ${models.join(' or ')}` : ''];
  return ['a processor of', vendor === 'intel' ? 'Intel' : 'AMD', ...what].filter(Boolean).join(' ');
}
