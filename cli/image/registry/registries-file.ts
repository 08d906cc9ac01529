/**
 * registries.yaml, beside the contexts file: how registries are reached from here.
 *
 *   registries:
 *     registry.example:5000:
 *       mirrors: [mirror-a.example, mirror-b.example:5000/proxy]
 *       ca: ca.pem          # an authority's certificate: a path relative to this file
 *       plainHttp: false
 */

import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../../proto/failure.ts';
import { isRegistry } from '../../../proto/registry/reference.ts';
import { readYaml, shaped, YamlProblems } from '../../../proto/strict-yaml.ts';
import { contextsPath } from '../../context/contexts.ts';
import { readNamedFile } from '../../context/named-file.ts';

/** How a registry is reached. */
export interface RegistryEntry {
  readonly mirrors: readonly string[];
  /** The path of a file with certificates in PEM. */
  readonly ca?: string;
  readonly plainHttp: boolean;
}

const MAX_BYTES = 256 * 1024;
const MAX_MIRRORS = 16;
const ENTRY = z.strictObject({
  mirrors: z.array(z.string().max(512)).max(MAX_MIRRORS).default([]),
  ca: z.string().min(1).max(4096).optional(),
  plainHttp: z.boolean().default(false),
});
const FILE = z.strictObject({
  registries: z.record(z.string().refine(isRegistry, 'is no HOST or HOST:PORT'), ENTRY).default({}),
});

/** Where the file is: as named, $NODECTL_REGISTRIES, or registries.yaml beside the contexts file. */
function registriesPath(
  chosen: string | undefined,
  contexts: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const named = chosen || env.NODECTL_REGISTRIES;
  return named ? resolve(named) : join(dirname(contextsPath(contexts, env)), 'registries.yaml');
}

/**
 * What the file says of a registry. Throws BAD_CONFIG with line and column. A file that nobody named need not be there.
 * @param chosen the file's path, where one was given
 * @param contexts that of the contexts file, where one was given
 */
export function registryEntry(
  registry: string,
  chosen: string | undefined,
  contexts: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): RegistryEntry {
  const path = registriesPath(chosen, contexts, env);
  try {
    const { registries } = shaped(
      readYaml(readNamedFile(path, MAX_BYTES, 'a registries file'), { file: path, maxBytes: MAX_BYTES }),
      FILE.default({ registries: {} }),
    );
    const entry = Object.hasOwn(registries, registry) ? registries[registry] : undefined;
    if (!entry) return { mirrors: [], plainHttp: false };
    const { mirrors, plainHttp, ca } = entry;
    return { mirrors, plainHttp, ...(ca ? { ca: resolve(dirname(path), ca) } : {}) };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const isNamed = chosen !== undefined || env.NODECTL_REGISTRIES;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && !isNamed)
      return { mirrors: [], plainHttp: false };
    const message =
      cause instanceof YamlProblems
        ? cause.problems.join('; ')
        : `${path} cannot be read: ${(cause as Error).message}`;
    throw new Failure('BAD_CONFIG', message, { cause });
  }
}
