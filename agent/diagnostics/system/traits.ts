/** By what machines may differ in the area "system". */

import type { Reading } from '../fact.ts';
import type { Trait } from '../report.ts';
import { kubernetesRole } from './kubernetes.ts';
import { processors } from './processors.ts';

/** Traits of this area; none where they cannot be read. No program is run for them, since every run of checks reads them. */
export async function systemTraits(reading: Reading): Promise<Trait[]> {
  const { machine } = reading;
  const role = kubernetesRole(machine);
  const all = await reading.get(processors).catch(() => undefined);
  const governor = all?.frequencies[0]?.governor;
  return [
    ...(role === '' ? [] : [{ name: 'kubernetes', value: role }]),
    ...(all ? [{ name: 'cpus', value: String(all.online.length) }] : []),
    ...(governor === undefined ? [] : [{ name: 'governor', value: governor }]),
  ];
}
