/** What upgrades send: Debian at two times, one package, scattered changes, and what making a delta takes of memory. */

import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, compareImages } from '../../cli/image/compare.ts';
import { imageOps } from '../../cli/image/delta/image-ops.ts';
import { openImageFile } from '../../cli/image/open.ts';
import { randomOf } from '../../cli/image/testing-images.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { encodeOp } from '../../proto/image/ops.ts';
import type { Bench } from './bench.ts';
import { type DebianRoot, debianRoot, rootsMissing } from './images/debian-roots.ts';
import { packImage } from './images/pack.ts';
import { atMost, type Figure, type Findings, plain } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

const MIB = 2 ** 20;
const IMAGE_BYTES = 1_024 * MIB;
const POINT_UPDATE_MIB = 50;
const SCATTERED_MIB = 54;
const ONE_PACKAGE_PERCENT = 1.5;
const ENCODER_MIB = 512;
const LARGE_BYTES = 4 * 2 ** 30;

/** A source package whose libraries and programs are in every root, and that security fixes come for often. */
const ONE_PACKAGE = ['openssl', 'libssl3'];

const mebibytes = (value: number) => `${value.toFixed(1)} MiB`;
const percent = (value: number) => `${value.toFixed(2)} %`;

/** The benchmark. */
export const delta: Bench = {
  name: 'delta',
  title: 'what an upgrade of a root of 1 GiB sends, and what making a delta takes',
  missing: rootsMissing,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const folder = join(rig.folder, 'delta');
  mkdirSync(folder, { recursive: true });
  try {
    const release = makeRoot(folder, 'release', 'none');
    const old = await pack(folder, 'release', release);
    const figures = [
      ...(await pointUpdate(folder, old, release)),
      ...(await onePackage(folder, old)),
      ...(await scattered(folder, old, release)),
    ];
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    return {
      figures: [...figures, ...large(folder, rig.amount(LARGE_BYTES, LARGE_BYTES / 16))],
      notes: NOTES,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NOTES = [
  'Roots are made of Debian’s packages, from the mirrors of this machine’s apt, with mmdebstrap and mke2fs: the release as it was made, with ' +
    'all updates and security fixes, and with those of openssl alone. Each holds its kernel and initrd, which cost nothing more.',
  'Bytes on the wire are those of encoded operations; "compare" has the block index that goes to the node and the bitmap that comes back.',
  'The large images are made up, a third of each block random; one block in twenty changes.',
];

async function pointUpdate(folder: string, old: string, release: DebianRoot): Promise<Figure[]> {
  const updated = makeRoot(folder, 'updated', 'all');
  const fresh = await pack(folder, 'updated', updated, [old]);
  const began = performance.now();
  const deltaBytes = await wireBytes(old, fresh);
  const seconds = (performance.now() - began) / 1_000;
  const { ways, packages, blocks } = await compared(old, fresh);
  const figure = (way: string) => (ways.find((one) => one.way === way)?.bytes ?? 0) / MIB;
  const patch = patchFrom(folder, release.root, updated.root);
  return [
    plain('packages that differ', String(packages?.length ?? 'unknown')),
    plain('blocks that differ', percent((100 * blocks.fresh) / blocks.filled)),
    atMost('point update, as a delta', deltaBytes / MIB, POINT_UPDATE_MIB, mebibytes),
    plain('… as a ready delta', mebibytes(figure('ready delta'))),
    plain('… by comparing with the node', mebibytes(figure('compare'))),
    plain('… all of it', mebibytes(figure('full'))),
    ...(patch === undefined
      ? []
      : [plain('… the root alone by zstd -9 --patch-from --long=31', mebibytes(patch / MIB))]),
    plain('making the delta', `${seconds.toFixed(1)} s`),
  ];
}

async function onePackage(folder: string, old: string): Promise<Figure[]> {
  const fresh = await pack(folder, 'one', makeRoot(folder, 'one', ONE_PACKAGE));
  const { packages } = await compared(old, fresh);
  const bytes = await wireBytes(old, fresh);
  const names = packages?.map(({ name }) => name).join(', ');
  return [atMost(`one source package (${names})`, (100 * bytes) / IMAGE_BYTES, ONE_PACKAGE_PERCENT, percent)];
}

/** Random blocks in the place of one in twenty of all blocks, which is what no way can send in fewer bytes. */
async function scattered(folder: string, old: string, release: DebianRoot): Promise<Figure[]> {
  const root = join(folder, 'scattered.ext4');
  copyFileSync(release.root, root);
  const blocks = IMAGE_BYTES / BLOCK_BYTES;
  const random = randomOf(5);
  const chosen = new Set<number>();
  while (chosen.size < blocks / 20) chosen.add(random(blocks));
  const file = openSync(root, 'r+');
  for (const block of chosen) {
    const bytes = Buffer.from(Uint32Array.from({ length: BLOCK_BYTES / 4 }, () => random(2 ** 32)).buffer);
    writeSync(file, bytes, 0, bytes.length, block * BLOCK_BYTES);
  }
  closeSync(file);
  const bytes = await wireBytes(old, await pack(folder, 'scattered', { ...release, root }));
  return [atMost('5 % of all blocks replaced by random ones', bytes / MIB, SCATTERED_MIB, mebibytes)];
}

function large(folder: string, size: number): Figure[] {
  const program = join(import.meta.dirname, 'rig', 'large-delta.ts');
  const step = (what: string): { wireBytes: number; peakBytes: number } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder, String(size), what]);
    if (status !== 0) throw new Error(`large-delta ${what}: ${stderr}`);
    return JSON.parse(stdout.toString());
  };
  const built = step('build');
  const encoded = step('delta');
  const name = `images of ${size / 2 ** 30} GiB`;
  return [
    atMost(
      `resident memory at most, making a delta between ${name}`,
      encoded.peakBytes / MIB,
      ENCODER_MIB,
      mebibytes,
    ),
    plain('… building them', mebibytes(built.peakBytes / MIB)),
  ];
}

function makeRoot(folder: string, name: string, updates: 'none' | 'all' | readonly string[]): DebianRoot {
  const own = join(folder, `${name}-files`);
  mkdirSync(own);
  return debianRoot(own, IMAGE_BYTES, { updates });
}

/** Builds an image of a root. Gives the archive's path. */
function pack(
  folder: string,
  name: string,
  { root, kernel, initrd }: DebianRoot,
  from: readonly string[] = [],
): Promise<string> {
  return packImage(folder, name, { files: [root, kernel, initrd], from });
}

async function wireBytes(oldPath: string, freshPath: string): Promise<number> {
  const [old, fresh] = [await openImageFile(oldPath), await openImageFile(freshPath)];
  try {
    let bytes = 0;
    for await (const op of imageOps(fresh, { kind: 'delta', old })) bytes += encodeOp(op).length;
    return bytes;
  } finally {
    await old.close();
    await fresh.close();
  }
}

async function compared(oldPath: string, freshPath: string): Promise<Comparison> {
  const [old, fresh] = [await openImageFile(oldPath), await openImageFile(freshPath)];
  try {
    return await compareImages(old, fresh, () => undefined);
  } finally {
    await old.close();
    await fresh.close();
  }
}

/** Bytes of the patch that zstd itself makes, or undefined where it cannot. */
function patchFrom(folder: string, old: string, fresh: string): number | undefined {
  const out = join(folder, 'patch.zst');
  const { status } = spawnSync('zstd', [
    '-q',
    '-f',
    '-9',
    '--long=31',
    `--patch-from=${old}`,
    fresh,
    '-o',
    out,
  ]);
  return status === 0 ? statSync(out).size : undefined;
}
