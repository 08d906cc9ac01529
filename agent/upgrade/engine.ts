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
import type { SlotName } from './boot/backend.ts';
import { bootUp } from './boot-up.ts';
import { drive, reboot } from './drive.ts';
import { fail, giveUp } from './give-up.ts';
import { describeRunning } from './made-with.ts';
import { OwnWork } from './own-work.ts';
import type { WantedOptions } from './policy.ts';
import { type Offer, plan, type UpgradePlan } from './preflight.ts';
import { rollbackOf } from './rollback.ts';
import { type UpgradeParts, UpgradeSite } from './site.ts';
import { invalidateTarget, startOf } from './start.ts';
import { isReceiving, type Position, type Upgrade } from './state.ts';
import { Transfer } from './transfer.ts';
import { confirm, goBack, trial } from './trial.ts';

/** What came of a start. */
export interface Started {
  readonly plan: UpgradePlan;
  /** Undefined where the node runs the image already. */
  readonly upgrade: Upgrade | undefined;
}

/** The engine of one node. */
export class UpgradeEngine {
  readonly site: UpgradeSite;
  #last: Promise<unknown> = Promise.resolve();
  readonly #ending = new AbortController();
  readonly #work: OwnWork;
  #transfer: Transfer | undefined;
  #described: Promise<void> | undefined;

  constructor(parts: UpgradeParts) {
    this.site = new UpgradeSite(parts);
    this.#work = new OwnWork(this.site, this.#ending.signal);
  }

  /** Ends or goes on with what was under way: to be called once, when the agent serves. */
  open(): Promise<void> {
    return this.#alone(async () => {
      const { log } = this.site.parts;
      try {
        const next = await bootUp(this.site);
        this.site.troubles.delete('boot');
        if (next === 'test') this.#work.run(trial);
        else if (next === 'reboot') this.#work.run(reboot);
        else if (next === 'drive') this.#work.run(drive);
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
      const { does, upgrade } = startOf(this.site, planned, wanted, author);
      if (does === 'go on') return { plan: planned, upgrade: this.site.update({ options: planned.options }) };
      if (does === 'nothing') return { plan: planned, upgrade };
      this.site.journal.forgetLost();
      this.site.begin(upgrade, offer.manifest);
      try {
        await invalidateTarget(this.site);
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
      if (upgrade.state === 'planned') await invalidateTarget(this.site);
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
      this.#work.run(drive);
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
      await this.#work.stop();
      // From now on nobody has to say so any more.
      this.site.update({ reboots: 0, options: { ...upgrade.options, noReboot: false } });
      // What was waited for before is not what this restart waits for.
      this.site.wait('');
      this.#work.run(reboot);
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
      await this.#work.stop();
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
      await this.#work.stop();
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
      this.#work.run(drive);
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
    this.#ending.abort();
    await this.#described;
    await this.#alone(async () => {
      await this.#closeTransfer();
      await this.#work.stop();
    }).catch(() => undefined);
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
        if (!this.#ending.signal.aborted)
          log.warn({ err }, 'the image that the machine was made with could not be described');
      }
    })();
  }

  /** One at a time, in the order in which they came. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
