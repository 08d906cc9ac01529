/** The end of a call on the wire: a Failure as gRPC's status, message and google.rpc details in HTTP/2 headers. */

import type { OutgoingHttpHeaders } from 'node:http2';
import { encodeMessage } from '../contract.ts';
import type { Failure } from '../failure.ts';
import { STATUS_NAMES } from '../reasons.ts';

/** Who defines our reason codes: the domain of every google.rpc.ErrorInfo. */
const ERROR_DOMAIN = 'nodectl.dev';

/** Callers take about 8 KiB of headers in all (gRPC's default), and the message travels twice. */
const MAX_TEXT = 1_000;
const MAX_FACTS = 16;
const MAX_FACT = 200;

/** The headers that end a call: success, or a failure with its reason, hint and facts. */
export function statusHeaders(failure: Failure | undefined): OutgoingHttpHeaders {
  if (!failure) return { 'grpc-status': '0' };
  const code = STATUS_NAMES.indexOf(failure.status);
  const message = cut(failure.message, MAX_TEXT);
  return {
    'grpc-status': String(code),
    'grpc-message': percentEncode(message),
    'grpc-status-details-bin': Buffer.from(details(failure, code, message))
      .toString('base64')
      .replace(/=+$/, ''),
  };
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

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** As gRPC demands of grpc-message: UTF-8 with everything but printable ASCII, and the percent sign, as %XX. */
export function percentEncode(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(
      /[^\x20-\x24\x26-\x7e]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
