/**
 * A trial and its deadline. Within a boot the deadline is one of the time since boot, which nobody sets: a clock that chrony or
 * a person sets in the middle of a trial must neither end it nor make it last a year. Across boots there is only the wall
 * clock, and what it says is bounded by the length that the trial was given.
 */

import { randomBytes } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import { BOOT_ID_PATH } from '../host/boot-id.ts';
import { line, type Machine } from '../host/machine.ts';
import { uptimeMs } from '../host/uptime.ts';

/** A trial: it reverts at its deadline unless it is confirmed. */
export interface Trial {
  /** Names the trial; a confirmation must say it. */
  readonly id: string;
  /** ms since the epoch, for people and for the time after a reboot. */
  readonly deadlineMs: number;
  /** ms since the boot below; undefined where the machine does not tell its time since boot. */
  readonly deadlineUptimeMs: number | undefined;
  readonly bootId: string;
  /** How long it was given, in ms. */
  readonly lengthMs: number;
  /** The connection that the apply came over: a confirmation must come over another one. */
  readonly connection: string;
}

/** What a trial is made of before it begins. */
export type TrialWanted = Pick<Trial, 'id' | 'lengthMs' | 'connection'>;

const DEFAULT_S = 120;
const [LEAST_S, MOST_S] = [10, 86_400];

/** A trial to be, with a name of its own, of so many seconds; 0 for the default. Throws BAD_ARGUMENT. */
export function trialWanted(seconds: number, connection: string): TrialWanted {
  const wanted = seconds === 0 ? DEFAULT_S : seconds;
  if (!(wanted >= LEAST_S && wanted <= MOST_S))
    throw new Failure('BAD_ARGUMENT', `a trial cannot last ${seconds} s`, {
      hint: `write a time from ${LEAST_S}s to ${MOST_S}s`,
    });
  return { id: randomBytes(4).toString('hex'), lengthMs: wanted * 1_000, connection };
}

/** The trial, if it began now. */
export function beginTrial(wanted: TrialWanted, machine: Machine): Trial {
  const uptime = uptimeMs(machine);
  return {
    ...wanted,
    deadlineMs: machine.now() + wanted.lengthMs,
    deadlineUptimeMs: uptime === undefined ? undefined : uptime + wanted.lengthMs,
    bootId: line(machine, BOOT_ID_PATH) ?? '',
  };
}

/** Milliseconds until a trial's deadline; 0 when it is over. */
export function leftOf(trial: Trial, machine: Machine): number {
  const { deadlineMs, deadlineUptimeMs, bootId, lengthMs } = trial;
  const uptime = uptimeMs(machine);
  const sameBoot = bootId !== '' && bootId === line(machine, BOOT_ID_PATH);
  const left =
    sameBoot && uptime !== undefined && deadlineUptimeMs !== undefined
      ? deadlineUptimeMs - uptime
      : deadlineMs - machine.now();
  return Math.min(Math.max(0, left), lengthMs);
}

/** The trial with its deadline in terms of this boot, so that from now on the wall clock has no say; the same where it is already. */
export function inThisBoot(trial: Trial, machine: Machine): Trial {
  const bootId = line(machine, BOOT_ID_PATH) ?? '';
  const uptime = uptimeMs(machine);
  if (bootId === '' || bootId === trial.bootId || uptime === undefined) return trial;
  return { ...trial, bootId, deadlineUptimeMs: uptime + leftOf(trial, machine) };
}
