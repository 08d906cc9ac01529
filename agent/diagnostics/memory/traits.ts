/** By what machines may differ in the area "memory". */

import type { Reading } from '../fact.ts';
import type { Trait } from '../report.ts';
import { edac } from './edac.ts';
import { meminfo } from './meminfo.ts';

/** Memory in whole GiB: what the kernel reserves differs by a little between kernels. */
function roughly(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 2 ? `${Math.round(gib)} GiB` : `${Math.round(gib * 1_024)} MiB`;
}

/** Traits of this area; none where they cannot be read. */
export async function memoryTraits(reading: Reading): Promise<Trait[]> {
  const memory = await reading.get(meminfo).catch(() => undefined);
  const controllers = (await reading.get(edac).catch(() => undefined)) ?? [];
  const modules = controllers.flatMap((one) => one.modules).filter(({ sizeMiB }) => sizeMiB > 0);
  return [
    ...(memory ? [{ name: 'memory', value: roughly(memory.total) }] : []),
    ...(modules.length > 0 ? [{ name: 'dimms', value: String(modules.length) }] : []),
  ];
}
