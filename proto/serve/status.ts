/** The end of a call on the wire: a Failure as gRPC's status, message and google.rpc details in trailers. */

import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { encodeMessage } from '../contract.ts';
import type { Failure } from '../failure.ts';
import { ERROR_DOMAIN, STATUS_NAMES } from '../reasons.ts';

/** Callers take about 8 KiB of headers in all (gRPC's default), and the message travels twice. */
const MAX_TEXT = 1_000;
const MAX_FACTS = 8;
const MAX_FACT = 200;

/** A failed call's status, with the failure's reason, hint and facts as details. */
export function statusOf(failure: Failure, trailers: Readonly<Record<string, string>>): StatusObject {
  const code = STATUS_NAMES.indexOf(failure.status);
  const message = cut(failure.message, MAX_TEXT);
  const metadata = metadataOf(trailers);
  metadata.set('grpc-status-details-bin', Buffer.from(details(failure, code, message)));
  return { code, details: message, metadata };
}

/** Trailers as grpc-js takes them. */
export function metadataOf(trailers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return metadata;
}

function details(failure: Failure, code: number, message: string): Uint8Array {
  const facts = Object.entries(failure.facts).slice(0, MAX_FACTS);
  const metadata = Object.fromEntries(facts.map(([name, value]) => [cut(name, 60), cut(value, MAX_FACT)]));
  if (failure.hint) metadata.hint = cut(failure.hint, MAX_TEXT);
  const info = encodeMessage('google.rpc.ErrorInfo', {
    reason: failure.reason,
    domain: ERROR_DOMAIN,
    metadata,
  });
  return encodeMessage('google.rpc.Status', {
    code,
    message,
    details: [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value: info }],
  });
}

/** Shortened, and without half a surrogate pair, which the percent-encoding of messages cannot carry. */
function cut(text: string, most: number): string {
  return (text.length > most ? `${text.slice(0, most - 1)}…` : text).toWellFormed();
}
