/**
 * Kills of a real agent, by SIGKILL at random moments of upgrades, on nodes with each of the boot loaders. After each kill, before
 * anything is put right, whatever the boot loader would start is a complete slot; then the agent is started again, or the node with it,
 * and the upgrade gone on with until it has ended as it may.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  allOperations,
  type PlacedOperation,
  testImage,
  testKeys,
} from '../../agent/upgrade/testing/test-image.ts';
import { bundle } from '../../packaging/bundle.ts';
import { openChannel } from '../../proto/call/open.ts';
import { AgentFleet } from '../support/agent-fleet.ts';
import { seededRandom } from '../upgrade/seeded.ts';
import { LOADERS } from './loaders.ts';
import { KilledNode } from './node.ts';
import { type KillReport, Tally } from './tally.ts';
import { Worker } from './worker.ts';

/** How it is done. */
export interface KillOptions {
  readonly count: number;
  /** Draws the upgrades, the same each time, and the moments, which fall where the machine happens to be. */
  readonly seed: number;
  /** Nodes at a time. */
  readonly jobs: number;
  /** Kills of a node before it makes room for one with the next loader. */
  readonly each: number;
  /** Ends it before the count is reached. */
  readonly signal?: AbortSignal;
  /** Told after each kill. */
  readonly progress?: (report: KillReport) => void;
}

/** Blocks of a root: 8 MiB, of which some 5 go over the wire, so that a window of 4 MiB is a part of it. */
const BLOCKS = 2_048;
/** An agent that is being started on a machine which does much else. */
const CONNECT_MS = 300_000;
/** Of three, one is neither what runs nor what the other slot holds. */
const VERSIONS = [1, 2, 3];

/** Kills an agent so often. Throws what does not hold; the node is then left where the error says. */
export async function runKills({
  count,
  seed,
  jobs,
  each,
  signal,
  progress,
}: KillOptions): Promise<KillReport> {
  const fleet = await AgentFleet.start();
  const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-kills-'));
  try {
    const { agent } = await fleet.enrolled('node');
    await agent.stop();
    // A bundle starts twice as fast as sources do.
    const program = join(top, 'victim.mjs');
    await bundle(join(import.meta.dirname, 'victim.ts'), program);
    const keys = testKeys();
    const changes = { modules: undefined, firmware: undefined, kernelRelease: undefined };
    const images = VERSIONS.map((version) =>
      testImage(version, keys.privateKey, { blocks: BLOCKS, changes }),
    );
    const imageOf = (number: number) => images[number] ?? assert.fail(`there is no image ${number}`);
    const made = new Map<string, readonly PlacedOperation[]>();
    const operations = (image: number, from: number | undefined) => {
      const key = `${image} ${from}`;
      const active = from === undefined ? undefined : imageOf(from).parts.root;
      const all = made.get(key) ?? allOperations(imageOf(image), active ? { active } : {});
      made.set(key, all);
      return all;
    };
    const failed = new AbortController();
    const enough = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
    const tally: Tally = new Tally(count, enough, () => progress?.(tally.report));
    let nodes = 0;
    const work = async (job: number) => {
      const address = `127.0.0.1:${await freePort()}`;
      const worker = new Worker({
        ...{ images, operations, program, tally },
        plans: seededRandom(seed * 1_000 + job),
        random: seededRandom(-(seed * 1_000 + job)),
        cache: join(top, 'cache'),
        open: () =>
          openChannel({
            ...{
              address,
              expect: { kind: 'node', name: 'node' },
              trust: fleet.pki.trust,
              credential: fleet.admin,
            },
            connectTimeoutMs: CONNECT_MS,
          }),
        make: (loader) =>
          KilledNode.make({
            ...{ folder: join(top, `node-${nodes}`), loader, address, images, keyring: keys.keyring },
            enrolled: join(fleet.pki.folder, 'node'),
          }),
      });
      while (!tally.enough) await worker.node(LOADERS[nodes++ % LOADERS.length] ?? 'files', each);
    };
    // What one finds ends the others, each where its agent is in good order.
    const jobsDone = Array.from({ length: jobs }, (_, job) =>
      work(job).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    );
    await Promise.allSettled(jobsDone);
    await Promise.all(jobsDone);
    rmSync(top, { recursive: true });
    return tally.report;
  } finally {
    await fleet.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
