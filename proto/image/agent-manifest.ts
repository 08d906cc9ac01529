/**
 * The manifest of a release of the agent: signed as that of an OS image is, under a type of its own, and in the same canonical
 * JSON. It names every file of the release by its own digest, and by that of the compressed blob that carries it.
 */

import * as z from 'zod';
import { Failure } from '../failure.ts';
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts';

/** The payload type that such a manifest is signed under, and its media type in a registry. */
export const AGENT_MANIFEST_TYPE = 'application/vnd.nodectl.agent.manifest.v1+json';

/** An agent has a runtime, a launcher and some hundred pieces of code. A registry's manifest names at most 512 blobs. */
export const MAX_RELEASE_FILES = 500;
/** Twice what Node's binary has. */
const MAX_FILE_BYTES = 256 << 20;
/** A release beyond this is none. */
const MAX_RELEASE_BYTES = 512 << 20;
const MAX_BYTES = 256 << 10;

const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,63}$/);
const time = z.iso.datetime({ precision: 0 });
const bytes = z.int().min(0).max(MAX_FILE_BYTES);

const MANIFEST = z.strictObject({
  v: z.literal(1),
  kind: z.literal('agent'),
  version: word,
  serial: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  platform: z.string().regex(/^[a-z0-9]{1,16}-[a-z0-9_]{1,16}$/),
  created: time,
  notAfter: time.optional(),
  files: z
    .array(
      z.strictObject({
        path: z
          .string()
          .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(?:\/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){0,3}$/),
        size: bytes,
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        executable: z.boolean(),
        blob: z.strictObject({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), size: bytes.min(1) }),
      }),
    )
    .min(1)
    .max(MAX_RELEASE_FILES),
});

/**
 * What a release is. `serial` rises with every release, and nodes that confirmed a higher one refuse it; `platform` is Node's
 * process.platform and process.arch, "linux-x64"; times are RFC 3339 in UTC without fractions; `files` are sorted by path, and the
 * blob of each is one frame or more of zstd.
 */
export type AgentManifest = z.output<typeof MANIFEST>;

/** A file of a release. */
export type AgentFile = AgentManifest['files'][number];

/** What starts an agent, in every release. */
export const LAUNCHER = 'nodectl-agent';

/** A manifest as the bytes that are signed. @throws Failure RELEASE_MANIFEST_INVALID */
export function encodeAgentManifest(manifest: AgentManifest): Buffer {
  return Buffer.from(canonicalJson(checked(manifest)));
}

/** What the bytes of a manifest say. Their signature is not looked at. @throws Failure RELEASE_MANIFEST_INVALID */
export function parseAgentManifest(manifest: Uint8Array): AgentManifest {
  if (manifest.length > MAX_BYTES) throw invalid(`is longer than ${MAX_BYTES} bytes`);
  return parseCanonicalJson(manifest, checked, invalid);
}

function checked(value: unknown): AgentManifest {
  const { data, error } = MANIFEST.safeParse(value);
  if (error) {
    const [issue] = error.issues;
    throw invalid(`is not valid at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unknown'}`);
  }
  const { files } = data;
  const paths = new Set(files.map(({ path }) => path));
  files.forEach(({ path }, at) => {
    if (at > 0 && path <= (files[at - 1]?.path ?? ''))
      throw invalid('does not have its files sorted, each once');
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++)
      if (paths.has(parts.slice(0, depth).join('/'))) throw invalid(`has ${path} below a file`);
  });
  if (!files.some(({ path, executable }) => path === LAUNCHER && executable))
    throw invalid(`has no ${LAUNCHER} that can be started`);
  if (files.some(({ path }) => OWN_FILES.includes(path)))
    throw invalid('has a file of a name that nodes use');
  if (files.reduce((sum, { size }) => sum + size, 0) > MAX_RELEASE_BYTES)
    throw invalid(`has more than ${MAX_RELEASE_BYTES >> 20} MiB of files`);
  return data;
}

/** What a node writes beside the files of a release. */
const OWN_FILES: readonly string[] = ['IMAGE', 'SHA256SUMS', 'manifest.json', 'signatures.json'];

function invalid(why: string): Failure {
  return new Failure('RELEASE_MANIFEST_INVALID', `the release’s manifest ${why}`, {
    hint: 'nothing was changed; get the release anew from whoever made it',
  });
}
