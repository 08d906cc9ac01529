/** Why a registry did not do what was asked, told as a Failure: from errors of the connection and from answers. */

import { Failure } from '../failure.ts';
import type { Reason } from '../reasons.ts';
import { readAll } from './body.ts';
import { MAX_ANSWER_BYTES, type RegistryLimits } from './limits.ts';
import type { Answer } from './transport.ts';

/** Errors of OpenSSL and Node that say that the other side speaks no TLS. */
const NO_TLS = /wrong version number|packet length too long|unknown protocol|http request/i;
const UNTRUSTED = /CERT|SIGNATURE|ISSUER|SELF_SIGNED|ALTNAME|CRL|UNABLE_TO/;

/** Whether an error of connecting with TLS means that plain HTTP is spoken there. */
export function speaksNoTls(error: unknown): boolean {
  return error instanceof Failure && error.facts.tls === 'none';
}

/** An error of a connection as a Failure: REGISTRY_UNREACHABLE, REGISTRY_INSECURE or REGISTRY_BAD_ANSWER. */
export function connectionFailure(error: Error, host: string): Failure {
  if (error instanceof Failure) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (NO_TLS.test(error.message))
    return new Failure('REGISTRY_INSECURE', `${host} does not speak TLS`, {
      hint: 'if plain http is meant, add --plain-http; everything on the way can then read what is sent',
      facts: { tls: 'none' },
      cause: error,
    });
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Failure('REGISTRY_BAD_ANSWER', `${host} answers with a head that is too long`, {
      cause: error,
    });
  if (code.startsWith('HPE_'))
    return new Failure('REGISTRY_BAD_ANSWER', `${host} does not answer in HTTP: ${error.message}`, {
      hint: 'is it a registry? check host and port',
      cause: error,
    });
  if (UNTRUSTED.test(code))
    return new Failure('REGISTRY_INSECURE', `the certificate of ${host} is not trusted: ${error.message}`, {
      hint: 'name the authority that issued it: --registry-ca FILE',
      facts: { code },
      cause: error,
    });
  return new Failure('REGISTRY_UNREACHABLE', `${host}: ${why(code, error)}`, {
    hint: 'check the host and the port, and that the registry runs',
    facts: code ? { code } : {},
    cause: error,
  });
}

function why(code: string, error: Error): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
      return 'the host name does not exist';
    case 'EAI_AGAIN':
      return 'the host name could not be looked up';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the connection broke';
    default:
      return error.message || code || 'the connection failed';
  }
}

/** Whether trying the same again can help. */
export function isTransient({ reason }: Failure): boolean {
  return reason === 'REGISTRY_UNREACHABLE' || reason === 'REGISTRY_BUSY';
}

/** Reasons by status; others of 4xx are REGISTRY_REFUSED, of 5xx REGISTRY_UNREACHABLE. */
const REASON_OF_STATUS: Readonly<Record<number, Reason>> = {
  401: 'REGISTRY_DENIED',
  403: 'REGISTRY_DENIED',
  404: 'REGISTRY_NOT_FOUND',
  408: 'REGISTRY_UNREACHABLE',
  429: 'REGISTRY_BUSY',
};

const HINTS: Partial<Record<Reason, string>> = {
  REGISTRY_DENIED:
    'log in with "docker login" or "skopeo login", or name a file with credentials: --registry-auth FILE',
  REGISTRY_NOT_FOUND:
    'check the repository and the tag; some registries say this too of what may not be read',
  REGISTRY_BUSY: 'try again later; the registry limits how much is asked of it',
  REGISTRY_UNREACHABLE: 'try again later, and see the registry’s log',
};

/** An answer that is no success, as a Failure with what the registry says. Reads the body. */
export async function refusal(answer: Answer, asked: string, limits: RegistryLimits): Promise<Failure> {
  const { status, headers, url } = answer;
  const reason =
    REASON_OF_STATUS[status] ??
    (status >= 500 ? 'REGISTRY_UNREACHABLE' : status >= 400 ? 'REGISTRY_REFUSED' : 'REGISTRY_BAD_ANSWER');
  const said = await readAll(answer, { maxBytes: MAX_ANSWER_BYTES, limits }).then(
    (body) => wordsOf(body),
    () => '',
  );
  const retryAfter = retryAfterMs(headers['retry-after']);
  return new Failure(reason, `${url.host} answers ${asked} with ${status}${said ? `: ${said}` : ''}`, {
    ...(HINTS[reason] ? { hint: HINTS[reason] } : {}),
    facts: {
      status: String(status),
      ...(retryAfter === undefined ? {} : { retryAfterMs: String(retryAfter) }),
    },
  });
}

/** The first error of a body as the distribution specification has it ("Error Codes"), cut to a line. */
function wordsOf(body: Buffer): string {
  try {
    const { errors } = JSON.parse(body.toString('utf8')) as {
      errors?: { code?: unknown; message?: unknown }[];
    };
    const first = errors?.[0];
    return [first?.code, first?.message]
      .filter((one) => typeof one === 'string')
      .join(', ')
      .replace(/\s+/g, ' ')
      .slice(0, 200);
  } catch {
    return '';
  }
}

/** Retry-After in ms: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
