/** The diagnostics of a captured machine without an agent: the same services, called in this process. */

import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { CallLimits, Channel } from '../../proto/call/channel.ts';
import { contractMethod } from '../../proto/contract.ts';
import { Failure } from '../../proto/failure.ts';
import type { ServerStreamMethods, UnaryMethods } from '../../proto/gen/methods.ts';
import { ANYONE, type CallContext } from '../../proto/serve/handlers.ts';
import { nowOf } from '../history/moment.ts';
import { RingView } from '../history/ring-view.ts';
import { CapturedMachine } from '../host/captured-machine.ts';
import type { Machine, SavedFiles } from '../host/machine.ts';
import { ReplayMachine } from '../host/replay-machine.ts';
import { readSmallFile } from '../host/small-file.ts';
import type { DiagnosticsParts, ThresholdSettings } from './domain.ts';
import { diagnosticsServices } from './services.ts';

/** Of the time for a call so much is for looking into files. */
const READING_SHARE = 0.5;

type Handler = (request: object, call: CallContext) => unknown;

/** A channel to the services of this room over a machine. Throws UNKNOWN_METHOD for calls of other rooms. */
class LocalChannel implements Channel {
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #machine: Machine;

  constructor(parts: DiagnosticsParts) {
    this.#machine = parts.machine;
    this.#handlers = new Map(
      diagnosticsServices(parts).flatMap(({ name, handlers }) =>
        Object.entries(handlers).map(([method, run]) => [`${name}/${method}`, run as unknown as Handler]),
      ),
    );
  }

  async unary<M extends keyof UnaryMethods>(
    method: M,
    request: UnaryMethods[M]['request'],
    limits: CallLimits = {},
  ): Promise<UnaryMethods[M]['response']> {
    const { response } = contractMethod(method);
    const answer = await (this.#call(method, request, limits) as Promise<object>);
    // Through bytes and back, so that fields which were not set have their defaults, as over the wire.
    return response.decode(response.encode(answer)) as UnaryMethods[M]['response'];
  }

  async *serverStream<M extends keyof ServerStreamMethods>(
    method: M,
    request: ServerStreamMethods[M]['request'],
    limits: CallLimits = {},
  ): AsyncGenerator<ServerStreamMethods[M]['response'], void, undefined> {
    const { response } = contractMethod(method);
    for await (const answer of this.#call(method, request, limits) as AsyncIterable<object>)
      yield response.decode(response.encode(answer)) as ServerStreamMethods[M]['response'];
  }

  async *serverStreamBytes<M extends keyof ServerStreamMethods>(
    method: M,
    request: ServerStreamMethods[M]['request'],
    limits: CallLimits = {},
  ): AsyncGenerator<Buffer, void, undefined> {
    const { response } = contractMethod(method);
    for await (const answer of this.#call(method, request, limits) as AsyncIterable<object>)
      yield Buffer.from(response.encode(answer));
  }

  bidiStream(method: string): never {
    throw new Failure('UNKNOWN_METHOD', `a captured machine does not answer ${method}`);
  }

  close(): void {}

  #call(method: string, request: object, { signal, timeoutMs }: CallLimits): unknown {
    const handler = this.#handlers.get(method);
    if (!handler) throw new Failure('UNKNOWN_METHOD', `a captured machine does not answer ${method}`);
    const codec = contractMethod(method).request;
    const signals = [...(signal ? [signal] : []), ...(timeoutMs ? [AbortSignal.timeout(timeoutMs)] : [])];
    const silent = () => undefined;
    // Half of the time is for what is judged of it.
    if (timeoutMs) this.#machine.readUntil?.(performance.now() + timeoutMs * READING_SHARE);
    return handler(codec.decode(codec.encode(request)), {
      method,
      identity: ANYONE,
      peer: '',
      signal: AbortSignal.any(signals),
      deadline: undefined,
      log: { debug: silent, info: silent, warn: silent, error: silent },
    });
  }
}

/** A channel to the services of this room over a machine, in this process. */
export function openLocal(parts: DiagnosticsParts): Channel {
  return new LocalChannel(parts);
}

/** Where a captured machine has the files of its history. */
const CAPTURED_HISTORY = 'nodectl/history';

/** Bytes of an index that are read: 50,000 files with their digests. */
const MAX_INDEX = 32 << 20;

function pastIn(folder: string, machine: Machine): Pick<DiagnosticsParts, 'history' | 'ring'> {
  const ring = { folder: join(folder, CAPTURED_HISTORY), now: () => nowOf(machine) };
  return existsSync(ring.folder) ? { ring, history: new RingView(ring) } : {};
}

/** The thresholds that held on a machine when its bundle was taken. Throws an Error where the index is broken. */
function thresholdsIn(folder: string): ThresholdSettings {
  const index = readSmallFile(folder, 'index.json', MAX_INDEX);
  if (index === undefined) return {};
  const { thresholds = {} } = JSON.parse(index) as { thresholds?: ThresholdSettings };
  return thresholds;
}

/** What a captured machine is diagnosed with: a bundle's recording, past and thresholds, or a plain folder. Throws an Error. */
export function capturedParts(
  node: string,
  folder: string,
  without?: ReadonlyMap<string, string>,
): DiagnosticsParts {
  const replay = ReplayMachine.open(folder);
  const machine = replay ?? new CapturedMachine(folder, undefined, without);
  const thresholds = replay ? thresholdsIn(folder) : {};
  return {
    ...{ node, machine, thresholds: () => thresholds },
    ...pastIn(folder, machine),
  };
}

/** A captured machine that can be asked. */
export interface OpenedCapture {
  /** The folder's name. */
  readonly node: string;
  readonly channel: Channel;
  /** Which saved outputs were of use to what was asked so far; undefined for a recording, of which all is by name. */
  readonly files: () => SavedFiles | undefined;
}

/** A channel over no machine: what it answers is the same on all of them. */
export function openUnread(): Channel {
  return openLocal({ node: '', machine: new CapturedMachine('/') });
}

/**
 * Opens the machine that was captured in a folder. Throws BAD_ARGUMENT.
 * @param without files in it that are not of this machine, with the reason
 */
export function openCapture(folder: string, without?: ReadonlyMap<string, string>): OpenedCapture {
  const node = basename(resolve(folder));
  try {
    const parts = capturedParts(node, folder, without);
    return { node, channel: openLocal(parts), files: () => parts.machine.savedFiles?.() };
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `${folder} cannot be read: ${(cause as Error).message}`, {
      hint: 'name a folder with proc/, sys/ and saved outputs of tools, such as a bundle that was unpacked',
      cause,
    });
  }
}
