/** useradd, usermod, userdel and chpasswd of a simulated node: they edit passwd(5), group(5) and shadow(5) below its folder. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolOutput } from '../host/machine.ts';

const TOOLS = ['useradd', 'usermod', 'userdel', 'chpasswd'] as const;
type Tool = (typeof TOOLS)[number];
const FIRST_UID = 1_000;

/** Whether a program is one of them. */
export function isAccountTool(program: string): program is Tool {
  return (TOOLS as readonly string[]).includes(program);
}

/** Runs one as the real ones behave; statuses as in their manual pages. */
export function runAccountTool(
  folder: string,
  program: Tool,
  args: readonly string[],
  input: string,
): ToolOutput {
  const lists = {
    passwd: new List(join(folder, 'etc/passwd')),
    group: new List(join(folder, 'etc/group')),
    shadow: new List(join(folder, 'etc/shadow')),
  };
  const name = program === 'chpasswd' ? (input.split(':')[0] ?? '') : (args.at(-1) ?? '');
  const option = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const there = lists.passwd.find(name);
  if (program === 'useradd') {
    if (there) return failed(9, `useradd: user '${name}' already exists`);
    const number = String(FIRST_UID + lists.passwd.rows.length);
    // Who is not root can make no files for others, so the accounts of its simulation are its own.
    const own = (id: number | undefined) => (id === 0 ? number : String(id));
    const uid = option('--uid') ?? own(process.getuid?.());
    const gid = lists.group.find(name)?.[2] ?? own(process.getgid?.());
    if (!lists.group.find(name)) lists.group.rows.push([name, 'x', gid, '']);
    const home = option('--home-dir') ?? `/home/${name}`;
    lists.passwd.rows.push([name, 'x', uid, gid, '', home, option('--shell') ?? '/bin/sh']);
    lists.shadow.rows.push([name, '!', '20000', '0', '99999', '7', '', '', '']);
    if (args.includes('--create-home')) mkdirSync(join(folder, home), { recursive: true });
  } else if (!there) return failed(6, `${program}: user '${name}' does not exist`);
  else if (program === 'usermod') {
    there[2] = option('--uid') ?? there[2] ?? '';
    there[5] = option('--home') ?? there[5] ?? '';
    there[6] = option('--shell') ?? there[6] ?? '';
  } else if (program === 'userdel') for (const list of Object.values(lists)) list.remove(name);
  else {
    const entry = lists.shadow.find(name);
    if (entry) entry[1] = input.trim().slice(name.length + 1);
  }
  const groups = option('--groups');
  if (groups !== undefined)
    for (const row of lists.group.rows) {
      const others = (row[3] ?? '').split(',').filter((one) => one !== '' && one !== name);
      row[3] = (groups.split(',').includes(row[0] ?? '') ? [...others, name] : others).join(',');
    }
  for (const list of Object.values(lists)) list.write();
  return { code: 0, stdout: '', stderr: '' };
}

class List {
  readonly #path: string;
  rows: string[][];

  constructor(path: string) {
    this.#path = path;
    const text = readFileSync(path, 'utf8');
    this.rows = text
      .split('\n')
      .filter((row) => row !== '')
      .map((row) => row.split(':'));
  }

  find(name: string): string[] | undefined {
    return this.rows.find(([entry]) => entry === name);
  }

  remove(name: string): void {
    this.rows = this.rows.filter(([entry]) => entry !== name);
  }

  write(): void {
    writeFileSync(`${this.#path}-`, `${this.rows.map((row) => row.join(':')).join('\n')}\n`);
    renameSync(`${this.#path}-`, this.#path);
  }
}

function failed(code: number, stderr: string): ToolOutput {
  return { code, stdout: '', stderr: `${stderr}\n` };
}
