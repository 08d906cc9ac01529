/**
 * One process a folder. The lock is one of SQLite on a file in the folder: the kernel lets go of it when its holder ends,
 * however it ends, so that none is ever left behind and none has to be judged stale. (A file with the holder's number
 * in it cannot be taken over without a race, and Node has no other door to the system's file locks.)
 */

import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '../../proto/failure.ts';

/** SQLITE_BUSY of sqlite.org/rescode.html. */
const BUSY = 5;

/** A lock that is held. */
export interface FolderLock {
  /** Lets others take it. The file stays: a lock on a removed file would exclude nobody. Idempotent. */
  release(): void;
  /** Releases it and takes the file away, for where the holder has made sure that nobody will want the lock again. */
  dissolve(): void;
}

/** Takes a lock of a folder that exists. Throws ISSUER_BUSY while another holder has it, and the system's error otherwise. */
export function lockFolder(folder: string, file = 'issuer.lock'): FolderLock {
  const path = join(folder, file);
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written, so no journal is needed; the transaction is only there to hold the lock.
    database.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    throw new Failure('ISSUER_BUSY', `another process works with ${folder} already`, {
      hint: 'call that issuer instead, or stop it first',
      cause: error,
    });
  }
  const release = () => {
    if (database.isOpen) database.close();
  };
  return {
    release,
    dissolve: () => {
      rmSync(path, { force: true });
      release();
    },
  };
}
