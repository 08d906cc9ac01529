/** What a root's file system makes of the size of deltas: blocks of 4 KiB are found again where files begin at such and are not packed. */

import type { RangeSource } from '../../../proto/registry/blobs.ts';

/** "hsqs" (squashfs(5), Documentation/filesystems/squashfs.rst). */
const SQUASHFS = 0x73717368;
/** Superblock of erofs: fs/erofs/erofs_fs.h. Compressed files need one of the two lowest features. */
const EROFS = { at: 1_024, magic: 0xe0f5e1e2, incompat: 80, compressed: 0x3 } as const;

/** A clause about "the root image" where deltas of it will not be as small as those of ext4, or undefined. */
export async function deltaSizeNote(image: RangeSource): Promise<string | undefined> {
  if (image.size < 4_096) return undefined;
  const head = await image.readRange(0, 4_096);
  if (head.readUInt32LE(0) === SQUASHFS)
    return 'is squashfs, which packs files one behind the other: where one changes, all behind it is sent anew; take ext4, or erofs without compression';
  const isErofs = head.readUInt32LE(EROFS.at) === EROFS.magic;
  if (isErofs && head.readUInt32LE(EROFS.at + EROFS.incompat) & EROFS.compressed)
    return 'is erofs with compressed files: of each file that changes nearly all is sent anew; without compression deltas are as small as those of ext4';
  return undefined;
}
