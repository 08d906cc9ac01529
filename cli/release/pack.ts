/** Making a release of the agent from what `npm run build` made: every file compressed by itself, and the manifest signed. */

import { createHash, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import * as z from 'zod';
import { Failure } from '../../proto/failure.ts';
import {
  AGENT_MANIFEST_TYPE,
  type AgentFile,
  type AgentManifest,
  encodeAgentManifest,
  LAUNCHER,
  parseAgentManifest,
} from '../../proto/image/agent-manifest.ts';
import { signManifest } from '../../proto/image/envelope.ts';
import { manifestSha256 } from '../../proto/image/manifest.ts';
import { digestOf } from '../../proto/registry/manifests.ts';
import { readNamedFile } from '../context/named-file.ts';
import { layoutWriter } from '../image/layout/write.ts';
import { smallParts, storedManifest } from './artifact.ts';

/** What to make. */
export interface PackOptions {
  /** dist/ of a build. */
  readonly folder: string;
  /** Private keys, Ed25519; each signs. */
  readonly keys: readonly KeyObject[];
  readonly serial: number;
  /** RFC 3339, or undefined for a release that does not end. */
  readonly notAfter?: string | undefined;
  /** The archive. */
  readonly out: string;
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** What was made. */
export interface Packed {
  /** SHA-256 of the manifest in lower-case hexadecimal. */
  readonly release: string;
  readonly manifest: AgentManifest;
  /** Bytes of its blobs. */
  readonly bytes: number;
}

/** What the build says of itself; packaging/build.ts writes it. */
const BUILD_FILE = 'agent.json';
const BUILD = z.object({ version: z.string(), platform: z.string() });
const MAX_JSON = 64 << 10;
/** Beyond it a release takes twice as long to make and becomes 3 % smaller. */
const LEVEL = 12;
/** Source maps are no part of an agent. */
const LEFT_OUT = /\.map$/;

/** Makes a release. @throws Failure BAD_ARGUMENT, RELEASE_MANIFEST_INVALID, CANCELLED */
export async function packRelease(options: PackOptions): Promise<Packed> {
  const { folder, out, force, serial, notAfter, signal, keys } = options;
  if (keys.length === 0)
    throw new Failure('BAD_ARGUMENT', 'a release without a signature is taken by no node', {
      hint: 'add --key FILE; nodectl image keygen makes a pair',
    });
  const built = buildOf(folder);
  const blobs = new Map<string, Buffer>();
  const files: AgentFile[] = [];
  for (const path of filesOf(folder)) {
    if (signal.aborted) throw new Failure('CANCELLED', 'interrupted while the release was made');
    const content = readFileSync(join(folder, path));
    const blob = await compress(content);
    const digest = digestOf(blob);
    blobs.set(digest, blob);
    files.push({
      ...{ path, size: content.length, executable: (statSync(join(folder, path)).mode & 0o100) > 0 },
      sha256: createHash('sha256').update(content).digest('hex'),
      blob: { digest, size: blob.length },
    });
  }
  const created = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const bytes = encodeAgentManifest({
    ...{ v: 1, kind: 'agent', ...built, serial, created, files },
    ...(notAfter === undefined ? {} : { notAfter }),
  });
  const small = smallParts(
    bytes,
    keys.map((key) => signManifest(bytes, key, AGENT_MANIFEST_TYPE)),
  );
  const manifest = parseAgentManifest(bytes);
  const stored = storedManifest(
    small.map(([descriptor]) => descriptor),
    manifest,
  );
  const parts = new Map([...blobs, ...small.map(([{ digest }, part]) => [digest, part] as const)]);
  const writer = await layoutWriter(out, force);
  try {
    for (const descriptor of stored.blobs)
      await writer.blob(descriptor, (sink) => sink.write(parts.get(descriptor.digest) ?? Buffer.alloc(0), 0));
    await writer.finish(stored, built.version);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  return {
    ...{ release: manifestSha256(bytes), manifest },
    bytes: [...blobs.values()].reduce((sum, blob) => sum + blob.length, 0),
  };
}

/** What a build says of itself. @throws Failure BAD_ARGUMENT */
export function buildOf(folder: string): z.output<typeof BUILD> {
  try {
    return BUILD.parse(
      JSON.parse(readNamedFile(join(folder, BUILD_FILE), MAX_JSON, 'what a build says of itself')),
    );
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `${folder} is no build of the agent: ${(cause as Error).message}`, {
      hint: 'npm run build makes dist/; name that folder',
      cause,
    });
  }
}

/** The files of an agent in a build, sorted by path. */
function filesOf(folder: string): string[] {
  const lib = readdirSync(join(folder, 'lib'), { recursive: true, encoding: 'utf8' })
    .map((name) => `lib/${name}`)
    .filter((path) => !LEFT_OUT.test(path) && statSync(join(folder, path)).isFile());
  return [LAUNCHER, ...lib].sort((a, b) => (a < b ? -1 : 1));
}

function compress(content: Buffer): Promise<Buffer> {
  return promisify(zstdCompress)(content, {
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_contentSizeFlag]: 1 },
  });
}
