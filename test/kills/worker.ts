/** Upgrades one node after the other over as many kills as fall to it, as an operator would who repeats what broke off. */

import assert from 'node:assert/strict';
import type { SlotName } from '../../agent/upgrade/boot/backend.ts';
import { notReached } from '../../cli/fleet/not-reached.ts';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { Upgrade__Output } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { AgentProcess, type LogLine } from './agent-process.ts';
import type { LoaderName } from './loaders.ts';
import { type Beginning, Moments } from './moments.ts';
import type { KilledNode } from './node.ts';
import { nameOf, Operator, type OperatorParts, TRIES } from './operator.ts';
import { drawPlan, endStates, type Plan } from './plans.ts';
import { type Step, stepOf } from './steps.ts';
import { RESTART } from './victim.ts';

const ENDS = ['confirmed', 'fell-back', 'failed', 'aborted'];
/** An upgrade that is killed so often without an end does not come on. */
const MOST_LIVES = 300;
/** Of the kills so many take the node with them, as a panic would; of those that come when a restart was asked for, half. */
const NODE_GOES_TOO = 0.25;
/** Of the upgrades that are aborted when they are armed so many are killed in the abort alone. */
const SPARED = 0.75;

/** What a worker works with. */
export interface WorkerParts extends Omit<OperatorParts, 'begins'> {
  /** Draws what is done: the same each time, whatever falls between, since nothing else is drawn by it. */
  readonly plans: () => number;
  readonly make: (loader: LoaderName) => Promise<KilledNode>;
  readonly open: () => Promise<Channel>;
  readonly program: string;
  /** A folder for compiled code. */
  readonly cache: string;
}

/** One node at a time. */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #moments: Moments;
  readonly #operator: Operator;
  #agent: AgentProcess | undefined;
  /** Resolves where the agent is down: by a kill, or to restart the node. */
  #down = Promise.withResolvers<'killed' | 'restart'>();
  #serving = Promise.withResolvers<void>();
  /** Kills that are left to this node. */
  #left = 0;
  #timer: NodeJS.Timeout | undefined;
  #without: Step = 'no upgrade';
  /** Images by slot that are complete and were good. */
  #holds = new Map<SlotName, number>();
  #plan: Plan | undefined;
  #happened = { boots: 0, leftAgain: false };

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#moments = new Moments(parts.random);
    this.#operator = new Operator({ ...parts, begins: (what) => this.#begins(what) });
  }

  /** Takes a new node through upgrades until its agent was killed so often. Throws what does not hold, with what led to it. */
  async node(loader: LoaderName, kills: number): Promise<void> {
    const node = await this.#parts.make(loader);
    this.#holds = new Map([['a', 0]]);
    this.#left = kills;
    node.watch(() => {
      if (!this.#agent || this.#enough) return;
      const ms = this.#moments.changes();
      if (ms !== undefined) this.#killIn(ms);
    });
    try {
      while (!this.#enough) await this.#upgrade(node);
      await this.#stop();
      node.remove();
    } catch (cause) {
      const agent = this.#agent;
      agent?.kill();
      await agent?.ended.catch(() => undefined);
      throw new Error(
        `after ${this.#parts.tally.report.kills} kills, ${loader}, ${JSON.stringify(this.#plan)}: ${(cause as Error).stack}\n${node.order}\n${agent?.text}`,
        { cause },
      );
    }
  }

  get #enough(): boolean {
    return this.#left <= 0 || this.#parts.tally.enough;
  }

  async #upgrade(node: KilledNode): Promise<void> {
    const { tally } = this.#parts;
    const from = node.record.running.slot;
    const target = from === 'a' ? 'b' : 'a';
    const running = this.#holds.get(from) ?? assert.fail('what runs is known');
    const plan = drawPlan(this.#parts.plans, {
      ...{ running, other: this.#holds.get(target), images: this.#parts.images.length },
    });
    this.#plan = plan;
    this.#happened = { boots: 0, leftAgain: false };
    this.#operator.next();
    this.#moments.upgrade(plan.ending === 'aborted when armed' && this.#parts.random() < SPARED);
    const before = node.history().at(-1)?.id ?? '';
    if (!plan.rollback) this.#holds.delete(target);
    let ended: Upgrade__Output | undefined;
    for (let lives = 0; !ended; lives++) {
      if (lives > MOST_LIVES) throw new Error(`the upgrade does not end in ${MOST_LIVES} lives of the agent`);
      ended = await this.#live(node, plan, before, target, running);
    }
    const state = nameOf(ended);
    const expected = endStates(plan, this.#happened);
    assert.ok(
      expected.some((one) => one === state),
      `it is ${state}, not ${expected.join(' or ')}: ${ended.reason} ${ended.why}`,
    );
    if (state !== 'confirmed') assert.notEqual(ended.reason, '', `it is ${state} without a reason`);
    const isKept = plan.rollback && / is kept$/.test(ended.why);
    if (plan.rollback && ended.reason === 'UPGRADE_ABORTED' && this.#happened.boots < TRIES)
      assert.ok(isKept, `the slot is lost: ${ended.why}`);
    if (state === 'confirmed') this.#holds.set(target, plan.image);
    else if (!isKept) this.#holds.delete(target);
    await this.#check(node, ended.id, state, state === 'confirmed' ? target : from);
    tally.ended(state);
  }

  /** What holds when an upgrade has ended: the right slot runs and is booted next, complete; what is kept is whole and told. */
  async #check(node: KilledNode, id: string, state: string, slot: SlotName): Promise<void> {
    assert.equal(node.record.running.slot, slot, 'the slot that runs');
    assert.equal(node.next(), slot, 'the slot that is booted next');
    assert.equal(node.complete().get(slot), this.#holds.get(slot), 'the image that is booted next');
    assert.deepEqual(node.leftovers, [], 'what is left of the upgrade');
    const { length, [length - 1]: last } = node.history();
    assert.deepEqual([last?.id, last?.state], [id, state], 'the newest of the history');
    this.#parts.tally.audited(await node.audited());
  }

  /** One life of the agent, as far as this upgrade goes. Gives the upgrade where it has ended. */
  async #live(
    node: KilledNode,
    plan: Plan,
    before: string,
    target: SlotName,
    running: number,
  ): Promise<Upgrade__Output | undefined> {
    this.#agent ??= this.#start(node);
    const agent = this.#agent;
    let channel: Channel | undefined;
    let how: Upgrade__Output | 'killed' | 'restart';
    try {
      const operating = this.#serving.promise.then(async () => {
        channel = await this.#parts.open();
        return this.#operator.operate(channel, plan, before, running);
      });
      operating.catch(() => undefined);
      how = await Promise.race([operating, this.#down.promise]);
    } catch (error) {
      if (!agent.goingDown) {
        // A machine that is busy with other things may let a connection end; whoever operates the node asks again.
        if (notReached(Failure.from(error))) return undefined;
        throw error;
      }
      how = await this.#down.promise;
    } finally {
      channel?.close();
    }
    if (typeof how !== 'string') return how;
    if (how === 'restart') await agent.stop();
    else await this.#afterKill(node, agent, plan);
    this.#agent = undefined;
    const asked = how === 'restart' || (agent.text.includes(RESTART) && this.#parts.random() < 0.5);
    if (asked || this.#parts.random() < NODE_GOES_TOO) this.#restartNode(node, plan, target);
    return undefined;
  }

  /** What must hold before anything has put anything right. */
  async #afterKill(node: KilledNode, agent: AgentProcess, plan: Plan): Promise<void> {
    assert.equal(agent.signal, 'SIGKILL', 'what ended the agent');
    const image = this.#parts.images[plan.image];
    const { step, rollback } = stepOf(node, this.#without, image);
    node.history();
    node.complete();
    this.#left--;
    this.#parts.tally.killed(node.loader, step, rollback);
  }

  #restartNode(node: KilledNode, plan: Plan, target: SlotName): void {
    const started = node.restart((slot) => plan.ending === 'panics' && slot === target);
    this.#parts.tally.restarted(started.length);
    const boots = this.#happened.boots + started.filter((slot) => slot === target).length;
    this.#happened = { boots, leftAgain: boots > 0 && started.at(-1) !== target };
  }

  #start(node: KilledNode): AgentProcess {
    const { program, cache } = this.#parts;
    this.#down = Promise.withResolvers();
    this.#serving = Promise.withResolvers();
    this.#moments.next();
    this.#without = 'start of the agent';
    const agent = new AgentProcess({
      program,
      cache,
      order: node.order,
      line: (line) => this.#heard(agent, line),
    });
    agent.ended.then(
      () => this.#down.resolve('killed'),
      (error) => this.#down.reject(error),
    );
    this.#down.promise.catch(() => undefined);
    this.#begins('launched');
    return agent;
  }

  #heard(agent: AgentProcess, { msg, state = '' }: LogLine): void {
    if (agent !== this.#agent || agent.goingDown) return;
    if (msg === 'serving') {
      this.#without = 'no upgrade';
      this.#begins('serving');
      this.#serving.resolve();
    } else if (msg === 'upgrade' && ENDS.includes(state)) this.#begins('ended');
    else if (msg === 'upgrade' && /^(verifying|installing|armed|rebooting|testing)$/.test(state))
      this.#begins(state as Beginning);
    else if (msg === RESTART && this.#timer === undefined) {
      agent.goingDown = true;
      this.#down.resolve('restart');
    }
  }

  /** Something begins: the agent may be killed in it. */
  #begins(what: Beginning): void {
    if (what === 'start asked for' || what === 'rollback asked for') this.#without = 'plan';
    if (this.#enough) return;
    const ms = this.#moments.begins(what);
    if (ms !== undefined) this.#killIn(ms);
  }

  #killIn(ms: number): void {
    const agent = this.#agent;
    if (!agent) {
      // The agent is being started.
      queueMicrotask(() => this.#killIn(ms));
      return;
    }
    const at = performance.now() + ms;
    const kill = () => {
      this.#timer = undefined;
      // A timer is good for a millisecond, and many a step is shorter.
      while (performance.now() < at);
      if (!agent.goingDown) agent.kill();
    };
    if (ms < 2) kill();
    else this.#timer = setTimeout(kill, ms - 1);
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const agent = this.#agent;
    this.#agent = undefined;
    if (agent && !agent.goingDown) await agent.stop();
    else await agent?.ended;
  }
}
