/**
 * A client of one registry and its mirrors (OCI distribution 1.1): it logs in, follows redirects, tries again, and goes on to the next
 * mirror. What is sent and read stands in manifests.ts, blobs.ts and, for writing, in the command line.
 */

import { backoffDelay } from '../backoff.ts';
import { Failure } from '../failure.ts';
import { sleep } from '../sleep.ts';
import { type Access, type Asking, Authorizer, type FindCredential } from './authorizer.ts';
import { readAll } from './body.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import { MAX_ANSWER_BYTES, MAX_REDIRECTS, REGISTRY_LIMITS, type RegistryLimits } from './limits.ts';
import { isTransient, speaksNoTls } from './refusals.ts';
import { type Answer, type Exchange, Transport } from './transport.ts';

/** What a client is made of. */
export interface ClientOptions {
  /** HOST[:PORT]. */
  readonly registry: string;
  /** HOST[:PORT][/PREFIX] each, in the order in which they are tried. */
  readonly mirrors?: readonly string[];
  /** Speak plain HTTP to the registry and its mirrors. On this machine that is done by itself where a service knows no TLS. */
  readonly plainHttp?: boolean;
  /** Certificates in PEM that are trusted beside the public authorities. */
  readonly ca?: string | undefined;
  readonly credentials?: FindCredential;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, where they are to be heeded. */
  readonly proxyEnv?: Readonly<Record<string, string | undefined>>;
  readonly limits?: RegistryLimits;
  /** Told what went wrong on the way and was got round: a mirror that sends wrong bytes. */
  readonly warn?: (text: string) => void;
  /** Ends everything that the client does. */
  readonly signal?: AbortSignal;
}

/** What an attempt must have brought, in bytes, not to count as one that failed. */
const MIN_PROGRESS_BYTES = 1024 * 1024;

/** A request for a repository. */
export interface RegistryRequest extends Pick<Exchange, 'method' | 'headers' | 'body'> {
  readonly repository: string;
  /** Below the repository, as "manifests/1.0"; or the address that a registry gave for an upload. */
  readonly path: string | URL;
  readonly access?: Access;
}

/** A client of one registry and its mirrors. `close` ends its connections. */
export class RegistryClient {
  readonly registry: string;
  readonly limits: RegistryLimits;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
  /** The registry itself. */
  readonly own: Endpoint;
  readonly #mirrors: readonly Endpoint[];
  readonly #transport: Transport;
  readonly #authorizer: Authorizer;
  readonly #origins = new Map<Endpoint, string>();
  /** Those that could not be reached stand behind the others from then on. */
  readonly #down = new Set<Endpoint>();

  /** Connects to nothing yet. Throws BAD_ARGUMENT where a mirror is none. */
  constructor(options: ClientOptions) {
    const { registry, mirrors = [], plainHttp = false, limits = REGISTRY_LIMITS, ca, proxyEnv } = options;
    this.registry = registry;
    this.limits = limits;
    this.signal = options.signal ?? new AbortController().signal;
    this.warn = options.warn ?? (() => undefined);
    this.own = parseEndpoint(registry, { isMirror: false, plainHttp });
    this.#mirrors = mirrors.map((text) => parseEndpoint(text, { isMirror: true, plainHttp }));
    this.#transport = new Transport({ limits, ca, proxyEnv });
    this.#authorizer = new Authorizer(
      this.#transport,
      limits,
      options.credentials ?? (async () => undefined),
    );
  }

  /** Ends the connections. */
  close(): void {
    this.#transport.close();
  }

  /**
   * What comes of the work at the first place where it can be done. What is named by its digest is asked of mirrors first, since it is
   * the same everywhere; a tag is asked of the registry itself, and of a mirror, which may be behind, only where that cannot be reached.
   * Throws the registry's own failure, with what the others said.
   * @param moved how many bytes are there; see repeatedly
   */
  async somewhere<T>(
    by: 'digest' | 'tag',
    work: (endpoint: Endpoint) => Promise<T>,
    moved?: () => number,
  ): Promise<T> {
    const inOrder = by === 'digest' ? [...this.#mirrors, this.own] : [this.own, ...this.#mirrors];
    const order = [
      ...inOrder.filter((one) => !this.#down.has(one)),
      ...inOrder.filter((one) => this.#down.has(one)),
    ];
    const failures: { endpoint: Endpoint; failure: Failure }[] = [];
    for (const endpoint of order) {
      try {
        const result = await this.repeatedly(
          () => work(endpoint),
          order.length > 1 ? 'each' : 'alone',
          moved,
        );
        if (by === 'tag' && endpoint.isMirror)
          this.warn(
            `${this.registry} cannot be asked for the tag; ${endpoint.host} was, and it may be behind`,
          );
        return result;
      } catch (error) {
        const failure = Failure.from(error);
        if (failure.reason === 'CANCELLED') throw failure;
        failures.push({ endpoint, failure });
        if (isTransient(failure)) this.#down.add(endpoint);
        // What the registry says of its own tags is the last word.
        else if (by === 'tag' && !endpoint.isMirror) break;
        if (failure.reason === 'REGISTRY_DIGEST_MISMATCH' && endpoint.isMirror) this.warn(failure.message);
      }
    }
    throw merged(failures);
  }

  /**
   * Does the work again, with pauses, while that can help. Throws its last failure.
   * @param moved how many bytes are there: attempts that bring more are not counted, so that a long transfer over a bad link ends
   */
  async repeatedly<T>(
    work: () => Promise<T>,
    places: 'alone' | 'each' = 'alone',
    moved = () => 0,
  ): Promise<T> {
    const { attempts, attemptsEach, backoff, maxRetryAfterMs } = this.limits;
    const most = places === 'alone' ? attempts : attemptsEach;
    let before = moved();
    for (let attempt = 1; ; attempt++) {
      if (this.signal.aborted) throw Failure.from(this.signal.reason);
      try {
        return await work();
      } catch (error) {
        const failure = Failure.from(error);
        const asked = Number(failure.facts.retryAfterMs ?? 0);
        if (!isTransient(failure) || asked > maxRetryAfterMs) throw failure;
        if (moved() >= before + MIN_PROGRESS_BYTES) {
          before = moved();
          attempt = 1;
        }
        if (attempt >= most) throw tried(failure, attempt);
        await sleep(Math.max(asked, backoffDelay(backoff, attempt, Math.random())), this.signal);
      }
    }
  }

  /**
   * Sends one request to one place and gives its answer, whatever its status: logged in where that is asked for, and redirected where
   * something is read. Throws REGISTRY_UNREACHABLE, REGISTRY_INSECURE, REGISTRY_BAD_ANSWER, REGISTRY_DENIED, CANCELLED.
   */
  async send(endpoint: Endpoint, request: RegistryRequest): Promise<Answer> {
    const { method, headers, body, repository, path, access = 'pull' } = request;
    const { signal } = this;
    const origin = await this.#origin(endpoint);
    const asking: Asking = {
      ...{ registry: endpoint.host, origin, access, signal },
      repository: `${endpoint.prefix}${repository}`,
    };
    let url = typeof path === 'string' ? new URL(`${origin}/v2/${asking.repository}/${path}`) : path;
    let authorization = this.#authorizer.known(asking);
    let challenged = false;
    let redirects = 0;
    for (;;) {
      // Who one is to the registry is nobody else's business.
      const isOwn = url.origin === origin;
      const answer = await this.#transport.exchange(url, {
        method,
        headers: { ...headers, ...(authorization && isOwn ? { authorization } : {}) },
        ...(body ? { body } : {}),
        signal,
      });
      if (answer.status === 401 && isOwn && !challenged) {
        challenged = true;
        await this.#drain(answer);
        authorization = await this.#authorizer.answer(asking, answer.headers['www-authenticate']);
      } else if (
        [301, 302, 303, 307, 308].includes(answer.status) &&
        (method === 'GET' || method === 'HEAD')
      ) {
        await this.#drain(answer);
        if (++redirects > MAX_REDIRECTS)
          throw new Failure(
            'REGISTRY_BAD_ANSWER',
            `${endpoint.host} redirects more than ${MAX_REDIRECTS} times`,
          );
        url = locationOf(answer);
      } else return answer;
    }
  }

  async #drain(answer: Answer): Promise<void> {
    const { limits, signal } = this;
    await readAll(answer, { maxBytes: MAX_ANSWER_BYTES, limits, signal }).catch(() => undefined);
  }

  async #origin(endpoint: Endpoint): Promise<string> {
    const known = this.#origins.get(endpoint);
    if (known) return known;
    const { host, security } = endpoint;
    let scheme = security === 'plain' ? 'http' : 'https';
    if (security === 'tls-or-plain')
      try {
        const url = new URL(`https://${host}/v2/`);
        await this.#drain(await this.#transport.exchange(url, { method: 'GET', signal: this.signal }));
      } catch (error) {
        if (!speaksNoTls(error)) throw error;
        scheme = 'http';
      }
    const origin = new URL(`${scheme}://${host}`).origin;
    this.#origins.set(endpoint, origin);
    return origin;
  }
}

/**
 * The address in an answer's Location. Throws REGISTRY_BAD_ANSWER where there is none, REGISTRY_INSECURE where it leads from TLS to
 * plain HTTP.
 */
export function locationOf({ url, headers, status }: Answer): URL {
  const { location } = headers;
  const target = location !== undefined && URL.canParse(location, url) ? new URL(location, url) : undefined;
  if (!target || !/^https?:$/.test(target.protocol) || target.username || target.password)
    throw new Failure('REGISTRY_BAD_ANSWER', `${url.host} answers ${status} and does not say where to go on`);
  if (target.protocol === 'http:' && url.protocol === 'https:')
    throw new Failure('REGISTRY_INSECURE', `${url.host} leads on to ${target.host} in plain http`, {
      hint: 'set the registry’s own address to https (docker-registry: http.host)',
    });
  return target;
}

function tried(failure: Failure, attempts: number): Failure {
  if (attempts === 1) return failure;
  const { reason, message, hint, facts } = failure;
  return new Failure(reason, `${message} (tried ${attempts} times)`, { hint, facts, cause: failure });
}

/** The failures of several places as one: the registry's own reason, and what each place said. */
function merged(failures: readonly { endpoint: Endpoint; failure: Failure }[]): Failure {
  const own = failures.find(({ endpoint }) => !endpoint.isMirror)?.failure;
  const others = failures.filter(({ endpoint }) => endpoint.isMirror);
  if (!own) return new Failure('INTERNAL', 'no registry was asked');
  if (others.length === 0) return own;
  const said = others.map(
    ({ endpoint, failure }) =>
      `mirror ${endpoint.host}${endpoint.prefix && `/${endpoint.prefix.slice(0, -1)}`}: ${failure.message}`,
  );
  return new Failure(own.reason, [own.message, ...said].join('; '), {
    hint: own.hint,
    facts: own.facts,
    cause: own,
  });
}
