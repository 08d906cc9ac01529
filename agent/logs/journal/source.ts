/** The systemd journal, read through journalctl. */

import { Failure } from '../../../proto/failure.ts';
import { askJournal, type JournalPlace } from '../../host/journalctl.ts';
import { prefixParts } from '../cursor.ts';
import type { LogEvent, LogSource, ReadOptions, SourceInfo } from '../types.ts';
import { isAnyReadable, JOURNAL_GROUP, journalAccess, notPermitted } from './access.ts';
import type { JournalPosition } from './query.ts';
import { JournalRun } from './run.ts';

const NO_FILES = 'there are no journal files that the agent may read';

/** The source "journal". */
export class JournalSource implements LogSource {
  readonly name = 'journal';
  readonly kind = 'JOURNAL';
  readonly #place: JournalPlace;

  constructor(place: JournalPlace) {
    this.#place = place;
  }

  async inspect(): Promise<SourceInfo> {
    const description = `the systemd journal${this.#place.directory === undefined ? '' : ` in ${this.#place.directory}`}`;
    const info: SourceInfo = {
      name: this.name,
      kind: this.kind,
      description,
      unavailable: '',
      incomplete: '',
      bytes: 0,
    };
    try {
      const access = await journalAccess(this.#place);
      // journalctl would count no bytes either, and to start it costs an agent more than the rest of a call.
      if (access?.readable === 0) return { ...info, unavailable: NO_FILES };
      info.incomplete = notPermitted(access)?.detail ?? '';
      const [usage = ''] = await askJournal(this.#place, ['--disk-usage']);
      info.bytes = parseSize(/([\d.]+)([BKMGTPE]?)/.exec(usage));
      if (info.bytes === 0) info.unavailable = NO_FILES;
    } catch (error) {
      info.unavailable = Failure.from(error).message;
    }
    return info;
  }

  /** Whether it is certain that the journal can be read, found out without journalctl. */
  async isReadable(): Promise<boolean> {
    return await isAnyReadable(this.#place);
  }

  /** The units that have written to the journal, full names. */
  async units(): Promise<string[]> {
    return await askJournal(this.#place, ['--field=_SYSTEMD_UNIT']);
  }

  async *read(options: ReadOptions, signal: AbortSignal): AsyncGenerator<LogEvent> {
    // A follower waits for a journal that is not there yet, which one that it may not read never will be.
    const access = await journalAccess(this.#place);
    if (options.follow && access?.readable === 0 && access.forbidden.length > 0)
      throw unreadable('the agent may read none of its files');
    const gap = notPermitted(access);
    if (gap) yield { event: 'gap', gap };
    for await (const event of new JournalRun(this.#place, options, signal).events(startPosition(options))) {
      // journalctl that may open no file ends without a word, as one that finds no entries does.
      if (event.event === 'end' && event.end.cursor === '') await this.#refuseUnreadable();
      yield event;
    }
  }

  async #refuseUnreadable(): Promise<void> {
    const { unavailable } = await this.inspect();
    if (unavailable !== '') throw unreadable(unavailable);
  }
}

function unreadable(why: string): Failure {
  return new Failure('SOURCE_UNAVAILABLE', `the journal cannot be read: ${why}`, {
    hint: `${JOURNAL_GROUP}; see what else there is: nodectl logs --list`,
  });
}

/** "Archived and active journals take up 56.0M in the file system." */
function parseSize(match: RegExpExecArray | null): number {
  const power = 'BKMGTPE'.indexOf(match?.[2] || 'B');
  return match === null ? 0 : Math.round(Number(match[1]) * 1024 ** power);
}

/** What a cursor of ours says. Throws BAD_CURSOR. */
function startPosition({ cursor }: ReadOptions): JournalPosition | undefined {
  if (cursor === undefined) return undefined;
  const [seqnumId = '', time = ''] = prefixParts(cursor, 2);
  const usec = Number.parseInt(time, 36);
  if (!/^[0-9a-f]{32}$/.test(seqnumId) || !Number.isSafeInteger(usec) || cursor.position < 1) {
    throw new Failure('BAD_CURSOR', 'the cursor is not one of the journal’s', {
      hint: 'use a cursor that came with a record of the same source, as it is',
    });
  }
  return { seqnumId, seqnum: cursor.position, usec };
}
