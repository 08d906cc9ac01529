/**
 * Who one is to a registry: Basic, or Bearer with a token from the place that the registry names. Credentials are looked up by the
 * registry's host and go nowhere but to that registry and to its place of tokens, and over plain HTTP only where the registry itself is
 * spoken to in plain HTTP.
 */

import { Failure } from '../failure.ts';
import { readAll } from './body.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { MAX_ANSWER_BYTES, type RegistryLimits } from './limits.ts';
import { refusal } from './refusals.ts';
import type { Transport } from './transport.ts';

/** A user's name and password, or a refresh token ("identity token") that stands in their place. */
export type Credential =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** Where credentials are: those for a repository of a registry (HOST[:PORT]), or none. */
export type FindCredential = (registry: string, repository: string) => Promise<Credential | undefined>;

/** What is asked for: reading, or writing too. */
export type Access = 'pull' | 'pull,push';

/** For what a request is made. */
export interface Asking {
  readonly registry: string;
  /** "https://HOST:PORT" of the registry. */
  readonly origin: string;
  readonly repository: string;
  readonly access: Access;
  readonly signal?: AbortSignal | undefined;
}

/** A token is asked for anew so long before it ends, in ms. */
const EARLY_MS = 5_000;
/** How long a token is good where its issuer says nothing, in s (distribution's token docs, "expires_in"). */
const DEFAULT_TOKEN_S = 60;

interface Known {
  readonly header: string;
  readonly until: number;
}

/** Makes Authorization headers, and keeps what it made until it ends. */
export class Authorizer {
  readonly #transport: Transport;
  readonly #limits: RegistryLimits;
  readonly #find: FindCredential;
  readonly #known = new Map<string, Known>();

  constructor(transport: Transport, limits: RegistryLimits, find: FindCredential) {
    this.#transport = transport;
    this.#limits = limits;
    this.#find = find;
  }

  /** The header for a request, as far as it is known already. */
  known(asking: Asking): string | undefined {
    const known = this.#known.get(keyOf(asking));
    return known && known.until > Date.now() ? known.header : undefined;
  }

  /**
   * The header that answers a registry's 401. Throws REGISTRY_DENIED where there are no credentials or the place of tokens refuses
   * them, REGISTRY_BAD_ANSWER where nothing usable is asked for, REGISTRY_INSECURE.
   */
  async answer(asking: Asking, header: string | undefined): Promise<string> {
    const challenges = parseChallenges(header);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    const basic = challenges.find(({ scheme }) => scheme === 'basic');
    if (!bearer && !basic)
      throw new Failure('REGISTRY_BAD_ANSWER', `${asking.registry} asks for a login that is not known here`, {
        hint: 'Basic and Bearer are',
      });
    const credential = await this.#find(asking.registry, asking.repository);
    const known = bearer
      ? await this.#token(asking, bearer, credential)
      : { header: basicHeader(asking.registry, credential), until: Number.POSITIVE_INFINITY };
    this.#known.set(keyOf(asking), known);
    return known.header;
  }

  async #token(
    asking: Asking,
    { parameters }: Challenge,
    credential: Credential | undefined,
  ): Promise<Known> {
    const realm = realmOf(asking, parameters.realm);
    const scope = parameters.scope ?? `repository:${asking.repository}:${asking.access}`;
    const query = new URLSearchParams({
      ...(parameters.service ? { service: parameters.service } : {}),
      scope,
    });
    const refresh = credential && 'identityToken' in credential ? credential.identityToken : undefined;
    if (refresh) {
      query.set('grant_type', 'refresh_token');
      query.set('client_id', 'nodectl');
      query.set('refresh_token', refresh);
    } else for (const [name, value] of query) realm.searchParams.append(name, value);
    const { signal } = asking;
    const answer = await this.#transport.exchange(
      realm,
      refresh
        ? {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: Buffer.from(query.toString()),
            signal,
          }
        : {
            method: 'GET',
            headers: credential ? { authorization: basicHeader(asking.registry, credential) } : {},
            signal,
          },
    );
    const limits = this.#limits;
    if (answer.status !== 200)
      throw await refusal(answer, `the request for a token for ${asking.registry}`, limits);
    const began = Date.now();
    const body = await readAll(answer, { maxBytes: MAX_ANSWER_BYTES, limits, signal });
    const { token, seconds } = tokenOf(body);
    if (!token)
      throw new Failure('REGISTRY_BAD_ANSWER', `${realm.host} gives no usable token for ${asking.registry}`);
    return { header: `Bearer ${token}`, until: began + seconds * 1_000 - EARLY_MS };
  }
}

function keyOf({ origin, repository, access }: Asking): string {
  return `${origin} ${repository} ${access}`;
}

function basicHeader(registry: string, credential: Credential | undefined): string {
  if (!credential || !('username' in credential))
    throw new Failure('REGISTRY_DENIED', `${registry} wants a login, and there are no credentials for it`, {
      hint: 'log in with "docker login" or "skopeo login", or name a file with credentials: --registry-auth FILE',
    });
  return `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`;
}

/** Where tokens are to be had. It must be as safe as the registry itself. */
function realmOf({ registry, origin }: Asking, realm: string | undefined): URL {
  const url = realm !== undefined && URL.canParse(realm) ? new URL(realm) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new Failure('REGISTRY_BAD_ANSWER', `${registry} names no usable place of tokens`);
  if (url.protocol === 'http:' && !origin.startsWith('http:'))
    throw new Failure(
      'REGISTRY_INSECURE',
      `${registry} wants credentials to be sent to ${url.host} in plain http`,
      {
        hint: 'the registry’s "realm" must be an https address',
      },
    );
  url.hash = '';
  return url;
}

/** The token of an answer: one word without white space, so that it can stand in a header. */
function tokenOf(body: Buffer): { token: string | undefined; seconds: number } {
  try {
    const { token, access_token, expires_in } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const found = [token, access_token].find((one) => typeof one === 'string' && /^[\x21-\x7e]+$/.test(one));
    const seconds = typeof expires_in === 'number' && expires_in > 0 ? expires_in : DEFAULT_TOKEN_S;
    return { token: found as string | undefined, seconds };
  } catch {
    return { token: undefined, seconds: 0 };
  }
}
