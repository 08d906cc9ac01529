/** Known troubles in words, for people who read the table. */

import type { Range, Trouble } from './trouble.ts';

/** "6.1.63 to before 6.1.64", "6.6 and later", "before 5.10.9". */
export function rangeInWords({ introduced, fixed }: Range): string {
  if (introduced === undefined) return `before ${fixed}`;
  return fixed === undefined ? `${introduced} and later` : `${introduced} to before ${fixed}`;
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
    ...(cpu
      ? [`${cpu.vendor} family ${cpu.family}${cpu.models ? ` model ${cpu.models.join(' or ')}` : ''}`]
      : []),
    ...(cpu?.microcodeBefore ? [`microcode before ${cpu.microcodeBefore}`] : []),
    ...any(where.virtualisation, 'virtualisation '),
    ...any(where.features, '', ' in use'),
    ...(where.uptimeDaysAbove === undefined ? [] : [`up for more than ${where.uptimeDaysAbove} days`]),
    ...any(where.firmwareFilesMissing, 'no file '),
    ...any(where.parameters, '', ' on the command line'),
    ...(unless.length > 0 ? [`not with ${unless.join(' or ')} on the command line`] : []),
  ];
}
