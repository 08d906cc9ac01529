/** The way to a node, step by step, each with what was found. The steps are the same as a call takes; none is taken twice. */

import { connect, type LookupFunction } from 'node:net';
import { type Identity, identityOf } from '../../../pki/identity.ts';
import { renewalHint } from '../../../pki/renewal-hint.ts';
import { splitAddress } from '../../../proto/address.ts';
import { lookUp } from '../../../proto/call/look-up.ts';
import { Failure } from '../../../proto/failure.ts';
import type { Context } from '../../context/contexts.ts';
import { formatDuration } from '../../duration.ts';
import type { Target } from '../../fleet/target.ts';
import type { OpenChannel } from '../../session.ts';

/** How a step ended. */
export type StepStatus = 'ok' | 'warning' | 'failed';

/** One step. */
export interface Step {
  /** "certificate", "name", "tcp", "tls", "role", "clock", "agent". */
  step: string;
  status: StepStatus;
  detail: string;
  /** The address on the way to which it was taken, or empty. */
  address: string;
  /** Of a failed step. */
  failure?: Failure;
}

/** What a walk needs. */
export interface WalkOptions {
  target: Target;
  context: Pick<Context, 'trust' | 'credential'>;
  open: OpenChannel;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Certificates of nodectl are judged to the second, and logs of several nodes are merged by their clocks. */
const SKEW_WORTH_SAYING_MS = 1_000;
/** A credential is for a working day; this much before its end it is time for a new one. */
const ENDS_SOON_MS = 3_600_000;

/** The steps to a node, until one fails or the node has answered. */
export async function walk({ target, context, open, timeoutMs, signal }: WalkOptions): Promise<Step[]> {
  const steps: Step[] = [ownCertificate(context.credential.chain)];
  for (const address of target.addresses) {
    const { host, port } = splitAddress(address);
    const add = (step: string, status: StepStatus, detail: string, failure?: Failure) =>
      steps.push({ step, status, detail, address, ...(failure ? { failure } : {}) });
    const numeric = /^[\d.]+$|:/.test(host);
    let reached = false;
    try {
      if (!numeric) {
        const found = await within(timeoutMs, signal, (limit) => addressesOf(host, limit));
        add('name', 'ok', `${host} is ${found.join(', ')}`);
      }
      const started = performance.now();
      await within(timeoutMs, signal, (limit) => reach(host, port, limit));
      reached = true;
      add('tcp', 'ok', `connected in ${Math.round(performance.now() - started)} ms`);
    } catch {
      // The call that follows meets the same trouble and names it.
    }
    try {
      await call(address, add, { target, context, open, timeoutMs, signal });
      return steps;
    } catch (error) {
      const failure = Failure.from(error);
      // What takes a connection and then says nothing fails in the handshake.
      const step =
        reached && failure.reason === 'CONNECT_TIMEOUT' ? 'tls' : (STEP_OF[failure.reason] ?? 'tls');
      add(step, 'failed', failure.message, failure);
    }
  }
  return steps;
}

const STEP_OF: Readonly<Record<string, string>> = {
  DNS_FAILED: 'name',
  CONNECTION_REFUSED: 'tcp',
  CONNECT_TIMEOUT: 'tcp',
  HOST_UNREACHABLE: 'tcp',
  PERMISSION_DENIED: 'role',
  CERTIFICATE_DENIED: 'role',
  DEADLINE_EXCEEDED: 'agent',
  CONNECTION_LOST: 'agent',
  INTERNAL: 'agent',
};

async function call(
  address: string,
  add: (step: string, status: StepStatus, detail: string) => void,
  { target, context, open, timeoutMs, signal }: WalkOptions,
): Promise<void> {
  const started = performance.now();
  const { trust, credential } = context;
  const channel = await open(
    {
      address,
      expect: { kind: 'node', name: target.name },
      trust,
      credential,
      connectTimeoutMs: timeoutMs,
    },
    signal,
  );
  try {
    add('tls', 'ok', `node "${target.name}" over TLS 1.3 in ${Math.round(performance.now() - started)} ms`);
    const limits = { timeoutMs, signal };
    const me = await channel.unary('nodectl.v1.AccessService/WhoAmI', {}, limits);
    add('role', 'ok', `it takes you for ${me.name}, role ${me.role}`);
    const asked = Date.now();
    const node = await channel.unary('nodectl.v1.SystemService/GetNode', {}, limits);
    const answered = Date.now();
    const skew = node.nowUsec / 1_000 - (asked + answered) / 2;
    const bound = (answered - asked) / 2;
    const off = Math.abs(skew) - bound > SKEW_WORTH_SAYING_MS;
    const sign = skew < 0 ? 'behind' : 'ahead of';
    const theirs = new Date(node.nowUsec / 1_000).toISOString();
    add(
      'clock',
      off ? 'warning' : 'ok',
      off
        ? `its clock is ${formatDuration(Math.abs(skew))} ${sign} this one: ${theirs} there, ${new Date(answered).toISOString()} here`
        : `its clock agrees within ${Math.ceil(Math.abs(skew) + bound)} ms`,
    );
    const own = node.certificateNotAfter * 1_000 - Date.now();
    add(
      'agent',
      node.warnings.length > 0 ? 'warning' : 'ok',
      node.warnings.join('; ') ||
        `version ${node.agentVersion}, its certificate is valid for ${formatDuration(own)}`,
    );
  } finally {
    channel.close();
  }
}

/** The step of one's own certificate. */
function ownCertificate(chain: string): Step {
  const step = { step: 'certificate', address: '' };
  let identity: Identity;
  try {
    identity = identityOf(Buffer.from(chain));
  } catch (error) {
    const failure = Failure.from(error);
    return { ...step, status: 'failed', detail: failure.message, failure };
  }
  const left = identity.notAfter - Date.now();
  if (left <= 0) {
    const failure = new Failure(
      'CERTIFICATE_EXPIRED',
      `your certificate, ${identity.uri}, ended ${new Date(identity.notAfter).toISOString()}`,
      { hint: renewalHint(identity) },
    );
    return { ...step, status: 'failed', detail: failure.message, failure };
  }
  if (identity.notBefore > Date.now()) {
    const failure = new Failure(
      'CERTIFICATE_NOT_YET_VALID',
      `your certificate begins ${new Date(identity.notBefore).toISOString()}; it is ${new Date().toISOString()} here`,
      { hint: 'is this clock right?' },
    );
    return { ...step, status: 'failed', detail: failure.message, failure };
  }
  return {
    ...step,
    status: left < ENDS_SOON_MS ? 'warning' : 'ok',
    detail: `${identity.uri}, valid for ${formatDuration(left)}`,
  };
}

/** The addresses of a name, looked up in its turn; the signal gives it up. */
function addressesOf(host: string, signal: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookUp(
      host,
      { all: true },
      () => !signal.aborted,
      (error, found) => {
        if (error || !Array.isArray(found)) reject(error ?? new Error(`${host} has no addresses`));
        else resolve(found.map(({ address }) => address));
      },
    );
  });
}

/** Opens a TCP connection and closes it; the signal gives it up. */
function reach(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const lookup: LookupFunction = (name, options, done) =>
      lookUp(name, options, () => !signal.aborted, done);
    const socket = connect({ host, port, signal, lookup });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

/** Gives up on something after a time, also where it cannot be cancelled itself; what can is given the signal. */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Error('gave up'));
  limit.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work(limit), promise]);
  } finally {
    limit.removeEventListener('abort', stop);
  }
}
