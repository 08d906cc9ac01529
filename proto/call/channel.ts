/** What a caller of the contract sees: a channel to one peer with typed calls. How it is carried is in the files beside. */

import type { BidiStreamMethods, ServerStreamMethods, UnaryMethods } from '../gen/methods.ts';

/** Whom to expect at an address. */
export interface ExpectedPeer {
  /** The kind of certificate that the peer must show. */
  kind: 'node' | 'issuer';
  /** The name that it must hold, or undefined where any name of that kind will do. */
  name?: string;
}

/** A caller's own certificate. */
export interface Credential {
  /** Leaf and intermediate, leaf first, in PEM. */
  chain: string;
  /** The private key in PEM. */
  key: string;
}

/** Everything that is needed to open a channel. */
export interface ChannelTarget {
  /** "HOST:PORT"; IPv6 in brackets. */
  address: string;
  expect: ExpectedPeer;
  /** Root certificates in PEM. */
  trust: string;
  /** Absent only where a token stands in for a certificate. */
  credential?: Credential;
  /** How long connecting may take in milliseconds. Default 5,000. */
  connectTimeoutMs?: number;
  /**
   * How many bytes the peer may send ahead of the reader: 65,535 or more. Default 4 MiB, which is what bulk data wants;
   * who reads from many nodes at once takes less from each, since all of it may have to be held.
   */
  windowBytes?: number;
  /**
   * "unary" where nothing but unary calls will be made, with requests of at most 16 kB: they are carried by less. Default: anything.
   */
  calls?: 'unary';
}

/** Limits of one call. */
export interface CallLimits {
  /** The call fails with DEADLINE_EXCEEDED after this many milliseconds. Unary calls default to 15,000; streams have none. */
  timeoutMs?: number;
  /** Cancels the call. */
  signal?: AbortSignal;
}

/** An open channel to one peer. Calls fail with Failure only. */
export interface Channel {
  /** One request, one response. */
  unary<M extends keyof UnaryMethods>(
    method: M,
    request: UnaryMethods[M]['request'],
    limits?: CallLimits,
  ): Promise<UnaryMethods[M]['response']>;
  /** One request, a stream of responses. Leaving the loop cancels the call; flow control follows the loop. */
  serverStream<M extends keyof ServerStreamMethods>(
    method: M,
    request: ServerStreamMethods[M]['request'],
    limits?: CallLimits,
  ): AsyncIterable<ServerStreamMethods[M]['response']>;
  /**
   * The same without decoding: each response as its protobuf bytes, for readers to whom a decoded object a message
   * would cost more than the reading itself. The buffers belong to the reader.
   */
  serverStreamBytes<M extends keyof ServerStreamMethods>(
    method: M,
    request: ServerStreamMethods[M]['request'],
    limits?: CallLimits,
  ): AsyncIterable<Buffer>;
  /**
   * A stream each way. The requests are taken at the pace of the peer; one that throws cancels the call and is what the reader
   * of the responses gets. Leaving the loop cancels the call and returns the requests' iterator.
   */
  bidiStream<M extends keyof BidiStreamMethods>(
    method: M,
    requests: AsyncIterable<BidiStreamMethods[M]['request']>,
    limits?: CallLimits,
  ): AsyncIterable<BidiStreamMethods[M]['response']>;
  /** Ends open calls and the connection. Idempotent. */
  close(): void;
}
