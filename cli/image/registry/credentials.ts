/**
 * Credentials for registries from where "docker login", "podman login" and "skopeo login" keep them: "auths" of config.json
 * (containers-auth.json(5)), and the credential helpers that it names. Nothing is written here.
 */

import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import type { Credential, FindCredential } from '../../../proto/registry/authorizer.ts';
import { readNamedFile } from '../../context/named-file.ts';

/** Where to look, and whom to tell. */
export interface CredentialOptions {
  /** The one file to look in; without it, the usual ones. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly warn: (text: string) => void;
}

interface AuthFile {
  readonly path: string;
  readonly auths: Readonly<Record<string, unknown>>;
  readonly helpers: Readonly<Record<string, unknown>>;
  /** The helper for everything else. */
  readonly store: unknown;
}

const MAX_BYTES = 1024 * 1024;
/** A helper may ask a keyring that a person must open. */
const HELPER_MS = 60_000;
const HELPER_BYTES = 64 * 1024;
const HELPER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Looks credentials up, file by file, each read once. Throws BAD_CONFIG where a file is not valid. */
export function credentialsFrom({ file, env, warn }: CredentialOptions): FindCredential {
  let files: AuthFile[] | undefined;
  return async (registry, repository) => {
    files ??= (file ? [file] : usualFiles(env)).flatMap((path) => readAuthFile(path, file !== undefined));
    for (const one of files) {
      const found = (await fromHelper(one, registry, env, warn)) ?? fromAuths(one, registry, repository);
      if (found) return found;
    }
    return undefined;
  };
}

function usualFiles(env: CredentialOptions['env']): string[] {
  const home = env.HOME || homedir();
  const runtime = env.XDG_RUNTIME_DIR;
  return [
    ...(env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : []),
    join(env.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    ...(runtime ? [join(runtime, 'containers', 'auth.json')] : []),
  ];
}

function readAuthFile(path: string, isNamed: boolean): AuthFile[] {
  let text: string;
  try {
    text = readNamedFile(path, MAX_BYTES, 'a file of credentials');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && !isNamed) return [];
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'BAD_CONFIG',
      `the credentials in ${path} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    return [
      { path, auths: mapOf(value?.auths), helpers: mapOf(value?.credHelpers), store: value?.credsStore },
    ];
  } catch {
    // The parser's message would show a piece of the file.
    throw new Failure('BAD_CONFIG', `${path} is no file of credentials: it is not valid JSON`);
  }
}

function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Of the keys "HOST/some/repository", "HOST/some", "HOST", "https://HOST/v1/" the first that is there. */
function fromAuths({ path, auths }: AuthFile, registry: string, repository: string): Credential | undefined {
  const parts = repository.split('/');
  const keys = parts.map((_, at) => [registry, ...parts.slice(0, parts.length - at)].join('/'));
  const key = [
    ...keys,
    registry,
    ...['https', 'http'].flatMap((scheme) => [
      `${scheme}://${registry}`,
      `${scheme}://${registry}/v1/`,
      `${scheme}://${registry}/v2/`,
    ]),
  ].find((one) => Object.hasOwn(auths, one));
  if (key === undefined) return undefined;
  const { auth, identitytoken, username, password } = mapOf(auths[key]);
  if (typeof identitytoken === 'string' && identitytoken) return { identityToken: identitytoken };
  if (typeof username === 'string' && typeof password === 'string' && username) return { username, password };
  const [, name, secret] =
    /^([^:]+):(.*)$/s.exec(typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8') : '') ??
    [];
  if (name === undefined || secret === undefined) {
    // Beside a helper, docker leaves an empty entry.
    if (auth === undefined || auth === '') return undefined;
    throw new Failure('BAD_CONFIG', `the entry for ${key} in ${path} holds no name and password`, {
      hint: `log in anew: docker login ${registry}`,
    });
  }
  return { username: name, password: secret };
}

async function fromHelper(
  { path, helpers, store, auths }: AuthFile,
  registry: string,
  env: CredentialOptions['env'],
  warn: (text: string) => void,
): Promise<Credential | undefined> {
  const own = Object.hasOwn(helpers, registry) ? helpers[registry] : undefined;
  const name = own ?? (mapOf(auths[registry]).auth ? undefined : store);
  if (name === undefined || name === '') return undefined;
  if (typeof name !== 'string' || !HELPER_NAME.test(name))
    throw new Failure('BAD_CONFIG', `${path} names a credential helper that cannot be one`);
  const program = `docker-credential-${name}`;
  const { error, stdout } = await runHelper(program, registry, env);
  if (error) {
    // What helpers say where they know nothing of a registry is theirs; what matters is that there is nothing.
    if (own !== undefined || typeof error.code === 'string' || error.killed)
      warn(`${program}, which ${path} names, gives no credentials for ${registry}: ${reasonOf(error)}`);
    return undefined;
  }
  try {
    const { Username, Secret } = JSON.parse(stdout) as Record<string, unknown>;
    if (typeof Username !== 'string' || typeof Secret !== 'string') return undefined;
    return Username === '<token>' ? { identityToken: Secret } : { username: Username, password: Secret };
  } catch {
    warn(`${program} gives no credentials for ${registry}: its answer is not valid JSON`);
    return undefined;
  }
}

type HelperError = Error & { code?: string | number | null; killed?: boolean };

function reasonOf({ code, killed }: HelperError): string {
  if (code === 'ENOENT') return 'there is no such program';
  if (killed || typeof code === 'string') return 'it did not end in time, or said too much';
  return `it ended with status ${code}`;
}

/** Runs "docker-credential-X get" with the registry on its standard input (docker-credential-helpers, "Development"). */
function runHelper(
  program: string,
  registry: string,
  env: CredentialOptions['env'],
): Promise<{ error: HelperError | null; stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      ['get'],
      {
        timeout: HELPER_MS,
        killSignal: 'SIGKILL',
        maxBuffer: HELPER_BYTES,
        env: { ...env } as NodeJS.ProcessEnv,
      },
      (error, stdout) => resolve({ error: error as HelperError | null, stdout }),
    );
    // One that ends without reading has its reasons, which its status tells.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(registry);
  });
}
