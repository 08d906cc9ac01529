/** The logs of a node: all its sources, and reads of them by name. */

import { Failure } from '../../proto/failure.ts';
import { MAX_TAIL } from '../../proto/log-limits.ts';
import { type JournalPlace, unitExists } from '../host/journalctl.ts';
import { parseCursor } from './cursor.ts';
import { declaredFile } from './files/declared.ts';
import { containerSource, containerSources } from './files/pods.ts';
import type { FileSource } from './files/source.ts';
import { JournalSource } from './journal/source.ts';
import { KernelSource, realKernel } from './kernel/source.ts';
import { compilePattern } from './pattern.ts';
import { type Resolved, resolveName } from './resolve.ts';
import type {
  DeclaredFile,
  LogQuery,
  LogRead,
  LogSource,
  LogsDomain,
  ReadOptions,
  SourceInfo,
} from './types.ts';

/** What the logs of a node are made of. */
export interface LogsOptions {
  /** The node's name. */
  node: string;
  /** Log files that the agent's configuration declares. */
  files?: readonly DeclaredFile[];
  /** The journal; the machine's own unless told, false for none. `systemctl` is asked whether a unit exists. */
  journal?: (JournalPlace & { systemctl?: string }) | false;
  /** The kernel's ring buffer; false for none. */
  kernel?: { path?: string; bootIdPath?: string } | false;
  /** Where kubelet keeps containers' logs; /var/log/pods unless told, false for none. */
  pods?: { root?: string } | false;
}

/** How long units that were read from the journal are believed. */
const UNITS_MS = 10_000;

class NodeLogs implements LogsDomain {
  readonly node: string;
  readonly #files: FileSource[];
  readonly #journal: JournalSource | undefined;
  readonly #kernel: KernelSource | undefined;
  readonly #podsRoot: string | undefined;
  readonly #systemctl: string | undefined;
  #units: { names: Promise<string[]>; until: number } | undefined;

  constructor(options: LogsOptions) {
    const { node, files = [], journal = {}, kernel = {}, pods = {} } = options;
    this.node = node;
    this.#files = files.map(declaredFile);
    const names = new Set(this.#files.map(({ name }) => name));
    if (names.size < this.#files.length) {
      throw new Failure('BAD_CONFIG', 'two log files are declared with the same name', {
        hint: 'rename one of them',
      });
    }
    if (journal !== false) {
      this.#journal = new JournalSource(journal);
      // Units of a folder of journal files are those of another machine.
      this.#systemctl = journal.systemctl ?? (journal.directory === undefined ? 'systemctl' : undefined);
    }
    if (kernel !== false) this.#kernel = new KernelSource(realKernel(kernel));
    if (pods !== false) this.#podsRoot = pods.root ?? '/var/log/pods';
  }

  /** Sources that are there whatever is on disk. */
  get #fixed(): LogSource[] {
    return [this.#journal, this.#kernel, ...this.#files].filter((source) => source !== undefined);
  }

  async #containers(): Promise<FileSource[]> {
    if (this.#podsRoot === undefined) return [];
    // A root that may not be read is as good as none: the node's other logs are still there.
    return await containerSources(this.#podsRoot).catch(() => []);
  }

  async listSources(): Promise<(SourceInfo & { isDefault: boolean })[]> {
    const sources = [...this.#fixed, ...(await this.#containers())];
    const infos = await Promise.all(sources.map((source) => source.inspect()));
    const preferred = chooseDefault(infos);
    return infos
      .map((info) => ({ ...info, isDefault: info.name === preferred }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async read(query: LogQuery, signal: AbortSignal): Promise<LogRead> {
    const options = checkQuery(query);
    const { source, unit } = await this.#resolve(query.source);
    const found = this.#holder(await this.#source(source), options);
    if (query.cursor !== '') options.cursor = parseCursor(query.cursor, found.kind);
    options.unit = unit;
    return { source, unit, events: found.read(options, signal) };
  }

  /** Which source has the records. The kernel's of an earlier boot are in the journal, if anywhere. */
  #holder(source: LogSource, options: ReadOptions): LogSource {
    if (source !== this.#kernel || !this.#journal || this.#kernel.holds(options.boot)) return source;
    options.kernel = true;
    return this.#journal;
  }

  async #resolve(name: string): Promise<Resolved> {
    if (name === '') return { source: await this.#defaultName(), unit: '' };
    const fixed = this.#fixed.map((source) => source.name);
    if (fixed.includes(name)) return { source: name, unit: '' };
    const containers = await this.#containers();
    return await resolveName(name, {
      sources: [...fixed, ...containers.map((source) => source.name)],
      hasJournal: this.#journal !== undefined,
      units: () => this.#knownUnits(),
      hasUnit: async (unit) =>
        this.#systemctl === undefined ? undefined : await unitExists(unit, this.#systemctl),
    });
  }

  async #defaultName(): Promise<string> {
    // With a journal nothing else matters, and to ask how much it holds costs more than to read its end.
    if (this.#journal && (await this.#journal.isReadable())) return this.#journal.name;
    const infos = await Promise.all(this.#fixed.map((source) => source.inspect()));
    const name = chooseDefault(infos);
    if (name !== undefined) return name;
    const why = infos.map((info) => `${info.name}: ${info.unavailable}`).join('; ');
    throw new Failure(
      'SOURCE_UNAVAILABLE',
      `the node has no log that can be read (${why || 'none is configured'})`,
      {
        hint: 'declare a log file in the agent’s configuration, or let the agent read the journal',
      },
    );
  }

  async #source(name: string): Promise<LogSource> {
    const found = this.#fixed.find((source) => source.name === name);
    const container =
      found ?? (this.#podsRoot === undefined ? undefined : containerSource(this.#podsRoot, name));
    if (container === undefined) throw new Failure('UNKNOWN_SOURCE', `the node has no log source "${name}"`);
    return container;
  }

  async #knownUnits(): Promise<string[]> {
    const now = Date.now();
    if (this.#units === undefined || this.#units.until < now) {
      // A journal that cannot be read knows no units; reading it then says why.
      const names = this.#journal?.units().catch(() => []) ?? Promise.resolve([]);
      this.#units = { names, until: now + UNITS_MS };
    }
    return await this.#units.names;
  }
}

/** The journal if it can be read, else the first file that can, else the kernel. */
function chooseDefault(infos: readonly SourceInfo[]): string | undefined {
  const usable = infos.filter((info) => info.unavailable === '');
  const ofKind = (kind: SourceInfo['kind']) => usable.find((info) => info.kind === kind)?.name;
  return ofKind('JOURNAL') ?? ofKind('FILE') ?? ofKind('KERNEL');
}

function refuse(message: string, hint: string): never {
  throw new Failure('BAD_ARGUMENT', message, { hint });
}

/** Checks what does not depend on the source. Throws BAD_ARGUMENT, BAD_PATTERN. */
function checkQuery(query: LogQuery): ReadOptions {
  const { sinceUsec, untilUsec, tail, follow, boot, priorities, fields } = query;
  for (const [name, value] of Object.entries({ since: sinceUsec, until: untilUsec })) {
    if (!Number.isSafeInteger(value) || value < 0)
      refuse(`the time of ${name} is not valid`, 'µs since the epoch');
  }
  if (untilUsec > 0 && sinceUsec >= untilUsec) {
    refuse('the time to begin at is not before the time to end at', 'swap --since and --until');
  }
  if (follow && untilUsec > 0)
    refuse('a read with an end cannot be followed', 'leave out --until or --follow');
  if (tail !== undefined && (!Number.isInteger(tail) || tail < 0 || tail > MAX_TAIL)) {
    refuse(`the number of newest records must be 0 to ${MAX_TAIL}`, 'leave it out to get all');
  }
  let priorityMask = 0;
  for (const priority of priorities) {
    if (!Number.isInteger(priority) || priority < 0 || priority > 7) {
      refuse(`${priority} is no priority`, '0 (emergency) to 7 (debug)');
    }
    priorityMask |= 1 << priority;
  }
  const matcher = query.grep === '' ? undefined : compilePattern(query.grep, query.grepIgnoreCase);
  return {
    unit: '',
    sinceUsec,
    untilUsec,
    boot,
    matcher,
    priorityMask,
    tail,
    follow,
    cursor: undefined,
    fields,
    kernel: false,
  };
}

/**
 * The logs of a node. Opens nothing.
 * @throws Failure BAD_CONFIG for declared files that are not valid
 */
export function createLogs(options: LogsOptions): LogsDomain {
  return new NodeLogs(options);
}
