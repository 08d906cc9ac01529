/** An operator of a node whose agent is killed: does the next thing that is to be done, whatever the node has come to. */

import assert from 'node:assert/strict';
import {
  operationsFrom,
  type PlacedOperation,
  type TestImage,
} from '../../agent/upgrade/testing/test-image.ts';
import type { Channel } from '../../proto/call/channel.ts';
import type { Upgrade__Output } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { sendImage } from '../support/send-image.ts';
import type { Beginning } from './moments.ts';
import type { Plan } from './plans.ts';
import type { Tally } from './tally.ts';

const STATES = 'UPGRADE_STATE_';
const BEGINNING = { role: 'root', offset: 0 };
/** Agents are started by the thousand, also beside whatever else a machine does. */
const LIMITS = { timeoutMs: 300_000 };
/** Boots that a slot gets to be confirmed. */
export const TRIES = 3;
/** An operator who breaks off does it behind so many bytes. */
const BREAKS_OFF = 300 << 10;
/** Not more than that is sent again. */
const WINDOW = 4 << 20;

/** What an operator works with. */
export interface OperatorParts {
  /** Draws what depends on how things come. */
  readonly random: () => number;
  readonly images: readonly TestImage[];
  /** The operations that make an image, out of nothing or out of another one. */
  readonly operations: (image: number, from: number | undefined) => readonly PlacedOperation[];
  readonly tally: Tally;
  /** Told what is asked of the agent, before it is. */
  readonly begins: (what: Beginning) => void;
}

/** An operator. */
export class Operator {
  readonly #parts: OperatorParts;
  /** What went over a stream that broke, and where it began. */
  #stream: { from: { role: string; offset: number }; sent: number } | undefined;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** What comes is another upgrade. */
  next(): void {
    this.#stream = undefined;
  }

  /**
   * Does what an operator does until the upgrade has ended. Throws what a call failed with.
   * @param before the id of the upgrade that was the newest
   * @param running the number of the image that runs
   */
  async operate(channel: Channel, plan: Plan, before: string, running: number): Promise<Upgrade__Output> {
    for (;;) {
      const { upgrade } = await channel.unary('nodectl.v1.UpgradeService/GetUpgrade', {}, LIMITS);
      if (!upgrade || upgrade.id === before) await this.#begin(channel, plan);
      else if (upgrade.endedUsec > 0) return upgrade;
      else if (!(await this.#act(channel, plan, upgrade, running))) await this.#change(channel, upgrade);
    }
  }

  async #begin(channel: Channel, { rollback, image, noReboot, ending }: Plan): Promise<void> {
    const options = {
      ...{ noReboot, allowDowngrade: true, deadlineSeconds: 3_600, tries: TRIES },
      confirmation:
        ending === 'confirmed by hand' || ending === 'aborted on trial'
          ? ('UPGRADE_CONFIRMATION_MANUAL' as const)
          : ('UPGRADE_CONFIRMATION_AUTOMATIC' as const),
    };
    if (rollback) {
      this.#parts.begins('rollback asked for');
      await channel.unary('nodectl.v1.UpgradeService/RollbackUpgrade', { options }, LIMITS);
      return;
    }
    const { bytes: manifest, signatures } = this.#parts.images[image] as TestImage;
    this.#parts.begins('start asked for');
    await channel.unary(
      'nodectl.v1.UpgradeService/StartUpgrade',
      {
        image: { manifest, signatures: [...signatures] },
        options,
      },
      LIMITS,
    );
  }

  /** Does what is the operator's to do; false where that is nothing. */
  async #act(channel: Channel, plan: Plan, upgrade: Upgrade__Output, running: number): Promise<boolean> {
    const { id, needsOperator, waitingFor } = upgrade;
    const state = nameOf(upgrade);
    const abort = async () => {
      this.#parts.begins('abort asked for');
      await channel.unary('nodectl.v1.UpgradeService/AbortUpgrade', { upgradeId: id }, LIMITS);
      return true;
    };
    if (state === 'planned' || state === 'transferring') {
      // An image of which a part has come, or none of it.
      if (plan.ending === 'aborted early' && (state === 'transferring' || this.#parts.random() < 0.3))
        return abort();
      await this.#send(channel, plan, id, running);
      return true;
    }
    if (state === 'armed' && plan.ending === 'aborted when armed') return abort();
    if (state === 'armed' && (needsOperator || /did not happen|could not be restarted/.test(waitingFor))) {
      this.#parts.begins('restart asked for');
      await channel.unary('nodectl.v1.UpgradeService/RebootUpgrade', { upgradeId: id }, LIMITS);
      return true;
    }
    if (state !== 'testing' || !needsOperator || upgrade.reason !== '') return false;
    if (plan.ending === 'aborted on trial') return abort();
    this.#parts.begins('confirmation asked for');
    await channel.unary('nodectl.v1.UpgradeService/ConfirmUpgrade', { upgradeId: id }, LIMITS);
    return true;
  }

  /** Waits until the upgrade is otherwise than it was. */
  async #change(channel: Channel, { id, state, waitingFor }: Upgrade__Output): Promise<void> {
    const watch = channel.serverStream('nodectl.v1.UpgradeService/WatchUpgrade', { upgradeId: id });
    for await (const { upgrade } of watch)
      if (upgrade && (upgrade.state !== state || upgrade.waitingFor !== waitingFor || upgrade.endedUsec > 0))
        return;
  }

  async #send(
    channel: Channel,
    { image, sending, ending }: Plan,
    id: string,
    running: number,
  ): Promise<void> {
    const made =
      sending === 'comparing'
        ? undefined
        : this.#parts.operations(image, sending === 'all' ? undefined : running);
    const watch = { sent: 0, durable: BEGINNING, resumedAt: BEGINNING };
    const breakOff = new AbortController();
    const before = (sent: number) => {
      if (sent === 0) {
        if (made) this.#resumed(made, watch.resumedAt);
        this.#parts.begins('transferring');
      }
      if (made) this.#stream = { from: watch.resumedAt, sent };
      if (ending === 'aborted early' && sent > BREAKS_OFF) breakOff.abort();
    };
    const options = { ...(made ? { made } : { compare: true }), each: 8, before, signal: breakOff.signal };
    try {
      await sendImage(channel, id, this.#parts.images[image] as TestImage, options, watch);
      this.#stream = undefined;
    } catch (error) {
      // The operator's own doing, who now ends it.
      if (!breakOff.signal.aborted) throw error;
    }
  }

  /** What of the stream before was lost, now that the node says where it goes on. */
  #resumed(made: readonly PlacedOperation[], at: { role: string; offset: number }): void {
    const stream = this.#stream;
    this.#stream = undefined;
    if (!stream) return;
    const lost = Math.max(0, stream.sent - (wireFrom(made, stream.from) - wireFrom(made, at)));
    this.#parts.tally.resent(lost);
    assert.ok(lost <= WINDOW, `${lost} bytes are sent again`);
  }
}

/** The state of an upgrade as the journal has it. */
export function nameOf({ state }: Upgrade__Output): string {
  return state.slice(STATES.length).toLowerCase().replace('_', '-');
}

/** Bytes of operations from a place to the end. */
function wireFrom(all: readonly PlacedOperation[], from: { role: string; offset: number }): number {
  return operationsFrom(all, from).reduce((sum, { bytes }) => sum + bytes.length, 0);
}
