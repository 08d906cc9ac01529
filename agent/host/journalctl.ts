/** The door to the systemd journal: journalctl, with arguments that are checked before they get here. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { type RunningCommand, runCommand, startCommand } from './run-command.ts';

/** Where journalctl is and what it reads. */
export interface JournalPlace {
  /** The program; "journalctl" unless told. */
  program?: string;
  /** A folder of journal files instead of the machine's own. */
  directory?: string;
}

/** Where journald keeps a journal over restarts, in a folder by machine id. */
export const PERSISTENT_JOURNAL = '/var/log/journal';
/** Where it keeps one until the next restart. */
export const VOLATILE_JOURNAL = '/run/log/journal';

/** The folders that the journal's files are in: the one that was told, or the machine's own (systemd-journald.service(8)). */
export async function journalFolders(place: JournalPlace): Promise<string[]> {
  if (place.directory !== undefined) return [place.directory];
  const machine = (await readFile('/etc/machine-id', 'latin1').catch(() => '')).trim();
  if (!/^[0-9a-f]{32}$/.test(machine)) return [];
  return [PERSISTENT_JOURNAL, VOLATILE_JOURNAL].map((root) => join(root, machine));
}

/** How long a short question may take. */
const ASK_MS = 20_000;

function baseArgs(place: JournalPlace): string[] {
  const args = ['--quiet', '--no-pager'];
  if (place.directory !== undefined) args.push(`--directory=${place.directory}`);
  return args;
}

/** Starts to read entries in the export format. */
export function readJournal(place: JournalPlace, args: readonly string[]): RunningCommand {
  return startCommand({
    program: place.program ?? 'journalctl',
    args: [...baseArgs(place), '--output=export', ...args],
  });
}

/**
 * The lines that journalctl answers to a short question.
 * @throws Failure HOST_TOOL_FAILED, SOURCE_UNAVAILABLE when it says that it cannot
 */
export async function askJournal(
  place: JournalPlace,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const program = place.program ?? 'journalctl';
  const { code, stdout, stderr } = await runCommand({
    program,
    args: [...baseArgs(place), ...args],
    timeoutMs: ASK_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  if (code !== 0) {
    throw new Failure(
      'SOURCE_UNAVAILABLE',
      `${program} ended with status ${code}: ${stderr.split('\n')[0] ?? ''}`,
    );
  }
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Whether systemd knows a unit of this name; undefined where systemd cannot be asked. */
export async function unitExists(unit: string, program = 'systemctl'): Promise<boolean | undefined> {
  try {
    const { code, stdout } = await runCommand({
      program,
      args: ['show', '--property=LoadState', '--value', '--', unit],
      timeoutMs: 5_000,
    });
    if (code !== 0) return undefined;
    return stdout.toString('utf8').trim() !== 'not-found';
  } catch {
    return undefined;
  }
}
