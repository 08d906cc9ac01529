/**
 * `npm run demo`: a walk through the main jobs on a lab of twelve nodes. Prints each command before its output, ends by
 * itself, and fails where a command does not end as it should. It leaves nothing behind and touches no context of the user.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Done before the command, as somebody would by hand. */
  before?: () => void;
}

/** Servers of which one has every trouble that can be planted. */
const NODES = 12;
const SICK = 'db-1';

/** What the nodes are to be. */
const DOCUMENT = `apiVersion: nodectl.dev/v1
kind: Node
kernel:
  sysctls: { vm.swappiness: 10 }
files:
  /etc/motd: { content: "This node is made from a document in Git.\\n" }
`;

/** The walk. `folder` is the lab's, `file` holds the document. */
function walk(lab: Lab, folder: string, file: string): Stop[] {
  const kernel = !lab.leftOut.some((sentence) => sentence.includes('/dev/kmsg'));
  return [
    { about: 'The fleet, each node verified by the name in its certificate.', command: ['get', 'nodes'] },
    { about: 'Versions.', command: ['version', '-l', 'rack=a'] },
    {
      about: `What is wrong? ${NODES - 1} simulated servers are well, one has a clock that is off, a bad cable, old firmware and a hung task.`,
      command: ['diag'],
      status: 11,
    },
    { about: 'Its network interfaces.', command: ['nic', '-n', SICK] },
    { about: 'Its clock, as it tells itself.', command: ['clock', '-n', SICK] },
    {
      about: 'What a check reads, its threshold, and who says so.',
      command: ['diag', '--explain', 'clock.offset'],
    },
    { about: 'What can be read on a node.', command: ['logs', '--list', '-n', 'web-1'] },
    {
      about: 'The newest records of some nodes, merged in time order.',
      command: ['logs', '-l', 'rack=a', '--tail', '3'],
    },
    {
      about: 'The same as objects for a program, one node.',
      command: ['logs', '-n', SICK, '--tail', '2', '-o', 'jsonl'],
    },
    ...(kernel
      ? [
          { about: 'The kernel’s log of some nodes.', command: ['dmesg', '-l', 'rack=a', '--tail', '3'] },
          {
            about: 'Its warnings and worse, on one node.',
            command: ['dmesg', '-n', 'edge-1', '--level', 'warning', '--tail', '5'],
          },
        ]
      : []),
    {
      about:
        'What a document would change on the web servers. sshd is masked where it does not say otherwise.',
      command: ['config', 'diff', '-f', file, '-l', 'role=web'],
      status: 8,
    },
    {
      about: 'It is applied.',
      command: ['config', 'apply', '-f', file, '-l', 'role=web', '--yes', '--message', 'swap less'],
    },
    {
      about: 'Somebody changes one of them by hand; it tells.',
      before: () => writeFileSync(join(folder, 'nodes/web-2/root/proc/sys/vm/swappiness'), '60\n'),
      command: ['config', 'drift', '--refresh', '-l', 'role=web'],
      status: 10,
    },
    { about: 'And is brought back.', command: ['config', 'apply', '-f', file, '-n', 'web-2', '--yes'] },
    { about: 'Who did what, and from which commit.', command: ['config', 'history', '-n', 'web-2'] },
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
const file = join(home, 'web.yaml');
let lab: Lab | undefined;
try {
  say(bold(`# A lab of ${NODES} nodes on loopback`));
  lab = await Lab.start({ folder, nodes: NODES, contextsFile: env.NODECTL_CONFIG, progress: say });
  const { addContext } = await import('../../cli/context/edit.ts');
  const stolen = { trust: join(folder, 'pki', 'root.crt'), credential: join(folder, 'lab-reader.pem') };
  const nodes = [...lab.addresses].map(([name, address]) => ({ name, addresses: [address], labels: {} }));
  await addContext(env.NODECTL_CONFIG, 'stolen', { ...stolen, nodes });
  writeFileSync(file, DOCUMENT);
  for (const sentence of lab.leftOut) say(sentence);
  for (const { about, command, status = 0, before } of walk(lab, folder, file)) {
    before?.();
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
