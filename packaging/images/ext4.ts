/**
 * File systems made of folders without mounting anything, the same bytes each time: a delta between two images is as small as what
 * really differs. What makes mke2fs vary is fixed: identifiers, the seed of its hashes, its clock, and the times of change that
 * it copies from the source's inodes and nobody can set.
 */

import { lstatSync, lutimesSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './tools.ts';

/** Any would do. Both slots carry it, so nothing is found by it: roots are named by PARTUUID. */
const UUID = '6e6f6465-6374-4c00-8000-726f6f740000';

/** What to make. */
export interface Ext4Options {
  /** Its content, with owners and modes; symbolic links are kept. */
  readonly folder: string;
  /** The file to write. */
  readonly out: string;
  readonly bytes: number;
  /** Files that are younger get this time, in seconds since 1970. */
  readonly epoch: number;
}

/** Writes a file system. Times of the folder's files are changed. @throws Error where the content has no room */
export function makeExt4({ folder, out, bytes, epoch }: Ext4Options): void {
  clamp(folder, epoch);
  rmSync(out, { force: true });
  const fixed = { E2FSPROGS_FAKE_TIME: String(epoch) };
  run(
    'mke2fs',
    [
      ...['-q', '-t', 'ext4', '-m', '0', '-b', '4096', '-U', UUID],
      ...['-E', `hash_seed=${UUID},lazy_itable_init=0,root_owner=0:0`],
      // It is never written to.
      ...['-O', '^has_journal'],
      ...['-d', folder, out, `${Math.floor(bytes / 1024)}k`],
    ],
    { env: fixed },
  );
  const header = run('dumpe2fs', ['-h', out]).stdout.toString();
  const count = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)$`, 'm').exec(header)?.[1]);
  // mke2fs hands inodes out in order, so that those in use are the first ones. 1 to 10 are its own, 2 of them the root.
  const used = count('Inode count') - count('Free inodes');
  if (!Number.isInteger(used)) throw new Error(`dumpe2fs does not tell the inodes of ${out}`);
  const inodes = [2, ...Array.from({ length: Math.max(0, used - 10) }, (_, at) => at + 11)];
  edit(
    out,
    inodes.map((inode) => `set_inode_field <${inode}> ctime @${epoch}`),
    fixed,
  );
}

/**
 * Changes a file system that is not mounted.
 * @param commands of debugfs, a line each; see debugfs(8)
 * @throws Error where one of them fails: debugfs itself ends with 0 then
 */
export function edit(
  image: string,
  commands: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  const { stderr } = run('debugfs', ['-w', '-f', '-', image], { input: `${commands.join('\n')}\n`, env });
  // The first line is its version.
  const told = stderr
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  if (told.length > 0) throw new Error(`debugfs on ${image}: ${told.slice(0, 5).join('; ')}`);
}

/** Gives all that is younger than a time that time: whenever it was unpacked or copied, it is the same. */
function clamp(folder: string, epoch: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) clamp(path, epoch);
    setTime(path, epoch);
  }
  setTime(folder, epoch);
}

function setTime(path: string, epoch: number): void {
  const time = Math.min(epoch, lstatSync(path).mtimeMs / 1_000);
  lutimesSync(path, time, time);
}
