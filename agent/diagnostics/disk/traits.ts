/** By what machines may differ in the area "disk". */

import type { Reading } from '../fact.ts';
import type { Trait } from '../report.ts';
import { devices } from './devices.ts';

/** A machine with a whole shelf of disks has few models. */
const MAX_TRAITS = 64;

/** Traits of this area; none where they cannot be read. */
export async function diskTraits(reading: Reading): Promise<Trait[]> {
  const all = (await reading.get(devices).catch(() => undefined)) ?? [];
  const found = new Map<string, Trait>();
  for (const { disk, model, firmware } of all) {
    if (!disk) continue;
    for (const [name, value] of [
      ['disk.model', model],
      ['disk.firmware', firmware],
    ] as const)
      if (value !== '' && found.size < MAX_TRAITS) found.set(`${name} ${value}`, { name, value });
  }
  return [...found.values()];
}
