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
  /** Whether there is a newer credential than the last connection was made with. */
  renewed?(): boolean;
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
  readonly #answerWithinMs: number;
  #current: Promise<Channel> | undefined;
  /** How many streams each open connection carries. */
  readonly #streams = new Map<Channel, number>();

  /** @param answerWithinMs how long the node may take until it begins to send */
  constructor(target: LogTarget, gate: Gate, windowBytes: number, answerWithinMs: number) {
    this.#target = target;
    this.#gate = gate;
    this.#windowBytes = windowBytes;
    this.#answerWithinMs = answerWithinMs;
  }

  /** Whether another connection would be made with a newer credential. */
  renewed(): boolean {
    return this.#target.renewed?.() ?? false;
  }

  /** Opens a log stream and gives its messages. Throws a Failure. */
  async *read(request: LogRequest, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    const { tail, ...conditions } = request;
    this.#current ??= this.#gate.run(() => this.#target.open(signal, this.#windowBytes));
    const opening = this.#current;
    const silent = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    let channel: Channel | undefined;
    try {
      channel = await opening;
      this.#streams.set(channel, (this.#streams.get(channel) ?? 0) + 1);
      // A stream has no time limit, but a node says at once that it begins.
      timer = setTimeout(() => silent.abort(), this.#answerWithinMs);
      const messages = channel.serverStreamBytes(
        'nodectl.v1.LogsService/ReadLogs',
        tail === undefined ? conditions : { ...conditions, tail },
        { signal: AbortSignal.any([signal, silent.signal]) },
      );
      for await (const message of messages) {
        clearTimeout(timer);
        yield message;
      }
    } catch (error) {
      const failure = silent.signal.aborted && !signal.aborted ? this.#mute() : Failure.from(error);
      // The failure may be the stream's or the connection's; a new connection serves the next attempt in any case.
      if (failure.reason !== 'TOO_MANY_STREAMS' && this.#current === opening) this.#current = undefined;
      throw failure;
    } finally {
      clearTimeout(timer);
      if (channel) this.#left(channel, opening);
    }
  }

  /** Ends every connection to the node. */
  close(): void {
    for (const channel of this.#streams.keys()) channel.close();
    this.#streams.clear();
  }

  #mute(): Failure {
    return new Failure(
      'DEADLINE_EXCEEDED',
      `${this.#target.node} took the connection, but did not begin to answer within ${this.#answerWithinMs} ms`,
      { hint: 'the agent or the node may hang; --timeout says how long to wait' },
    );
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
