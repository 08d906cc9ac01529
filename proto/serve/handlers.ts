/**
 * How a service is written: an object with a function for each method, typed from the contract. A function knows messages
 * and its call, never HTTP/2; it answers with a promise, or with an async iterable where the method streams.
 */

import type { BidiStreamMethods, ServerStreamMethods, UnaryMethods } from '../gen/methods.ts';
import type { Log } from './log.ts';

/** Who makes a call, taken from the verified certificate. */
export interface Caller {
  /** "anyone" only on an enrolment port, where nobody has a certificate. */
  readonly kind: 'node' | 'operator' | 'issuer' | 'anyone';
  /** The name in the certificate. */
  readonly name: string;
  /** Operators only. */
  readonly role?: 'reader' | 'operator' | 'admin';
  /** The identity URI, for example "nodectl://operator/alice/admin". */
  readonly uri: string;
  /** The certificate's serial number, lower-case hexadecimal. */
  readonly serial: string;
  /** From when the whole chain is valid, in milliseconds since the epoch. */
  readonly notBefore: number;
  /** Until when the whole chain is valid, in milliseconds since the epoch. */
  readonly notAfter: number;
}

/** Before the identity is known, and where nobody has one. */
export const ANYONE: Caller = {
  kind: 'anyone',
  name: '',
  uri: '',
  serial: '',
  notBefore: 0,
  notAfter: Number.POSITIVE_INFINITY,
};

/** What a handler knows of its call. */
export interface CallContext {
  /** The full name of the method, "package.Service/Method". */
  readonly method: string;
  readonly identity: Caller;
  /** The address that the call came from. */
  readonly peer: string;
  /** Aborted when the caller goes away, the deadline passes, the caller is denied or the server stops. */
  readonly signal: AbortSignal;
  /** When the call must have ended, in milliseconds since the epoch, or undefined where there is no limit. */
  readonly deadline: number | undefined;
  readonly log: Log;
}

/** A response that is encoded already: for hot paths that write their own bytes. */
export class Encoded {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Wraps the bytes of an encoded response message. */
export function encoded(bytes: Uint8Array): Encoded {
  return new Encoded(bytes);
}

type UnaryHandler<M extends keyof UnaryMethods> = (
  request: UnaryMethods[M]['received'],
  call: CallContext,
) => Promise<UnaryMethods[M]['answer'] | Encoded>;

type ServerStreamHandler<M extends keyof ServerStreamMethods> = (
  request: ServerStreamMethods[M]['received'],
  call: CallContext,
) => AsyncIterable<ServerStreamMethods[M]['answer'] | Encoded>;

type BidiStreamHandler<M extends keyof BidiStreamMethods> = (
  requests: AsyncIterable<BidiStreamMethods[M]['received']>,
  call: CallContext,
) => AsyncIterable<BidiStreamMethods[M]['answer'] | Encoded>;

/** The full names of the services that have methods in a table. */
type ServiceOf<Path> = Path extends `${infer Service}/${string}` ? Service : never;

/** The full name of a service of the contract. */
export type ServiceName = ServiceOf<keyof UnaryMethods | keyof ServerStreamMethods | keyof BidiStreamMethods>;

/** The names of a service's methods in a table. */
type MethodOf<S extends string, Path> = Path extends `${S}/${infer Name}` ? Name : never;

/** The handlers of a service, by the names of its methods. */
export type ServiceHandlers<S extends ServiceName> = {
  [Name in MethodOf<S, keyof UnaryMethods>]: UnaryHandler<`${S}/${Name}` & keyof UnaryMethods>;
} & {
  [Name in MethodOf<S, keyof ServerStreamMethods>]: ServerStreamHandler<
    `${S}/${Name}` & keyof ServerStreamMethods
  >;
} & {
  [Name in MethodOf<S, keyof BidiStreamMethods>]: BidiStreamHandler<`${S}/${Name}` & keyof BidiStreamMethods>;
};

/** A handler without its types, as the server runs it. */
export type AnyHandler =
  | { kind: 'unary'; run: (request: object, call: CallContext) => Promise<object> }
  | { kind: 'stream'; run: (request: object, call: CallContext) => AsyncIterable<object> }
  | { kind: 'both'; run: (requests: AsyncIterable<object>, call: CallContext) => AsyncIterable<object> };

/** A service that is ready to be served. */
export interface Service {
  /** The full name. */
  readonly name: string;
  /** By the names of the methods. */
  readonly handlers: Readonly<Record<string, AnyHandler['run']>>;
}

/** Binds handlers to the service's name, where the compiler holds them against the contract. */
export function service<S extends ServiceName>(name: S, handlers: ServiceHandlers<NoInfer<S>>): Service {
  return { name, handlers: handlers as unknown as Service['handlers'] };
}
