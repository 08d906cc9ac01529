/** A boot that the journal has nothing of: which boots it has, and how to have more of them kept. */

import { stat } from 'node:fs/promises';
import { Failure } from '../../../proto/failure.ts';
import { journalFiles } from '../../host/journal-files/journal-reader.ts';
import {
  askJournal,
  type JournalPlace,
  PERSISTENT_JOURNAL,
  VOLATILE_JOURNAL,
} from '../../host/journalctl.ts';
import { JOURNAL_GROUP, journalAccess } from './access.ts';

/** "  -1 0123456789abcdef0123456789abcdef Mon 2026-11-23 …": the offset of a boot (journalctl(1), --list-boots). */
const BOOT_LINE = /^\s*(-?\d{1,6}) [0-9a-f]{32}\b/;

/** The folders in which a journal is kept over restarts, and until the next one. */
interface JournalRoots {
  kept: string;
  memory: string | undefined;
}

/**
 * The failure for a boot, as it was asked for, that the journal has nothing of.
 * @param roots where journal files may be; those of the place unless told
 */
export async function noSuchBoot(
  place: JournalPlace,
  boot: string,
  roots: JournalRoots = rootsOf(place),
): Promise<Failure> {
  // Callers may have written "previous" for it.
  const named = boot === '-1' ? 'the previous boot (-1)' : `the boot "${boot}"`;
  const access = await journalAccess(place).catch(() => undefined);
  const isHidden = (access?.forbidden.length ?? 0) > 0;
  const [kept, memory] = await Promise.all([hasFiles(roots.kept), hasFiles(roots.memory)]);
  if (!kept && !memory && !isHidden && place.program === undefined)
    return new Failure(
      'UNKNOWN_BOOT',
      `the node has no journal, so nothing of ${named} can be shown: there are no journal files in ${[roots.kept, roots.memory].filter(Boolean).join(' or ')}`,
      { hint: await howToKeep(roots.kept) },
    );
  return new Failure('UNKNOWN_BOOT', `the journal has nothing of ${named}: ${await held(place)}`, {
    hint: isHidden ? JOURNAL_GROUP : kept ? REMOVED : IN_MEMORY,
  });
}

const REMOVED =
  'older boots may have been removed to make room: SystemMaxUse= of journald.conf(5) says how much is kept';
const IN_MEMORY = `the node keeps its journal in memory, until it restarts: make the folder ${PERSISTENT_JOURNAL} (Storage= of journald.conf(5)), and the boots from now on are kept`;

function rootsOf({ directory }: JournalPlace): JournalRoots {
  return directory === undefined
    ? { kept: PERSISTENT_JOURNAL, memory: VOLATILE_JOURNAL }
    : { kept: directory, memory: undefined };
}

async function hasFiles(root: string | undefined): Promise<boolean> {
  return root !== undefined && (await journalFiles([root]).catch(() => [])).length > 0;
}

/** What to do where there is no journal at all. */
async function howToKeep(root: string): Promise<string> {
  const isThere = await stat(root).then(
    () => true,
    () => false,
  );
  return isThere
    ? `the folder ${root} is there and empty: only a running systemd-journald writes a journal there (Storage= of journald.conf(5))`
    : `earlier boots are kept by systemd-journald alone: where it runs and the folder ${root} is there, the boots from then on are`;
}

async function held(place: JournalPlace): Promise<string> {
  const lines = await askJournal(place, ['--list-boots']).catch(() => undefined);
  if (lines === undefined) return 'which boots it has cannot be told';
  const offsets = lines.flatMap((line) => BOOT_LINE.exec(line)?.[1] ?? []);
  if (offsets.length < 2) return `it has ${offsets.length === 0 ? 'no boot' : 'one boot only'}`;
  return `it has ${offsets.length} boots, from ${offsets[0]} to ${offsets.at(-1)}`;
}
