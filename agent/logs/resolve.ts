/** From what a caller names to a source: full names, systemd units, and the last part of a name where only one has it. */

import { editDistance } from '../../proto/edit-distance.ts';
import { Failure } from '../../proto/failure.ts';

/** What a name was resolved to. */
export interface Resolved {
  /** The source's full name. */
  source: string;
  /** The unit that the read is narrowed to, or empty. */
  unit: string;
}

/** What names are looked up in. */
export interface Directory {
  /** Full names of all sources. */
  sources: readonly string[];
  /** Whether there is a journal to look for units in. */
  hasJournal: boolean;
  /** Full names of the units that have logged. Asked for only when needed. */
  units: () => Promise<readonly string[]>;
  /** Whether the system has a unit of this full name; undefined when that cannot be said. */
  hasUnit: (unit: string) => Promise<boolean | undefined>;
}

/** No name is longer: a pod's namespace, name and container at their longest. */
const MAX_NAME = 800;
/** What systemd allows in the name of a unit. */
const UNIT = /^[A-Za-z0-9:_.@\\-]{1,255}$/;
const SUFFIXES = /\.(service|socket|timer|mount|automount|swap|target|path|slice|scope|device)$/;

/** A name with so many changes is another one. */
const FAR = 4;

/** The known names that the caller may have meant, the likeliest first. */
function suggestions(name: string, known: readonly string[]): string[] {
  const short = (full: string) => full.replace(SUFFIXES, '');
  // "postgresql" where there is postgresql@16-main.service, "cart" where there is pod/shop/cart-7f9c/server, "web-*".
  const start = name.toLowerCase().replace(/[@*]+$/, '');
  const begins = (full: string) => full.split('/').some((part) => part.toLowerCase().startsWith(start));
  const scored = known.map((full) => {
    const parts = [full, short(full), full.split('/').at(-1) ?? full];
    return {
      full,
      score:
        start.length > 1 && begins(full)
          ? 0
          : Math.min(...parts.map((part) => editDistance(name.toLowerCase(), part.toLowerCase(), FAR))),
    };
  });
  const near = scored.filter(
    ({ score }) => score <= Math.max(1, Math.min(FAR - 1, Math.floor(name.length / 3))),
  );
  return near
    .sort((a, b) => a.score - b.score || (a.full < b.full ? -1 : 1))
    .slice(0, 3)
    .map(({ full }) => full);
}

function unknown(name: string, known: readonly string[]): Failure {
  const near = suggestions(name, known);
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return new Failure('UNKNOWN_SOURCE', `the node has no log source or unit "${name.slice(0, 80)}"${meant}`, {
    hint: 'see what there is: nodectl logs --list',
    facts: near.length === 0 ? {} : { suggestions: near.join(',') },
  });
}

/**
 * Resolves a name that is not empty.
 * @throws Failure UNKNOWN_SOURCE with what may have been meant; BAD_ARGUMENT when several sources have the name
 */
export async function resolveName(name: string, directory: Directory): Promise<Resolved> {
  if (name.length > MAX_NAME) throw unknown(name, []);
  if (directory.sources.includes(name)) return { source: name, unit: '' };
  const last = directory.sources.filter((full) => full.includes('/') && full.split('/').at(-1) === name);
  const [only] = last;
  if (only !== undefined && last.length === 1) return { source: only, unit: '' };
  const units = directory.hasJournal ? await directory.units() : [];
  const unit = await findUnit(name, units, directory);
  if (unit !== undefined) return { source: 'journal', unit };
  if (last.length > 1) {
    throw new Failure('BAD_ARGUMENT', `"${name}" may be ${last.slice(0, 5).join(' or ')}`, {
      hint: 'use the full name',
    });
  }
  throw unknown(name, [...directory.sources, ...units]);
}

async function findUnit(
  name: string,
  units: readonly string[],
  directory: Directory,
): Promise<string | undefined> {
  if (!directory.hasJournal || !UNIT.test(name)) return undefined;
  const candidates = SUFFIXES.test(name) ? [name] : [`${name}.service`, name];
  const logged = candidates.find((unit) => units.includes(unit));
  if (logged !== undefined) return logged;
  const [first] = candidates;
  // A unit that has not logged yet can be followed.
  return first !== undefined && (await directory.hasUnit(first)) === true ? first : undefined;
}
