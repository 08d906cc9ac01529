/** Sizes and bounds of OS images that maker and node have to agree on. Changing one of the first group changes the format. */

/** Images are compared, addressed and written in blocks of so many bytes: what ext4 places files by. */
export const BLOCK_BYTES = 4_096;
/** Bytes of a hash in a block index: SHA-256, cut. The whole image's SHA-256 decides in the end, so a clash costs a transfer. */
export const HASH_BYTES = 16;
/** One frame holds so many bytes of an image, the last one what is left. */
export const FRAME_BYTES = 1 << 20;
/** A data operation writes at most so many bytes. */
export const MAX_DATA_BYTES = 256 << 10;
/** The dictionary of a data operation begins so many bytes before the predicted place of the running root image. */
export const DICTIONARY_BEFORE = 32 << 10;
/** The dictionary ends so many bytes behind the predicted place and the operation's length. */
export const DICTIONARY_AFTER = 64 << 10;

/** A root image beyond this is refused: its index (64 MiB at this size) must fit in the memory of a small node. */
export const MAX_ROOT_BYTES = 16 * 2 ** 30;
/** A kernel or initrd beyond this is refused: they have to fit in a boot partition. */
export const MAX_BOOT_BYTES = 1 << 30;
/** A manifest is at most so long. */
export const MAX_MANIFEST_BYTES = 1 << 20;
/** An envelope is at most so long: sixteen signatures and their key ids take 3 KiB. */
export const MAX_ENVELOPE_BYTES = 16 << 10;
/** An image carries at most so many signatures. */
export const MAX_SIGNATURES = 16;
/** A keyring holds at most so many keys. */
export const MAX_KEYS = 64;
/** An image names at most so many images that it has a ready delta from. */
export const MAX_DELTAS = 32;

/** How many blocks an image of so many bytes has; the last one may be short. */
export function blocksOf(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES);
}

/** Bytes of a block index: magic and size, a bit a block, and a hash for each block that is not all zeros. */
export function indexBytes(imageBytes: number, filledBlocks: number): number {
  return 16 + Math.ceil(blocksOf(imageBytes) / 8) + filledBlocks * HASH_BYTES;
}

/**
 * The fewest and the most bytes that frames of an image can take: a frame has a header of at least six bytes and three a block
 * (RFC 8878), and what does not compress is stored with 1/256 more at most (ZSTD_compressBound); then the table.
 */
export function framesBytes(imageBytes: number): [least: number, most: number] {
  const frames = Math.ceil(imageBytes / FRAME_BYTES);
  return [frames * (9 + 4) + 16, imageBytes + Math.ceil(imageBytes / 256) + frames * (64 + 4) + 16];
}
