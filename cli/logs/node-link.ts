/** One node's connection, shared by the log streams that are read from it and made anew when it broke. */

import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { LogRequest } from './stream.ts';

/** A node that logs are read from. */
export interface LogTarget {
  /** The node's name. */
  node: string;
  /** Connects, with a window of so many bytes (ChannelTarget.windowBytes); throws a Failure. */
  open(signal: AbortSignal, windowBytes: number): Promise<Channel>;
}

/** A limit on how many things run at once, first come, first served. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#free = width;
  }

  /** Runs a task when there is room. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** The connection to one node. */
export class NodeLink {
  readonly #target: LogTarget;
  readonly #gate: Gate;
  readonly #windowBytes: number;
  #current: Promise<Channel> | undefined;
  /** How many streams each open connection carries. */
  readonly #streams = new Map<Channel, number>();

  constructor(target: LogTarget, gate: Gate, windowBytes: number) {
    this.#target = target;
    this.#gate = gate;
    this.#windowBytes = windowBytes;
  }

  /** Opens a log stream and gives its messages. Throws a Failure. */
  async *read(request: LogRequest, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    const { tail, ...conditions } = request;
    this.#current ??= this.#gate.run(() => this.#target.open(signal, this.#windowBytes));
    const opening = this.#current;
    let channel: Channel | undefined;
    try {
      channel = await opening;
      this.#streams.set(channel, (this.#streams.get(channel) ?? 0) + 1);
      yield* channel.serverStreamBytes(
        'nodectl.v1.LogsService/ReadLogs',
        tail === undefined ? conditions : { ...conditions, tail },
        { signal },
      );
    } catch (error) {
      const failure = Failure.from(error);
      // The failure may be the stream's or the connection's; a new connection serves the next attempt in any case.
      if (failure.reason !== 'TOO_MANY_STREAMS' && this.#current === opening) this.#current = undefined;
      throw failure;
    } finally {
      if (channel) this.#left(channel, opening);
    }
  }

  /** Ends every connection to the node. */
  close(): void {
    for (const channel of this.#streams.keys()) channel.close();
    this.#streams.clear();
  }

  /** A stream has ended. A connection that was replaced stays for the streams that still live on it. */
  #left(channel: Channel, opening: Promise<Channel>): void {
    const left = (this.#streams.get(channel) ?? 1) - 1;
    this.#streams.set(channel, left);
    if (left > 0 || this.#current === opening) return;
    this.#streams.delete(channel);
    channel.close();
  }
}
