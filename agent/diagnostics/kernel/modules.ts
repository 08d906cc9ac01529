/** Loaded modules, those that taint the kernel, and those that are forbidden and loaded all the same. */

import { fact } from '../fact.ts';
import { inFormat, nothing } from '../required.ts';
import { commandLine, parameter } from './command-line.ts';
import { savedOutput } from './saved.ts';

/** A loaded module. */
export interface Module {
  readonly name: string;
  /** Taint letters: "P" proprietary, "O" out of tree, "E" unsigned, "F" forced, "C" staging, "K" live patch … */
  readonly taints: string;
  /** "Live", "Loading", "Unloading". */
  readonly state: string;
}

/** Parses /proc/modules: name, size, references, users, state, address and, where it taints, "(OE)". */
export function parseModules(text: string): Module[] {
  const modules: Module[] = [];
  for (const row of text.split('\n')) {
    const [name = '', size = '', , , state = '', , last = ''] = row.trim().split(/\s+/, 8);
    if (!/^[\w-]{1,64}$/.test(name) || !/^\d+$/.test(size)) continue;
    // A sign tells that it is just coming ("+") or going ("-").
    modules.push({ name, state, taints: /^\(([A-Za-z]+)[+-]?\)$/.exec(last)?.[1] ?? '' });
  }
  return modules;
}

/** The heading of lsmod, or a module with its size and users. */
const FORMAT = /^\s*Module\s+Size\s+Used\b|^\s*[\w-]{1,64}\s+\d+\s+-?\d+/m;

/** Loaded modules by name. A kernel without modules has none: the fact is absent. */
export const modules = fact({
  id: 'kernel.modules',
  reads: ['/proc/modules'],
  limitMs: 1_000,
  read: async ({ machine }): Promise<ReadonlyMap<string, Module>> => {
    const text = machine.text('proc/modules') ?? (await savedOutput(machine, ['lsmod']));
    if (text === undefined) throw nothing(machine, '/proc/modules');
    // A kernel without modules has an empty file; lsmod has its heading all the same.
    const empty = text === '' && machine.text('proc/modules') === '';
    const listed = empty ? text : inFormat(text, FORMAT, 'the list of modules');
    return new Map(parseModules(listed).map((one) => [one.name, one]));
  },
});

/** Folders of modprobe.d(5), those that count first in front. */
const FOLDERS = [
  'etc/modprobe.d',
  'run/modprobe.d',
  'usr/local/lib/modprobe.d',
  'usr/lib/modprobe.d',
  'lib/modprobe.d',
];
const MAX_FILES = 500;

/** A module that shall not be loaded, and where that is said. */
export interface Forbidden {
  readonly name: string;
  readonly where: string;
}

/** Modules that `blacklist` or `install NAME /bin/false` keep away, in one file. */
export function parseBlacklist(text: string, where: string): Forbidden[] {
  const found: Forbidden[] = [];
  for (const row of text.split(/\r?\n/)) {
    const match =
      /^\s*blacklist\s+(\S+)\s*(?:#.*)?$/.exec(row) ??
      /^\s*install\s+(\S+)\s+\/(?:usr\/)?bin\/(?:false|true)\s*$/.exec(row);
    if (match?.[1]) found.push({ name: match[1].replaceAll('-', '_'), where });
  }
  return found;
}

/** Modules that are forbidden by modprobe.d or on the command line. */
export const forbiddenModules = fact({
  id: 'kernel.forbidden-modules',
  reads: [...FOLDERS.map((folder) => `/${folder}/*.conf`), '/proc/cmdline'],
  limitMs: 2_000,
  read: async ({ machine, get, part }): Promise<Forbidden[]> => {
    const files = new Map<string, string>();
    for (const folder of FOLDERS)
      for (const name of machine.list(folder).slice(0, MAX_FILES))
        if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`);
    const found: Forbidden[] = [];
    for (const path of files.values()) {
      const text = await part(`/${path}`, () => machine.text(path));
      if (text !== undefined) found.push(...parseBlacklist(text, `/${path}`));
    }
    const words = await get(commandLine);
    for (const name of ['module_blacklist', 'modprobe.blacklist'])
      for (const one of (parameter(words, name) ?? '').split(',').filter(Boolean))
        found.push({ name: one.replaceAll('-', '_'), where: `${name}= on the command line` });
    return found;
  },
});
