/** Which saved files of a captured machine were used, and why nothing could be made of others. */

import type { FailedCommand } from './failed-commands.ts';
import type { SavedFiles } from './machine.ts';
import type { SavedOutputs } from './saved-outputs.ts';
import { MAX_SECTION_FILE, MAX_SECTION_TOTAL, type SavedSections } from './saved-sections.ts';

/** A number of bytes in words. */
export const mebibytes = (bytes: number) => `${bytes / (1 << 20)} MiB`;
/** Why long texts are not used. */
export const TOO_LONG = `outputs of tools are looked for in files of up to ${mebibytes(MAX_SECTION_FILE)}`;
const LATE = 'it was not looked into before the time was over (--timeout)';
const TOO_MANY = `all texts together are longer than is looked into (${mebibytes(MAX_SECTION_TOTAL)})`;
/** What reads all of them. */
export const READS_ALL = '"nodectl diag scan FILE" reads all of a log';

/** So many failed commands of a file are named. */
const MAX_FAILED = 4;

/** A failed command in words. */
export function failedWords({ command, error }: FailedCommand): string {
  return `${command} failed: ${error}`;
}

/** Failed commands by their files, as the reasons why nothing of them was judged. */
function failedInWords(failed: readonly FailedCommand[]): (readonly [string, string])[] {
  return [...Map.groupBy(failed, ({ path }) => path)].map(([path, all]) => {
    const words = [...new Set(all.map(failedWords))];
    const more = words.length > MAX_FAILED ? [`${words.length - MAX_FAILED} more commands failed`] : [];
    return [path, [...words.slice(0, MAX_FAILED), ...more].join('; ')] as const;
  });
}

/** What was made of files, by their paths below the folder. */
export class FileUses {
  /** Outputs of them that were read, and those of which nothing could be made. */
  readonly #used = new Map<string, Set<unknown>>();
  readonly #useless = new Map<string, Set<unknown>>();
  readonly #reasons = new Map<string, string>();
  /** Errors of failed commands that told of a trouble. */
  readonly #understood = new Set<FailedCommand>();

  /** An output of a file is used. */
  use<T>(path: string, text: T): T {
    this.#used.set(path, (this.#used.get(path) ?? new Set()).add(text));
    return text;
  }

  /** Nothing can be made of an output that was used. @param why as it is told */
  useless(path: string, text: string, why: string): void {
    this.#useless.set(path, (this.#useless.get(path) ?? new Set()).add(text));
    this.#reasons.set(path, why);
  }

  /** Why a file, or a part of it, is not used. */
  reason(path: string, why: string): void {
    this.#reasons.set(path, why);
  }

  /** A failed command tells of a trouble. */
  understood(one: FailedCommand): void {
    this.use(one.path, this.#understood.add(one));
  }

  /**
   * Which of all saved files were used, and why others were not.
   * @param sections what was found within them; undefined where nothing was looked for there
   * @param without files that are not of this machine, with the reason that is told; empty for what is told elsewhere
   */
  told(
    all: readonly string[],
    sections: SavedSections | undefined,
    without: ReadonlyMap<string, string>,
    unseen: SavedOutputs['unseen'],
  ): SavedFiles {
    const others = [...(sections?.others ?? [])]
      .filter(([, hosts]) => hosts.size > 0)
      .map(
        ([path, hosts]) => [path, `what other hosts printed (${[...hosts].slice(0, 4).join(', ')})`] as const,
      );
    const repeated = [...(sections?.repeated ?? [])].flatMap(([path, all]) => {
      // One that is known by its whole command line too was read all the same.
      const used = this.#used.get(path);
      const left = all.filter(({ text }) => text === undefined || !used?.has(text));
      const names = [...new Set(left.map(({ command }) => command))].slice(0, 4).join(', ');
      return left.length === 0
        ? []
        : [[path, `earlier outputs of ${names}, of which the last one was taken`] as const];
    });
    const unread = [
      ...(sections?.long ?? [])
        .filter((path) => !this.#isUsed(path) && !this.#reasons.has(path))
        .map((path) => [path, `${TOO_LONG}; ${READS_ALL}`] as const),
      ...this.#unread(sections?.late, LATE),
      ...this.#unread(sections?.tooMany, TOO_MANY),
      ...(sections?.unjudged ?? []),
      ...failedInWords((sections?.failed ?? []).filter((one) => !this.#understood.has(one))),
    ];
    const late = this.#unread(sections?.late, LATE).length;
    const excluded = [...without].filter(([, why]) => why !== '');
    return {
      used: all.filter((path) => this.#isUsed(path)),
      unused: [...all.filter((path) => !this.#isUsed(path)), ...excluded.map(([path]) => path)],
      reasons: new Map(
        [
          ...Map.groupBy(
            [...others, ...repeated, ...unread, ...excluded, ...this.#reasons, ...unseen],
            ([path]) => path,
          ),
        ].map(([path, why]) => [path, why.map(([, one]) => one).join('; ')] as const),
      ),
      ...(late === 0 ? {} : { late }),
    };
  }

  /** Why files were not looked into, but for those that were read by their names. */
  #unread(paths: readonly string[] = [], why: string): (readonly [string, string])[] {
    return paths.filter((path) => !this.#isUsed(path)).map((path) => [path, why] as const);
  }

  #isUsed(path: string): boolean {
    const useless = this.#useless.get(path);
    return [...(this.#used.get(path) ?? [])].some((text) => !useless?.has(text));
  }
}
