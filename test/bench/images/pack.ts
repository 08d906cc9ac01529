/** Images out of roots, signed, as `nodectl image build` makes them. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { buildImage } from '../../../cli/image/build/build.ts';
import { withFiles } from '../../../cli/image/content.ts';
import { openImageFile } from '../../../cli/image/open.ts';
import { ROLES } from '../../../proto/image/manifest.ts';

/** What the images of the bench are compatible with. */
export const COMPATIBLE = 'bench';

/** What an image is made of, and how. */
export interface PackOptions {
  /** The root, the kernel and, where there is one, the initrd. */
  readonly files: readonly string[];
  readonly serial?: number;
  /** Images that it carries a ready delta from. */
  readonly from?: readonly string[];
  /** What signs it; by default a key that nobody has. */
  readonly key?: KeyObject;
}

/** Builds an image into a folder. Gives the archive's path. */
export async function packImage(
  folder: string,
  name: string,
  { files, serial = 1, from = [], key = generateKeyPairSync('ed25519').privateKey }: PackOptions,
): Promise<string> {
  const out = join(folder, `${name}.oci.tar`);
  const deltaFrom = await Promise.all(from.map(openImageFile));
  try {
    await withFiles([...files], (contents) =>
      buildImage({
        contents: contents.map((content, part) => ({ role: ROLES[part] ?? 'initrd', content })),
        describe: async () => ({
          ...{ name: 'bench', version: name, serial, minSerial: 0, compatible: [COMPATIBLE] },
          created: '2026-01-01T00:00:00Z',
        }),
        ...{ keys: [key], deltaFrom, out, force: true },
      }),
    );
    return out;
  } finally {
    for (const image of deltaFrom) await image.close();
  }
}
