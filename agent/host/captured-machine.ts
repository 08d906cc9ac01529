/**
 * A machine that was captured in a folder: its /proc, /sys and /etc below it, and outputs of its programs in files that are
 * named after the command line (saved-outputs.ts). Files of /proc are found under such names too.
 */

import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { copiedText } from './copied-text.ts';
import { type FailedCommand, failedFile, failureIn } from './failed-commands.ts';
import { FileUses, failedWords, mebibytes, READS_ALL, TOO_LONG } from './file-uses.ts';
import { unjudgedFile } from './json-parts.ts';
import { fileLog, type KernelLog, MAX_LOG_FILE, MAX_LONG_TEXTS, textLog } from './kernel-log.ts';
import { LinkedFolder } from './linked-folder.ts';
import {
  type Machine,
  type ProbeAnswer,
  type ProbeTarget,
  type SavedFiles,
  type SavedOutput,
  type ToolOutput,
  textsOf,
} from './machine.ts';
import { onceEach } from './once-each.ts';
import { filteredLog, mayBeLog } from './saved-kernel-lines.ts';
import { OWN_LOGS, rankOfLog } from './saved-kernel-logs.ts';
import { SavedOutputs, wordsOf } from './saved-outputs.ts';
import { SavedSections } from './saved-sections.ts';
import { absentOr, readLink, readSmallFile } from './small-file.ts';
import { Unavailable } from './unavailable.ts';

const MAX_LOGS = 6;
/** A longer file that is named as a log is one. */
const MAX_NO_LOG = 64 << 10;
const MAX_PARAMETERS = 20_000;
/** Of which files people print the values. */
const PRINTED = /^(?:proc|sys)\//;
/** Kernel parameters by path in outputs of `sysctl`, where dots and slashes change places: "net.ipv4.conf.eth0/1.mtu = 1". */
function parametersIn(outputs: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of outputs.flatMap((text) => text.split(/\r?\n/, MAX_PARAMETERS))) {
    const [, name, value = ''] = /^([a-z][\w.*/:@-]{1,200}) = ?(.*)$/.exec(line.slice(0, 4_000)) ?? [];
    const path = name?.replace(/[./]/g, (one) => (one === '/' ? '.' : '/'));
    if (path !== undefined && !found.has(path)) found.set(path, `${value}\n`);
  }
  return found;
}

/** A copy of a file of /proc without what stands before each of its lines, where that is the same: "> ", "web1: ". */
function bareFile(text: string | undefined): string | undefined {
  const lines = text?.split('\n').filter((line) => line.trim() !== '') ?? [];
  const before = /^(?:> ?|[a-z][\w.-]{0,63}: ?)/i.exec(lines[0] ?? '')?.[0];
  if (before === undefined || lines.length < 3 || !lines.every((line) => line.startsWith(before.trimEnd())))
    return text;
  return text
    ?.split('\n')
    .map((line) =>
      line.startsWith(before) ? line.slice(before.length) : line.slice(before.trimEnd().length),
    )
    .join('\n');
}

/** A captured machine. Links that lead out of the folder are as if they were not there. */
export class CapturedMachine implements Machine {
  readonly live = false;
  readonly #root: string;
  readonly #without: ReadonlyMap<string, string>;
  readonly #capturedAt: number;
  #outputs: SavedOutputs | undefined;
  #sections: SavedSections | undefined;
  /** What `sysctl` printed, by path below /proc/sys. */
  #parameters: ReadonlyMap<string, string> | undefined;
  readonly #uses = new FileUses();
  #until = Number.POSITIVE_INFINITY;
  readonly #folder: LinkedFolder;

  /**
   * @param root the folder; it must exist
   * @param capturedAt ms since the epoch, where it is known better than by the folder's time
   * @param without files in it that are not of this machine as it was last, with the reason that is told; empty for what is told elsewhere
   */
  constructor(root: string, capturedAt?: number, without: ReadonlyMap<string, string> = new Map()) {
    this.#root = realpathSync(root);
    this.#folder = new LinkedFolder(this.#root);
    this.#without = without;
    this.#capturedAt = capturedAt ?? statSync(this.#root).mtimeMs;
  }

  now(): number {
    return this.#capturedAt;
  }

  nowUsec(): number {
    return this.#capturedAt * 1_000;
  }

  text(path: string): string | undefined {
    if (!this.#inside(path)) return undefined;
    const own = readSmallFile(this.#root, path);
    const copy = own === undefined ? this.#saved().copyOf(path) : undefined;
    if (copy !== undefined) {
      const text = bareFile(this.#file(copy));
      return text === undefined ? undefined : this.#use(copy, text);
    }
    if (own !== undefined || !PRINTED.test(path)) return own;
    // "cat /proc/mdstat", with what it printed, in a longer text.
    const printed = this.#within().file(path);
    return printed ? this.#use(printed.path, printed.text) : this.#sysctl(path);
  }

  list(path: string): string[] {
    if (!this.#inside(path)) return [];
    try {
      return readdirSync(join(this.#root, path)).sort();
    } catch (error) {
      const copies = absentOr(error, path) ?? this.#saved().copiesIn(path);
      return copies.length > 0 || !PRINTED.test(path) ? copies : this.#within().filesIn(path);
    }
  }

  link(path: string): string | undefined {
    return this.#folder.leadsOut(dirname(path)) ? undefined : readLink(this.#root, path);
  }

  has(path: string): boolean {
    // What is behind a folder that is a link to this machine's own is not the captured one's.
    if (this.#folder.leadsOut(dirname(path))) return false;
    try {
      if (lstatSync(join(this.#root, path), { throwIfNoEntry: false }) !== undefined) return true;
      if (this.#saved().copyOf(path) !== undefined || this.#saved().copiesIn(path).length > 0) return true;
      if (!PRINTED.test(path)) return false;
      return (
        this.#within().file(path) !== undefined ||
        this.#within().filesIn(path).length > 0 ||
        this.#sysctl(path) !== undefined
      );
    } catch {
      // Below something that is no folder, or that may not be entered.
      return false;
    }
  }

  async slowFiles(paths: readonly string[]): Promise<Map<string, string>> {
    return textsOf(this, paths);
  }

  async run(program: string, args: readonly string[]): Promise<ToolOutput> {
    const command = [basename(program), ...args].join(' ');
    const file = this.#saved().find(command);
    const text = file === undefined ? undefined : this.#file(file);
    const stdout = file === undefined || text === undefined ? this.#section(command) : this.#use(file, text);
    if (stdout === undefined) {
      const failed = this.#failed().find((one) => one.command.split(' ', 1)[0] === basename(program));
      if (failed) throw new Unavailable('not-captured', failedWords(failed));
      const name = [program, ...args].join(' ').slice(0, 120);
      throw new Unavailable('not-captured', `the output of ${name} is not in the captured folder`);
    }
    return { code: 0, stdout, stderr: '' };
  }

  async probe(target: ProbeTarget): Promise<ProbeAnswer> {
    if (!('url' in target))
      throw new Unavailable('not-captured', `whether /${target.socket} answers was not captured`);
    return { status: 200, body: (await this.run('GET', [target.url])).stdout };
  }

  kernelLogs(): KernelLog[] {
    const outputs = this.#saved()
      .paths()
      .map((path) => ({ path, rank: rankOfLog(basename(path)) }))
      .filter((one): one is { path: string; rank: number } => one.rank !== undefined)
      .sort((a, b) => a.rank - b.rank)
      .map(({ path }) => path);
    const logs: KernelLog[] = [];
    for (const path of [...outputs, ...OWN_LOGS]) {
      if (logs.length >= MAX_LOGS || !this.#inside(path)) continue;
      if (!this.#isLog(path)) {
        this.#uses.reason(path, 'no line of it is of a log of the kernel');
        continue;
      }
      const log = fileLog(this.#root, path);
      if (log) logs.push(this.#useLog(path, log));
    }
    if (logs.length === 0) {
      const within = this.#section('dmesg');
      if (within !== undefined) logs.push(textLog('a saved text', within));
      for (const { path, text } of this.#within().moreKernelLines.slice(0, MAX_LOGS - 1))
        logs.push(textLog(path, this.#use(path, text)));
      logs.push(...this.#longLogs(MAX_LOGS - logs.length));
    }
    if (logs.length === 0)
      throw new Unavailable('not-captured', 'no log of the kernel is in the captured folder');
    return logs;
  }

  saved(program: string): SavedOutput[] {
    const files = this.#saved()
      .of(program)
      .flatMap(({ path, ...of }) => {
        try {
          const text = this.#file(path);
          return text === undefined ? [] : [{ ...of, path, text: this.#use(path, text) }];
        } catch {
          // One that may not be read is as if it were not there: others tell the same.
          return [];
        }
      });
    const known = new Set(files.map(({ words }) => words.join(' ')));
    const depth = wordsOf(program).split(' ').length;
    const within = this.#within()
      .of(program)
      .flatMap(({ words, path, text, device, earlier }) => {
        const rest = words.split(' ').slice(depth);
        if (known.has(rest.join(' '))) return [];
        this.#use(path, text);
        const more = {
          ...(device === undefined ? {} : { device }),
          ...(earlier === undefined ? {} : { earlier }),
        };
        return [{ words: rest, path, text, ...more }];
      });
    return onceEach(files, within);
  }

  savedFiles(): SavedFiles {
    const { unseen } = this.#saved();
    return this.#uses.told(this.#saved().paths(), this.#sections, this.#without, unseen);
  }

  readUntil(until: number): void {
    this.#until = until;
  }

  notUsed({ path, text }: SavedOutput, why: string): void {
    if (path === undefined) return;
    // The error that its reader made nothing of says more than that.
    this.#uses.useless(path, text, failureIn(text, '', true, true) ?? why);
  }

  notAllUsed({ path }: SavedOutput, why: string): void {
    if (path !== undefined) this.#uses.reason(path, why);
  }

  failedCommands(understood: (one: FailedCommand) => boolean): readonly FailedCommand[] {
    const all = this.#failed();
    for (const one of all.filter(understood)) this.#uses.understood(one);
    return all;
  }

  #failed(): readonly FailedCommand[] {
    return this.#within().failed;
  }

  #saved(): SavedOutputs {
    this.#outputs ??= new SavedOutputs(this.#root, this.#without);
    return this.#outputs;
  }

  #within(): SavedSections {
    this.#sections ??= new SavedSections(this.#root, this.#saved().paths(), this.#until);
    return this.#sections;
  }

  /** The output of a command within a longer text, or undefined. */
  #section(command: string): string | undefined {
    const found = this.#within().find(command);
    return found && this.#use(found.path, found.text);
  }

  /** A file below /proc/sys as `sysctl` printed it, or undefined. */
  #sysctl(path: string): string | undefined {
    if (!path.startsWith('proc/sys/')) return undefined;
    this.#parameters ??= parametersIn(this.saved('sysctl').map(({ text }) => text));
    return this.#parameters.get(path.slice('proc/sys/'.length));
  }

  /** A saved output; undefined for one that holds nothing but an error, or JSON without what is judged. */
  #file(path: string): string | undefined {
    const text = readSmallFile(this.#root, path);
    const copied = text === undefined ? undefined : copiedText(text);
    if (copied === undefined || failedFile(copied, path)) return undefined;
    return unjudgedFile(basename(path), copied) === undefined ? copied : undefined;
  }

  #use<T>(path: string, text: T): T {
    return this.#uses.use(path, text);
  }

  /** A log that is read; what is left out of it is told. */
  #useLog(path: string, log: KernelLog): KernelLog {
    if (log.lost) this.#uses.reason(path, `all but its last ${mebibytes(MAX_LOG_FILE)}: ${READS_ALL}`);
    return this.#use(path, log);
  }

  /** Whether a file that is named as a log is one: a short one may hold something else, such as why there is none. */
  #isLog(path: string): boolean {
    const size = statSync(join(this.#root, path), { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0 || size > MAX_NO_LOG) return true;
    try {
      const text = readSmallFile(this.#root, path) ?? '';
      return text.includes('\0') || mayBeLog(text);
    } catch {
      // That it may not be read is told where it is opened.
      return true;
    }
  }

  /** The kernel's lines in texts that are too long to look for outputs in. */
  #longLogs(most: number): KernelLog[] {
    const logs: KernelLog[] = [];
    const { long, others } = this.#within();
    let left = MAX_LONG_TEXTS;
    for (const path of long) {
      left -= Math.min(statSync(join(this.#root, path)).size, MAX_LOG_FILE);
      if (logs.length >= most || left < 0) break;
      const hosts = new Set<string>();
      const log = filteredLog(this.#root, path, hosts);
      others.set(path, hosts);
      const last = log?.lost ? ` in its last ${mebibytes(MAX_LOG_FILE)} (${READS_ALL})` : '';
      const what = log
        ? `all but lines of the kernel’s log${last}:`
        : 'no line of the kernel’s log is in it, and';
      this.#uses.reason(path, `${what} ${TOO_LONG}`);
      if (log) logs.push(this.#use(path, log));
    }
    return logs;
  }

  #inside(path: string): boolean {
    return this.#folder.holds(path, () => this.has(path));
  }
}
