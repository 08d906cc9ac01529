/**
 * GRUB, with the selector of packaging/boot/grub.cfg, which no upgrade ever rewrites. What it is to do stands in two copies of an
 * environment block that are written in place, the second one first: the commit point is the write of the first. A crash between
 * leaves the old state, and a first copy that is damaged makes the selector take the second, which holds the new one. Never
 * `grub-editenv set`: it truncates the file that it writes to.
 *
 * GRUB replays no journal. So what it is to load is made to stand where it looks (BootFolder.syncAll) before it is told of it.
 */

import { Failure } from '../../../proto/failure.ts';
import {
  type ArmOptions,
  type BootBackend,
  type BootState,
  type Deployment,
  otherSlot,
  SLOT_NAMES,
  type SlotHealth,
  type SlotName,
  type SlotState,
} from './backend.ts';
import { assetPaths, hasKernel, OWN_FOLDER, removeAssets, removeStaleAssets } from './boot-assets.ts';
import {
  DamagedEnvironment,
  decodeEnvironment,
  ENVIRONMENT_BYTES,
  encodeEnvironment,
  type GrubEnvironment,
  type GrubSlot,
  MOST_TRIES,
  nextGrubSlot,
  takesSlot,
} from './grub-environment.ts';
import { LoaderBackend } from './loader-backend.ts';
import { notRunning, refuseRunning, refuseWithoutFallback } from './refusals.ts';

/** The copies of the environment, in the order in which GRUB reads them. */
export const GRUB_COPIES = [`${OWN_FOLDER}/grubenv`, `${OWN_FOLDER}/grubenv2`] as const;

/** What a copy was found to be. */
interface Copy {
  readonly path: string;
  /** Undefined where it is damaged or missing. */
  readonly environment?: GrubEnvironment;
  /** Why it has none. */
  readonly fault: string;
  /** Whether it can be written in place: GRUB cannot write to a file with holes. */
  readonly usable: boolean;
}

/** The backend of that loader. */
export class GrubBackend extends LoaderBackend implements BootBackend {
  readonly kind = 'grub';
  async state(): Promise<BootState> {
    const running = this.running();
    const copies = GRUB_COPIES.map((path) => this.#copy(path));
    const environment = this.#environment();
    const problems = copies.filter(({ fault }) => fault !== '').map(({ path, fault }) => `${path}: ${fault}`);
    const slot = (name: SlotName): SlotState => {
      const { device, bytes, problem } = this.devices.look(name);
      if (problem !== undefined) problems.push(problem);
      const own = environment.slots[name];
      const deployment = this.records.find(name, own.deployId);
      return {
        ...{ name, device, bytes, health: healthOf(own, name === running.slot) },
        ...(own.ok ? { triesLeft: MOST_TRIES - own.tried } : {}),
        ...(deployment?.serial === own.serial ? { deployment } : {}),
      };
    };
    return {
      ...{ backend: 'grub', booted: running.slot, next: nextGrubSlot(environment), problems },
      ...(running.deployId === undefined ? {} : { bootedDeployId: running.deployId }),
      slots: { a: slot('a'), b: slot('b') },
    };
  }

  async invalidate(slot: SlotName): Promise<void> {
    const { slot: booted } = this.running();
    const environment = this.#environment();
    refuseRunning(slot, booted, 'invalidated');
    const { ok, health } = environment.slots[booted];
    refuseWithoutFallback(slot, ok && health === 'good');
    await this.#kill(slot, booted, environment);
    // A selector that has lost both copies tries slot a: without a kernel it goes on to the other.
    await removeAssets(this.disk, slot);
  }

  // The selector names it, which was made with the machine.
  override checkRoot(): void {}

  protected takes(slot: SlotName): boolean {
    return this.#environment().slots[slot].ok;
  }

  async arm(slot: SlotName, deployment: Deployment, options: ArmOptions): Promise<void> {
    const booted = this.toArm(slot, deployment, options);
    const { deployId, serial } = deployment;
    this.records.put(slot, deployment);
    await this.#setArguments(slot, booted, options.commandLine);
    const environment = this.#environment();
    const armed: GrubSlot = {
      ok: true,
      tried: MOST_TRIES - options.tries,
      health: 'armed',
      deployId,
      serial,
    };
    await this.#set({ ...environment, first: slot, slots: { ...environment.slots, [slot]: armed } });
  }

  async disarm(slot: SlotName, before: Deployment, commandLine: string): Promise<void> {
    const booted = this.toDisarm(slot, commandLine);
    const { ok, health } = this.#environment().slots[booted];
    refuseWithoutFallback(slot, ok && health === 'good');
    this.remember(slot, before);
    await this.#setArguments(slot, booted, commandLine);
    const { deployId, serial } = before;
    const good: GrubSlot = { ok: true, tried: 0, health: 'good', deployId, serial };
    const environment = this.#environment();
    await this.#set({ ...environment, first: booted, slots: { ...environment.slots, [slot]: good } });
  }

  async confirm(slot: SlotName, deployId: string | undefined): Promise<void> {
    const running = this.running();
    notRunning(slot, deployId, running.slot, running.deployId);
    const environment = this.#environment();
    const own = environment.slots[slot];
    const good: GrubSlot = { ...own, ok: true, tried: 0, health: 'good' };
    await this.#set({ ...environment, first: slot, slots: { ...environment.slots, [slot]: good } });
  }

  async markBad(slot: SlotName): Promise<void> {
    const environment = this.#environment();
    const other = otherSlot(slot);
    refuseWithoutFallback(slot, takesSlot(environment.slots[other]) && hasKernel(this.disk, other));
    const bad: GrubSlot = { ...environment.slots[slot], ok: false, health: 'bad' };
    await this.#set({ ...environment, first: other, slots: { ...environment.slots, [slot]: bad } });
  }

  async repair(): Promise<string[]> {
    const { slot: booted } = this.running();
    const done: string[] = [];
    const copies = GRUB_COPIES.map((path) => this.#copy(path));
    const [first, second] = copies;
    const truth = first?.environment ?? second?.environment;
    for (const { path, fault } of copies) if (fault !== '') done.push(`wrote ${path} again: ${fault}`);
    if (truth === undefined) {
      done.push(`slot ${otherSlot(booted)} is not booted any more, since both copies were lost`);
      await this.#set(this.#environment());
    } else if (!same(first?.environment, second?.environment) || copies.some(({ usable }) => !usable)) {
      // Between the writes of the two copies GRUB goes by the first.
      if (copies.every(({ fault }) => fault === ''))
        done.push(`${GRUB_COPIES[1]} was another than ${GRUB_COPIES[0]}`);
      await this.#write(truth);
    }
    for (const slot of SLOT_NAMES) {
      const stale = removeStaleAssets(this.disk, slot);
      done.push(...stale.map((path) => `removed ${path}, which a killed writer left`));
      const environment = this.#environment();
      if (hasKernel(this.disk, slot) || !environment.slots[slot].ok) continue;
      if (slot === booted) {
        done.push(`slot ${slot}, which runs, has no kernel at ${this.disk.path}: it will not boot again`);
        continue;
      }
      await this.#kill(slot, booted, environment);
      done.push(`slot ${slot} has no kernel any more: the loader boots it no more`);
    }
    return done;
  }

  /** The slot is not taken any more. */
  async #kill(slot: SlotName, booted: SlotName, environment: GrubEnvironment): Promise<void> {
    const dead: GrubSlot = { ok: false, tried: 0, health: 'invalid', deployId: '', serial: 0 };
    await this.#set({ ...environment, first: booted, slots: { ...environment.slots, [slot]: dead } });
  }

  /** The image's part of the command line, which the selector reads from a file of the slot's. */
  async #setArguments(slot: SlotName, booted: SlotName, commandLine: string): Promise<void> {
    const { folder } = assetPaths(slot);
    const path = `${folder}/slot.cfg`;
    const content = Buffer.from(`set args='${commandLine}'\n`);
    if (this.disk.read(path)?.equals(content)) return;
    const environment = this.#environment();
    // A slot that could be booted is not while its file changes.
    if (environment.slots[slot].ok) await this.#kill(slot, booted, environment);
    await this.disk.create(`${path}.new`, content);
    this.disk.rename(`${path}.new`, path);
    this.disk.syncFolder(folder);
    await this.disk.syncAll();
  }

  #copy(path: string): Copy {
    const info = this.disk.info(path);
    if (!info) return { path, fault: 'it is missing', usable: false };
    const usable = info.bytes === ENVIRONMENT_BYTES && !info.sparse;
    const fault = info.sparse ? 'it has holes, and GRUB cannot write to it' : '';
    try {
      return {
        path,
        environment: decodeEnvironment(this.disk.read(path) ?? Buffer.alloc(0)),
        fault,
        usable,
      };
    } catch (error) {
      if (error instanceof DamagedEnvironment) return { path, fault: fault || error.message, usable };
      if (error instanceof Failure) return { path, fault: error.message, usable: false };
      throw error;
    }
  }

  /** What holds: the first copy, or the second, or else that what runs is good and nothing is known of the other. */
  #environment(): GrubEnvironment {
    for (const path of GRUB_COPIES) {
      const { environment } = this.#copy(path);
      if (environment) return environment;
    }
    const { slot: booted, deployId = '' } = this.running();
    const unknown: GrubSlot = { ok: false, tried: 0, health: 'invalid', deployId: '', serial: 0 };
    const serial = this.records.find(booted, deployId)?.serial ?? 0;
    const runs: GrubSlot = { ok: true, tried: 0, health: 'good', deployId, serial };
    return {
      ...{ sequence: 0, first: booted },
      slots: booted === 'a' ? { a: runs, b: unknown } : { a: unknown, b: runs },
    };
  }

  async #set(environment: GrubEnvironment): Promise<void> {
    await this.#write({ ...environment, sequence: environment.sequence + 1 });
  }

  async #write(environment: GrubEnvironment): Promise<void> {
    const block = encodeEnvironment(environment);
    for (const path of GRUB_COPIES.toReversed()) {
      if (this.#copy(path).usable) this.disk.overwrite(path, block);
      else await this.#make(path, block);
    }
  }

  /** A copy that cannot be written in place: it gets a new file. */
  async #make(path: string, block: Buffer): Promise<void> {
    this.disk.makeFolder(OWN_FOLDER);
    await this.disk.create(`${path}.new`, block);
    this.disk.rename(`${path}.new`, path);
    this.disk.syncFolder(OWN_FOLDER);
    await this.disk.syncAll();
  }
}

/** The slot that runs may be on its last try, which says nothing yet. */
function healthOf(slot: GrubSlot, runs: boolean): SlotHealth {
  if (slot.ok) return takesSlot(slot) || runs ? slot.health : 'bad';
  return slot.health === 'empty' || slot.health === 'bad' ? slot.health : 'invalid';
}

function same(one: GrubEnvironment | undefined, other: GrubEnvironment | undefined): boolean {
  return one !== undefined && other !== undefined && encodeEnvironment(one).equals(encodeEnvironment(other));
}

/** The environment of a machine that was just installed: it runs from slot a, and nothing is in b. */
export function installedEnvironment(): GrubEnvironment {
  const nothing = { tried: 0, deployId: '', serial: 0 };
  return {
    ...{ sequence: 1, first: 'a' },
    slots: {
      a: { ...nothing, ok: true, health: 'good' },
      b: { ...nothing, ok: false, health: 'empty' },
    },
  };
}
