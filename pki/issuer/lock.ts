/**
 * One process a folder. The lock is one of SQLite on an empty file in the folder: the kernel lets go of it when its holder ends,
 * however it ends, so that none has to be judged stale. (A file with the holder's number in it cannot be taken over without
 * a race, and Node has no other door to the system's file locks.) Nothing else may open the file: the kernel drops a process's
 * lock when that process closes the file in any other place (fcntl(2), F_SETLK); SQLite itself sees to it within a process.
 */

import { closeSync, openSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '../../proto/failure.ts';

/** SQLITE_BUSY and SQLITE_NOTADB of sqlite.org/rescode.html. */
const BUSY = 5;
const NOT_A_DATABASE = 26;
/** How often the file may be removed by others while it is being locked before that counts as busy. */
const ATTEMPTS = 20;

/** Two who come at the same moment may each be in the other's way: one of them gets it after a few milliseconds. */
const PATIENCE_MS = 250;

/** Locks that are held: a database that nobody knew any more would be closed by the garbage collector, and its lock let go of. */
const held = new Set<DatabaseSync>();

/** Takes a lock of a folder and gives the function that releases it. Throws ISSUER_BUSY while another holder has it. */
export function lockFolder(folder: string, name = 'issuer.lock'): () => void {
  const path = join(folder, name);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    create(path);
    const file = identify(path);
    if (file === undefined) continue;
    const database = tryLock(path, file);
    // Whoever releases the lock removes the file first, so a lock counts only on the file that is still there.
    if (database && identify(path) === file) return holding(path, database);
    database?.close();
  }
  throw busy(folder);
}

function busy(folder: string, cause?: unknown): Failure {
  return new Failure('ISSUER_BUSY', `another process works with ${folder} already`, {
    hint: 'call that issuer instead, or stop it first',
    cause,
  });
}

function holding(path: string, database: DatabaseSync): () => void {
  held.add(database);
  return () => {
    if (!held.delete(database)) return;
    rmSync(path, { force: true });
    database.close();
  };
}

/** The lock, or undefined where the file was replaced meanwhile or had to be emptied. Throws ISSUER_BUSY, or what else went wrong. */
function tryLock(path: string, file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: PATIENCE_MS });
  try {
    // Nothing is ever written; the transaction is only there to hold the lock, and its journal is not to be seen.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (identify(path) !== file) return undefined;
    const { errcode } = error as { errcode?: number };
    if (errcode === BUSY) throw busy(dirname(path), error);
    if (errcode !== NOT_A_DATABASE) throw error;
    // Nothing is ever written here, so it is a disk that put something in. Emptied it is the same file to whoever waits for it.
    truncateSync(path);
    return undefined;
  }
}

function create(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** What tells a file from another that took its name, and its number too. */
function identify(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.birthtimeNs}`;
}
