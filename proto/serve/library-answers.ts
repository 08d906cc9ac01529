/**
 * Answers that grpc-js gives by itself, before or beside any interceptor: to a method that is not there, at the end of the
 * caller's own deadline, to a request over its bound. They leave as bare statuses; here they get a reason as all others have.
 */

import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { Failure } from '../failure.ts';
import { STATUS_NAMES } from '../reasons.ts';
import { overtime } from './overtime.ts';
import { statusOf } from './status.ts';

const DETAILS = 'grpc-status-details-bin';

/** Why the library answered so, or undefined where that is not known. */
function failureOf(status: string | undefined, message: string, path: string): Failure | undefined {
  const method = path.slice(1, 200);
  if (status === 'UNIMPLEMENTED' && message.startsWith('The server does not implement'))
    return new Failure('UNKNOWN_METHOD', `this server has no method ${method}`, {
      hint: 'it may be older than the caller, or another kind of server: reflection lists its services',
    });
  if (status === 'DEADLINE_EXCEEDED') return overtime(method);
  if (status === 'RESOURCE_EXHAUSTED')
    return new Failure('REQUEST_TOO_LARGE', `the request to ${method} is larger than is taken here`);
  return undefined;
}

/** Headers or trailers with the reason of a failure that has none. */
function withReason(sent: OutgoingHttpHeaders, path: string): OutgoingHttpHeaders {
  const code = Number(sent['grpc-status'] ?? 0);
  if (code === 0 || sent[DETAILS] !== undefined) return sent;
  const failure = failureOf(STATUS_NAMES[code], String(sent['grpc-message'] ?? ''), path);
  if (!failure) return sent;
  const { details, metadata } = statusOf(failure, {});
  return { ...sent, ...metadata.toHttp2Headers(), 'grpc-message': encodeURI(details) };
}

/** Gives a stream's end a reason where the library ends it by itself. Called before the library sees the stream. */
export function explainLibraryAnswers(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const path = String(headers[':path'] ?? '');
  const { respond, sendTrailers } = stream;
  stream.respond = (given, options) =>
    // Only an answer that is over with its headers holds a status in them.
    respond.call(
      stream,
      options?.endStream && given ? withReason(given as OutgoingHttpHeaders, path) : given,
      options,
    );
  stream.sendTrailers = (trailers) => sendTrailers.call(stream, withReason(trailers, path));
}
