/**
 * Kills of a real agent, by SIGKILL at random places of an upgrade: while operations come, while everything is read back, while kernel
 * and initrd are put in place and the slot is armed. After each, the agent is started again and the upgrade gone on with, over as
 * many kills as fall to it. What is counted: kills, upgrades that were armed, and bytes that had to be sent again.
 */

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import { DiskBootFolder } from '../../agent/upgrade/boot/boot-folder.ts';
import { FILES_LOADER, installFilesLoader } from '../../agent/upgrade/boot/files.ts';
import { SlotImages } from '../../agent/upgrade/slot-images.ts';
import {
  allOperations,
  operationsFrom,
  sha256,
  type TestImage,
  testImage,
  testKeys,
} from '../../agent/upgrade/testing/test-image.ts';
import type { Channel } from '../../proto/call/channel.ts';
import { AgentFleet, type Running } from '../support/agent-fleet.ts';
import { sendImage } from '../support/send-image.ts';

/** What came of the kills. */
export interface KillReport {
  readonly kills: number;
  /** Kills while operations came, and behind that. */
  readonly during: { readonly transfer: number; readonly rest: number };
  /** Upgrades that ended with the slot armed and every byte in place. */
  readonly armed: number;
  /** Bytes of operations that were sent again after a kill: the most, and in all. */
  readonly mostResent: number;
  readonly resent: number;
  /** Bytes of operations that one upgrade takes. */
  readonly wire: number;
}

/** Blocks of a root: 16 MiB, of which some 10 go over the wire, so that a window of 4 MiB is a part of it. */
const BLOCKS = 4_096;
const SPARE = 1 << 20;
/** ms between the end of the transfer and a kill, at most: verifying and installing take about as long. */
const REST_MS = 700;

/** Kills an agent so often. @param progress told after each upgrade that was armed */
export async function runKills(
  count: number,
  progress: (report: KillReport) => void = () => {},
): Promise<KillReport> {
  const fleet = await AgentFleet.start();
  try {
    return await new Killing(fleet, count, progress).run();
  } finally {
    await fleet.stop();
  }
}

class Killing {
  readonly #fleet: AgentFleet;
  readonly #count: number;
  readonly #progress: (report: KillReport) => void;
  readonly #folder: string;
  readonly #slots: { a: string; b: string };
  readonly #keys = testKeys();
  readonly #images: readonly TestImage[];
  readonly #operations;
  #agent: Running | undefined;
  #address = '';
  #killed = false;
  /** What went over the stream that was killed, and where it began. */
  #stream: { from: { role: string; offset: number }; sent: number } | undefined;
  #report: KillReport = {
    ...{ kills: 0, during: { transfer: 0, rest: 0 }, armed: 0, mostResent: 0, resent: 0, wire: 0 },
  };

  constructor(fleet: AgentFleet, count: number, progress: (report: KillReport) => void) {
    this.#fleet = fleet;
    this.#count = count;
    this.#progress = progress;
    this.#folder = join(fleet.pki.folder, 'machine');
    this.#slots = { a: join(this.#folder, 'a.img'), b: join(this.#folder, 'b.img') };
    const changes = { modules: undefined, firmware: undefined, kernelRelease: undefined };
    this.#images = [1, 2, 3].map((version) =>
      testImage(version, this.#keys.privateKey, { blocks: BLOCKS, changes }),
    );
    this.#operations = this.#images.map((image) => allOperations(image));
    this.#report = { ...this.#report, wire: this.#wire(1, { role: 'root', offset: 0 }) };
  }

  async run(): Promise<KillReport> {
    await this.#install();
    const before = sha256(readFileSync(this.#slots.a));
    for (let which = 1; this.#report.kills < this.#count; which = which === 1 ? 2 : 1) {
      await this.#upgrade(which);
      this.#check(which, before);
      this.#report = { ...this.#report, armed: this.#report.armed + 1 };
      this.#progress(this.#report);
      await this.#abort();
    }
    await this.#agent?.stop();
    return this.#report;
  }

  /** A node with nothing but an agent, two slots in files, and the first image in one of them. */
  async #install(): Promise<void> {
    const { keyring } = this.#keys;
    const [first] = this.#images as [TestImage];
    const boot = join(this.#folder, 'boot');
    const keys = join(this.#folder, 'keys');
    for (const folder of [join(boot, 'nodectl/a'), keys]) mkdirSync(folder, { recursive: true });
    for (const { name, key } of keyring.values())
      writeFileSync(join(keys, name), key.export({ format: 'pem', type: 'spki' }));
    writeFileSync(join(boot, 'nodectl/a/vmlinuz'), first.parts.kernel ?? '');
    await installFilesLoader(new DiskBootFolder(boot, new LiveMachine()));
    writeFileSync(this.#slots.a, first.parts.root);
    openSync(this.#slots.b, 'w');
    for (const slot of Object.values(this.#slots)) truncateSync(slot, first.parts.root.length + SPARE);
    const { name, version, serial } = first.manifest;
    const root = { rootSha256: sha256(first.parts.root), rootSize: first.parts.root.length };
    const state = join(this.#fleet.pki.folder, 'node');
    new SlotImages(join(state, 'upgrade')).set({
      ...{ slot: 'a', minSerial: 0, commandLine: '', deployId: '', deploySerial: 0, writtenMs: 0 },
      image: { name, version, serial, ...root },
    });
    const settings = {
      ...{
        keys,
        compatible: first.manifest.compatible,
        backend: 'files',
        bootFolder: boot,
        slots: this.#slots,
      },
    };
    writeFileSync(join(this.#folder, 'agent.yaml'), JSON.stringify({ upgrades: settings }));
    const { agent, address } = await this.#fleet.enrolled('node', [
      '--config',
      join(this.#folder, 'agent.yaml'),
    ]);
    this.#agent = agent;
    this.#address = address;
  }

  /** Takes an image to where the slot is armed, over as many kills as fall to it. */
  async #upgrade(which: number): Promise<void> {
    for (;;) {
      const channel = await this.#fleet.open(this.#address, 'node');
      try {
        if (await this.#attempt(channel, which)) return;
      } catch (error) {
        if (!this.#killed) throw error;
      } finally {
        channel.close();
      }
      await this.#restart();
    }
  }

  /** Goes on with the upgrade until the slot is armed: then true; or until it kills the agent. */
  async #attempt(channel: Channel, which: number): Promise<boolean> {
    const left = this.#report.kills < this.#count;
    const killAt = left ? randomInt(this.#report.wire) : Number.POSITIVE_INFINITY;
    const { upgrade } = await channel.unary('nodectl.v1.UpgradeService/GetUpgrade', {});
    const state = upgrade && upgrade.endedUsec === 0 ? upgrade.state : 'none';
    if (['none', 'UPGRADE_STATE_PLANNED', 'UPGRADE_STATE_TRANSFERRING'].includes(state))
      await this.#send(channel, which, killAt);
    const timer = left ? setTimeout(() => this.#kill('rest'), randomInt(REST_MS)) : undefined;
    try {
      for await (const { upgrade: now } of channel.serverStream(
        'nodectl.v1.UpgradeService/WatchUpgrade',
        {},
      )) {
        if (now?.state === 'UPGRADE_STATE_ARMED') return true;
        if (now && now.endedUsec > 0) throw new Error(`the upgrade is ${now.state}: ${now.why}`);
      }
      throw new Error('the watch ended before the slot was armed');
    } finally {
      clearTimeout(timer);
    }
  }

  async #send(channel: Channel, which: number, killAt: number): Promise<void> {
    const image = this.#images[which] as TestImage;
    const { upgrade } = await channel.unary('nodectl.v1.UpgradeService/StartUpgrade', {
      image: { manifest: image.bytes, signatures: [...image.signatures] },
      options: { noReboot: true },
    });
    const beginning = { role: 'root', offset: 0 };
    const watch = { sent: 0, durable: beginning, resumedAt: beginning };
    const before = (sent: number) => {
      if (sent === 0) this.#resumed(which, watch.resumedAt);
      this.#stream = { from: watch.resumedAt, sent };
      if (sent >= killAt) this.#kill('transfer');
    };
    const made = this.#operations[which] ?? [];
    await sendImage(channel, upgrade?.id ?? '', image, { made, each: 8, before }, watch);
    this.#stream = undefined;
  }

  /** What of the stream before was lost, now that the node says where it goes on. */
  #resumed(which: number, at: { role: string; offset: number }): void {
    const stream = this.#stream;
    this.#stream = undefined;
    if (!stream) return;
    const lost = Math.max(0, stream.sent - (this.#wire(which, stream.from) - this.#wire(which, at)));
    this.#report = {
      ...this.#report,
      mostResent: Math.max(this.#report.mostResent, lost),
      resent: this.#report.resent + lost,
    };
  }

  /** Bytes of operations from a place to the end. */
  #wire(which: number, from: { role: string; offset: number }): number {
    return operationsFrom(this.#operations[which] ?? [], from).reduce(
      (sum, { bytes }) => sum + bytes.length,
      0,
    );
  }

  #kill(when: 'transfer' | 'rest'): void {
    if (this.#killed) return;
    this.#killed = true;
    this.#agent?.child.kill('SIGKILL');
    const { kills, during } = this.#report;
    this.#report = { ...this.#report, kills: kills + 1, during: { ...during, [when]: during[when] + 1 } };
  }

  async #restart(): Promise<void> {
    const child = this.#agent?.child;
    if (child && child.signalCode === null && child.exitCode === null) await once(child, 'exit');
    this.#killed = false;
    this.#agent = this.#fleet.run('node', [
      ...['--listen', this.#address, '--config', join(this.#folder, 'agent.yaml')],
    ]);
    await this.#agent.line('serving');
  }

  /** Every byte of the image is where it belongs, and none of the running slot was touched. */
  #check(which: number, before: string): void {
    const { root, kernel, initrd } = (this.#images[which] as TestImage).parts;
    const boot = join(this.#folder, 'boot');
    const wrong = [
      sha256(readFileSync(this.#slots.a)) === before ? '' : 'the running slot was touched',
      sha256(readFileSync(this.#slots.b).subarray(0, root.length)) === sha256(root) ? '' : 'the root differs',
      readFileSync(join(boot, 'nodectl/b/vmlinuz')).equals(kernel ?? root) ? '' : 'the kernel differs',
      readFileSync(join(boot, 'nodectl/b/initrd.img')).equals(initrd ?? root) ? '' : 'the initrd differs',
      JSON.parse(readFileSync(join(boot, FILES_LOADER), 'utf8')).order.join() === 'b,a'
        ? ''
        : 'it is not armed',
    ].filter((one) => one !== '');
    if (wrong.length > 0) throw new Error(`after ${this.#report.kills} kills: ${wrong.join(', ')}`);
  }

  /** So that the next image can be written to the same slot. */
  async #abort(): Promise<void> {
    const channel = await this.#fleet.open(this.#address, 'node');
    await channel.unary('nodectl.v1.UpgradeService/AbortUpgrade', {});
    channel.close();
  }
}
