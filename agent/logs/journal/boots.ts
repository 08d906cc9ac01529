/** A boot that the journal has nothing of: which boots it has, and how to have more of them kept. */

import { Failure } from '../../../proto/failure.ts';
import { journalFiles } from '../../host/journal-files/journal-reader.ts';
import { askJournal, type JournalPlace, PERSISTENT_JOURNAL } from '../../host/journalctl.ts';
import { JOURNAL_GROUP, journalAccess } from './access.ts';

/** "  -1 0123456789abcdef0123456789abcdef Mon 2026-11-23 …": the offset of a boot (journalctl(1), --list-boots). */
const BOOT_LINE = /^\s*(-?\d{1,6}) [0-9a-f]{32}\b/;

/** The failure for a boot, as it was asked for, that the journal has nothing of. */
export async function noSuchBoot(place: JournalPlace, boot: string): Promise<Failure> {
  return new Failure('UNKNOWN_BOOT', `the journal has nothing of the boot "${boot}": ${await held(place)}`, {
    hint: await remedy(place),
  });
}

async function held(place: JournalPlace): Promise<string> {
  const lines = await askJournal(place, ['--list-boots']).catch(() => undefined);
  if (lines === undefined) return 'which boots it has cannot be told';
  const offsets = lines.flatMap((line) => BOOT_LINE.exec(line)?.[1] ?? []);
  if (offsets.length < 2) return `it has ${offsets.length === 0 ? 'no boot' : 'one boot only'}`;
  return `it has ${offsets.length} boots, from ${offsets[0]} to ${offsets.at(-1)}`;
}

async function remedy(place: JournalPlace): Promise<string> {
  const access = await journalAccess(place).catch(() => undefined);
  if ((access?.forbidden.length ?? 0) > 0) return JOURNAL_GROUP;
  const folder = place.directory ?? PERSISTENT_JOURNAL;
  const kept = await journalFiles([folder]).catch(() => []);
  return kept.length > 0
    ? 'older boots may have been removed to make room: SystemMaxUse= of journald.conf(5) says how much is kept'
    : `the node keeps its journal in memory, until it restarts: make the folder ${PERSISTENT_JOURNAL} (Storage= of journald.conf(5)), and the boots from now on are kept`;
}
