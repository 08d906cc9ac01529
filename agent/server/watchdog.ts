/**
 * The watchdog: as often as systemd wants it, the agent calls itself over the network like anybody else, and only an answer
 * feeds the watchdog. A process that runs but serves nobody is restarted.
 */

import type { Pair } from '../../pki/pair.ts';
import type { Notify } from '../host/systemd-notify.ts';

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
  const { intervalMs, notify, warn } = options;
  // Twice in the time, as sd_watchdog_enabled(3) advises.
  const timer = setInterval(() => {
    checkHealth(options).then(
      () => notify('WATCHDOG=1'),
      (err: unknown) => warn({ err }, 'the agent did not answer itself; the watchdog was not fed'),
    );
  }, intervalMs / 2);
  timer.unref();
  return () => clearInterval(timer);
}

/** Calls the agent's own health service. Throws a Failure where it does not answer. */
async function checkHealth(
  options: Pick<WatchdogOptions, 'address' | 'node' | 'credential' | 'intervalMs'>,
): Promise<void> {
  const { openChannel } = await import('../../proto/call/open.ts');
  const { pair, trust } = options.credential();
  const timeoutMs = options.intervalMs / 4;
  const channel = await openChannel({
    address: reachable(options.address),
    expect: { kind: 'node', name: options.node },
    ...{ trust, credential: { chain: pair.chain, key: pair.key }, connectTimeoutMs: timeoutMs },
  });
  try {
    await channel.unary('grpc.health.v1.Health/Check', {}, { timeoutMs });
  } finally {
    channel.close();
  }
}

/** An address to dial for one to listen on: "any address" is not one that can be dialled everywhere. */
export function reachable(address: string): string {
  return address
    .replace(/^\[::\]:/, '[::1]:')
    .replace(/^0\.0\.0\.0:/, '127.0.0.1:')
    .replace(/^fd \d+, port /, 'localhost:');
}
