/** An upgrade from the offer to the armed slot, beside a copy of the raw image by `scp` that `dd` writes to the slot. */

import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addContext } from '../../cli/context/edit.ts';
import type { Bench } from './bench.ts';
import { debianRoot, rootsMissing } from './images/debian-roots.ts';
import { packImage } from './images/pack.ts';
import { largeUpgrade } from './large-upgrade.ts';
import { type Command, median, type Run, run as runOnce } from './rig/measure.ts';
import { atLeast, type Figure, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';
import { linkMissing, shapedLink } from './rig/shaped-link.ts';
import { type Sshd, sshdMissing, startSshd } from './rig/sshd.ts';
import { type Caller, through, UpgradeNode } from './rig/upgrade-node.ts';

const IMAGE_BYTES = 2 ** 30;
const SLOT_BYTES = IMAGE_BYTES + 2 ** 26;
const MEGABITS = 100;
const SHAPED_TIMES = 9;
const ROUNDS = 3;

/** The benchmark. */
export const upgrades: Bench = {
  name: 'upgrades',
  title:
    'a Debian point update of a root of 1 GiB, from the offer to the armed slot, beside `scp` of the raw root and `dd`; and what an agent and nodectl hold on a root of 4 GiB',
  missing: () => sshdMissing() ?? rootsMissing() ?? linkMissing(),
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const figures = [...(await besideScp(rig)), ...(await largeUpgrade(rig))];
  return {
    figures,
    notes: [
      'Times are of whole processes, nodectl’s start and the read-back of the slot included; scp and dd read nothing back. dd ends when all is on the disk.',
      'The link is a pair of network devices between two namespaces, shaped by tbf in both directions. Caller and node share this machine and its disk.',
      'Before each run the slot is a file without content. Ratios are medians of rounds in which the ways took turns; through the shaped link scp ran once, as what it takes is what the link takes.',
      'The root of 4 GiB has 1.5 GiB of data in pieces of 3 MiB, one block in twenty changed.',
    ],
  };
}

/** The ways to bring the update over, in the order in which they take turns. */
const WAYS = ['scp', 'delta', 'ready', 'compare'] as const;
type Way = (typeof WAYS)[number];

async function besideScp(rig: Rig): Promise<Figure[]> {
  const folder = join(rig.folder, 'upgrades');
  mkdirSync(join(folder, 'staging'), { recursive: true });
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const root = (name: string, updates: 'none' | 'all') => {
    mkdirSync(join(folder, name));
    return debianRoot(join(folder, name), IMAGE_BYTES, { updates });
  };
  const link = shapedLink(MEGABITS);
  rig.atEnd(async () => link.stop());
  const release = root('release', 'none');
  const updated = root('updated', 'all');
  const files = ({ root, kernel, initrd }: typeof release) => [root, kernel, initrd];
  const old = await packImage(folder, 'old', { files: files(release), key });
  const ready = await packImage(folder, 'ready', { files: files(updated), key, serial: 2, from: [old] });
  const fresh = await packImage(folder, 'fresh', { files: files(updated), key, serial: 2 });
  const node = await UpgradeNode.start(rig, {
    ...{ name: 'upgrade-1', root: release.root, image: old, key, slotBytes: SLOT_BYTES },
    place: { prefix: link.node, host: link.nodeAddress },
  });
  const { root: trust } = rig.credential;
  const loopback = {
    ...{ trust, credential: join(rig.folder, 'operator.pem'), issuer: '' },
    nodes: [{ name: node.name, addresses: [`127.0.0.1:${node.agent.port}`], labels: {} }],
  };
  await addContext(join(rig.folder, 'config.yaml'), 'loopback', loopback, { use: false, replace: true });
  mkdirSync(join(folder, 'sshd'), { mode: 0o700 });
  const sshd = await startSshd(join(folder, 'sshd'), { prefix: link.node });
  rig.atEnd(() => sshd.stop());
  const staged = join(folder, 'staging', 'root');
  const measure = async (way: Way, caller: Caller, host: string): Promise<Pick<Run, 'ms'>> => {
    if (way === 'delta') return node.upgrade(fresh, ['--from', old], caller);
    if (way === 'ready') return node.upgrade(ready, [], caller);
    if (way === 'compare') return node.upgrade(fresh, [], caller);
    let ms = 0;
    for (const command of copyAndWrite(sshd, host, updated.root, staged, node.target))
      ms += (await runOnce(through(caller.prefix ?? [], command))).ms;
    node.emptyTarget();
    rmSync(staged);
    return { ms };
  };
  /** @param copies by scp at most: what takes a minute and a half for the link alone takes as long each time */
  const rounds = async (caller: Caller, host: string, copies: number) => {
    const runs: Record<Way, number[]> = { scp: [], delta: [], ready: [], compare: [] };
    for (let round = 0; round < rig.amount(ROUNDS, 1); round++)
      for (const way of WAYS)
        if (round < copies || way !== 'scp') runs[way].push((await measure(way, caller, host)).ms);
    return runs;
  };
  const shaped = await rounds({ prefix: link.operator }, link.nodeAddress, 1);
  const free = await rounds({ prefix: link.node, context: 'loopback' }, '127.0.0.1', ROUNDS);
  await node.agent.stop();
  await sshd.stop();
  link.stop();
  rmSync(folder, { recursive: true });
  return [...compared(`${MEGABITS} Mbit/s`, shaped, SHAPED_TIMES), ...compared('loopback', free, 1)];
}

/** scp to a file on the node, and dd from there to the slot until it is on the disk. */
function copyAndWrite(sshd: Sshd, host: string, root: string, staged: string, slot: string): Command[] {
  const { options, port, keyFile, user } = sshd;
  const scp = ['-q', '-F', 'none', '-i', keyFile, '-P', String(port)];
  const shared = options.filter((_, at) => options[at] === '-o' || options[at - 1] === '-o');
  return [
    { program: 'scp', args: [...scp, ...shared, root, `${user}@${host}:${staged}`] },
    {
      program: 'ssh',
      args: [
        ...options,
        host,
        'dd',
        `if=${staged}`,
        `of=${slot}`,
        'bs=4M',
        'conv=notrunc,fsync',
        'status=none',
      ],
    },
  ];
}

function compared(where: string, runs: Record<Way, number[]>, times: number): Figure[] {
  // One copy stands for those of all rounds where there is no more.
  const faster = (way: Way) =>
    median(runs[way].map((ms, round) => (runs.scp[round] ?? runs.scp[0] ?? Number.NaN) / ms));
  const factor = (value: number) => `${value.toFixed(2)} x`;
  return [
    plain(`${where}: scp and dd`, show.seconds(median(runs.scp))),
    plain('… nodectl upgrade, from an old image at hand', show.seconds(median(runs.delta))),
    atLeast('… faster than scp and dd', faster('delta'), times, factor),
    plain('… nodectl upgrade, with a ready delta', show.seconds(median(runs.ready))),
    atLeast('… faster than scp and dd', faster('ready'), times, factor),
    plain('… nodectl upgrade, by comparing with the node', show.seconds(median(runs.compare))),
    atLeast('… faster than scp and dd', faster('compare'), times, factor),
  ];
}
