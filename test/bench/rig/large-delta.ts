/**
 * A process of its own that makes a delta between two images of so many bytes each, as a rollout does, and tells what that took: the
 * images' blocks are made up as they are read, and compress as programs do, so that no disk has to hold them raw.
 *
 *   node large-delta.ts FOLDER BYTES build|delta
 */

import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { buildImage } from '../../../cli/image/build/build.ts';
import { imageOps } from '../../../cli/image/delta/image-ops.ts';
import { openImageFile } from '../../../cli/image/open.ts';
import { BLOCK_BYTES } from '../../../proto/image/limits.ts';
import { encodeOp } from '../../../proto/image/ops.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { madeBlock } from '../images/made-blocks.ts';

function made(size: number, version: number): RangeSource {
  return {
    size,
    async readRange(offset, length) {
      const first = Math.floor(offset / BLOCK_BYTES);
      const last = Math.ceil((offset + length) / BLOCK_BYTES);
      const blocks = Array.from({ length: last - first }, (_, at) => madeBlock(first + at, version));
      return Buffer.concat(blocks).subarray(
        offset - first * BLOCK_BYTES,
        offset - first * BLOCK_BYTES + length,
      );
    },
  };
}

const [folder = '', size = '0', what = ''] = process.argv.slice(2);
const path = (version: number) => join(folder, `large-${version}.oci.tar`);
let wireBytes = 0;
if (what === 'build') {
  const { privateKey } = generateKeyPairSync('ed25519');
  for (const version of [0, 1])
    await buildImage({
      contents: [
        { role: 'root', content: made(Number(size), version) },
        { role: 'kernel', content: made(BLOCK_BYTES, version) },
      ],
      describe: async () => ({
        ...{ name: 'large', version: String(version), serial: version, minSerial: 0 },
        ...{ compatible: ['bench'], created: '2026-01-01T00:00:00Z' },
      }),
      ...{ keys: [privateKey], deltaFrom: [], out: path(version), force: true },
    });
} else {
  const [old, fresh] = [await openImageFile(path(0)), await openImageFile(path(1))];
  for await (const op of imageOps(fresh, { kind: 'delta', old })) wireBytes += encodeOp(op).length;
  await old.close();
  await fresh.close();
}
// Kibibytes, as getrusage(2) gives them on Linux.
process.stdout.write(JSON.stringify({ wireBytes, peakBytes: process.resourceUsage().maxRSS * 1_024 }));
