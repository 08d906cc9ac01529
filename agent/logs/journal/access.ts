/** What of the journal's files the agent may read: journalctl leaves out without a word what it may not. */

import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { journalFiles } from '../../host/journal-files/journal-reader.ts';
import { type JournalPlace, journalFolders } from '../../host/journalctl.ts';
import type { LogGap } from '../types.ts';

/** The files of a journal. */
export interface JournalAccess {
  /** How many the agent may read. */
  readonly readable: number;
  /** Those that it may not; of a folder that it may not list, the folder. */
  readonly forbidden: readonly string[];
}

/** Looks at all files; undefined where a program that was told stands for the whole journal. */
export async function journalAccess(place: JournalPlace): Promise<JournalAccess | undefined> {
  if (place.program !== undefined) return undefined;
  const forbidden: string[] = [];
  let readable = 0;
  for await (const { path, mayRead } of looks(place))
    if (mayRead) readable++;
    else forbidden.push(path);
  return { readable, forbidden };
}

/** Whether it is certain that some of the journal can be read. Looks no further than the first such file. */
export async function isAnyReadable(place: JournalPlace): Promise<boolean> {
  if (place.program !== undefined) return false;
  for await (const { mayRead } of looks(place)) if (mayRead) return true;
  return false;
}

/** What to do for an agent that may not read the journal. */
export const JOURNAL_GROUP = 'the agent’s user must be in the group systemd-journal';

/** The gap of a journal of which the agent may read some and not all; undefined where it may read all or none. */
export function notPermitted(access: JournalAccess | undefined): LogGap | undefined {
  if (access === undefined || access.readable === 0 || access.forbidden.length === 0) return undefined;
  const { readable, forbidden } = access;
  // journald names the system's own "system.journal" and "system@…", those of users "user-1000…".
  const whose = forbidden.every((path) => basename(path).startsWith('user-'))
    ? 'the others are of other users'
    : 'the system’s own is not among them';
  const detail = `the agent may read ${readable} of the ${readable + forbidden.length} files of the journal, ${whose}: ${JOURNAL_GROUP}`;
  return { records: -1, bytes: 0, cause: 'NOT_PERMITTED', detail };
}

async function* looks(place: JournalPlace): AsyncGenerator<{ path: string; mayRead: boolean }> {
  for (const folder of await journalFolders(place)) {
    try {
      for (const path of await journalFiles([folder])) yield { path, mayRead: await mayOpen(path) };
    } catch (error) {
      if (!isDenied(error)) throw error;
      yield { path: folder, mayRead: false };
    }
  }
}

/** access(2) would ask for the wrong user, and without the agent's capabilities. */
async function mayOpen(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r')).close();
    return true;
  } catch (error) {
    return !isDenied(error);
  }
}

function isDenied(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM';
}
