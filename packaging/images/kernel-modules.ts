/** Leaving out kernel modules that a machine does not need: they are a quarter of a small image. */

import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { run } from './tools.ts';

/** What the kernel's own list is read from. */
const LISTS = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'];

/**
 * Removes all modules of a tree but some, and those that these need.
 * @param names as modprobe takes them; one that is built into the kernel counts as there
 * @throws Error for a name that the kernel does not know
 */
export function keepModules(root: string, release: string, names: readonly string[]): void {
  const folder = join(root, 'usr/lib/modules', release);
  const kept = join(root, 'usr/lib/modules', `${release}.kept`);
  const needed = new Set(
    names.flatMap((name) =>
      run('modprobe', ['-d', root, '-S', release, '--show-depends', name])
        .stdout.toString()
        .split('\n')
        .flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []),
    ),
  );
  for (const path of needed) {
    const to = join(kept, relative(join(root, 'lib/modules', release), path));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(path, to);
  }
  // The other lists are made anew; kernel and initrd stand beside them.
  for (const name of readdirSync(folder))
    if (LISTS.includes(name) || !/^(kernel|modules\..*)$/.test(name))
      renameSync(join(folder, name), join(kept, name));
  rmSync(folder, { recursive: true });
  renameSync(kept, folder);
  run('depmod', ['-b', root, release]);
}
