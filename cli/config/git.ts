/** The Git commit that config was taken from, so that a revision on a node leads back to its reason. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Where a file or folder stands in Git. */
export interface GitState {
  /** The commit, or empty where it is in no repository. */
  readonly commit: string;
  /** Whether the file or folder has changes that are in no commit. */
  readonly dirty: boolean;
}

const LIMIT_MS = 10_000;

/** Asks git about a path. Where there is no git or no repository, the commit is empty. */
export async function gitState(folder: string, path: string): Promise<GitState> {
  const git = async (...args: string[]) => {
    // No hooks and no helpers of the repository's configuration: it may be somebody else's.
    const safe = ['-C', folder, '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
    const { stdout } = await promisify(execFile)('git', [...safe, ...args], {
      timeout: LIMIT_MS,
      maxBuffer: 1 << 20,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    });
    return stdout.trim();
  };
  try {
    const commit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=normal', '--', path);
    return { commit, dirty: changes !== '' };
  } catch {
    return { commit: '', dirty: false };
  }
}
