/**
 * Bringing a release of the agent to one node: send what it lacks, have it taken into use, and confirm it over a connection of its
 * own to the new agent. Whatever happens to this program, the node ends with an agent that serves.
 */

import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import { manifestSha256 } from '../../proto/image/manifest.ts';
import { sleep } from '../../proto/sleep.ts';
import { notReached } from '../fleet/not-reached.ts';
import type { OpenRelease } from './artifact.ts';

/** How it is installed. */
export interface InstallOptions {
  readonly allowDowngrade: boolean;
  /** Leaves the release on trial. */
  readonly confirm: boolean;
  readonly message: string;
}

/** What came of a node. */
export interface Installed {
  /** The version that ran before. */
  readonly from: string;
  readonly to: string;
  readonly release: string;
  readonly state: 'unchanged' | 'confirmed' | 'on trial';
  readonly sentBytes: number;
}

/** A part in one message, as the contract has it. */
const PART = 256 << 10;
/** The node restarts its agent in a second or two, has at most ten to drain, and what is left of a trial's two minutes is for the call. */
const COME_BACK_MS = 90_000;
const PAUSE_MS = 250;
const CALL_MS = 20_000;
/** The node hashes the whole release before it answers. */
const USE_MS = 120_000;
/** How often a transfer goes on after its connection broke. */
const ATTEMPTS = 5;

/** Ways to reach a node: the channel at hand, and new ones. */
export interface Reach {
  readonly channel: Channel;
  readonly connect: () => Promise<Channel>;
}

/**
 * Installs a release on a node.
 * @throws Failure of the node: RELEASE_…, IMAGE_SIGNATURE…; RELEASE_REVERTED where the new agent did not hold
 */
export async function installRelease(
  { channel, connect }: Reach,
  release: OpenRelease,
  { allowDowngrade, confirm, message }: InstallOptions,
  signal: AbortSignal,
): Promise<Installed> {
  const offer = offered(release, allowDowngrade);
  const name = manifestSha256(release.manifestBytes);
  const plan = await channel.unary(
    'nodectl.v1.AgentReleaseService/PlanAgentRelease',
    { release: offer },
    { timeoutMs: CALL_MS, signal },
  );
  const versions = { from: plan.runningVersion, to: release.manifest.version, release: name };
  if (plan.runs) {
    const now = await state(channel, signal);
    if (now.onTrial && confirm) await confirmed(channel, name, signal);
    return {
      ...versions,
      sentBytes: 0,
      state: now.onTrial && !confirm ? 'on trial' : now.onTrial ? 'confirmed' : 'unchanged',
    };
  }
  let sentBytes = 0;
  let at = channel;
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await send(at, release, allowDowngrade, signal, (bytes) => {
          sentBytes += bytes;
        });
        break;
      } catch (error) {
        if (attempt >= ATTEMPTS || !isOnTheWay(error)) throw error;
        await sleep(PAUSE_MS * 2 ** attempt, signal);
        const fresh = await connect();
        if (at !== channel) at.close();
        at = fresh;
      }
    }
    const use = { release: name, allowDowngrade, message };
    const limits = { timeoutMs: USE_MS, signal };
    // An answer that is lost says nothing: what the node then says counts.
    await at.unary('nodectl.v1.AgentReleaseService/UseAgentRelease', use, limits).catch((error: unknown) => {
      if (!isOnTheWay(error)) throw error;
    });
  } finally {
    if (at !== channel) at.close();
  }
  const after = await comeBack(connect, name, confirm, signal);
  return { ...versions, sentBytes, state: after };
}

/** A release as requests offer it. */
export function offered({ manifestBytes, signatures }: OpenRelease, allowDowngrade: boolean) {
  return {
    ...{ manifest: manifestBytes, allowDowngrade },
    signatures: signatures.map(({ keyId, signature }) => ({ keyId, signature: Buffer.from(signature) })),
  };
}

/** Sends what the node lacks, from where it says. */
async function send(
  channel: Channel,
  release: OpenRelease,
  allowDowngrade: boolean,
  signal: AbortSignal,
  sent: (bytes: number) => void,
): Promise<void> {
  const wanted = Promise.withResolvers<{ digest: string; size: number; offset: number }[]>();
  // Where the call fails nobody asks for it any more.
  wanted.promise.catch(() => undefined);
  const requests = async function* () {
    yield { offer: offered(release, allowDowngrade) };
    for (const { digest, size, offset } of await wanted.promise) {
      const blob = await release.blob(digest);
      for (let at = offset; at < size; at += PART) {
        const data = await blob.readRange(at, Math.min(PART, size - at));
        yield { bytes: { digest, offset: at, data } };
        sent(data.length);
      }
    }
  };
  let received = false;
  try {
    for await (const answer of channel.bidiStream(
      'nodectl.v1.AgentReleaseService/SendAgentRelease',
      requests(),
      {
        signal,
      },
    )) {
      if (answer.wanted) wanted.resolve(answer.wanted.blobs);
      received ||= answer.received != null;
    }
  } catch (error) {
    wanted.reject(error);
    throw error;
  }
  if (!received) throw new Failure('CONNECTION_LOST', 'the node did not say that it has the release');
}

/** Waits for the new agent, and confirms it. */
async function comeBack(
  connect: () => Promise<Channel>,
  name: string,
  confirm: boolean,
  signal: AbortSignal,
): Promise<'confirmed' | 'on trial'> {
  const until = performance.now() + COME_BACK_MS;
  let last: unknown;
  while (performance.now() < until && !signal.aborted) {
    let channel: Channel | undefined;
    try {
      channel = await connect();
      const now = await state(channel, signal);
      if (now.release === name) {
        if (!confirm) return 'on trial';
        await confirmed(channel, name, signal);
        return 'confirmed';
      }
      if (now.leftRelease === name && now.nextRelease !== name)
        throw new Failure('RELEASE_REVERTED', `the node went back to the agent before: ${now.leftReason}`, {
          hint: 'the journal of nodectl-agent.service on the node has what the new agent said',
        });
      last = new Failure('RELEASE_REVERTED', 'the agent before still serves');
    } catch (error) {
      if (!isOnTheWay(error)) throw error;
      last = error;
    } finally {
      channel?.close();
    }
    await sleep(PAUSE_MS, signal);
  }
  if (signal.aborted)
    throw new Failure('CANCELLED', 'interrupted; the node goes back unless the release is confirmed');
  throw new Failure(
    'RELEASE_REVERTED',
    `the new agent was not there within ${COME_BACK_MS / 1_000} s (${Failure.from(last).message}); the node goes back to the one before`,
    { hint: 'nodectl agent status shows in some minutes what runs and why' },
  );
}

function state(channel: Channel, signal: AbortSignal) {
  return channel.unary('nodectl.v1.AgentReleaseService/GetAgentRelease', {}, { timeoutMs: CALL_MS, signal });
}

async function confirmed(channel: Channel, release: string, signal: AbortSignal): Promise<void> {
  const limits = { timeoutMs: CALL_MS, signal };
  await channel.unary('nodectl.v1.AgentReleaseService/ConfirmAgentRelease', { release }, limits);
}

/** While the agent is replaced its node may refuse, and its old process may answer once more. */
function isOnTheWay(error: unknown): boolean {
  return error instanceof Failure && notReached(error);
}
