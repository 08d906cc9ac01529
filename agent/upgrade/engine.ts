/**
 * The upgrades of a node. The node owns what was started: callers come and go, the journal stays. One upgrade at a time:
 *
 *   start      planned       the other slot is unbootable and its first block zero
 *   transfer   transferring  operations are written; places are flushed and kept
 *   (alone)    verifying     everything is read back and held against the manifest
 *              installing    kernel and initrd beside the boot loader; the slot is armed
 *              armed         the next boot takes it
 *              rebooting
 *   boot-up    testing       the health gate, and whoever has to confirm
 *   the end    confirmed | fell-back | failed | aborted
 */

import { Failure } from '../../proto/failure.ts';
import { rootOf } from '../../proto/image/manifest.ts';
import { otherSlot, type SlotName } from './boot/backend.ts';
import { bootUp } from './boot-up.ts';
import { drive, reboot } from './drive.ts';
import { fail, giveUp } from './give-up.ts';
import { describeRunning } from './made-with.ts';
import { newUpgrade } from './new-upgrade.ts';
import { tooLate, type WantedOptions } from './policy.ts';
import { inProgress, type Offer, plan, refusalOf, type UpgradePlan } from './preflight.ts';
import { rollbackOf } from './rollback.ts';
import { type UpgradeParts, UpgradeSite } from './site.ts';
import type { Position, Upgrade, UpgradeState } from './state.ts';
import { Transfer } from './transfer.ts';
import { confirm, goBack, trial } from './trial.ts';

/** What came of a start. */
export interface Started {
  readonly plan: UpgradePlan;
  /** Undefined where the node runs the image already. */
  readonly upgrade: Upgrade | undefined;
}

const BLOCK = 4_096;

/** The engine of one node. */
export class UpgradeEngine {
  readonly site: UpgradeSite;
  #last: Promise<unknown> = Promise.resolve();
  /** What the node does by itself, and how it is ended. */
  #work: { done: Promise<void>; stop: AbortController } | undefined;
  #transfer: Transfer | undefined;
  #closed = false;
  readonly #ending = new AbortController();
  #described: Promise<void> | undefined;

  constructor(parts: UpgradeParts) {
    this.site = new UpgradeSite(parts);
  }

  /** Ends or goes on with what was under way: to be called once, when the agent serves. */
  open(): Promise<void> {
    return this.#alone(async () => {
      const { log } = this.site.parts;
      try {
        const next = await bootUp(this.site);
        this.site.troubles.delete('boot');
        if (next === 'test') this.#run(trial);
        else if (next === 'reboot') this.#run(reboot);
        else if (next === 'drive') this.#run(drive);
        else this.#describe();
      } catch (error) {
        log.error({ err: error }, 'what became of an upgrade cannot be told');
        this.site.troubles.set('boot', `upgrades: ${Failure.from(error).message}`);
      }
    });
  }

  /** Troubles that a person should know of, each one sentence. */
  get warnings(): string[] {
    const { journal, current, waiting, troubles } = this.site;
    return [
      ...troubles.values(),
      ...(journal.lost
        ? ['the journal of an upgrade was damaged: what runs is what the boot loader says']
        : []),
      ...(current
        ? [
            `an upgrade to ${current.image.name} ${current.image.version} is ${current.state}${waiting.text === '' ? '' : `: it ${waiting.text}`}`,
          ]
        : []),
    ];
  }

  /** The upgrade that a restart tries, a sentence; undefined where none does. */
  get trial(): string | undefined {
    const { current } = this.site;
    if (current?.state !== 'rebooting' && current?.state !== 'testing') return undefined;
    return `the upgrade ${current.id} to ${current.image.name} ${current.image.version} is ${current.state}`;
  }

  /** What an upgrade would do. Changes nothing. */
  plan(offer: Offer, wanted: WantedOptions, signal: AbortSignal): Promise<UpgradePlan> {
    return plan(this.site, offer, wanted, signal);
  }

  /**
   * Begins an upgrade. One that waits for this very image is gone on with, as it is wanted now. Throws what stands against it.
   */
  start(offer: Offer, wanted: WantedOptions, author: string, signal: AbortSignal): Promise<Started> {
    return this.#alone(async () => {
      const planned = await plan(this.site, offer, wanted, signal);
      const open = this.site.current;
      if (open && isReceiving(open.state) && open.manifestSha256 === planned.manifestSha256) {
        // Keys and policy may have changed since it was begun.
        const refusal = refusalOf(planned);
        if (refusal) throw refusal;
        return { plan: planned, upgrade: this.site.update({ options: planned.options }) };
      }
      if (open && open.manifestSha256 === planned.manifestSha256) {
        const late = tooLate(open, wanted);
        if (late.length > 0)
          throw new Failure(
            'UPGRADE_IN_PROGRESS',
            `the upgrade ${open.id} to this image is ${open.state}, too late for another ${late.join(', ')}`,
            {
              hint: 'without that the same command goes on with it; nodectl upgrade abort ends it',
              facts: { upgrade: open.id, author: open.author, state: open.state },
            },
          );
        return { plan: planned, upgrade: open };
      }
      if (planned.alreadyRunning && !open) return { plan: planned, upgrade: undefined };
      const refusal = open ? inProgress(open) : refusalOf(planned);
      if (refusal) throw refusal;
      const { manifest, state, options } = planned;
      if (!manifest || !state) throw new Failure('INTERNAL', 'a plan without refusals lacks its image');
      const { name, version, serial } = manifest;
      const root = rootOf(manifest);
      const upgrade = newUpgrade(this.site, state.booted, author, {
        image: { name, version, serial, rootSha256: root.sha256, rootSize: root.size },
        ...{ manifestSha256: planned.manifestSha256, options, state: 'planned', rollback: false },
        target: otherSlot(state.booted),
      });
      this.site.journal.forgetLost();
      this.site.begin(upgrade, offer.manifest);
      try {
        await this.#invalidate();
      } catch (error) {
        await fail(this.site, Failure.from(error));
        throw error;
      }
      return { plan: planned, upgrade };
    });
  }

  /**
   * Opens a stream that carries the image over; one that is open ends with UPGRADE_TAKEN_OVER. The caller closes it.
   * @throws Failure UPGRADE_UNKNOWN, UPGRADE_WRONG_STATE
   */
  transfer(id: string, onDurable: (position: Position) => void): Promise<Transfer> {
    return this.#alone(async () => {
      const upgrade = this.#named(id);
      if (!isReceiving(upgrade.state))
        throw new Failure(
          'UPGRADE_WRONG_STATE',
          `the upgrade ${upgrade.id} is ${upgrade.state}: it takes no image`,
          {
            hint: 'nodectl upgrade status follows it',
          },
        );
      await this.#transfer?.close();
      // A crash may have come between the journal and this.
      if (upgrade.state === 'planned') await this.#invalidate();
      const transfer = await Transfer.open(this.site, onDurable);
      this.#transfer = transfer;
      if (upgrade.state === 'planned') this.site.update({ state: 'transferring' });
      return transfer;
    });
  }

  /** All of the image was sent over this stream: the node does the rest. @throws Failure IMAGE_TRUNCATED, UPGRADE_DEVICE_ERROR */
  async received(transfer: Transfer): Promise<Upgrade> {
    await transfer.end();
    return this.#alone(async () => {
      if (this.#transfer !== transfer)
        throw new Failure('UPGRADE_TAKEN_OVER', 'another stream goes on with the transfer of this image');
      await this.#closeTransfer();
      const upgrade = this.site.update({ state: 'verifying', windows: [] });
      this.#run(drive);
      return upgrade;
    });
  }

  /** A stream ended by an error of its own: what cannot go on by sending again ends the upgrade. Never rejects. */
  async broke(transfer: Transfer, failure: Failure): Promise<void> {
    await this.#alone(async () => {
      if (this.#transfer !== transfer) return transfer.close();
      await this.#closeTransfer();
      if (this.site.current && failure.reason === 'UPGRADE_DEVICE_ERROR') await fail(this.site, failure);
    }).catch((err: unknown) => this.site.parts.log.error({ err }, 'the end of a transfer could not be kept'));
  }

  /** Restarts the node into an upgrade that is armed. @throws Failure UPGRADE_UNKNOWN, UPGRADE_WRONG_STATE */
  reboot(id: string): Promise<Upgrade> {
    return this.#alone(async () => {
      const upgrade = this.#named(id);
      if (upgrade.state !== 'armed')
        throw new Failure('UPGRADE_WRONG_STATE', `the upgrade ${upgrade.id} is ${upgrade.state}, not armed`, {
          hint: 'nodectl upgrade status follows it',
        });
      if (upgrade.reason !== '')
        throw new Failure('UPGRADE_WRONG_STATE', `the upgrade ${upgrade.id} was given up: ${upgrade.why}`, {
          hint: 'the boot loader could not be told that yet: nodectl upgrade abort tries again',
        });
      await this.#stopWork();
      // From now on nobody has to say so any more.
      this.site.update({ reboots: 0, options: { ...upgrade.options, noReboot: false } });
      // What was waited for before is not what this restart waits for.
      this.site.wait('');
      this.#run(reboot);
      return this.site.running();
    });
  }

  /** Confirms an upgrade that is tested and whose health holds. @throws Failure UPGRADE_UNKNOWN, UPGRADE_WRONG_STATE */
  confirm(id: string): Promise<Upgrade> {
    return this.#alone(async () => {
      const upgrade = this.#named(id);
      if (upgrade.state !== 'testing' || !upgrade.healthy || upgrade.reason !== '')
        throw new Failure(
          'UPGRADE_WRONG_STATE',
          upgrade.state === 'testing' && upgrade.reason === ''
            ? `the upgrade ${upgrade.id} is being tested, and its health does not hold yet`
            : `the upgrade ${upgrade.id} is ${upgrade.state}: there is nothing to confirm`,
          { hint: 'nodectl upgrade status follows it' },
        );
      await this.#stopWork();
      await confirm(this.site);
      return this.find(id);
    });
  }

  /**
   * Ends an upgrade: before the restart at once, while it is tested by restarting into the slot before. A rollback's slot is kept.
   * @throws Failure UPGRADE_UNKNOWN, UPGRADE_WRONG_STATE while the node goes down, UPGRADE_NO_FALLBACK
   */
  abort(id: string, author: string, message: string): Promise<Upgrade> {
    return this.#alone(async () => {
      const { state, id: named } = this.#named(id);
      const why = `ended by ${author}${message === '' ? '' : `: ${message}`}`;
      if (state === 'rebooting')
        throw new Failure('UPGRADE_WRONG_STATE', `the node goes down for the upgrade ${named}`, {
          hint: 'abort it when it is being tested, or let it be confirmed and roll it back',
        });
      await this.#closeTransfer();
      await this.#stopWork();
      if (!this.site.current) return this.find(named);
      if (this.site.current.state === 'testing') await goBack(this.site, 'UPGRADE_ABORTED', why);
      else await giveUp(this.site, { reason: 'UPGRADE_ABORTED', why });
      return this.find(named);
    });
  }

  /**
   * Boots the other slot as it is, and tests it as an upgrade.
   * @param slot undefined for the one that does not run
   * @throws Failure UPGRADE_SLOT_RUNNING, UPGRADE_SLOT_INCOMPLETE, IMAGE_DOWNGRADE, and what stands against any upgrade
   */
  rollback(slot: SlotName | undefined, wanted: WantedOptions, author: string): Promise<Upgrade> {
    return this.#alone(async () => {
      const upgrade = await rollbackOf(this.site, slot, wanted, author);
      this.site.begin(upgrade, undefined);
      this.#run(drive);
      return upgrade;
    });
  }

  /** One that runs or has ended; with no id the one that runs, else the last. @throws Failure UPGRADE_UNKNOWN for an id */
  find(id: string): Upgrade;
  /** @param id empty for the one that runs, else the last */
  find(id: ''): Upgrade | undefined;
  find(id: string): Upgrade | undefined {
    const { current, history } = this.site;
    if (id === '') return current ?? history.all()[0];
    const found = current?.id === id ? current : history.find(id);
    if (found) return found;
    throw new Failure('UPGRADE_UNKNOWN', `this node knows no upgrade "${id.slice(0, 60)}"`, {
      hint: 'nodectl upgrade history lists those that it keeps',
    });
  }

  /** Stops what the node does by itself: the next agent goes on with it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ending.abort();
    await this.#described;
    await this.#alone(async () => {
      await this.#closeTransfer();
      await this.#stopWork();
    }).catch(() => undefined);
  }

  /** Makes the other slot unbootable, and then no file system: a half image must not look like a whole one. Idempotent. */
  async #invalidate(): Promise<void> {
    const { parts, images } = this.site;
    const { target } = this.site.running();
    images.forget(target);
    this.site.step('image forgotten');
    await parts.backend.invalidate(target);
    this.site.step('loader invalidated');
    const slot = await parts.slots.target(await parts.backend.state());
    try {
      await slot.write(Buffer.alloc(Math.min(BLOCK, slot.size)), 0);
      await slot.flush();
    } finally {
      await slot.close();
    }
    this.site.step('first block zeroed');
  }

  #named(id: string): Upgrade {
    const { current } = this.site;
    if (current && (id === '' || id === current.id)) return current;
    if (id !== '') {
      const { state } = this.find(id);
      throw new Failure('UPGRADE_WRONG_STATE', `the upgrade ${id} has ended: it is ${state}`, {
        hint: 'nodectl upgrade history shows how',
      });
    }
    return this.site.running();
  }

  async #closeTransfer(): Promise<void> {
    const transfer = this.#transfer;
    this.#transfer = undefined;
    await transfer?.close();
  }

  /** Has the running slot described, beside whatever else is done: it is only read. */
  #describe(): void {
    const { madeWith, backend, log } = this.site.parts;
    if (!madeWith) return;
    this.#described = (async () => {
      try {
        await describeRunning(this.site, await backend.state(), madeWith, this.#ending.signal);
      } catch (err) {
        if (!this.#closed)
          log.warn({ err }, 'the image that the machine was made with could not be described');
      }
    })();
  }

  /** Lets the node go on by itself. */
  #run(work: (site: UpgradeSite, signal: AbortSignal) => Promise<void>): void {
    const stop = new AbortController();
    const done = work(this.site, stop.signal).catch((err: unknown) => {
      if (stop.signal.aborted || this.#closed) return;
      this.site.parts.log.error({ err }, 'an upgrade cannot go on');
      this.site.wait(
        `cannot go on: ${Failure.from(err).message}; nodectl upgrade abort ends it, a restart of the agent tries again`,
        { stuck: true },
      );
    });
    this.#work = { done, stop };
  }

  async #stopWork(): Promise<void> {
    this.#work?.stop.abort();
    await this.#work?.done;
    this.#work = undefined;
  }

  /** One at a time, in the order in which they came. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}

/** Whether an upgrade still takes its image. */
function isReceiving(state: UpgradeState): boolean {
  return state === 'planned' || state === 'transferring';
}
