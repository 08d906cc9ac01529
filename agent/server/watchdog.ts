/**
 * The watchdog: as often as systemd wants it, the agent calls itself over the network like anybody else, and only an answer
 * feeds the watchdog. A process that runs but serves nobody is restarted.
 */

import type { Pair } from '../../pki/pair.ts';
import type { Notify } from '../host/systemd-notify.ts';
import { callHealth } from './health-call.ts';

/** What the check needs. */
export interface WatchdogOptions {
  /** How long systemd waits at most, in milliseconds. */
  readonly intervalMs: number;
  /** Where the agent listens, "HOST:PORT". */
  readonly address: string;
  readonly node: string;
  readonly credential: () => { pair: Pair; trust: string };
  readonly notify: Notify;
  readonly warn: (fields: object, message: string) => void;
}

/** Starts feeding, and gives the function that ends it. */
export function startWatchdog(options: WatchdogOptions): () => void {
  const { intervalMs, notify, warn, address, node, credential } = options;
  // Twice in the time, as sd_watchdog_enabled(3) advises.
  const timer = setInterval(() => {
    callHealth({ address, node, credential, timeoutMs: intervalMs / 4 }).then(
      () => notify('WATCHDOG=1'),
      (err: unknown) => warn({ err }, 'the agent did not answer itself; the watchdog was not fed'),
    );
  }, intervalMs / 2);
  timer.unref();
  return () => clearInterval(timer);
}
