/**
 * The version and the commit of this program. A build replaces the two globals; from source, the version is package.json's
 * and the commit is read from .git without starting a process.
 */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Set by the build (esbuild's `define`); undeclared when run from source. */
declare const NODECTL_VERSION: string | undefined;
/** Set by the build; undeclared when run from source. */
declare const NODECTL_COMMIT: string | undefined;

/** The version of the package, semantic versioning. */
export const VERSION: string =
  typeof NODECTL_VERSION === 'string' ? NODECTL_VERSION : versionOfPackage(join(import.meta.dirname, '..'));

/** The Git commit that this was built from, in full, or empty when it is not known. */
export function commit(): string {
  known ??= findCommit();
  return known;
}

let known: string | undefined;

function findCommit(): string {
  return typeof NODECTL_COMMIT === 'string'
    ? NODECTL_COMMIT
    : commitOfCheckout(join(import.meta.dirname, '..'));
}

function versionOfPackage(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The commit that a checkout's HEAD stands at, or empty where the folder is no checkout. Worktrees are followed. */
export function commitOfCheckout(folder: string): string {
  try {
    let git = join(folder, '.git');
    const link = fileText(git);
    if (link?.startsWith('gitdir: ')) git = resolve(folder, link.slice('gitdir: '.length));
    const head = fileText(join(git, 'HEAD')) ?? '';
    if (!head.startsWith('ref: ')) return head;
    const ref = head.slice('ref: '.length);
    const common = resolve(git, fileText(join(git, 'commondir')) ?? '.');
    const packed = fileText(join(common, 'packed-refs')) ?? '';
    return (
      fileText(join(git, ref)) ??
      fileText(join(common, ref)) ??
      packed.match(new RegExp(`^([0-9a-f]{40,64}) ${ref.replaceAll('.', '\\.')}$`, 'm'))?.[1] ??
      ''
    );
  } catch {
    return '';
  }
}

/** A small file's trimmed text, or undefined where it cannot be read (a folder, for example). */
function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
