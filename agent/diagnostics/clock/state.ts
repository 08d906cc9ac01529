/** The state of the clock in the same words, whichever program sets it. */

import type { Leap } from '../../chrony-parser/mod.ts';
import { errorBound } from '../../chrony-parser/mod.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { type ChronyReports, chrony } from './chrony.ts';
import { type TimeDaemon, timeDaemons } from './daemons.ts';
import { type KernelClock, kernelClock } from './kernel-clock.ts';
import { type Ntpd, ntpd } from './ntpd.ts';
import { toldSynchronised } from './timedatectl.ts';
import { type Timesyncd, timesyncd } from './timesyncd.ts';

/**
 * Whether the clock is set: by a source; "local" where a daemon serves its own clock as if it were right; or not.
 * "unknown" where nothing that could tell was read.
 */
export type Sync = 'synchronised' | 'local' | 'unsynchronised' | 'unknown';

/** The state of the clock. Times are seconds, frequencies ppm; what its program does not tell is undefined. */
export interface ClockState {
  /** The program that tells: "chrony", "ntpd", "timesyncd"; "kernel" where only the kernel does. */
  readonly daemon: string;
  /** Its version, or empty. */
  readonly version: string;
  readonly sync: Sync;
  /** Name or address of the source; empty where there is none. */
  readonly source: string;
  readonly stratum: number | undefined;
  readonly leap: Leap;
  /** How far the clock is ahead. */
  readonly offset: number | undefined;
  /** How fast it would gain if it were left alone. */
  readonly frequency: number | undefined;
  /** Bound of the frequency's error. */
  readonly skew: number | undefined;
  readonly rootDelay: number | undefined;
  readonly rootDispersion: number | undefined;
  /** How wrong the clock can be at most, if its sources are right. */
  readonly errorBound: number | undefined;
  /** Since the last measurement that was used; undefined on a captured machine. */
  readonly updatedAgo: number | undefined;
}

const NOTHING: Omit<ClockState, 'daemon' | 'sync'> = {
  version: '',
  source: '',
  stratum: undefined,
  leap: 'unknown',
  offset: undefined,
  frequency: undefined,
  skew: undefined,
  rootDelay: undefined,
  rootDispersion: undefined,
  errorBound: undefined,
  updatedAgo: undefined,
};

/** chrony's word. @param now seconds since the epoch, or undefined where ages cannot be told */
export function ofChrony(
  { version, tracking }: Pick<ChronyReports, 'version' | 'tracking'>,
  now: number | undefined,
): ClockState {
  const { state, referenceName, referenceId, referenceTime } = tracking;
  const known = state !== 'unsynchronised';
  return {
    ...NOTHING,
    ...{ daemon: 'chrony', version, sync: state, leap: tracking.leap },
    source: state === 'synchronised' ? referenceName || referenceId : '',
    stratum: known ? tracking.stratum : undefined,
    // A clock that follows itself is never ahead of itself.
    offset: state === 'synchronised' ? tracking.offset : undefined,
    ...{ frequency: tracking.frequency, skew: known ? tracking.skew : undefined },
    rootDelay: state === 'synchronised' ? tracking.rootDelay : undefined,
    rootDispersion: state === 'synchronised' ? tracking.rootDispersion : undefined,
    errorBound: errorBound(tracking),
    updatedAgo: now === undefined || referenceTime === undefined ? undefined : now - referenceTime,
  };
}

/** ntpd's word. */
export function ofNtpd(state: Ntpd): ClockState {
  const { version, synchronised, leap, offset, frequency, rootDelay, rootDispersion, reference } = state;
  const best = state.peers?.find((peer) => peer.state === 'best');
  // The driver of an undisciplined local clock is its own source.
  const local =
    synchronised === true && (/^127\.127\.1\.\d+$/.test(best?.name ?? reference) || /LOCL?/.test(reference));
  return {
    ...NOTHING,
    ...{ daemon: 'ntpd', version, leap },
    sync:
      synchronised === undefined
        ? 'unknown'
        : synchronised
          ? local
            ? 'local'
            : 'synchronised'
          : 'unsynchronised',
    source: synchronised && !local ? (best?.name ?? reference) : '',
    stratum: synchronised ? state.stratum : undefined,
    offset: local ? undefined : offset,
    ...{ frequency, rootDelay, rootDispersion },
    errorBound:
      synchronised && !local && rootDelay !== undefined && rootDispersion !== undefined
        ? Math.abs(offset ?? 0) + rootDispersion + rootDelay / 2
        : undefined,
    updatedAgo: best?.ago,
  };
}

/** systemd-timesyncd's word. @param set whether the kernel holds the clock synchronised, where that is known */
export function ofTimesyncd(state: Timesyncd, set: boolean | undefined): ClockState {
  const { packets, leap, offset, rootDistance } = state;
  const synchronised = packets > 0 && leap !== 'unsynchronised' && set !== false;
  return {
    ...NOTHING,
    ...{ daemon: 'timesyncd', leap, frequency: state.frequency },
    sync: synchronised ? 'synchronised' : 'unsynchronised',
    source: packets > 0 ? state.server : '',
    stratum: state.stratum,
    offset: synchronised ? offset : undefined,
    errorBound: synchronised && rootDistance !== undefined ? Math.abs(offset ?? 0) + rootDistance : undefined,
  };
}

/** The kernel's word, where no program is asked: it knows whether it was set, and a bound. */
function ofKernel({ synchronised, maxError, flags, frequency }: KernelClock): ClockState {
  return {
    ...NOTHING,
    daemon: 'kernel',
    sync: synchronised ? 'synchronised' : 'unsynchronised',
    leap: flags.includes('INS')
      ? 'insert'
      : flags.includes('DEL')
        ? 'delete'
        : synchronised
          ? 'normal'
          : 'unknown',
    frequency: 0 - frequency,
    errorBound: synchronised ? maxError : undefined,
  };
}

/** The state of the clock: by the program that sets it, or by the kernel alone. */
export const clockState = fact({
  id: 'clock.state',
  reads: [
    ...chrony.reads,
    ...ntpd.reads,
    ...timesyncd.reads,
    ...kernelClock.reads,
    ...toldSynchronised.reads,
  ],
  limitMs: 8_000,
  read: async (reading): Promise<ClockState> => {
    const { machine } = reading;
    const quiet = <T>(value: Promise<T>) => value.catch((): undefined => undefined);
    const [tracked, served, synced, kernel, daemons] = await Promise.all([
      quiet(reading.get(chrony)),
      quiet(reading.get(ntpd)),
      quiet(reading.get(timesyncd)),
      quiet(reading.get(kernelClock)),
      quiet(reading.get(timeDaemons)),
    ]);
    const now = machine.live ? machine.now() / 1_000 : undefined;
    const told = await quiet(reading.get(toldSynchronised));
    const states = [
      ...(tracked ? [ofChrony(tracked, now)] : []),
      ...(served ? [ofNtpd(served)] : []),
      ...(synced ? [ofTimesyncd(synced, kernel?.synchronised ?? told)] : []),
    ];
    // Where two programs run, the one that has a source is the one that sets the clock.
    const best = states.find(({ sync }) => sync === 'synchronised') ?? states[0];
    if (best) return best;
    if (kernel) return ofKernel(kernel);
    if (told !== undefined)
      return { ...NOTHING, daemon: 'kernel', sync: told ? 'synchronised' : 'unsynchronised' };
    // What was saved and could not be understood is named: "timed out" is what ntpq says of a daemon that does not run.
    const odd = await Promise.allSettled([reading.get(chrony), reading.get(ntpd), reading.get(timesyncd)]);
    const nonsense = odd.flatMap((one) =>
      one.status === 'rejected' && one.reason instanceof Unavailable && one.reason.kind === 'nonsense'
        ? [one.reason.message]
        : [],
    );
    throw new Unavailable(
      machine.live ? 'failed' : 'not-captured',
      [why(daemons), ...nonsense].join('; ').slice(0, 300),
    );
  },
});

function why(daemons: readonly TimeDaemon[] | undefined): string {
  if (!daemons) return 'nothing tells whether the clock is set';
  const names = daemons.filter(({ setsClock }) => setsClock).map(({ name }) => name);
  return names.length === 0
    ? 'no program that sets the clock runs, and the kernel cannot be asked'
    : `${names.join(' and ')} could not be asked`;
}
