/** One issuer a folder: a lock file with the process that holds it. A lock of a process that is gone is taken over. */

import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';

/** Takes the lock of a folder and gives the function that releases it. Throws PKI_EXISTS while another process holds it. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'issuer.lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, `${process.pid} ${startTicks(process.pid)}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (holder && holder.ticks !== '' && startTicks(holder.pid) === holder.ticks)
      throw new Failure('ISSUER_BUSY', `process ${holder.pid} works with ${folder} already`, {
        hint: 'call that issuer instead, or stop it first',
      });
    rmSync(path, { force: true });
  }
  throw new Failure('ISSUER_BUSY', `the lock of ${folder} is contended`, { hint: 'try again' });
}

function readHolder(path: string): { pid: number; ticks: string } | undefined {
  try {
    const [pid = '', ticks = ''] = readFileSync(path, 'utf8').trim().split(' ');
    return { pid: Number(pid), ticks };
  } catch {
    return undefined;
  }
}

/** When a process started (field 22 of proc_pid_stat(5)): tells it from a later one with the same number. */
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
