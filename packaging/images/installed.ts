/**
 * What the agent of a new machine is told of the image that the machine was made with: which one it is. Without it the agent finds out
 * by itself (agent/upgrade/made-with.ts), all but the serial number.
 */

import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SlotImages } from '../../agent/upgrade/slot-images.ts';
import { openImageFile } from '../../cli/image/open.ts';
import { parseManifest, rootOf } from '../../proto/image/manifest.ts';

/**
 * Notes it in the agent's state.
 * @param vars what becomes /var
 * @param root the root file system that is in slot a
 * @param archive the image that `nodectl image build` made of it
 * @throws Error where the archive is of another root, Failure IMAGE_* where it cannot be read
 */
export async function noteInstalled(vars: string, root: string, archive: string): Promise<void> {
  const source = await openImageFile(archive);
  await source.close();
  const manifest = parseManifest(source.manifestBytes);
  const { sha256, size } = rootOf(manifest);
  const hash = createHash('sha256');
  for await (const piece of createReadStream(root, { highWaterMark: 1 << 20 })) hash.update(piece);
  if (hash.digest('hex') !== sha256) throw new Error(`${archive} is no image of ${root}`);
  mkdirSync(join(vars, 'lib'), { recursive: true });
  const { name, version, serial, minSerial, cmdline = '' } = manifest;
  new SlotImages(join(vars, 'lib/nodectl/upgrade')).set({
    ...{ slot: 'a', image: { name, version, serial, rootSha256: sha256, rootSize: size } },
    ...{ minSerial, commandLine: cmdline, deployId: '', deploySerial: 0, writtenMs: 0 },
  });
}
