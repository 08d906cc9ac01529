/** By what machines may differ in the area "nic": drivers, firmware, devices and switches, one value each however many ports. */

import type { Reading } from '../fact.ts';
import type { Trait } from '../report.ts';
import { nicIdentities } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';

/** Attributes of findings that are traits too, by the same names. */
const NAMES = ['driver', 'firmware', 'switch', 'switchFirmware', 'pci', 'speed'];

/** Traits of this area; none where they cannot be read. */
export async function nicTraits(reading: Reading): Promise<Trait[]> {
  const identities = await reading.get(nicIdentities);
  const physical = (await reading.get(nicInterfaces)).filter(({ kind }) => kind === 'physical');
  return NAMES.flatMap((name) => {
    const values = physical.map((one) => identities.get(one.name)?.attributes[name]);
    return [...new Set(values)].flatMap((value) =>
      value === undefined ? [] : [{ name: `nic.${name}`, value }],
    );
  });
}
