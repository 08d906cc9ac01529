/**
 * Makes machine images from Debian packages; see README.md beside this.
 *
 *   node packaging/images/build.ts root --version 1.0.0 --out out/v1
 *   node packaging/images/build.ts disk --image out/v1 --loader systemd-boot --var node-1 --out node-1.img
 */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDisk } from './disk.ts';
import { LOADERS } from './loader.ts';
import { makeRootImage, type RootImage } from './root-image.ts';

const USAGE = `usage:
  build.ts root --version V --out FOLDER [--size MiB] [--add FOLDER]... [--package NAME]... [--module NAME]... [--initrd] [--dist FOLDER]
  build.ts disk --image FOLDER --loader ${LOADERS.join('|')} --out FILE [--archive FILE] [--var FOLDER] [--boot-size MiB] [--slot-size MiB] [--var-size MiB]
`;
const MIB = 1 << 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'string' },
    out: { type: 'string' },
    size: { type: 'string', default: '900' },
    add: { type: 'string', multiple: true, default: [] },
    package: { type: 'string', multiple: true, default: [] },
    module: { type: 'string', multiple: true },
    initrd: { type: 'boolean', default: false },
    dist: { type: 'string', default: join(import.meta.dirname, '..', '..', 'dist') },
    image: { type: 'string' },
    loader: { type: 'string' },
    archive: { type: 'string' },
    var: { type: 'string' },
    'boot-size': { type: 'string', default: '512' },
    'slot-size': { type: 'string', default: '1024' },
    'var-size': { type: 'string', default: '1024' },
  },
});

/** A number of MiB. */
function size(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`"${text}" is no number of MiB`);
  return Number(text);
}

function root(): void {
  const { version, out } = values;
  if (version === undefined || out === undefined) throw new Error(USAGE);
  const image = makeRootImage({
    ...{ version, out: resolve(out), dist: resolve(values.dist), bytes: size(values.size) * MIB },
    ...{ packages: values.package, add: values.add.map((path) => resolve(path)), initrd: values.initrd },
    ...(values.module ? { modules: values.module } : {}),
  });
  process.stdout.write(`${JSON.stringify(image, undefined, 2)}\n`);
}

async function disk(): Promise<void> {
  const { image, out } = values;
  const loader = LOADERS.find((one) => one === values.loader);
  if (image === undefined || out === undefined || !loader) throw new Error(USAGE);
  const empty = mkdtempSync(join(tmpdir(), 'nodectl-var-'));
  try {
    await makeDisk({
      ...{ loader, out: resolve(out), vars: values.var === undefined ? empty : resolve(values.var) },
      image: readImage(resolve(image)),
      ...(values.archive === undefined ? {} : { archive: resolve(values.archive) }),
      ...{ bootMiB: size(values['boot-size']), slotMiB: size(values['slot-size']) },
      varMiB: size(values['var-size']),
    });
  } finally {
    rmSync(empty, { recursive: true });
  }
}

/** What `build.ts root` wrote; the folder may have been moved since. */
function readImage(folder: string): RootImage {
  const image = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')) as RootImage;
  const initrd = join(folder, 'initrd.img');
  return {
    ...{ version: image.version, commandLine: image.commandLine, kernelRelease: image.kernelRelease },
    ...{ root: join(folder, 'root.ext4'), kernel: join(folder, 'vmlinuz') },
    loader: join(folder, 'systemd-bootx64.efi'),
    ...(existsSync(initrd) ? { initrd } : {}),
  };
}

// Modes of folders that are made here are part of the image.
process.umask(0o022);
const parts: Record<string, () => void | Promise<void>> = { root, disk };
const part = positionals.length === 1 ? parts[positionals[0] ?? ''] : undefined;
try {
  if (!part) throw new Error(USAGE);
  await part();
} catch (error) {
  process.stderr.write(`${(error as Error).message.trimEnd()}\n`);
  process.exitCode = (error as Error).message === USAGE ? 2 : 1;
}
