/** Section "health": what must hold after a change for it to be a good one. Waited for, since services take a while to come up. */

import { parseAddress } from '../../proto/address.ts';
import { type Document, parseDocument } from '../../proto/config/document.ts';
import { Failure } from '../../proto/failure.ts';
import { sleep } from '../../proto/sleep.ts';
import { LIVE_REACH } from '../host/reach.ts';
import type { ConfigHost } from './resource.ts';
import { systemctl } from './systemd.ts';

type Check = NonNullable<Document['health']>[string];

const DEFAULT_TIMEOUT_S = 30;
/** Between two tries, and how long one may take. */
const [AGAIN_MS, TRY_MS] = [500, 5_000];
/** Checks that failed and are told; the first ones are what a person looks at. */
const MOST_TOLD = 3;

/** Waits until all checks of a document hold, side by side. Throws HOST_CHANGE_FAILED with those that do not in time, and why. */
export async function checkHealth(text: string, host: ConfigHost, signal: AbortSignal): Promise<void> {
  const checks = Object.entries(parseDocument(text).document.health ?? {});
  const results = await Promise.all(
    checks.map(async ([name, check]) => [name, await hold(check, host, signal)] as const),
  );
  signal.throwIfAborted();
  const failed = results.filter(([, why]) => why !== undefined);
  if (failed.length === 0) return;
  const told = failed.slice(0, MOST_TOLD).map(([name, why]) => `${name}: ${why}`);
  const more = failed.length > MOST_TOLD ? ` and ${failed.length - MOST_TOLD} more` : '';
  throw new Failure('HOST_CHANGE_FAILED', `health checks do not hold: ${told.join('; ')}${more}`, {
    hint: 'nodectl logs shows what the service says',
  });
}

/** Undefined once a check holds; else why it did not within its time. */
async function hold(
  { timeoutSeconds = DEFAULT_TIMEOUT_S, ...check }: Check,
  host: ConfigHost,
  signal: AbortSignal,
): Promise<string | undefined> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1_000)]);
  for (;;) {
    let why: string;
    try {
      const found = await once(check, host, AbortSignal.any([until, AbortSignal.timeout(TRY_MS)]));
      if (found === undefined) return undefined;
      why = found;
    } catch (error) {
      why = (error as Error).name === 'AbortError' ? 'no answer' : (error as Error).message;
    }
    if (!until.aborted) await sleep(AGAIN_MS, until);
    if (until.aborted) return `${why}, after ${timeoutSeconds} s`;
  }
}

/** One try: undefined where it holds, else what was found. @throws Error */
async function once(
  { unit, tcp, http }: Omit<Check, 'timeoutSeconds'>,
  host: ConfigHost,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { reach = LIVE_REACH } = host;
  if (unit !== undefined) {
    const { stdout } = await systemctl(host, ['show', '--property=ActiveState', '--', unit], signal, TRY_MS);
    const state = /^ActiveState=(.*)$/m.exec(stdout)?.[1] || 'unknown';
    return state === 'active' ? undefined : `${unit} is ${state}`;
  }
  if (tcp !== undefined) {
    const address = parseAddress(tcp);
    if (!address) return `${tcp} is no address`;
    await reach.tcp(address.host, address.port, signal);
    return undefined;
  }
  const status = await reach.http(http ?? '', signal);
  return status < 400 ? undefined : `${http} answers ${status}`;
}
