/** The node whose agent is killed: a folder with two slots, a boot folder and the agent's state, and what must hold of it after a kill. */

import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  type FSWatcher,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readKept } from '../../agent/config/kept-json.ts';
import type { AgentSettings } from '../../agent/settings/settings.ts';
import type { SlotName } from '../../agent/upgrade/boot/backend.ts';
import { SlotImages } from '../../agent/upgrade/slot-images.ts';
import { hasEnded, STATES, type Upgrade } from '../../agent/upgrade/state.ts';
import { sha256, type TestImage } from '../../agent/upgrade/testing/test-image.ts';
import type { Keyring } from '../../proto/image/keyring.ts';
import { readAudit } from '../../proto/serve/audit-log/read.ts';
import { runningOf } from '../upgrade/boot-scenario.ts';
import { FolderView, installLoader, type LoaderName, runLoader, writeLoader } from './loaders.ts';
import type { BootRecord, VictimOrder } from './victim.ts';

/** Room behind the root, for kernel and initrd on their way. */
const SPARE = 1 << 20;
/** Boots that are looked at where nothing ever confirms: the tries of one slot, and the other slot's. */
const BOOTS = 5;
/** What slots are read by: a new buffer each time would make the rig grow, and each start of an agent slower. */
const PIECE = Buffer.allocUnsafe(1 << 20);

/** What a node is made of. */
export interface NodeParts {
  /** A folder that is not there yet. */
  readonly folder: string;
  readonly loader: LoaderName;
  /** A state folder with a certificate, which is copied. */
  readonly enrolled: string;
  readonly address: string;
  readonly keyring: Keyring;
  readonly images: readonly TestImage[];
}

/** A node. Its first image is in slot a, and runs. */
export class KilledNode {
  readonly loader: LoaderName;
  readonly #folder: string;
  readonly #boot: string;
  readonly #slots: { a: string; b: string };
  readonly #state: string;
  readonly #images: readonly TestImage[];
  readonly #digests: readonly string[];
  readonly #address: string;
  readonly #watchers: FSWatcher[] = [];

  private constructor({ folder, loader, images, address }: NodeParts) {
    this.loader = loader;
    this.#folder = folder;
    this.#boot = join(folder, 'boot');
    this.#slots = { a: join(folder, 'a.img'), b: join(folder, 'b.img') };
    this.#state = join(folder, 'state');
    this.#images = images;
    this.#digests = images.map(({ parts }) => sha256(parts.root));
    this.#address = address;
  }

  /** Makes one. */
  static async make(parts: NodeParts): Promise<KilledNode> {
    const node = new KilledNode(parts);
    await node.#install(parts);
    return node;
  }

  async #install({ enrolled, keyring }: NodeParts): Promise<void> {
    const [first] = this.#images as [TestImage];
    const keys = join(this.#folder, 'keys');
    for (const folder of [join(this.#boot, 'nodectl/a'), join(this.#boot, 'nodectl/b'), keys])
      mkdirSync(folder, { recursive: true });
    cpSync(enrolled, this.#state, { recursive: true });
    for (const { name, key } of keyring.values())
      writeFileSync(join(keys, name), key.export({ format: 'pem', type: 'spki' }));
    const { root, kernel = root, initrd = root } = first.parts;
    writeFileSync(join(this.#boot, 'nodectl/a/vmlinuz'), kernel);
    writeFileSync(join(this.#boot, 'nodectl/a/initrd.img'), initrd);
    await installLoader(this.loader, this.#boot);
    writeFileSync(this.#slots.a, root);
    writeFileSync(this.#slots.b, '');
    for (const slot of Object.values(this.#slots)) truncateSync(slot, root.length + SPARE);
    const { name, version, serial, compatible } = first.manifest;
    new SlotImages(join(this.#state, 'upgrade')).set({
      ...{ slot: 'a', minSerial: 0, commandLine: '', deployId: '', deploySerial: 0, writtenMs: 0 },
      image: { name, version, serial, rootSha256: sha256(root), rootSize: root.length },
    });
    const settings: Partial<AgentSettings> = {
      ...{ state: this.#state, listen: [this.#address] },
      history: { enabled: false, everySeconds: 60, days: 1, maxBytes: 1 << 20 },
      upgrades: {
        keys,
        compatible: [...compatible],
        backend: this.loader,
        bootFolder: this.#boot,
        slots: this.#slots,
      },
    };
    const order: VictimOrder = {
      settings,
      host: join(this.#folder, 'host'),
      boot: join(this.#folder, 'boot.json'),
    };
    writeFileSync(this.order, JSON.stringify(order));
    this.restart(() => false);
  }

  /** Calls back after each change of the files that the agent keeps and that the loader reads. */
  watch(changed: () => void): void {
    for (const folder of [
      'state/upgrade',
      'state/upgrade/images',
      'boot/nodectl',
      'boot/nodectl/b',
      'boot/loader/entries',
    ]) {
      const path = join(this.#folder, folder);
      if (existsSync(path)) this.#watchers.push(watch(path, { persistent: false }, changed));
    }
  }

  /** The file that the agent's program is told by. */
  get order(): string {
    return join(this.#folder, 'order.json');
  }

  /** What runs. */
  get record(): BootRecord {
    return JSON.parse(readFileSync(join(this.#folder, 'boot.json'), 'utf8')) as BootRecord;
  }

  /**
   * Restarts the node: its loader picks a slot and counts the boot, again where the image panics.
   * @returns the slots that were started, in their order
   */
  restart(panics: (slot: SlotName) => boolean): SlotName[] {
    const started: SlotName[] = [];
    while (started.length < 10) {
      const run = runLoader(this.loader, new FolderView(this.#boot), this.#slots);
      writeLoader(this.#boot, run.writes);
      const running = runningOf(run);
      started.push(running.slot);
      if (panics(running.slot)) continue;
      const record: BootRecord = { bootId: randomBytes(16).toString('hex'), running };
      writeFileSync(join(this.#folder, 'boot.json'), JSON.stringify(record));
      return started;
    }
    throw new Error(`no slot comes up: ${started.join(' ')}`);
  }

  /**
   * What the loader would start now, and at each boot after it where nothing is ever confirmed, is a complete slot: root, kernel and
   * initrd of one image. Nothing is changed. Gives the number of the image by slot; throws where it is none.
   */
  complete(): Map<SlotName, number> {
    const view = new FolderView(this.#boot);
    const found = new Map<SlotName, number>();
    for (let boots = 1; boots <= BOOTS; boots++) {
      const run = runLoader(this.loader, view, this.#slots);
      view.take(run.writes);
      const { started } = run;
      if (!started) throw new Error(`boot ${boots} starts nothing`);
      const { slot } = runningOf(run);
      if (found.has(slot)) continue;
      const image = this.#imageIn(slot);
      const parts = this.#images[image]?.parts;
      if (!parts) throw new Error(`boot ${boots} starts slot ${slot}, whose root is no image`);
      if (!started.kernel.equals(parts.kernel ?? parts.root))
        throw new Error(
          `boot ${boots} starts slot ${slot} with a kernel that is not the one of image ${image}`,
        );
      if (!started.initrd?.equals(parts.initrd ?? parts.root))
        throw new Error(
          `boot ${boots} starts slot ${slot} with an initrd that is not the one of image ${image}`,
        );
      found.set(slot, image);
    }
    return found;
  }

  /** The number of the image whose whole root a slot holds, or -1. */
  #imageIn(slot: SlotName): number {
    const digest = createHash('sha256');
    const fd = openSync(this.#slots[slot], 'r');
    try {
      for (let left = this.#images[0]?.parts.root.length ?? 0; left > 0; ) {
        const count = readSync(fd, PIECE, 0, Math.min(PIECE.length, left), null);
        if (count === 0) break;
        digest.update(PIECE.subarray(0, count));
        left -= count;
      }
    } finally {
      closeSync(fd);
    }
    return this.#digests.indexOf(digest.digest('hex'));
  }

  /** What the loader starts next. */
  next(): SlotName {
    return runningOf(runLoader(this.loader, new FolderView(this.#boot), this.#slots)).slot;
  }

  /** Bytes of a slot. */
  bytes(slot: SlotName, offset: number, length: number): Buffer {
    const fd = openSync(this.#slots[slot], 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
    } finally {
      closeSync(fd);
    }
  }

  /** The agent's journal as it stands; undefined where there is none. Throws where it cannot be read. */
  journal(): Upgrade | undefined {
    const upgrade = readKept(join(this.#state, 'upgrade/upgrade.json')) as Upgrade | undefined;
    if (upgrade && !STATES.includes(upgrade.state)) throw new Error(`the journal says ${upgrade.state}`);
    return upgrade;
  }

  /** Whether the manifest of an upgrade is kept. */
  get manifestKept(): boolean {
    return existsSync(join(this.#state, 'upgrade/upgrade/manifest'));
  }

  /** The upgrades that have ended, oldest first. Throws where a line cannot be read. */
  history(): Upgrade[] {
    const path = join(this.#state, 'upgrade/history.jsonl');
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const upgrade = JSON.parse(line) as Upgrade;
        if (!hasEnded(upgrade.state)) throw new Error(`the history has an upgrade that is ${upgrade.state}`);
        return upgrade;
      });
  }

  /** Whether something is left of an upgrade that has ended. */
  get leftovers(): string[] {
    return ['upgrade.json', 'upgrade', 'deadline'].filter((name) =>
      existsSync(join(this.#state, 'upgrade', name)),
    );
  }

  /** The records of the audit log. Throws where their chain is broken. */
  async audited(): Promise<number> {
    let count = 0;
    for await (const { records, broken } of readAudit(join(this.#state, 'audit'), {
      sinceUsec: 0,
      tail: 0,
    })) {
      if (broken !== '') throw new Error(`the audit log is broken: ${broken}`);
      count += records.length;
    }
    return count;
  }

  /** Removes it. */
  remove(): void {
    for (const one of this.#watchers) one.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
