/**
 * A channel to a node. Several addresses are tried as RFC 8305 ("Happy Eyeballs") has it: the next one starts when the one
 * before has failed or has taken a while, the first that answers as this node wins, and the others are given up.
 */

import type { Channel, ChannelTarget } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';
import type { Context } from '../context/contexts.ts';
import type { OpenChannel } from '../session.ts';
import type { Target } from './target.ts';

/** RFC 8305 recommends 250 ms before the next address is tried beside the one before. */
const NEXT_AFTER_MS = 250;

/**
 * Reasons for which another address of the same node may do better, those that say most about the node last. Where all
 * addresses fail, the failure that says most is shown.
 */
const TRY_NEXT: readonly Reason[] = [
  'DNS_FAILED',
  'CONNECT_TIMEOUT',
  'HOST_UNREACHABLE',
  'CONNECTION_REFUSED',
  'CONNECTION_LOST',
  'NOT_A_NODECTL_AGENT',
  'WRONG_NODE',
  'WRONG_CA',
  'WRONG_ISSUER',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_EXPIRED',
];

/** What a connection may be given beside the context. */
export interface ConnectOptions {
  /** How long connecting to one address may take, in milliseconds. */
  timeoutMs?: number | undefined;
  /** As in ChannelTarget. */
  calls?: ChannelTarget['calls'];
}

const dialled = new WeakMap<object, string>();

/** The address that a channel of connectNode goes to, or empty for another channel. */
export function addressOf(channel: Pick<Channel, 'unary'>): string {
  return dialled.get(channel) ?? '';
}

/** Opens a channel to a node. Throws the most telling failure of its addresses where none answers as that node. */
export async function connectNode(
  target: Target,
  context: Pick<Context, 'trust' | 'credential'>,
  open: OpenChannel,
  signal: AbortSignal,
  options: ConnectOptions = {},
): Promise<Channel> {
  const { trust, credential } = context;
  const wanted = target.addresses.map(
    (address): ChannelTarget => ({
      address,
      expect: { kind: 'node', name: target.name },
      trust,
      credential,
      ...(options.timeoutMs === undefined ? {} : { connectTimeoutMs: options.timeoutMs }),
      ...(options.calls ? { calls: options.calls } : {}),
    }),
  );
  const [only, ...others] = wanted;
  if (!only) throw new Failure('BAD_CONFIG', `the node ${target.name} has no address`);
  return others.length === 0 ? dial(only, open, signal) : race(wanted, open, signal);
}

async function dial(target: ChannelTarget, open: OpenChannel, signal: AbortSignal): Promise<Channel> {
  const channel = await open(target, signal);
  dialled.set(channel, target.address);
  return channel;
}

async function race(
  targets: readonly ChannelTarget[],
  open: OpenChannel,
  signal: AbortSignal,
): Promise<Channel> {
  const failures: Failure[] = [];
  const attempts = new Set<AbortController>();
  const { promise, resolve, reject } = Promise.withResolvers<Channel>();
  let next = 0;
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    clearTimeout(timer);
    const target = targets[next++];
    if (!target || over) return;
    const attempt = new AbortController();
    attempts.add(attempt);
    dial(target, open, AbortSignal.any([signal, attempt.signal])).then(
      (channel) => {
        // Two may answer at the same moment: the later one is not needed.
        if (over) return channel.close();
        over = true;
        attempts.delete(attempt);
        resolve(channel);
      },
      (error: unknown) => {
        const failure = Failure.from(error);
        failures.push(failure);
        if (!TRY_NEXT.includes(failure.reason)) reject(failure);
        else if (failures.length === targets.length) reject(mostTelling(failures));
        else start();
      },
    );
    if (next < targets.length) timer = setTimeout(start, NEXT_AFTER_MS);
  };
  start();
  try {
    return await promise;
  } finally {
    over = true;
    clearTimeout(timer);
    for (const attempt of attempts) attempt.abort();
  }
}

/** The failure that says most, with how many addresses were tried. */
function mostTelling(failures: readonly Failure[]): Failure {
  const [best, ...others] = [...failures].sort(
    (a, b) => TRY_NEXT.indexOf(b.reason) - TRY_NEXT.indexOf(a.reason),
  );
  if (!best) return new Failure('INTERNAL', 'no address was tried');
  const { reason, message, hint, facts, cause } = best;
  const also = others.map((one) => one.message).join('; ');
  return new Failure(reason, `${message}; also tried: ${also}`, { hint, facts, cause });
}
