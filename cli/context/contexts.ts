/**
 * The contexts file: which fleets a user works with, whom to trust there, and as whom to call. YAML, mode 0600:
 *
 *   current: lab
 *   contexts:
 *     lab:
 *       trust: pki/root.crt       # root certificates: a path relative to this file, or PEM
 *       credential: alice.pem     # key, certificate and intermediate in one PEM file, or PEM
 *       issuer: 127.0.0.1:7445    # optional: the issuer whose register lists the nodes
 *       nodes:
 *         - name: web-1
 *           addresses: [10.0.0.7:7443]
 *           labels: { rack: a }
 */

import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { certificatePart, keyPart } from '../../pki/pem-text.ts';
import { nearest } from '../../proto/did-you-mean.ts';
import { Failure } from '../../proto/failure.ts';
import { whyNotRead } from '../not-read.ts';
import { readNamedFile } from './named-file.ts';
import { parsePlainYaml } from './plain-yaml.ts';
import { checkContexts } from './shape.ts';

/** A node as a context lists it. */
export interface ContextNode {
  name: string;
  addresses: string[];
  labels: Record<string, string>;
}

/** A context as the file has it. */
export interface ContextEntry {
  trust: string;
  credential: string;
  issuer: string;
  nodes: ContextNode[];
}

/** The file. */
export interface ContextsFile {
  /** Where it is, or would be. */
  path: string;
  current: string;
  contexts: Readonly<Record<string, ContextEntry>>;
  /** What a person should know of the file, a sentence each. */
  warnings: string[];
}

/** A chosen context with its files read. */
export interface Context {
  name: string;
  /** Root certificates in PEM. */
  trust: string;
  /** Key and certificates in PEM. */
  credential: { key: string; chain: string };
  /** The file that the credential is in, or empty where the contexts file holds it itself. */
  credentialFile: string;
  issuer: string;
  nodes: ContextNode[];
  /** What a person should know of its files, a sentence each. */
  warnings: string[];
}

/** The longest contexts file, in bytes: one of a thousand nodes has 150 kB; beyond this it is not one. */
export const MAX_BYTES = 8 * 1024 * 1024;
/** A credential has 2 kB, a bundle of roots a few; beyond this it is neither. */
const MAX_PEM_BYTES = 1024 * 1024;

/** Where the contexts file is: the flag, $NODECTL_CONFIG, or nodectl/config.yaml in the user's configuration folder. */
export function contextsPath(
  chosen: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (chosen) return resolve(chosen);
  if (env.NODECTL_CONFIG) return resolve(env.NODECTL_CONFIG);
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'nodectl', 'config.yaml');
}

/** Reads the contexts file. A file that does not exist is an empty one. Throws BAD_CONFIG with line and column. */
export async function readContexts(path: string): Promise<ContextsFile> {
  const warnings: string[] = [];
  let source: string;
  try {
    warnings.push(...openToOthers(path));
    source = readNamedFile(path, MAX_BYTES, 'a contexts file');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { path, current: '', contexts: {}, warnings };
    if (error instanceof Failure) throw error;
    throw unreadable(path, error);
  }
  return { path, ...(await parseContexts(source, path)), warnings };
}

/** A warning where others than its owner can read or write a file. */
function openToOthers(path: string): string[] {
  const isOpen = ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;
  return isOpen ? [`${path} can be read or written by others; close it: chmod 600 ${path}`] : [];
}

/** The failure of a contexts file that is there and cannot be read. */
export function unreadable(path: string, cause: unknown): Failure {
  return new Failure('BAD_CONFIG', `the contexts file ${path} cannot be read: ${whyNotRead(cause)}`, {
    hint: 'mend it, or name another with --config or $NODECTL_CONFIG',
    cause,
  });
}

/** The content of a contexts file. `path` is for errors. Throws BAD_CONFIG with line and column. */
export async function parseContexts(
  source: string,
  path: string,
): Promise<Pick<ContextsFile, 'current' | 'contexts'>> {
  const plain = parsePlainYaml(source);
  try {
    if (plain !== undefined) return checkContexts(plain ?? {});
  } catch {
    // The whole parser knows lines and columns; it finds the same again and says where.
  }
  const { parseWholeContexts } = await import('./whole-yaml.ts');
  return parseWholeContexts(source, path);
}

/** The name of the context to use: the flag, $NODECTL_CONTEXT, or the file's current one. Throws NO_CONTEXT. */
export function chosenContext(
  file: ContextsFile,
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const name = flag ?? (env.NODECTL_CONTEXT || file.current);
  const known = Object.keys(file.contexts);
  if (known.length === 0)
    throw new Failure('NO_CONTEXT', `there is no context yet in ${file.path}`, {
      hint: 'try "npm run lab" for a fleet on this machine, or add yours: nodectl context add --help',
    });
  if (!name)
    throw new Failure('NO_CONTEXT', 'no context is chosen', {
      hint: `choose one: nodectl context use ${known[0]}`,
    });
  if (!Object.hasOwn(file.contexts, name)) {
    const near = nearest(name, known);
    throw new Failure('NO_CONTEXT', `there is no context "${name}" in ${file.path}`, {
      hint: near ? `did you mean "${near}"?` : 'nodectl context list shows those that there are',
    });
  }
  return name;
}

/** A context with its files read. Throws BAD_CONFIG where one cannot be. */
export function loadContext(file: ContextsFile, name: string): Context {
  const entry = file.contexts[name];
  if (!entry) throw new Failure('NO_CONTEXT', `there is no context "${name}" in ${file.path}`);
  const isInline = (value: string) => value.includes('-----BEGIN ');
  const pem = (value: string, what: string) => {
    if (isInline(value)) return value;
    const path = resolve(dirname(file.path), value);
    try {
      return readNamedFile(path, MAX_PEM_BYTES, 'a file of keys or certificates');
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure(
        'BAD_CONFIG',
        `the ${what} of context "${name}", ${path}, cannot be read: ${whyNotRead(error)}`,
        {
          hint: `is the path right? A context that is there takes another one: nodectl context add ${name} --${what} FILE --replace`,
        },
      );
    }
  };
  const credential = pem(entry.credential, 'credential');
  const credentialFile = isInline(entry.credential) ? '' : resolve(dirname(file.path), entry.credential);
  return {
    name,
    trust: pem(entry.trust, 'trust'),
    credential: {
      key: needed(keyPart(credential), name, 'key'),
      chain: needed(certificatePart(credential), name, 'certificate'),
    },
    credentialFile,
    issuer: entry.issuer,
    nodes: entry.nodes,
    warnings: credentialFile === '' ? [] : openToOthers(credentialFile),
  };
}

function needed(part: string, context: string, what: string): string {
  if (part !== '') return part;
  throw new Failure('BAD_CONFIG', `the credential of context "${context}" holds no ${what}`, {
    hint: 'it is one PEM file with key and certificates, as nodectl pki operator writes it',
  });
}
