/** By what machines may differ in the area "clock". */

import type { Reading } from '../fact.ts';
import type { Trait } from '../report.ts';
import { clocksource } from './clocksource.ts';
import { clockState } from './state.ts';
import { timeZone } from './timedatectl.ts';

/** Traits of this area; none where they cannot be read. */
export async function clockTraits(reading: Reading): Promise<Trait[]> {
  const quiet = <T>(value: Promise<T>) => value.catch((): undefined => undefined);
  const [state, source, zone] = await Promise.all([
    quiet(reading.get(clockState)),
    quiet(reading.get(clocksource)),
    quiet(reading.get(timeZone)),
  ]);
  const traits = {
    'clock.daemon': state ? `${state.daemon} ${state.version}`.trim() : '',
    'clock.source': state?.source ?? '',
    'clock.clocksource': source?.current ?? '',
    'clock.zone': zone ?? '',
  };
  return Object.entries(traits).flatMap(([name, value]) => (value === '' ? [] : [{ name, value }]));
}
