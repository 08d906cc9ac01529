/** Whether a peer accepts a caller's certificate, found out on a connection on which the caller says nothing. */

import { Failure } from '../failure.ts';
import type { ChannelTarget } from './channel.ts';
import { connectTls } from './connect.ts';

/** An agent sends its first bytes within milliseconds of the handshake. */
const FIRST_BYTES_MS = 2_000;

/**
 * Connects anew and waits for what the peer does first: a server that accepts the caller sends its settings (RFC 9113,
 * section 3.4), one that does not hangs up. Silence counts as acceptance. Nothing is sent, because data that wait unread make
 * a peer's system reset the connection, and a reset may overtake what was said before it.
 * Throws the Failure of a connection that can no longer be made, and CANCELLED by the signal.
 */
export async function acceptsCaller(target: ChannelTarget, signal?: AbortSignal): Promise<boolean> {
  const socket = await connectTls(target, signal);
  const stop = () => socket.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    const accepts = await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
      socket.on('error', () => resolve(false));
      socket.setTimeout(FIRST_BYTES_MS, () => resolve(true));
    });
    if (signal?.aborted) throw new Failure('CANCELLED', `asking ${target.address} again was cancelled`);
    return accepts;
  } finally {
    signal?.removeEventListener('abort', stop);
    socket.destroy();
  }
}
