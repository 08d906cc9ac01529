/**
 * The machines whose outputs lie in one folder: what several printed in one text, or in files that are named after them, goes into a
 * folder for each, since outputs of two machines that are taken for one hide each other's troubles. An output that a later one of the same
 * machine replaces is left out by name.
 */

import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { copiedText } from './copied-text.ts';
import { isNobody } from './host-headings.ts';
import { hasOutputs, type LogMachines, machinesInLog, textsByHost } from './hosts-in-texts.ts';
import { MAX_LOG_FILE, MAX_LONG_TEXTS } from './kernel-log.ts';
import { logHosts } from './log-hosts.ts';
import { machinesInLongLog } from './long-logs.ts';
import { RECORDING_FILE } from './recording.ts';
import { SavedOutputs } from './saved-outputs.ts';
import { MAX_SECTION_FILE, OTHER_FILES, outputsIn } from './saved-sections.ts';
import { valuesIn } from './saved-values.ts';
import { readSmallFile } from './small-file.ts';
import { toldName } from './told-name.ts';
import { type Told, toldApart } from './twice-saved.ts';

/** What is in folders of one machine: its own trees, those of collectors, a bundle's index. */
const OF_ONE = [
  'proc',
  'sys',
  'tools',
  'sos_commands',
  'basic-environment.txt',
  'index.json',
  RECORDING_FILE,
];
/** People keep no more than so many files of so many bytes together; a collector has more of one machine. */
const MAX_FILES = 200;
const MAX_TOTAL = 16 << 20;
/** So many names are told. */
const NAMED = 6;
/** Words in a file's name by which it is taken for that of another place. */
const ELSEWHERE = /(?<![a-z])(?:ssh|netns|nsenter|docker|kubectl)(?![a-z])/gi;

/** A machine in a folder. */
export interface SavedMachine {
  /** Its name is that of the machine. */
  readonly folder: string;
  /** Files in it that are not of the machine as it was last, with the reason that is told. */
  readonly without: ReadonlyMap<string, string>;
  /** The name that what is in it tells, where it is the only machine; undefined where it tells none or several. */
  readonly name?: string;
}

/** The machines in a folder. */
export interface SavedMachines {
  readonly machines: readonly SavedMachine[];
  /** What was told apart, as sentences. */
  readonly told: readonly string[];
  /** Removes what was written for them. */
  remove(): void;
}

/** The machines whose outputs lie in a folder: most often the one that it is named after. */
export function savedMachines(folder: string): SavedMachines {
  const nothing = { told: [], remove: () => undefined };
  const only = (texts: Iterable<string>, without: ReadonlyMap<string, string>): SavedMachines => {
    const name = toldName(folder, texts);
    return { ...nothing, machines: [{ folder, without, ...(name === undefined ? {} : { name }) }] };
  };
  if (OF_ONE.some((name) => existsSync(join(folder, name)))) return only([], new Map());
  const texts = textsIn(folder);
  const parts = new Map<string, Map<string, string>>();
  const without = new Map<string, string>();
  const told: string[] = [];
  const add = (host: string, path: string, text: string) =>
    parts.set(host, (parts.get(host) ?? new Map<string, string>()).set(path, text));
  const several = (path: string, hosts: ReadonlyMap<string, string>, others: readonly string[]) => {
    without.set(path, '');
    for (const [host, own] of hosts) add(host, path, own);
    const names = [...hosts.keys()].filter((host) => host !== '');
    told.push(`${path} has outputs of ${names.length} machines, each judged on its own: ${listed(names)}`);
    if (others.length > 0)
      told.push(`not judged in ${path}: lines of programs that are not read, of ${listed(others)}`);
  };
  for (const [path, text] of texts) {
    const { hosts, others } = machinesInText(text);
    if (!hosts) continue;
    texts.delete(path);
    several(path, hosts, others);
  }
  const logs = logsOfSeveral(texts);
  for (const [path, host] of logs) {
    without.set(path, '');
    add(host, path, texts.get(path) ?? '');
    texts.delete(path);
  }
  if (logs.size > 0)
    told.push(`logs of several machines, each judged on its own: ${listed([...new Set(logs.values())])}`);
  for (const path of longIn(folder)) {
    const log = longLog(folder, path);
    if (!log) continue;
    several(path, log.texts, log.others);
    if (log.lost)
      told.push(
        `not judged in ${path}: all but its last ${MAX_LOG_FILE >> 20} MiB, nodectl diag scan reads it all`,
      );
  }
  const { replaced, apart } = toldApart(texts);
  for (const [path, why] of replaced) without.set(path, why);
  for (const one of apart) {
    without.set(one.path, '');
    add(nodeOf(one, folder), one.rest, texts.get(one.path) ?? '');
  }
  if (apart.length > 0) {
    const names = [...new Set(apart.map((one) => nodeOf(one, folder)))];
    told.push(`files of the same outputs, each judged on its own: ${listed(names)}`);
  }
  if (parts.size === 0) return only(texts.values(), without);
  const rest = new SavedOutputs(folder).paths().filter((path) => !without.has(path));
  const own = rest.some((path) => {
    const text = texts.get(path);
    return text === undefined || outputsIn(text, path, new Set()).length > 0 || valuesIn(text, path).size > 0;
  });
  if (!own) {
    if (rest.length > 0) told.push(`not read, since no output of a tool is in it: ${listed(rest)}`);
    for (const [path, why] of replaced) told.push(`not judged in ${path}: ${why}`);
  }
  return { ...written(folder, parts, own ? without : undefined), told };
}

/** The texts of the machines in a text, undefined where it is of one; and those of whose lines nothing can be judged. */
function machinesInText(text: string): {
  hosts: ReadonlyMap<string, string> | undefined;
  others: readonly string[];
} {
  const headed = textsByHost(text);
  const hosts = new Map<string, string>();
  const others = new Set<string>();
  let several = false;
  for (const [host, own] of headed ?? [['', text]]) {
    // A machine may show the log that it collects of others.
    const log = machinesInLog(own);
    several ||= log !== undefined;
    for (const one of log?.others ?? []) others.add(one);
    for (const [name, lines] of log?.texts ?? [['', own]]) {
      const whose = name === '' ? host : name;
      hosts.set(whose, `${hosts.get(whose) ?? ''}${lines}`);
    }
  }
  for (const host of hosts.keys()) others.delete(host);
  return { hosts: several || headed ? hosts : undefined, others: [...others] };
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}

/** A machine by the part of a file's name that tells it from the others. */
function nodeOf({ label, isHost }: Told, folder: string): string {
  return isHost ? label : `${basename(resolve(folder))}-${label}`;
}

/** The texts of a folder, by their paths; none where they are too many. */
function textsIn(folder: string): Map<string, string> {
  const paths = new SavedOutputs(folder).paths();
  const texts = new Map<string, string>();
  if (paths.length > MAX_FILES) return texts;
  let total = 0;
  for (const path of paths) {
    const size = statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0 || size > MAX_SECTION_FILE || total + size > MAX_TOTAL || OTHER_FILES.test(path)) continue;
    total += size;
    try {
      const text = readSmallFile(folder, path, MAX_SECTION_FILE + 1);
      if (text !== undefined && !text.slice(0, 1_000).includes('\0')) texts.set(path, copiedText(text));
    } catch {
      // One that may not be read is told with those that were not used.
    }
  }
  return texts;
}

/** Logs of one machine each, and of several together, by their paths with the machine's name; none where anything else lies among them. */
function logsOfSeveral(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (texts.size < 2) return found;
  for (const [path, text] of texts) {
    const { texts: own, rest } = logHosts(text);
    const [host] = own.keys();
    if (own.size !== 1 || host === undefined || rest !== '' || (isNobody(host) && !/^[\d.]+$/.test(host)))
      return new Map();
    if (valuesIn(text, path).size > 0 || hasOutputs(text)) return new Map();
    found.set(path, host);
  }
  return new Set(found.values()).size > 1 ? found : new Map();
}

/** Files of a folder that are too long for a text, as far as they are of few bytes together. */
function longIn(folder: string): string[] {
  let total = 0;
  return new SavedOutputs(folder).paths().filter((path) => {
    const size = statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0;
    const read = Math.min(size, MAX_LOG_FILE);
    if (size <= MAX_SECTION_FILE || OTHER_FILES.test(path) || total + read > MAX_LONG_TEXTS) return false;
    total += read;
    return true;
  });
}

function longLog(folder: string, path: string): LogMachines | undefined {
  try {
    return machinesInLongLog(folder, path);
  } catch {
    // One that may not be read is told with those that were not used.
    return undefined;
  }
}

/**
 * Writes the texts of each machine in a folder of its own.
 * @param without what is not of the machine that the folder itself is; undefined where it is none
 */
function written(
  folder: string,
  parts: ReadonlyMap<string, ReadonlyMap<string, string>>,
  without: ReadonlyMap<string, string> | undefined,
): Omit<SavedMachines, 'told'> {
  const top = mkdtempSync(join(tmpdir(), 'nodectl-hosts-'));
  const { mtime } = statSync(folder);
  const machines: SavedMachine[] = [];
  if (without) machines.push({ folder, without });
  for (const [host, files] of parts) {
    const name = host === '' ? basename(resolve(folder)) : host.replaceAll(/[/\0]/g, '_');
    const own = join(top, name === '.' || name === '..' ? '_' : name);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    for (const [path, text] of files) writeFileSync(join(own, fileName(path)), text, { mode: 0o600 });
    utimesSync(own, mtime, mtime);
    machines.push({ folder: own, without: new Map() });
  }
  return { machines, remove: () => rmSync(top, { recursive: true, force: true }) };
}

function fileName(path: string): string {
  const name = path.replaceAll('/', '_').replaceAll(ELSEWHERE, 'outputs');
  return name === '' || name === extname(name) ? `outputs${name}` : name;
}
