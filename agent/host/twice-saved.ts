/**
 * Files of one folder that hold the same output: of one machine before and after, of which the later counts where the names say which it is;
 * or of several machines, or of times that nobody can tell.
 */

import { basename, dirname } from 'node:path';
import { deviceOfCommand } from './ethtool-device.ts';
import { isDeviceName, isHostName } from './host-headings.ts';
import { isOfMachine } from './hosts-in-texts.ts';
import { wordsOf } from './saved-outputs.ts';
import { outputsIn } from './saved-sections.ts';

/** A file that is judged apart from the others of its folder. */
export interface Told {
  readonly path: string;
  /** What its name has and those of the others have not. */
  readonly label: string;
  /** Whether that is the name of a host. */
  readonly isHost: boolean;
  /** Its path without it. */
  readonly rest: string;
}

/** What the files of a folder are, where some hold the same. */
export interface Apart {
  /** Earlier outputs, with the reason why they are not judged. */
  readonly replaced: ReadonlyMap<string, string>;
  readonly apart: readonly Told[];
}

/** In names of files: what was before, and what was after. */
const EARLIER = /^(?:before|pre|old|older|prev|previous|earlier|orig|original|bak|backup|baseline|initial)$/;
const LATER = /^(?:after|post|new|newer|later|now|current|final|latest)$/;
const DATE = /^20\d\d ?(?:0[1-9]|1[0-2]) ?(?:[0-2]\d|3[01])(?: \d{2,6}){0,3}$/;
/** What is gathered from lines of a log: each log is read. */
const OF_LINES = new Set(['dmesg', 'daemons', 'chronyd', 'ptp4l', 'etcd', 'kubelet']);
/** Options of programs: the same machine was asked otherwise. */
const OPTIONS = /^(?:[a-z]{1,3}|human|wide|all|full|verbose|short|json|inodes?|bytes)$/;

/** Tells apart the files that hold the same output. @param texts by their paths */
export function toldApart(texts: ReadonlyMap<string, string>): Apart {
  const replaced = new Map<string, string>();
  const apart = new Map<string, Told>();
  const holding = new Map<string, { path: string; text: string }[]>();
  if (texts.size > 1)
    for (const [path, text] of texts)
      for (const [key, own] of outputsOf(path, text)) {
        const all = holding.get(key) ?? [];
        holding.set(key, all);
        all.push({ path, text: own });
      }
  for (const all of holding.values())
    for (const [at, one] of all.entries())
      for (const other of all.slice(at + 1)) {
        if (one.path === other.path || one.text.trim() === other.text.trim()) continue;
        const labels = labelsOf(one.path, other.path);
        if (!labels) continue;
        const order = orderOf(...labels);
        if (order === undefined) {
          for (const [path, label] of [
            [one.path, labels[0]],
            [other.path, labels[1]],
          ] as const)
            if (label !== '' && !apart.has(path)) apart.set(path, told(path, label));
          continue;
        }
        const [earlier, later] = order < 0 ? [one, other] : [other, one];
        replaced.set(
          earlier.path,
          `it holds an earlier output of what ${basename(later.path)} has, which was taken`,
        );
      }
  for (const path of replaced.keys()) apart.delete(path);
  // What else is named after a machine is of it.
  const hosts = [...new Set([...apart.values()].flatMap(({ label, isHost }) => (isHost ? [label] : [])))];
  for (const path of texts.keys()) {
    if (apart.has(path) || replaced.has(path)) continue;
    const host = hosts.find((label) => ` ${stem(path)} `.includes(` ${label} `));
    if (host !== undefined) apart.set(path, told(path, host));
  }
  return { replaced, apart: [...apart.values()] };
}

function told(path: string, label: string): Told {
  const written = label.split(' ').join('[^a-z0-9]+');
  const rest = path.replace(new RegExp(`[-_. ]?(?<![a-z0-9])${written}(?![a-z0-9])(?!.*/)`, 'i'), '');
  return {
    path,
    label: label.replaceAll(' ', '-'),
    isHost: isHostName(label.replaceAll(' ', '-')),
    rest: /[a-z]/i.test(basename(rest).replace(/\.\w+$/, '')) ? rest : path,
  };
}

/** The outputs of a file that are known, by what they are of: the machine, told by their first line too, or a device. */
function outputsOf(path: string, text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const cut of outputsIn(text, stem(path), new Set())) {
    if (!cut.known || OF_LINES.has(cut.command)) continue;
    const first = cut.text.split('\n').find((line) => line.trim() !== '') ?? '';
    const head = first
      .replace(/[:=].*$/, '')
      .replaceAll(/\d+/g, '#')
      .replaceAll(/\s+/g, ' ')
      .trim();
    const device = deviceOfCommand(cut.command);
    if (device === 'unnamed' || (!isOfMachine(cut.command) && / disk\d+$/.test(cut.command))) continue;
    const key = `${dirname(path)}\n${wordsOf(cut.command)}\n${isOfMachine(cut.command) ? head : ''}`;
    if (!found.has(key)) found.set(key, cut.text);
  }
  return found;
}

/** A file's name as words, without what tells its kind. */
function stem(path: string): string {
  return wordsOf(basename(path).replace(/(?:\.(?:txt|json|out|log|stdout|md))+$/i, ''));
}

/** What two names do not have in common; undefined where they have nothing in common, or differ by a device or an option. */
function labelsOf(one: string, other: string): [string, string] | undefined {
  const [a, b] = [stem(one).split(' '), stem(other).split(' ')];
  let ahead = 0;
  while (ahead < Math.min(a.length, b.length) && a[ahead] === b[ahead]) ahead++;
  let behind = 0;
  while (behind < Math.min(a.length, b.length) - ahead && a.at(-1 - behind) === b.at(-1 - behind)) behind++;
  // A date is told apart as a whole.
  while (ahead > 0 && /^\d+$/.test(a[ahead - 1] ?? '')) ahead--;
  const labels: [string, string] = [
    a.slice(ahead, a.length - behind).join(' '),
    b.slice(ahead, b.length - behind).join(' '),
  ];
  const alike = alpha(labels[0]) !== '' && alpha(labels[0]) === alpha(labels[1]);
  if (ahead + behind === 0 && !alike && !labels.every(isHostName)) return undefined;
  if (labels.some(isDeviceName)) return undefined;
  const options = labels.filter(
    (label) => label !== '' && OPTIONS.test(label) && !EARLIER.test(label) && !LATER.test(label),
  );
  // "df_a.txt" and "df_b.txt" are no options of df.
  if (options.length > 0 && !(labels.join() === 'a,b' || labels.join() === 'b,a')) return undefined;
  return labels;
}

function alpha(word: string): string {
  return word.replaceAll(/\d+/g, '');
}

/** Below 0 where the first is earlier, above where it is later; undefined where the names do not say. */
function orderOf(one: string, other: string): number | undefined {
  if (DATE.test(one) && DATE.test(other) && one.length === other.length) return one < other ? -1 : 1;
  const [a, b] = [rankOf(one), rankOf(other)];
  return a === undefined || b === undefined || a === b ? undefined : a - b;
}

function rankOf(label: string): number | undefined {
  if (label === '') return 0;
  if (EARLIER.test(label)) return -1;
  return LATER.test(label) ? 1 : undefined;
}
