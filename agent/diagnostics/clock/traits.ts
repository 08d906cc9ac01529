/** By what machines may differ in the area "clock". */

import type { Reading } from '../fact.ts';
import type { Trait } from '../report.ts';

/** Traits of this area; none where they cannot be read. */
export async function clockTraits(_reading: Reading): Promise<Trait[]> {
  return [];
}
