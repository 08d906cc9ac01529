/** A client of the registry that a reference names, as the options, registries.yaml and the environment say. */

import { X509Certificate } from 'node:crypto';
import { Failure } from '../../../proto/failure.ts';
import { RegistryClient } from '../../../proto/registry/client.ts';
import { REGISTRY_LIMITS } from '../../../proto/registry/limits.ts';
import { Transport } from '../../../proto/registry/transport.ts';
import { readNamedFile } from '../../context/named-file.ts';
import { flag, list, type Session, text } from '../../session.ts';
import { credentialsFrom } from './credentials.ts';
import { registryEntry } from './registries-file.ts';

const MAX_PEM_BYTES = 1024 * 1024;

/**
 * A client for a registry (HOST[:PORT]), from the options of REGISTRY_OPTIONS. Nothing is connected yet; `close` it in the end.
 * Throws BAD_ARGUMENT and BAD_CONFIG where an option or a file is not valid.
 */
export function registryClient(
  session: Session,
  registry: string,
  warn = session.terminal.warn.bind(session.terminal),
): RegistryClient {
  const { env, signal } = session;
  const entry = registryEntry(registry, text(session, 'registries'), text(session, 'config'), env);
  const mirrors = list(session, 'mirror');
  const ca = text(session, 'registryCa') ?? entry.ca;
  return new RegistryClient({
    registry,
    mirrors: mirrors.length > 0 ? mirrors : entry.mirrors,
    plainHttp: flag(session, 'plainHttp') || entry.plainHttp,
    ca: ca === undefined ? undefined : readAuthority(ca),
    credentials: credentialsFrom({ file: text(session, 'registryAuth'), env, warn }),
    proxyEnv: proxiesOf(env),
    warn,
    signal,
  });
}

/** How a web server is connected to: as registries are, with the authority and the proxies that a session names. Throws BAD_ARGUMENT, BAD_CONFIG. */
export function webTransport(session: Session): Transport {
  const ca = text(session, 'registryCa');
  return new Transport({
    limits: REGISTRY_LIMITS,
    ca: ca === undefined ? undefined : readAuthority(ca),
    proxyEnv: proxiesOf(session.env),
  });
}

function proxiesOf(env: Session['env']): Record<string, string | undefined> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function readAuthority(path: string): string {
  try {
    const pem = readNamedFile(path, MAX_PEM_BYTES, 'an authority’s certificate');
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('BAD_CONFIG', `${path} holds no certificate in PEM: ${(cause as Error).message}`, {
      cause,
    });
  }
}
