/**
 * Telling systemd how the agent is (sd_notify(3)). The socket is a unix datagram socket, which Node cannot open, so
 * `systemd-notify` is run for each message; the unit needs NotifyAccess=all, since the message comes from a child. A message
 * that cannot be sent is told once and stops nothing.
 */

import { execFile } from 'node:child_process';

/** Sends one message of variable assignments, for example "READY=1". */
export type Notify = (...assignments: string[]) => Promise<void>;

type Environment = Readonly<Record<string, string | undefined>>;

const LIMIT_MS = 5_000;

/** A sender for the socket that the environment names, or one that does nothing where there is none. */
export function notifier(
  env: Environment,
  warn: (message: string) => void,
  program = 'systemd-notify',
): Notify {
  const socket = env.NOTIFY_SOCKET;
  if (!socket) return async () => undefined;
  let warned = false;
  return async (...assignments) => {
    try {
      await send(program, assignments, { NOTIFY_SOCKET: socket, PATH: env.PATH ?? '/usr/bin:/bin' });
    } catch (error) {
      if (!warned) warn(`systemd could not be told how the agent is: ${(error as Error).message}`);
      warned = true;
    }
  };
}

function send(program: string, assignments: string[], env: Record<string, string>): Promise<void> {
  // Ours is the process that the unit is about, not the child.
  const args = [`--pid=${process.pid}`, ...assignments];
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, timeout: LIMIT_MS, maxBuffer: 16_384 }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** How often the watchdog wants to hear from this process, in milliseconds, or undefined where there is none. */
export function watchdogInterval(env: Environment, pid: number): number | undefined {
  const usec = Number(env.WATCHDOG_USEC);
  const ours = env.WATCHDOG_PID === undefined || Number(env.WATCHDOG_PID) === pid;
  return ours && usec > 0 ? usec / 1_000 : undefined;
}
