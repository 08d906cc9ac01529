/**
 * Outputs of programs that somebody saved in a folder, found by the words of their command lines. A bundle of ours has
 * `tools/ethtool -i eth0`; sosreport has `sos_commands/networking/ethtool_-i_eth0`; a person writes `ethtool-i-eth0.txt`,
 * `eth0/ethtool-i.txt` or `web01_ethtool_-i_eth0_2024-03-05.log`. So names are compared by their words alone.
 */

import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { deviceOfFile } from './ethtool-device.ts';

/** Saved outputs are looked for so deep below the folder, and among so many files. */
const MAX_DEPTH = 5;
const MAX_FILES = 20_000;
/** So many of what is not looked at are named. */
const MAX_UNSEEN = 200;
/** Trees of the machine itself, in which no saved outputs are. */
const OWN_TREES = new Set(['proc', 'sys', 'etc', 'dev', 'run', 'usr', 'var', 'lib', 'boot']);

/** Files of /proc that people copy by their bare names, where the name means nothing else. */
const KNOWN_FILES = new Set([
  ...['mdstat', 'meminfo', 'cpuinfo', 'interrupts', 'diskstats', 'loadavg', 'swaps', 'softirqs'],
  ...[
    'cmdline',
    'slabinfo',
    'mountinfo',
    'softnet_stat',
    'sockstat',
    'buddyinfo',
    'pagetypeinfo',
    'zoneinfo',
  ],
  ...['nf_conntrack_count', 'nf_conntrack_max', 'schedstat'],
]);

/** A command line as its words: letters and digits in lower case. A device's folder is left out: some name it, some do not. */
export function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'dev')
    .join(' ');
}

/** What is behind a command line in a file's name: a date and time. */
const DATE = /^(?:20\d\d \d\d \d\d|20\d{6})(?: \d{2,6}){0,3}$/;
/** What is before it and makes another command of it: what a network namespace has is not what the machine has. */
const ELSEWHERE = /\b(?:netns|exec|nsenter|docker|kubectl|ssh|old|before)\b/;

/** Files of a must-gather and of `kubectl cluster-info dump`, by the command that prints the same. */
const DUMPS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)core\/nodes\/([\w.-]{1,253})\.ya?ml$/, 'kubectl get node $1 o yaml'],
  [/(?:^|\/)(?:kube-system\/)?nodes\.(json|ya?ml)$/, 'kubectl get nodes o $1'],
];

/** A device's name before a command that is asked of one. */
const OF_DEVICE = /^([a-z][a-z0-9]{1,14}) ((?:ethtool|smartctl|nvme|mdadm|mlxlink)(?: [a-z][a-z0-9]*)*)$/;

/** Commands of one word that mean themselves wherever they stand in a name; "mount" and "date" do not. */
const TELLING = /^(?:dmesg|lsmod|lspci|lsblk|uname|dmidecode)$/;

/** An output that was saved. */
export interface Saved {
  /** The words of its command line behind the program's name: ["i", "eth0"]. */
  readonly words: readonly string[];
  /** Its file, below the folder. */
  readonly path: string;
  /** The interface in its name, for ethtool alone. */
  readonly device?: string;
}

const TOO_DEEP = `outputs are looked for ${MAX_DEPTH} folders deep`;
const TOO_MANY = `it and what comes behind it are not looked at, since there are more than ${MAX_FILES} files`;

/** Whether a link leads to a file that is not in the folder. */
function leadsOut(root: string, path: string): boolean {
  try {
    const to = realpathSync(join(root, path));
    return !to.startsWith(`${realpathSync(root)}${sep}`) && statSync(to).isFile();
  } catch {
    // To nothing, or in a circle.
    return false;
  }
}

/** The outputs that are saved in a folder. */
export class SavedOutputs {
  /** Files by the words of their names, those first that have nothing else in their names. */
  readonly #files = new Map<string, string>();
  /** Interfaces as files' names write them, by the words of the names. */
  readonly #devices = new Map<string, string>();
  /** Each file once, in the order of their names. */
  readonly #paths: string[] = [];
  /** What lies in the folder and is not looked at, by its path, with the reason. */
  readonly unseen = new Map<string, string>();
  /** The same by each of their words. */
  readonly #byWord = new Map<string, [words: string, path: string][]>();

  /**
   * @param root the folder; what cannot be listed in it is passed over
   * @param without files that are none of the machine's outputs
   */
  constructor(root: string, without: { has(path: string): boolean } = new Set<string>()) {
    const more: [words: string, path: string][] = [];
    let files = 0;
    const visit = (folder: string, depth: number) => {
      let entries: Dirent[];
      try {
        entries = readdirSync(join(root, folder), { withFileTypes: true });
      } catch {
        this.#leave(folder, 'its files may not be listed');
        return;
      }
      const above = wordsOf(folder.slice(folder.lastIndexOf('/') + 1));
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (depth >= MAX_DEPTH) this.#leave(`${path}/`, TOO_DEEP);
          else if (!(depth === 0 && OWN_TREES.has(entry.name))) visit(path, depth + 1);
        } else if (!entry.isFile()) {
          if (!entry.isSymbolicLink()) this.#leave(path, 'it is neither a file nor a folder');
          else if (leadsOut(root, path))
            this.#leave(path, 'it is a link out of the folder, which is not followed');
        } else if (files >= MAX_FILES) {
          if (files++ === MAX_FILES) this.#leave(path, TOO_MANY);
        } else if (!without.has(path)) {
          files++;
          this.#paths.push(path);
          const name = entry.name.replace(/(?:\.(?:txt|json|out|log|stdout))+$/i, '');
          const words = wordsOf(name);
          if (!this.#files.has(words)) {
            this.#files.set(words, path);
            const device = deviceOfFile(name);
            if (device !== undefined) this.#devices.set(words, device);
          }
          // A folder an interface or disk, with the commands in it.
          if (above !== '' && !above.includes(' ')) more.push([`${words} ${above}`, path]);
          for (const [pattern, command] of DUMPS) {
            const dumped = pattern.exec(path);
            if (dumped) more.push([wordsOf(command.replace('$1', dumped[1] ?? '')), path]);
          }
          // "eth0.ethtool-S", "sda_smartctl-a.txt": what it is of stands before the command.
          const before = OF_DEVICE.exec(words);
          if (before) more.push([`${before[2]} ${before[1]}`, path]);
        }
      }
    };
    visit('', 0);
    for (const [words, path] of more) if (!this.#files.has(words)) this.#files.set(words, path);
    for (const file of this.#files)
      for (const word of new Set(file[0].split(' '))) {
        const same = this.#byWord.get(word);
        if (same) same.push(file);
        else this.#byWord.set(word, [file]);
      }
  }

  #leave(path: string, why: string): void {
    if (path !== '' && this.unseen.size < MAX_UNSEEN) this.unseen.set(path, why);
  }

  /** The files of all outputs, below the folder. */
  paths(): readonly string[] {
    return this.#paths;
  }

  /** The file with the output of a command line, or undefined. */
  find(command: string): string | undefined {
    const wanted = wordsOf(command);
    const exact = this.#files.get(wanted);
    const [program = '', ...rest] = wanted.split(' ');
    if (exact !== undefined || (rest.length === 0 && !TELLING.test(program))) return exact;
    // A host before it, a date behind it.
    return this.#byWord.get(program)?.find(([words]) => {
      const at = ` ${words} `.indexOf(` ${wanted} `);
      const before = words.slice(0, Math.max(0, at - 1));
      const behind = words.slice(at + wanted.length).trim();
      return at >= 0 && !ELSEWHERE.test(before) && (behind === '' || DATE.test(behind));
    })?.[1];
  }

  /** The file that a file of /proc was copied to under a name of its own: "cat_proc_mdstat.txt", "mdstat". */
  copyOf(path: string): string | undefined {
    if (!path.startsWith('proc/')) return undefined;
    const words = wordsOf(path);
    const found = this.#files.get(`cat ${words}`) ?? this.#files.get(words);
    const bare = path.slice(path.lastIndexOf('/') + 1);
    return found ?? (KNOWN_FILES.has(bare) ? this.#files.get(wordsOf(bare)) : undefined);
  }

  /** Names of files below a folder of /proc that were copied so. */
  copiesIn(path: string): string[] {
    if (!path.startsWith('proc/')) return [];
    const below = `${wordsOf(path)} `;
    const names = new Set<string>();
    for (const words of this.#files.keys()) {
      const rest = words.replace(/^cat /, '');
      const name = rest.startsWith(below) ? rest.slice(below.length) : '';
      if (name !== '' && !name.includes(' ')) names.add(name);
    }
    return [...names].sort();
  }

  /** All outputs of a program, whatever its arguments. */
  of(program: string): Saved[] {
    const first = wordsOf(program);
    return (this.#byWord.get(first.split(' ', 1)[0] ?? '') ?? []).flatMap(([words, path]) => {
      if (words !== first && !words.startsWith(`${first} `)) return [];
      const device = this.#devices.get(words);
      return [
        {
          words: words.split(' ').slice(first.split(' ').length),
          path,
          ...(device === undefined ? {} : { device }),
        },
      ];
    });
  }
}
