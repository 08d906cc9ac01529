/** Everything about a clock at once, for those who look at the facts themselves and not at findings. */

import type { Machine } from '../../host/machine.ts';
import type { Fact, Problem } from '../fact.ts';
import { FactStore } from '../fact-store.ts';
import { chronyConfiguration } from './chrony-conf.ts';
import { clocksource } from './clocksource.ts';
import { timeDaemons } from './daemons.ts';
import { kernelClock } from './kernel-clock.ts';
import { ptp } from './ptp.ts';
import { rtc } from './rtc.ts';
import { timeSources } from './sources.ts';
import { clockState } from './state.ts';
import { timeZone } from './timedatectl.ts';

/** All facts of a clock; undefined where one could not be read or is absent. */
export type ClockOverview = Awaited<ReturnType<typeof readOverview>>;

/** Reads all facts of the clock. What cannot be read is among the problems. */
export async function readOverview(machine: Machine, signal: AbortSignal) {
  const store = new FactStore(machine, signal);
  const maybe = <T>(fact: Fact<T>): Promise<T | undefined> => store.get(fact).catch(() => undefined);
  const [state, daemons, sources, kernel] = await Promise.all([
    maybe(clockState),
    maybe(timeDaemons),
    maybe(timeSources),
    maybe(kernelClock),
  ]);
  const [counter, hardware, precise, configuration, zone] = await Promise.all([
    maybe(clocksource),
    maybe(rtc),
    maybe(ptp),
    maybe(chronyConfiguration),
    maybe(timeZone),
  ]);
  return {
    ...{ state, daemons, sources, kernel, counter, hardware, precise, configuration, zone },
    // A machine without chrony has no configuration of it: that is told by its daemons.
    problems: distinct(store.problems),
  };
}

/** A fact that others are made of fails once, and is told once. */
function distinct(problems: readonly Problem[]): Problem[] {
  const told = new Map(problems.map((one) => [`${one.kind}\0${one.why}`, one]));
  return [...told.values()];
}
