/** What an agent and nodectl hold while a root of 4 GiB is upgraded, and how soon the agent answers others meanwhile. */

import { generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openChannel } from '../../proto/call/open.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { madeBlock } from './images/made-blocks.ts';
import { packImage } from './images/pack.ts';
import { footprint, peakBytes, resetPeak } from './rig/process.ts';
import { atMost, type Figure, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';
import { UpgradeNode } from './rig/upgrade-node.ts';

const MIB = 2 ** 20;
const LARGE_BYTES = 4_096 * MIB;
/** Of each piece so much is data, and the rest zeros. */
const [PIECE, DATA] = [8 * MIB, 3 * MIB];
const SLOT_SPARE = 64 * MIB;
const AGENT_MIB = 120;
const STAGED_MIB = 16;
const NODECTL_MIB = 512;
/** What an agent needed for its start alone is collected by then. */
const SETTLE_MS = 30_000;
const SAMPLE_MS = 50;
const CALL_EVERY_MS = 10;

const mebibytes = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;

/** Measures both ways of an upgrade between two such roots. */
export async function largeUpgrade(rig: Rig): Promise<Figure[]> {
  const folder = join(rig.folder, 'large');
  mkdirSync(folder);
  const size = rig.amount(LARGE_BYTES, LARGE_BYTES / 16);
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const kernel = join(folder, 'kernel');
  writeFileSync(kernel, madeBlock(0, 0));
  const root = (version: number) => largeRoot(join(folder, `root-${version}`), size, version);
  const running = root(0);
  const image = await packImage(folder, 'old', { files: [running, kernel], key });
  const fresh = root(1);
  const next = await packImage(folder, 'fresh', { files: [fresh, kernel], key, serial: 2 });
  rmSync(fresh);
  const node = await UpgradeNode.start(rig, {
    ...{ name: 'upgrade-2', root: running, image, key, slotBytes: size + SLOT_SPARE },
  });
  await sleep(rig.amount(SETTLE_MS, 2_000));
  const idle = footprint(node.agent.pid).residentBytes;
  const delta = await watched(rig, node, () => node.upgrade(next, ['--from', image]));
  const compare = await watched(rig, node, () => node.upgrade(next));
  await node.agent.stop();
  rmSync(folder, { recursive: true });
  const gib = `${size / 2 ** 30} GiB`;
  const figures = (way: string, { agent, nodectl, staged, ms, calls }: Watched): Figure[] => [
    plain(`${gib}, ${way}`, show.seconds(ms)),
    atMost('… the agent’s resident memory beyond idle', agent - idle, AGENT_MIB * MIB, mebibytes),
    atMost('… on disk beside the slots', staged, STAGED_MIB * MIB, mebibytes),
    atMost('… nodectl’s resident memory', nodectl, NODECTL_MIB * MIB, mebibytes),
    ...[...calls].map(([state, times]) =>
      plain(
        `… GetVersion ${state}, p50, p99, max of ${times.length}`,
        [0.5, 0.99, 1].map((share) => show.ms(quantile(times, share))).join(', '),
      ),
    ),
  ];
  return [
    plain('an idle agent, resident', mebibytes(idle)),
    ...figures('from an old image at hand', delta),
    ...figures('by comparing with the node', compare),
  ];
}

/** The states in which the agent has most to do, and what comes before. */
const [BEFORE, DURING] = ['before it', ['transferring', 'verifying']];
/** So long calls are made before the upgrade. */
const BEFORE_MS = 5_000;

/** What was seen while an upgrade ran; memory in bytes. */
interface Watched {
  readonly agent: number;
  readonly nodectl: number;
  readonly staged: number;
  readonly ms: number;
  /** How long each call took in ms, by the upgrade's state when it was made. */
  readonly calls: ReadonlyMap<string, number[]>;
}

async function watched(
  rig: Rig,
  node: UpgradeNode,
  upgrade: () => Promise<{ ms: number; peakBytes: number }>,
): Promise<Watched> {
  const { root, chain, key } = rig.credential;
  const channel = await openChannel({
    ...{ address: node.agent.address, expect: { kind: 'node' as const, name: node.name } },
    trust: readFileSync(root, 'utf8'),
    credential: { chain: readFileSync(chain, 'utf8'), key: readFileSync(key, 'utf8') },
  });
  let [state, staged] = [BEFORE, 0];
  const calls = new Map<string, number[]>([BEFORE, ...DURING].map((one) => [one, []]));
  const sample = setInterval(async () => {
    staged = Math.max(staged, node.stagedBytes());
    const { upgrade } = await channel.unary('nodectl.v1.UpgradeService/GetUpgrade', {});
    if (upgrade && upgrade.endedUsec === 0) state = upgrade.state.replace('UPGRADE_STATE_', '').toLowerCase();
  }, SAMPLE_MS);
  // At a steady pace, however long the one before takes: whoever waits for that would not see the others wait.
  const call = setInterval(async () => {
    const during = state;
    const began = performance.now();
    await channel.unary('nodectl.v1.SystemService/GetVersion', {});
    calls.get(during)?.push(performance.now() - began);
  }, CALL_EVERY_MS);
  try {
    await sleep(BEFORE_MS);
    resetPeak(node.agent.pid);
    const { ms, peakBytes: nodectl } = await upgrade();
    return { agent: peakBytes(node.agent.pid), nodectl, staged, ms, calls };
  } finally {
    clearInterval(sample);
    clearInterval(call);
    await sleep(1_000);
    channel.close();
  }
}

function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Writes a root with holes. Gives its path. */
function largeRoot(path: string, size: number, version: number): string {
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  for (let at = 0; at < size; at += PIECE) {
    const first = at / BLOCK_BYTES;
    const blocks = Array.from({ length: DATA / BLOCK_BYTES }, (_, block) =>
      madeBlock(first + block, version),
    );
    writeSync(file, Buffer.concat(blocks), 0, DATA, at);
  }
  closeSync(file);
  return path;
}
