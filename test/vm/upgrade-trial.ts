/**
 * Upgrades of a virtual machine as an operator makes them: images built from Debian's packages and signed, sent by what differs, booted
 * through the firmware; and images that do not run, from which the machine is to fall back by itself and say why.
 */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../cli/testing/run.ts';
import type { LoaderKind } from '../../packaging/images/loader.ts';
import type { RootImage } from '../../packaging/images/root-image.ts';
import { type Fault, makeBadImage } from './bad-images.ts';
import { makeNodeDisk, makeNodeImage } from './node-disk.ts';
import { NODE, VmFleet } from './vm-fleet.ts';

/** An upgrade as `-o jsonl` has it. */
export interface ToldUpgrade {
  readonly state: string;
  readonly reason: string;
  readonly why: string;
  readonly imageVersion: string;
  readonly bootLog: readonly string[];
  readonly progress: { readonly writtenBytes: number; readonly wireBytes: number } | null;
}

/** What a machine is to say after it fell back. */
export interface Expected {
  readonly tries: 1 | 2 | 3;
  /** As --deadline takes it. */
  readonly deadline?: string;
  readonly why: RegExp;
  /** In the end of the failed boot's log. */
  readonly log?: RegExp;
}

/** A machine that was installed with 1.0.0, and an image 2.0.0 for it. */
export class UpgradeTrial {
  readonly folder: string;
  /** The version that the node runs. */
  running = '1.0.0';
  readonly fleet: VmFleet;
  readonly #first: RootImage;
  readonly #second: RootImage;
  /** The manifest's serial that the next image gets. */
  #serial = 1;
  #start: () => Promise<void> = () => Promise.reject(new Error('nothing was installed'));

  private constructor(fleet: VmFleet, folder: string) {
    this.fleet = fleet;
    this.folder = folder;
    this.#first = makeNodeImage(folder, '1.0.0');
    this.#second = makeNodeImage(folder, '2.0.0');
  }

  /** Makes the images, and starts a machine. */
  static async make(loader: LoaderKind): Promise<UpgradeTrial> {
    const folder = mkdtempSync(join(tmpdir(), 'nodectl-upgrade-'));
    const trial = new UpgradeTrial(await VmFleet.make(join(folder, 'fleet')), folder);
    await offline('image', 'keygen', trial.#key, '--plain-key');
    await trial.#pack(trial.#first);
    await trial.#pack(trial.#second);
    const place = join(folder, loader);
    mkdirSync(place);
    const disk = await makeNodeDisk({
      ...{ folder: place, node: NODE, pki: trial.fleet.pki, image: trial.#first, loader },
      archive: trial.#archive('1.0.0'),
      settings: 'upgrades: { keys: /etc/nodectl/upgrade-keys, compatible: [nodectl-x86-64] }\n',
      files: { 'etc/upper/nodectl/upgrade-keys/release.pub.pem': readFileSync(`${trial.#key}.pub.pem`) },
    });
    trial.#start = () => trial.fleet.boot({ disk, loader, folder: place });
    await trial.#start();
    await trial.fleet.until('the node answers', () => trial.fleet.answers());
    return trial;
  }

  get #key(): string {
    return join(this.folder, 'release');
  }

  #archive(version: string): string {
    return join(this.folder, `${version}.oci.tar`);
  }

  /** Builds the archive of an image, which is named by its version. */
  #pack({ root, kernel, version, commandLine }: RootImage): Promise<string> {
    const serial = String(this.#serial++);
    return offline(
      ...['image', 'build', '--root', root, '--kernel', kernel, '--version', version, '--serial', serial],
      ...['--cmdline', commandLine, '--key', `${this.#key}.key`, '--progress', 'none'],
      ...['-o', this.#archive(version)],
    );
  }

  /** The newest of the upgrades that a command tells; undefined while the node does not answer. */
  async told(...argv: string[]): Promise<ToldUpgrade | undefined> {
    const { stdout } = await this.fleet.within('20s', ...argv, '-o', 'jsonl');
    const [line = ''] = stdout.split('\n');
    const found = line === '' ? undefined : (JSON.parse(line) as ToldUpgrade);
    return found?.state === undefined ? undefined : found;
  }

  /** Upgrades to an image, and gives what came of it. */
  upgrade(version: string, ...more: string[]) {
    const images = ['--image', this.#archive(version), '--from', this.#archive(this.running)];
    return this.fleet.within('1m', 'upgrade', ...images, '--yes', ...more);
  }

  /** Cuts the machine's power, and starts it anew. */
  async cutPower(): Promise<void> {
    await this.fleet.vm.stop();
    await this.#start();
  }

  /** Asserts that a slot runs an image, which was confirmed. */
  async runs(slot: 'a' | 'b', version: string): Promise<void> {
    const { status, stdout, stderr } = await this.fleet.nodectl('slots', '-o', 'jsonl');
    assert.equal(status, 0, stderr);
    const rows = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    const own = rows.find(({ name }) => name === slot);
    assert.ok(own?.booted, stdout);
    assert.equal(own.health, 'good');
    assert.equal(own.imageVersion, version);
  }

  /** Upgrades from 2.0.0 to an image that cannot run, and asserts what the node says then. */
  async fallsBack(fault: Fault, { tries, deadline, why, log }: Expected): Promise<void> {
    const place = join(this.folder, `bad-${fault}`);
    const bad = makeBadImage(place, this.#second, fault);
    await this.#pack(bad);
    rmSync(place, { recursive: true });
    const more = ['--tries', String(tries), ...(deadline ? ['--deadline', deadline] : [])];
    const { status, stdout, stderr } = await this.upgrade(bad.version, ...more);
    assert.equal(status, 1, stdout + stderr + this.fleet.vm.console);
    const newest = await this.told('upgrade', 'history', '--tail', '1');
    const text = JSON.stringify(newest, undefined, 1);
    assert.equal(newest?.state, 'fell-back', text);
    assert.equal(newest.imageVersion, bad.version);
    assert.equal(newest.reason, 'UPGRADE_BOOT_FAILED', text);
    assert.match(newest.why, why);
    if (log) assert.match(newest.bootLog.join('\n'), log);
    await this.runs('b', '2.0.0');
    rmSync(this.#archive(bad.version));
  }

  /** Ends the machine, and removes all that was made. */
  async remove(): Promise<void> {
    await this.fleet.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a command that needs no node. */
async function offline(...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await runCli(argv, {});
  assert.equal(status, 0, stderr);
  return stdout;
}
