/** The end of a call: gRPC's status trailers as a Failure, with the reason, hint and facts of google.rpc.ErrorInfo. */

import type { IncomingHttpHeaders } from 'node:http2';
import { decodeMessage } from '../contract.ts';
import { Failure } from '../failure.ts';
import { ERROR_DOMAIN, REASONS, type Reason, STATUS_NAMES, type StatusName } from '../reasons.ts';

/** The reason for a status that came without one of ours, for example from a proxy or from gRPC itself. */
const GENERIC: Partial<Record<StatusName, Reason>> = {
  CANCELLED: 'CANCELLED',
  INVALID_ARGUMENT: 'BAD_ARGUMENT',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  PERMISSION_DENIED: 'PERMISSION_DENIED',
  RESOURCE_EXHAUSTED: 'TOO_MANY_STREAMS',
  UNIMPLEMENTED: 'UNKNOWN_METHOD',
  UNAVAILABLE: 'CONNECTION_LOST',
  UNAUTHENTICATED: 'CERTIFICATE_REFUSED',
};

/** The failure that trailers tell of, or undefined for success. */
export function failureOfTrailers(trailers: IncomingHttpHeaders): Failure | undefined {
  const code = Number(trailers['grpc-status']);
  if (code === 0) return undefined;
  const status = STATUS_NAMES[code] ?? 'UNKNOWN';
  const message = percentDecode(String(trailers['grpc-message'] ?? '')) || `the call ended with ${status}`;
  const info = errorInfo(trailers['grpc-status-details-bin']);
  if (info) {
    const { hint = '', ...facts } = info.metadata;
    if (info.domain === ERROR_DOMAIN && Object.hasOwn(REASONS, info.reason))
      return new Failure(info.reason as Reason, message, { hint, facts });
    return new Failure(GENERIC[status] ?? 'INTERNAL', message, {
      hint,
      facts: { ...facts, reason: info.reason },
    });
  }
  // As grpc's own libraries say it, whose bound for messages has the same status as everything else that is exhausted.
  const tooLarge = status === 'RESOURCE_EXHAUSTED' && /message larger than max/i.test(message);
  return new Failure(tooLarge ? 'REQUEST_TOO_LARGE' : (GENERIC[status] ?? 'INTERNAL'), message, {
    facts: { status },
  });
}

interface ErrorInfo {
  reason: string;
  domain: string;
  metadata: Record<string, string>;
}

/** The ErrorInfo among a status' details; a damaged header counts as none, the status itself still stands. */
function errorInfo(header: string | string[] | undefined): ErrorInfo | undefined {
  if (typeof header !== 'string') return undefined;
  try {
    const status = decodeMessage('google.rpc.Status', Buffer.from(header, 'base64'));
    const details = status.details as { type_url?: string; typeUrl?: string; value: Uint8Array }[];
    const any = details.find((one) => (one.type_url ?? one.typeUrl ?? '').endsWith('/google.rpc.ErrorInfo'));
    return any ? (decodeMessage('google.rpc.ErrorInfo', any.value) as unknown as ErrorInfo) : undefined;
  } catch {
    return undefined;
  }
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
