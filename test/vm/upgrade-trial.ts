/**
 * Upgrades of a virtual machine as an operator makes them: images built from Debian's packages and signed, sent by what differs, booted
 * through the firmware; and images that do not run, from which the machine is to fall back by itself and say why.
 */

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { LoaderKind } from '../../packaging/images/loader.ts';
import { type Fault, LAST_WORDS } from './bad-images.ts';
import { VmFleet } from './vm-fleet.ts';

/** An upgrade as `-o jsonl` has it. */
export interface ToldUpgrade {
  readonly state: string;
  readonly reason: string;
  readonly why: string;
  readonly imageVersion: string;
  readonly bootLog: readonly string[];
  readonly progress: { readonly writtenBytes: number; readonly wireBytes: number } | null;
}

/** A slot as `-o jsonl` has it. */
interface ToldSlot {
  readonly name: string;
  readonly booted: boolean;
  readonly next: boolean;
  readonly health: string;
  readonly imageVersion: string;
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

/** A machine that was installed with 1.0.0, and is upgraded from there. */
export class UpgradeTrial {
  readonly fleet: VmFleet;
  /** The version that the node runs. */
  running = '1.0.0';

  private constructor(fleet: VmFleet) {
    this.fleet = fleet;
  }

  /** Starts a machine. */
  static async make(loader: LoaderKind): Promise<UpgradeTrial> {
    const trial = new UpgradeTrial(await VmFleet.make(loader));
    trial.fleet.boot();
    await trial.fleet.until('the node answers', () => trial.fleet.answers());
    return trial;
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
    const { images } = this.fleet;
    const which = ['--image', images.archive(version), '--from', images.archive(this.running)];
    return this.fleet.within('2m', 'upgrade', ...which, '--yes', ...more);
  }

  /** Cuts the machine's power, and starts it anew. */
  async cutPower(): Promise<void> {
    await this.fleet.vm.stop();
    this.fleet.boot();
  }

  /** Asserts that a slot runs an image, which was confirmed. */
  async runs(slot: 'a' | 'b', version: string): Promise<void> {
    const slots = await this.#slots();
    const own = slots.find(({ name }) => name === slot);
    assert.ok(own?.booted, JSON.stringify(slots));
    assert.equal(own.health, 'good');
    assert.equal(own.imageVersion, version);
  }

  /** The slots as `-o jsonl` has them, without the tries, which GRUB counts of good ones as well. */
  async #slots(): Promise<ToldSlot[]> {
    const { status, stdout, stderr } = await this.fleet.nodectl('slots', '-o', 'jsonl');
    assert.equal(status, 0, stderr);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const { triesLeft: _, ...slot } = JSON.parse(line) as ToldSlot & { triesLeft?: number };
      return slot;
    });
  }

  /** Arms a rollback and aborts it: both slots are what they were, and a power cut then boots the one that ran. */
  async abortsRollback(): Promise<void> {
    const before = await this.#slots();
    const armed = await this.fleet.within('2m', 'upgrade', 'rollback', '--no-reboot', '--yes');
    assert.equal(armed.status, 8, armed.stdout + armed.stderr);
    const isNext = (slots: ToldSlot[]) => slots.find(({ next }) => next)?.name;
    assert.notEqual(isNext(await this.#slots()), isNext(before), 'the other slot is armed');
    const aborted = await this.fleet.nodectl('upgrade', 'abort', '-m', 'not today');
    assert.equal(aborted.status, 0, aborted.stderr);
    const { state, why } = (await this.told('upgrade', 'history', '--tail', '1')) ?? {};
    assert.equal(state, 'aborted');
    assert.match(why ?? '', /not today; slot [ab] is kept$/);
    assert.deepEqual(await this.#slots(), before);
    await this.cutPower();
    await this.fleet.until('the node answers', () => this.fleet.answers());
    assert.deepEqual(await this.#slots(), before);
  }

  /**
   * Upgrades from 2.0.0 to an image that cannot run, and asserts what the node says then. Tells when the machine was started: where a
   * run takes much longer than another, it is seen behind which start. It is done again where the reset button was pressed meanwhile:
   * the loader may have counted a try that was none of the image's.
   */
  async fallsBack(t: TestContext, fault: Fault, expected: Expected): Promise<void> {
    const begun = Date.now();
    for (;;) {
      const { presses } = this.fleet.vm;
      const failed = await this.#fallsBack(fault, expected).then(
        () => undefined,
        (error: Error) => error,
      );
      const starts = this.fleet.vm.starts.filter((at) => at >= begun);
      t.diagnostic(`starts after ${starts.map((at) => Math.round((at - begun) / 1_000)).join(' s, ')} s`);
      const pressed = this.fleet.vm.presses > presses;
      if (failed && !(pressed && this.fleet.vm.running)) throw failed;
      if (!pressed) return;
      t.diagnostic(
        `done again, as a start stood still and was reset: ${failed?.message ?? 'it did fall back'}`,
      );
    }
  }

  async #fallsBack(fault: Fault, { tries, deadline, why, log }: Expected): Promise<void> {
    const { vm } = this.fleet;
    const from = vm.consoleBytes;
    const bad = this.fleet.images.bad(fault);
    const more = ['--tries', String(tries), ...(deadline ? ['--deadline', deadline] : [])];
    const { status, stdout, stderr } = await this.upgrade(bad, ...more);
    assert.equal(status, 1, stdout + stderr + vm.console);
    const newest = await this.told('upgrade', 'history', '--tail', '1');
    const text = newest ? JSON.stringify(newest, undefined, 1) : `it does not answer:\n${vm.console}`;
    assert.equal(newest?.state, 'fell-back', text);
    assert.equal(newest.imageVersion, bad);
    assert.equal(newest.reason, 'UPGRADE_BOOT_FAILED', text);
    assert.match(newest.why, why);
    if (log) assert.match(newest.bootLog.join('\n'), log);
    const words = LAST_WORDS[fault];
    if (words) assert.equal(vm.consoleSince(from).match(words)?.length, tries, vm.consoleSince(from));
    await this.runs('b', '2.0.0');
  }

  /** Ends the machine, and removes all that was made. */
  remove(): Promise<void> {
    return this.fleet.remove();
  }
}
