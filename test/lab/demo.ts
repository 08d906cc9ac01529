/**
 * `npm run demo`: a walk through the main jobs on a lab of three nodes. Prints each command before its output, ends by
 * itself, and fails where a command does not end as it should. It leaves nothing behind and touches no context of the user.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from './lab.ts';

const top = join(import.meta.dirname, '..', '..');
const terminal = process.stdout.isTTY === true;
const bold = (text: string) => (terminal ? `\x1b[1m${text}\x1b[0m` : text);
const say = (text: string) => process.stdout.write(`${text}\n`);

/** A command of the walk, what it shows, and the status that it must end with. */
interface Stop {
  about: string;
  command: string[];
  status?: number;
}

/** The walk. `folder` is the lab's. */
function walk(lab: Lab, folder: string): Stop[] {
  const kernel = !lab.leftOut.some((sentence) => sentence.includes('/dev/kmsg'));
  return [
    { about: 'The fleet, each node verified by the name in its certificate.', command: ['get', 'nodes'] },
    { about: 'Versions.', command: ['version'] },
    { about: 'What can be read on a node.', command: ['logs', '--list', '-n', 'web-1'] },
    {
      about: 'The newest records of every node, merged in time order.',
      command: ['logs', '--all', '--tail', '3'],
    },
    {
      about: 'The same as objects for a program, one node.',
      command: ['logs', '-n', 'db-1', '--tail', '2', '-o', 'jsonl'],
    },
    ...(kernel
      ? [
          { about: 'The kernel’s log of every node.', command: ['dmesg', '--all', '--tail', '3'] },
          {
            about: 'Its warnings and worse, on one node.',
            command: ['dmesg', '-n', 'edge-1', '--level', 'warning', '--tail', '5'],
          },
        ]
      : []),
    { about: 'Who am I to the nodes?', command: ['whoami', '-n', 'web-1'] },
    {
      about: 'A leaked credential is shut out everywhere, at once.',
      command: [
        'access',
        'deny',
        'nodectl://operator/lab-reader',
        '--reason',
        'laptop lost',
        '--all',
        '--yes',
      ],
    },
    {
      about: 'Its holder, from now on:',
      command: ['get', 'nodes', '-n', 'web-1', '--context', 'stolen'],
      status: 4,
    },
    { about: 'And who did that?', command: ['audit', '-n', 'web-1'] },
    { about: 'The PKI behind it.', command: ['pki', 'show', '--dir', join(folder, 'pki')] },
  ];
}

async function nodectl(env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const child = spawn(join(top, 'nodectl'), args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

const home = mkdtempSync(join(tmpdir(), 'nodectl-demo-'));
const env = { ...process.env, NODECTL_CONFIG: join(home, 'config.yaml') };
const folder = join(home, 'lab');
let lab: Lab | undefined;
try {
  say(bold('# A lab of three nodes on loopback'));
  lab = await Lab.start({ folder, nodes: 3, contextsFile: env.NODECTL_CONFIG, progress: say });
  const { addContext } = await import('../../cli/context/edit.ts');
  const stolen = { trust: join(folder, 'pki', 'root.crt'), credential: join(folder, 'lab-reader.pem') };
  const nodes = [...lab.addresses].map(([name, address]) => ({ name, addresses: [address], labels: {} }));
  await addContext(env.NODECTL_CONFIG, 'stolen', { ...stolen, nodes });
  for (const sentence of lab.leftOut) say(sentence);
  for (const { about, command, status = 0 } of walk(lab, folder)) {
    say(`\n${bold(`# ${about}`)}\n${bold(`$ nodectl ${command.map(quoted).join(' ')}`)}`);
    const found = await nodectl(env, command);
    if (found === status) continue;
    say(`That ended with status ${found}, not ${status}.`);
    process.exitCode = 1;
    break;
  }
} finally {
  await lab?.stop();
  rmSync(home, { recursive: true, force: true });
}
if (!process.exitCode)
  say(`\n${bold('# That was it.')} A lab that stays: npm run lab. Everything else: ./nodectl --help`);

function quoted(word: string): string {
  return /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word}'`;
}
