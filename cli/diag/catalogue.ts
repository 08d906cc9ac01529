/** The catalogue of checks without asking a node: those of this version's agent, and those over a whole fleet. */

import type { CheckInfo__Output } from '../../proto/gen/types/nodectl/v1/CheckInfo.ts';
import { FLEET_CHECKS } from './fold/fleet-checks.ts';

/** All checks, area by area. */
export async function catalogue(): Promise<CheckInfo__Output[]> {
  const { openCatalogue } = await import('./captured.ts');
  const { checks } = await (await openCatalogue()).unary('nodectl.v1.DiagnosticsService/ListChecks', {});
  return [...checks, ...fleetInfos()];
}

/** The checks over a whole fleet, as the nodes describe theirs. */
function fleetInfos(): CheckInfo__Output[] {
  return FLEET_CHECKS.map(({ id, area, title, about, reads, links }) => ({
    ...{ id, area, title, about },
    reads: [...reads],
    thresholds: [],
    links: [...links],
  }));
}

/** Something that a finding's id can stand for, in words. */
export interface Explanation {
  readonly info: CheckInfo__Output;
  /** What is told beside, a heading with its lines. */
  readonly more: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** Everything that findings can be: checks, known troubles, and signatures in the kernel's log. */
export async function explanations(): Promise<Explanation[]> {
  const { openCatalogue, openSignatures } = await import('./captured.ts');
  const checks = (await catalogue()).map((info): Explanation => ({ info, more: [] }));
  const { troubles } = await (await openCatalogue()).unary('nodectl.v1.KernelService/ListTroubles', {});
  const known = troubles.map(
    ({ id, title, symptom, links, remedy, kernels, packages, conditions, reviewed }) => ({
      info: {
        ...{ id, area: 'kernel', title, about: symptom, links, thresholds: [] },
        reads: ['the version of the kernel and of its package', 'drivers, devices and firmware'],
      },
      more: [
        { title: 'Kernels', lines: [...kernels, ...packages] },
        { title: 'And where', lines: conditions },
        { title: 'Remedy', lines: remedy ? [remedy.text] : [] },
        { title: 'Reviewed', lines: [reviewed].filter(Boolean) },
      ],
    }),
  );
  const signatures = (await openSignatures()).map(({ id, title, about, links, remedy, lines }) => ({
    info: {
      ...{ id, area: 'kernel', title, about, thresholds: [] },
      links: [...links],
      reads: ['the kernel’s log'],
    },
    more: [
      { title: 'Remedy', lines: [remedy.text] },
      { title: 'Lines', lines },
    ],
  }));
  return [...checks, ...known, ...signatures];
}
