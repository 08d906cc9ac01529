/**
 * A node that boots from two slots, as far as an upgrade without a restart needs it: a packaged agent whose slots are two plain
 * files and whose boot loader is a file. Upgrades end when they are armed, and are put back then.
 */

import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { createReadStream, lstatSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LiveMachine } from '../../../agent/host/live-machine.ts';
import { DiskBootFolder } from '../../../agent/upgrade/boot/boot-folder.ts';
import { installFilesLoader } from '../../../agent/upgrade/boot/files.ts';
import { SlotImages } from '../../../agent/upgrade/slot-images.ts';
import { openImageFile } from '../../../cli/image/open.ts';
import { EXIT } from '../../../cli/output/exit-codes.ts';
import { parseManifest, rootOf } from '../../../proto/image/manifest.ts';
import { COMPATIBLE } from '../images/pack.ts';
import { type Command, type Run, run } from './measure.ts';
import type { BenchAgent, Rig } from './rig.ts';

/** What a node is made from. */
export interface UpgradeNodeParts {
  readonly name: string;
  /** The root that runs: the file becomes slot a. */
  readonly root: string;
  /** The image that it is of. */
  readonly image: string;
  /** What images are signed by. */
  readonly key: KeyObject;
  /** Bytes of each slot. */
  readonly slotBytes: number;
  /** Words in front of the agent that put it into another network, and its address there. */
  readonly place?: { readonly prefix: readonly string[]; readonly host: string };
}

/** Such a node. */
export class UpgradeNode {
  readonly name: string;
  readonly agent: BenchAgent;
  /** The slot that is written. */
  readonly target: string;
  readonly #rig: Rig;
  readonly #bytes: number;
  readonly #folder: string;

  private constructor(rig: Rig, { name, slotBytes }: UpgradeNodeParts, target: string, started: Started) {
    this.#rig = rig;
    this.name = name;
    this.target = target;
    this.#bytes = slotBytes;
    this.agent = started.agent;
    this.#folder = started.folder;
  }

  /** Starts the agent of a node that runs an image from slot a, and has nothing in slot b. */
  static async start(rig: Rig, parts: UpgradeNodeParts): Promise<UpgradeNode> {
    const { name, root, image, key, slotBytes, place } = parts;
    const folder = join(rig.folder, name);
    const [boot, keys] = [join(folder, 'boot'), join(folder, 'keys')];
    for (const one of [join(boot, 'nodectl/a'), keys]) mkdirSync(one, { recursive: true });
    writeFileSync(join(boot, 'nodectl/a/vmlinuz'), 'the kernel that runs\n');
    writeFileSync(join(keys, 'bench.pub.pem'), createPublicKey(key).export({ format: 'pem', type: 'spki' }));
    const slots = { a: root, b: join(folder, 'b.img') };
    writeFileSync(slots.b, '');
    for (const slot of Object.values(slots)) truncateSync(slot, slotBytes);
    await installFilesLoader(new DiskBootFolder(boot, new LiveMachine()));
    const settings = join(folder, 'agent.yaml');
    const upgrades = { keys, compatible: [COMPATIBLE], backend: 'files', bootFolder: boot, slots };
    writeFileSync(settings, JSON.stringify({ upgrades }));
    const running = await manifestOf(image);
    let upgrade = '';
    const agent = await rig.startAgent(name, ['--config', settings], {
      ...place,
      prepare: (state) => {
        upgrade = join(state, 'upgrade');
        const { name, version, serial } = running;
        const { sha256: rootSha256, size: rootSize } = rootOf(running);
        new SlotImages(upgrade).set({
          ...{ slot: 'a', minSerial: 0, commandLine: '', deployId: '', deploySerial: 0, writtenMs: 0 },
          image: { name, version, serial, rootSha256, rootSize },
        });
      },
    });
    return new UpgradeNode(rig, parts, slots.b, { agent, folder: upgrade });
  }

  /**
   * Brings an image to where the slot is armed, and makes the node as it was before.
   * @param flags of nodectl, beside what every upgrade has
   * @throws Error where the slot does not hold the image then
   */
  async upgrade(image: string, flags: readonly string[] = [], caller: Caller = {}): Promise<Run> {
    const words = ['upgrade', '--image', image, '--no-reboot', '--yes', ...flags];
    // The upgrade has not ended: it waits for a restart.
    const took = await run(this.#command(words, caller, [EXIT.pending]), { watch: true });
    const [found, wanted] = [await this.#targetSha256(image), rootOf(await manifestOf(image)).sha256];
    if (found !== wanted) throw new Error(`the slot holds ${found}, and the image is ${wanted}`);
    await run(this.#command(['upgrade', 'abort'], caller));
    this.emptyTarget();
    return took;
  }

  #command(
    words: readonly string[],
    { prefix = [], context }: Caller,
    statuses: readonly number[] = [0],
  ): Command {
    const named = context === undefined ? [] : ['--context', context];
    return through(prefix, this.#rig.command([...words, '-n', this.name, ...named], { statuses }));
  }

  async #targetSha256(image: string): Promise<string> {
    const { size } = rootOf(await manifestOf(image));
    const digest = createHash('sha256');
    await pipeline(createReadStream(this.target, { end: size - 1 }), digest);
    return digest.digest('hex');
  }

  /** Slot b has nothing in it, as on a node that was never upgraded. */
  emptyTarget(): void {
    truncateSync(this.target, 0);
    truncateSync(this.target, this.#bytes);
  }

  /** Bytes on disk of what upgrades keep beside the slots. */
  stagedBytes(): number {
    return readdirSync(this.#folder, { recursive: true, encoding: 'utf8' }).reduce(
      (sum, path) =>
        sum + (lstatSync(join(this.#folder, path), { throwIfNoEntry: false })?.blocks ?? 0) * SECTOR,
      0,
    );
  }
}

const SECTOR = 512;

/** Who upgrades a node: from where, and which context names it. */
export interface Caller {
  readonly prefix?: readonly string[];
  readonly context?: string;
}

/** A command behind words that put it elsewhere. */
export function through([program, ...words]: readonly string[], command: Command): Command {
  if (program === undefined) return command;
  return { ...command, program, args: [...words, command.program, ...command.args] };
}

interface Started {
  readonly agent: BenchAgent;
  /** Of its upgrades. */
  readonly folder: string;
}

async function manifestOf(path: string) {
  const image = await openImageFile(path);
  try {
    return parseManifest(image.manifestBytes);
  } finally {
    await image.close();
  }
}
