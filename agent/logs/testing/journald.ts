/**
 * A real systemd-journald in a mount namespace of its own, on empty /run and /var/log: for the programs that tests of the
 * journal run in such a namespace.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** A journald that runs. */
export interface Journald {
  /** Two signals that make it rotate its files and write out what it holds; ends by SIGTERM. */
  readonly process: ChildProcess;
  /** Standard input of a program "counter" whose lines it takes, at priority "warning". */
  readonly lines: Writable;
}

/**
 * Starts it. Ends with this process.
 * @param outside the namespace that this must not be (/proc/self/ns/mnt), as the one who started this program knows it
 */
export async function startJournald(outside: string): Promise<Journald> {
  // Nothing here may ever touch the machine's own folders.
  if (!outside.startsWith('mnt:') || readlinkSync('/proc/self/ns/mnt') === outside) {
    throw new Error('this must run in a mount namespace of its own');
  }
  const mount = (...args: string[]) => execFileSync('mount', args);
  mount('-t', 'tmpfs', 'run', '/run');
  mkdirSync('/run/systemd/journal', { recursive: true });
  mkdirSync('/run/log', { recursive: true });
  mount('-t', 'tmpfs', 'log', '/var/log');
  writeFileSync('/run/machine-id', `${process.pid.toString(16).padStart(32, 'a')}\n`);
  mount('--bind', '/run/machine-id', '/etc/machine-id');
  const journald = spawn('/lib/systemd/systemd-journald', [], { stdio: 'ignore' });
  process.on('exit', () => journald.kill('SIGKILL'));
  // The test's time limit ends this process by a signal, which must not leave the daemon behind.
  process.once('SIGTERM', () => {
    journald.kill('SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  });
  while (!existsSync('/run/systemd/journal/stdout')) await delay(20);
  const cat = spawn('systemd-cat', ['-t', 'counter', '-p', 'warning', 'cat'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return { process: journald, lines: cat.stdin };
}
