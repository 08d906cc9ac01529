/** Receiving the files of a node's bundle. A node is not believed: where its files go, and how large they may be, is decided here. */

import { createHash } from 'node:crypto';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { BundleFile__Output as BundleFile } from '../../proto/gen/types/nodectl/v1/BundleFile.ts';
import type { CollectBundleRequest } from '../../proto/gen/types/nodectl/v1/CollectBundleRequest.ts';

/** A file as it was received. */
export interface ReceivedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The largest file, and the most bytes and files of a node. Agents keep to less. */
const MAX_FILE = 32 << 20;
const MAX_BYTES = 256 << 20;
const MAX_FILES = 50_000;
const MAX_PATH = 1_024;
/** Agents send 256 KiB at a time. */
const MAX_PARTS = 4_096;

/** Receives the files of a node, one after another; only one is held at a time. Throws the Failure of the call, or INTERNAL where the answer is not sound. */
export async function* receiveBundle(
  channel: Channel,
  request: CollectBundleRequest,
  limits: { timeoutMs: number; signal: AbortSignal },
): AsyncGenerator<ReceivedFile, void, undefined> {
  const seen = new Set<string>();
  let total = 0;
  let file: BundleFile | undefined;
  let parts: Buffer[] = [];
  let length = 0;
  const whole = (): ReceivedFile | undefined => {
    if (!file || length < file.size) return undefined;
    const bytes = Buffer.concat(parts);
    const { path, sha256 } = file;
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw bad(`${path} is not what its checksum says`);
    file = undefined;
    return { path, bytes };
  };
  for await (const answer of channel.serverStream(
    'nodectl.v1.BundleService/CollectBundle',
    request,
    limits,
  )) {
    if (answer.file) {
      if (file) throw bad(`${file.path} ended too early`);
      file = checked(answer.file, seen);
      total += file.size;
      if (total > MAX_BYTES || seen.size > MAX_FILES) throw bad('the bundle is too large');
      parts = [];
      length = 0;
    } else {
      const data = answer.data ?? Buffer.alloc(0);
      length += data.length;
      if (!file || length > file.size) throw bad('there are bytes of no file');
      // Parts of a byte, or of none without end, would cost far more memory than the file.
      if (data.length === 0 || parts.length >= MAX_PARTS) throw bad(`${file.path} comes in too many parts`);
      parts.push(Buffer.from(data));
    }
    const done = whole();
    if (done) yield done;
  }
  if (file) throw bad(`${file.path} ended too early`);
  if (!seen.has('index.json')) throw bad('the bundle ended too early');
}

function checked(file: BundleFile, seen: Set<string>): BundleFile {
  const { path, size } = file;
  const parts = path.split('/');
  const sound =
    path.length <= MAX_PATH &&
    !path.includes('\0') &&
    parts.every((one) => one !== '' && one !== '.' && one !== '..');
  if (!sound) throw bad(`"${path.slice(0, 100)}" is no path for a file of a bundle`);
  if (seen.has(path)) throw bad(`${path} came twice`);
  if (!(size >= 0 && size <= MAX_FILE)) throw bad(`${path} is too large`);
  seen.add(path);
  return file;
}

function bad(message: string): Failure {
  return new Failure('INTERNAL', message, { hint: 'is the agent of another version, or not to be trusted?' });
}
