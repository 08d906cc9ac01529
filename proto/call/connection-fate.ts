/** What became of a connection, and so what a call says that ended with it and without a status. */

import { Failure } from '../failure.ts';
import type { Reason } from '../reasons.ts';
import type { ChannelTarget } from './channel.ts';
import { connectFailure, refusedAfterHandshake } from './connect-failure.ts';
import { acceptsCaller } from './probe.ts';

/** How the system says that an open connection has ended. */
const BROKEN: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What a connection that ended unheard may be put down to wrongly. */
const IN_DOUBT: readonly Reason[] = ['CERTIFICATE_REFUSED', 'NO_CERTIFICATE'];

/** How a call ended without a status. */
interface Loss {
  /** Whether the connection is closed, or being closed. */
  over: boolean;
  /** Whether the peer has refused the call's stream (REFUSED_STREAM of RFC 9113, section 7). */
  refused: boolean;
  cause?: unknown;
}

/** What is known of one connection to a target. */
export class ConnectionFate {
  readonly #target: ChannelTarget;
  /** The peer has spoken on this connection, so that it has accepted the caller. */
  #answered = false;
  /** What is said of a peer that ended the connection unheard, until it is known whether it refuses the caller. */
  #unheard: Failure | undefined;
  #broken: Failure | undefined;

  constructor(target: ChannelTarget) {
    this.#target = target;
  }

  /** The peer has said something. */
  hear(): void {
    this.#answered = true;
  }

  /** The connection has met an error. The first one counts. */
  fail(error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !BROKEN.has(code)) this.#broken ??= connectFailure(error, this.#target);
    else this.#broken ??= this.#answered ? broken(this.#target, error) : this.#endedUnheard();
  }

  /** The peer does not answer pings any more. */
  silent(): void {
    this.#broken ??= new Failure('CONNECTION_LOST', `${this.#target.address} does not answer any more`, {
      hint: 'the node or the network between may be down',
    });
  }

  /** The call ended without a status: the connection's failure, if that broke, or what the peer did to the call. */
  lost(method: string, { over, refused, cause }: Loss): Failure {
    if (this.#broken) return this.#broken;
    const { address } = this.#target;
    if (refused) {
      // Calls that meet the peer's good-bye are refused in the same way (RFC 9113, section 6.8).
      if (over)
        return new Failure('DRAINING', `${address} is stopping and takes no new calls`, {
          hint: 'the command can be repeated once it is there again',
        });
      return new Failure('TOO_MANY_STREAMS', `${address} has too many open calls`, {
        hint: 'try again later, or with fewer calls at once',
      });
    }
    if (!this.#answered && over) return this.#endedUnheard();
    return new Failure('CONNECTION_LOST', `the connection to ${address} ended in the middle of ${method}`, {
      hint: 'did the agent or the node restart? The command can be repeated',
      cause,
    });
  }

  /**
   * A connection that ends unheard is how a server refuses a certificate, and how an agent looks that is being stopped or
   * killed just then, or one that is too busy for a handshake. Where nothing is wrong with our certificate itself, or none is
   * shown because a token stands in for it, another connection tells which it was.
   */
  async certain(failure: Failure, signal: AbortSignal | undefined): Promise<Failure> {
    if (failure !== this.#unheard || !IN_DOUBT.includes(failure.reason)) return failure;
    const accepts = await acceptsCaller(this.#target, signal).catch((error) => Failure.from(error));
    if (accepts instanceof Failure) return accepts;
    return accepts ? broken(this.#target, new Error('it ended before anything was answered')) : failure;
  }

  #endedUnheard(): Failure {
    this.#unheard ??= refusedAfterHandshake(this.#target);
    return this.#unheard;
  }
}

function broken({ address }: ChannelTarget, cause: Error): Failure {
  return new Failure('CONNECTION_LOST', `the connection to ${address} broke: ${cause.message}`, {
    hint: 'did the agent or the node restart? The command can be repeated',
    cause,
  });
}
