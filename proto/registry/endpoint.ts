/** Where the repositories of a registry can be had: the registry itself, and mirrors of it, with the way in which each is spoken to. */

import { Failure } from '../failure.ts';
import { isLoopback, isRegistry, isRepository } from './reference.ts';

/** A place that serves a registry's repositories. */
export interface Endpoint {
  /** HOST[:PORT]. */
  readonly host: string;
  /** What stands before the repository's name there, as "proxy/"; empty for most. */
  readonly prefix: string;
  readonly isMirror: boolean;
  /** How it is spoken to: TLS always; plain HTTP always; TLS, and plain HTTP where a service on this machine knows no TLS. */
  readonly security: 'tls' | 'plain' | 'tls-or-plain';
}

/** An endpoint of the text HOST[:PORT][/PREFIX]. Throws BAD_ARGUMENT. */
export function parseEndpoint(
  text: string,
  { isMirror, plainHttp }: { isMirror: boolean; plainHttp: boolean },
): Endpoint {
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const prefix = slash < 0 ? '' : text.slice(slash + 1);
  if (text.length > 512 || !isRegistry(host) || (slash >= 0 && !isRepository(prefix)))
    throw new Failure('BAD_ARGUMENT', `"${text.slice(0, 120)}" is no registry`, {
      hint: 'write HOST[:PORT], or HOST[:PORT]/PREFIX where a mirror has its copies below a name',
    });
  const security = plainHttp ? 'plain' : isLoopback(host) ? 'tls-or-plain' : 'tls';
  return { host, prefix: prefix && `${prefix}/`, isMirror, security };
}
