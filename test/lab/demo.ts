/**
 * `npm run demo`: a walk through the main jobs on a lab of twelve nodes. Prints each command before its output, ends by
 * itself, and fails where a command does not end as it should. It leaves nothing behind and touches no context of the user.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIMULATED_COMPATIBLE } from '../../agent/sim/upgrade-host.ts';
import { Lab } from './lab.ts';
import { writeSampleParts } from './sample-image.ts';

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
const DOCUMENT_FILE = 'web.yaml';
const DOCUMENT = `apiVersion: nodectl.dev/v1
kind: Node
kernel:
  sysctls: { vm.swappiness: 10 }
files:
  /etc/motd: { content: "This node is made from a document in Git.\\n" }
`;

/** The node whose image is upgraded. */
const UPGRADED = 'edge-1';

/** Upgrades of a node: one that is good, a small one, and one that does not come up. They are made in the folder `work`. */
function upgrades(folder: string, work: string): Stop[] {
  const build = (serial: number, ...more: string[]): Stop => ({
    about: `Release ${serial} of an image: root, kernel, and a signature over the digests of both.`,
    before: () => writeSampleParts(work, `2026.${serial}`),
    command: [
      ...['image', 'build', '--root', 'root.img', '--kernel', 'vmlinuz', '--name', 'lab'],
      ...['--version', `2026.${serial}`, '--serial', String(serial), '--compatible', SIMULATED_COMPATIBLE],
      ...['--key', 'release.key', '-o', `${serial}.oci.tar`, '--progress', 'none', ...more],
    ],
  });
  const upgrade = (serial: number, about: string, status: number, ...more: string[]): Stop => ({
    ...{ about, status },
    command: ['upgrade', '--image', `${serial}.oci.tar`, '-n', UPGRADED, '-o', 'table', ...more],
  });
  return [
    {
      about:
        'Keys that images are signed with. Nodes trust the public one, which stands in a folder of theirs.',
      command: ['image', 'keygen', 'release', '--plain-keys'],
    },
    {
      ...build(1),
      before: () => {
        writeSampleParts(work, '2026.1');
        copyFileSync(join(work, 'release.pub.pem'), join(folder, 'upgrade-keys', 'release.pem'));
      },
    },
    upgrade(
      1,
      'The node takes it into the slot that does not run, boots it, tests itself and confirms.',
      0,
      '--yes',
    ),
    build(2, '--delta-from', '1.oci.tar'),
    upgrade(2, 'What would the next one do, and what does it cost?', 8, '--dry-run'),
    upgrade(2, 'It is done.', 0, '--yes'),
    build(3, '--cmdline', 'sim=panic'),
    upgrade(3, 'This one does not come up. The node falls back by itself.', 1, '--yes'),
    { about: 'And says why.', command: ['upgrade', 'history', '-n', UPGRADED, '--tail', '1', '-v'] },
    { about: 'What its slots hold now.', command: ['slots', '-n', UPGRADED] },
  ];
}

/** The walk. `folder` is the lab's, `work` holds the document and what images are made of. */
function walk(lab: Lab, folder: string, work: string): Stop[] {
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
      about:
        'The newest records of some nodes, merged in time order. Logs are not made up: each node has those of this machine.',
      command: ['logs', '-l', 'rack=a', '--tail', '3'],
    },
    {
      about: 'The same as objects for a program, one node.',
      command: ['logs', '-n', SICK, '--tail', '2', '-o', 'jsonl'],
    },
    ...(kernel
      ? [
          {
            about: 'The kernel’s log of some nodes, which is this machine’s for all of them.',
            command: ['dmesg', '-l', 'rack=a', '--tail', '3'],
          },
          {
            about: 'Its warnings and worse, on one node.',
            command: ['dmesg', '-n', 'edge-1', '--level', 'warning', '--tail', '5'],
          },
        ]
      : []),
    {
      about:
        'What a document would change on the web servers. sshd is masked where it does not say otherwise.',
      command: ['config', 'diff', '-f', DOCUMENT_FILE, '-l', 'role=web'],
      status: 8,
    },
    {
      about: 'It is applied.',
      command: ['config', 'apply', '-f', DOCUMENT_FILE, '-l', 'role=web', '--yes', '--message', 'swap less'],
    },
    {
      about: 'Somebody changes one of them by hand; it tells.',
      before: () => writeFileSync(join(folder, 'nodes/web-2/root/proc/sys/vm/swappiness'), '60\n'),
      command: ['config', 'drift', '--refresh', '-l', 'role=web'],
      status: 10,
    },
    {
      about: 'And is brought back.',
      command: ['config', 'apply', '-f', DOCUMENT_FILE, '-n', 'web-2', '--yes'],
    },
    { about: 'Who did what, and from which commit.', command: ['config', 'history', '-n', 'web-2'] },
    ...upgrades(folder, work),
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

async function nodectl(cwd: string, env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const child = spawn(join(top, 'nodectl'), args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

const home = mkdtempSync(join(tmpdir(), 'nodectl-demo-'));
const env = { ...process.env, NODECTL_CONFIG: join(home, 'config.yaml') };
const folder = join(home, 'lab');
/** Where the commands are given. */
const work = join(home, 'work');
mkdirSync(work);
let lab: Lab | undefined;
try {
  say(bold(`# A lab of ${NODES} nodes on loopback`));
  lab = await Lab.start({ folder, nodes: NODES, contextsFile: env.NODECTL_CONFIG, progress: say });
  const { addContext } = await import('../../cli/context/edit.ts');
  const stolen = { trust: join(folder, 'pki', 'root.crt'), credential: join(folder, 'lab-reader.pem') };
  const nodes = [...lab.addresses].map(([name, address]) => ({ name, addresses: [address], labels: {} }));
  await addContext(env.NODECTL_CONFIG, 'stolen', { ...stolen, nodes });
  writeFileSync(join(work, DOCUMENT_FILE), DOCUMENT);
  for (const sentence of lab.leftOut) say(sentence);
  for (const { about, command, status = 0, before } of walk(lab, folder, work)) {
    before?.();
    say(`\n${bold(`# ${about}`)}\n${bold(`$ nodectl ${command.map(quoted).join(' ')}`)}`);
    const found = await nodectl(work, env, command);
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
