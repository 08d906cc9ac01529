/**
 * Third interceptor: calls that change something leave a record before they are answered. Where no record can be written,
 * they are refused before they begin.
 */

import { Failure } from '../failure.ts';
import type { ServerCall } from './call.ts';
import type { Interceptor } from './interceptor.ts';

/** What is known of a finished call. Its sequence, time and chain are the log's to add. */
export interface AuditEntry {
  /** The caller's identity URI, or empty on an enrolment port. */
  readonly caller: string;
  /** The caller's certificate's serial number in hexadecimal. */
  readonly serial: string;
  readonly peer: string;
  readonly method: string;
  /** SHA-256 of the request's bytes in hexadecimal, or empty when none arrived. */
  readonly requestSha256: string;
  /** Name of the gRPC status. */
  readonly status: string;
  /** Reason code of a failure, or empty. */
  readonly reason: string;
}

/** Where records go. */
export interface AuditSink {
  /** Throws AUDIT_UNAVAILABLE where a record could not be written now. */
  ready(): void | Promise<void>;
  /** Resolves when the record is on disk, with its number and the new end of the chain. Throws AUDIT_UNAVAILABLE. */
  append(entry: AuditEntry): Promise<{ sequence: number; chain: string }>;
}

/** The trailer that lets a caller remember how far the log had come: "SEQUENCE:CHAIN". */
const AUDIT_TRAILER = 'nodectl-audit';

/** Records every call whose method mutates. */
export function auditInterceptor(sink: AuditSink | undefined): Interceptor {
  return async (call, next) => {
    if (!call.route.policy.mutates) return next();
    if (!sink)
      throw new Failure('AUDIT_UNAVAILABLE', `${call.method} changes something and no audit log is open`);
    await sink.ready();
    let failure: Failure | undefined;
    try {
      await next();
    } catch (error) {
      failure = Failure.from(error);
    }
    // Whoever has no certificate could push every other record out of a bounded log with refused attempts.
    if (failure && call.identity.kind === 'anyone') throw failure;
    const { sequence, chain } = await append(sink, call, failure);
    call.trailers[AUDIT_TRAILER] = `${sequence}:${chain}`;
    if (failure) throw failure;
  };
}

async function append(sink: AuditSink, call: ServerCall, failure: Failure | undefined) {
  try {
    return await sink.append({
      caller: call.identity.uri,
      serial: call.identity.serial,
      peer: call.peer,
      method: call.method,
      requestSha256: call.requestSha256,
      status: failure?.status ?? 'OK',
      reason: failure?.reason ?? '',
    });
  } catch (cause) {
    call.log.error(
      { method: call.method, caller: call.identity.uri, err: cause },
      'a call could not be recorded',
    );
    if (failure) throw failure;
    throw new Failure(
      'AUDIT_UNAVAILABLE',
      `${call.method} was carried out, but its audit record could not be written`,
      { hint: 'see that the disk of the state folder is neither full nor read-only', cause },
    );
  }
}
