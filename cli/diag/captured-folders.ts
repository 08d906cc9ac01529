/** Which folders of what --from names are machines, and what is told of the files in them. */

import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { whyNotRead } from '../not-read.ts';
import { visibleName } from '../output/visible.ts';
import { counted } from './text/footer.ts';

/** Trees that a captured machine has at least one of, and a file that is in each of supportconfig's. */
const MARKS = ['proc', 'sys', 'tools', 'sos_commands'];
const MARK_FILE = 'basic-environment.txt';
/** Outputs that make a machine of the folder that they lie in. */
const OUTPUTS =
  /(?:^|[_. -])(?:ethtool|chronyc?|ntpq|dmesg|timedatectl|smartctl|ifconfig|lldpctl|ip[_-](?:a|l|addr|link|s))(?:[_. -]|$)/i;
/** Trees of a machine that hold no output of tools: a folder with one of them alone is the machine, and not what is around it. */
const OWN_TREES = new Set(['var', 'etc', 'run', 'usr', 'home', 'root', 'opt', 'boot', 'dev', 'lib']);
/** How deep machines are looked for, and in how many folders: a must-gather has its nodes three folders deep. */
const MAX_DEPTH = 5;
const MAX_FOLDERS = 5_000;

/**
 * The folder itself, or, where it is none of a machine, those below it that are: a bundle has one for each node, an archive of
 * sosreport one in all, a must-gather those in nodes/, a collector of logs one for each host. Throws BAD_ARGUMENT.
 */
export function machinesIn(folder: string): string[] {
  try {
    const top = readdirSync(folder, { withFileTypes: true });
    if (isMachine(folder) || top.some((one) => one.isFile() && OUTPUTS.test(one.name))) return [folder];
    const below = foldersBelow(folder);
    const marked = below.filter(isMachine);
    if (marked.length > 0)
      return marked.filter((one) => !marked.some((other) => one.startsWith(`${other}/`)));
    const nodes = below.filter((path) => basename(path) === 'nodes').flatMap(children);
    // What the cluster says of its nodes lies beside them.
    if (nodes.length > 0)
      return [...nodes, ...below.filter((path) => basename(path) === 'cluster-scoped-resources')];
    const alike = top.every((one) => one.isDirectory() && !OWN_TREES.has(one.name)) ? children(folder) : [];
    if (sameFiles(alike)) return alike;
    // Outputs of tools alone are a machine too; an archive has them in one folder with the machine's name.
    const [only] = top;
    return [
      top.length === 1 && only?.isDirectory() && !OWN_TREES.has(only.name) ? join(folder, only.name) : folder,
    ];
  } catch (cause) {
    throw new Failure(
      'BAD_ARGUMENT',
      `${visibleName(folder)} cannot be read: ${visibleName(whyNotRead(cause))}`,
      {
        hint: '--from takes a bundle, an archive, a text, or a folder with proc/, sys/ and saved outputs of tools',
        cause,
      },
    );
  }
}

/** The index of a bundle of nodectl, which says what is in it. */
const INDEX = 'index.json';

/**
 * What lies in a folder beside those of the machines in it, so that nobody takes it for judged: files, and folders (with a slash) that
 * hold something and no machine. Paths are below the folder.
 */
function besideMachines(folder: string, machines: readonly string[]): string[] {
  const top = resolve(folder);
  const own = new Set(machines.map((one) => resolve(one)));
  const above = new Set<string>();
  for (const machine of own) {
    let path = machine;
    while (path !== top && path !== dirname(path)) {
      path = dirname(path);
      above.add(path);
    }
  }
  return [...above].flatMap((path) =>
    readdirSync(path, { withFileTypes: true })
      .filter((one) => {
        const place = join(path, one.name);
        if (!one.isDirectory()) return one.isFile() && one.name !== INDEX;
        return !above.has(place) && !own.has(place) && readdirSync(place).length > 0;
      })
      .map((one) => relative(top, join(path, one.name)) + (one.isDirectory() ? '/' : '')),
  );
}

/** The same as a sentence; undefined where nothing is beside them. */
export function besideInWords(folder: string, machines: readonly string[], all: boolean): string | undefined {
  const beside = besideMachines(folder, machines).sort();
  if (beside.length === 0) return undefined;
  const most = all ? NAMED_ALL : NAMED;
  const more = beside.length > most ? ` and ${beside.length - most} more` : '';
  const named = beside.slice(0, most).map(shortPath).join(', ');
  return `not read, since it lies beside the folders of machines: ${named}${more}; --from takes each of them alone`;
}

function isMachine(path: string): boolean {
  const stat = (name: string) => statSync(join(path, name), { throwIfNoEntry: false });
  return MARKS.some((mark) => stat(mark)?.isDirectory()) || stat(MARK_FILE)?.isFile() === true;
}

function children(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((one: Dirent) => one.isDirectory())
    .map(({ name }) => join(path, name))
    .sort();
}

/** Whether several folders hold a file of the same name each, as those have that a collector keeps for each host. */
function sameFiles(folders: readonly string[]): boolean {
  const [first, ...others] = folders.map(
    (path) =>
      new Set(readdirSync(path, { withFileTypes: true }).flatMap((one) => (one.isFile() ? one.name : []))),
  );
  return others.length > 0 && [...(first ?? [])].some((name) => others.every((one) => one.has(name)));
}

/** All folders below a folder, those nearer to it first; none of a machine's own. */
function foldersBelow(folder: string): string[] {
  const found: string[] = [];
  let level = [folder];
  for (let depth = 0; depth < MAX_DEPTH && found.length < MAX_FOLDERS; depth++) {
    level = level.filter((path) => !isMachine(path)).flatMap(children);
    found.push(...level);
  }
  return found.slice(0, MAX_FOLDERS);
}

/** So many files are named in a line, and with --verbose. */
const NAMED = 4;
const NAMED_ALL = 500;
/** A path's end of at most so many characters is told. */
const MAX_PATH = 60;

function shortPath(path: string): string {
  return visibleName(path.length > MAX_PATH ? `…${path.slice(-MAX_PATH)}` : path);
}

/** Which of a captured machine's saved outputs were of no use, so that nobody takes what is in them for judged. */
export function filesInWords(
  node: string,
  files:
    | {
        readonly used: readonly string[];
        readonly unused: readonly string[];
        readonly reasons: ReadonlyMap<string, string>;
      }
    | undefined,
  all: boolean,
): string[] {
  if (!files || files.used.length + files.unused.length + files.reasons.size === 0) return [];
  const { used, unused, reasons } = files;
  // Those first that one would expect to be read.
  const ranked = [...unused].sort((a, b) => Number(OUTPUTS.test(b)) - Number(OUTPUTS.test(a)));
  const most = all ? NAMED_ALL : NAMED;
  const names = (paths: readonly string[]) => {
    const shown = paths.slice(0, most).map(shortPath);
    return `${shown.join(', ')}${paths.length > most ? ` and ${paths.length - most} more` : ''}`;
  };
  const count = used.length + unused.length;
  return [
    `${node}: of ${counted(count, 'saved file')} this used ${used.length}${all && used.length > 0 ? `: ${names(used)}` : ''}`,
    ...(unused.length > 0 ? [`${node}: not used: ${names(ranked)}`] : []),
    ...(all
      ? [...reasons]
          .slice(0, most)
          .map(([path, why]) => `${node}: not judged in ${shortPath(path)}: ${visibleName(why)}`)
      : foldedReasons(reasons).map((line) => `${node}: ${line}`)),
  ];
}

/** So many lines tell why outputs could not be judged. */
const MAX_REASONS = 3;

/** Why outputs could not be judged: those with the same reason in one line, the others counted. */
function foldedReasons(reasons: ReadonlyMap<string, string>): readonly string[] {
  const groups = [...Map.groupBy(reasons, ([, why]) => why)].sort(([, a], [, b]) => b.length - a.length);
  const shown = groups.length === MAX_REASONS + 1 ? groups : groups.slice(0, MAX_REASONS);
  const lines = shown.map(([why, files]) => {
    const [first = ['', '']] = files;
    const more = files.length > 1 ? ` and ${counted(files.length - 1, 'more file')}` : '';
    return `not judged in ${shortPath(first[0])}${more}: ${visibleName(why)}`;
  });
  const rest = groups.slice(shown.length);
  if (rest.length === 0) return lines;
  const files = rest.reduce((sum, [, one]) => sum + one.length, 0);
  return [
    ...lines,
    `not judged in ${counted(files, 'other file')} for ${counted(rest.length, 'other reason')}; --verbose names them`,
  ];
}

/** Of several captured machines so many lines about files are told. */
const MAX_LINES = 8;

/** The lines about the files of all captured machines, folded where they are many. @param each those of one machine */
export function foldedNotes(each: readonly (readonly string[])[], all: boolean): string[] {
  const lines = each.flat();
  if (all || lines.length <= MAX_LINES) return lines;
  // Each machine's first line tells how many of its files were of use.
  const firsts = each.flatMap(([first]) => first ?? []);
  if (firsts.length <= MAX_LINES - 1)
    return [...firsts, 'what was not used or not judged in their files: --verbose'];
  return [
    ...firsts.slice(0, MAX_LINES - 2),
    `files of ${counted(firsts.length - MAX_LINES + 2, 'more captured machine')}, and what was not judged in them: --verbose`,
  ];
}
