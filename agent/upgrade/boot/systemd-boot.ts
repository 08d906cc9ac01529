/**
 * systemd-boot, which counts boots in the names of its entries and takes the first one by their order. Only the order chooses here,
 * never a default: systemd-boot takes an entry that is set as default also when its tries are used up.
 *
 * The EFI partition is FAT, which has no journal and where a rename is two changes. So the entry of a slot is changed in steps of
 * one: what takes its place is on disk before the old one goes, but for an invalidation, which only removes.
 */

import { Failure } from '../../../proto/failure.ts';
import { line, type Machine } from '../../host/machine.ts';
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
  type BootEntry,
  compareEntries,
  formatEntry,
  formatEntryName,
  mayBeEntryOf,
  parseEntry,
  parseEntryName,
} from './boot-entry.ts';
import { fullCommandLine } from './deployment.ts';
import { LoaderBackend, type LoaderParts } from './loader-backend.ts';
import { loaderProblems } from './loader-problems.ts';
import { notRunning, refuseRunning, refuseWithoutFallback } from './refusals.ts';
import type { RunningSlot } from './running-slot.ts';

/** Where systemd-boot looks for entries. */
export const ENTRIES = 'loader/entries';
/** Names that begin with a dot are no entries. */
const freshName = (slot: SlotName) => `${ENTRIES}/.nodectl-${slot}.new`;

/** An entry that is there. */
interface Found {
  readonly file: string;
  readonly slot: SlotName;
  readonly left?: number;
  readonly done: number;
  /** Undefined where it is damaged: systemd-boot may still boot it. */
  readonly entry?: BootEntry;
}

/** What a machine has that boots by systemd-boot. */
export interface SystemdBootParts extends LoaderParts {
  readonly machine: Machine;
}

/** The backend of that loader. */
export class SystemdBootBackend extends LoaderBackend implements BootBackend {
  readonly kind = 'systemd-boot';
  readonly #machine: Machine;

  constructor(parts: SystemdBootParts) {
    super(parts);
    this.#machine = parts.machine;
  }

  async state(): Promise<BootState> {
    const running = this.running();
    const problems = loaderProblems(this.disk, this.#machine);
    const slot = (name: SlotName): SlotState => {
      const { device, bytes, problem } = this.devices.look(name);
      if (problem !== undefined) problems.push(problem);
      const all = this.#entries(name);
      for (const { file, entry } of all) if (!entry) problems.push(`${ENTRIES}/${file} is damaged`);
      const [best] = all;
      const deployment = this.records.find(name, best?.entry?.deployId ?? '');
      return {
        ...{ name, device, bytes, health: this.#health(name, best, name === running.slot) },
        ...(best?.left === undefined ? {} : { triesLeft: best.left }),
        ...(deployment && deployment.serial === best?.entry?.serial ? { deployment } : {}),
      };
    };
    return {
      ...{ backend: 'systemd-boot', booted: running.slot, next: this.#next(running.slot), problems },
      ...(running.deployId === undefined ? {} : { bootedDeployId: running.deployId }),
      slots: { a: slot('a'), b: slot('b') },
    };
  }

  async invalidate(slot: SlotName): Promise<void> {
    const { slot: booted } = this.running();
    refuseRunning(slot, booted, 'invalidated');
    const [own] = this.#entries(booted);
    refuseWithoutFallback(slot, own?.entry !== undefined && own.left === undefined);
    await this.#removeEntries(slot);
    // Its folder tells a slot that may be half written from one that nothing was ever put into.
    this.disk.makeFolder(assetPaths(slot).folder);
    this.disk.syncFolder(OWN_FOLDER);
    await removeAssets(this.disk, slot);
  }

  protected takes(slot: SlotName): boolean {
    return this.#files(slot).length > 0;
  }

  async arm(slot: SlotName, deployment: Deployment, options: ArmOptions): Promise<void> {
    const booted = this.toArm(slot, deployment, options);
    const highest = Math.max(0, ...this.#entries(booted).map(({ entry }) => entry?.serial ?? 0));
    const { serial } = deployment;
    if (serial <= highest)
      throw new Failure(
        'UPGRADE_DEPLOYMENT',
        `serial ${serial} would sort behind slot ${booted}, which has ${highest}`,
      );
    const entry = this.#entryOf(slot, deployment, options.commandLine);
    this.records.put(slot, deployment);
    await this.#removeEntries(slot);
    await this.#put(formatEntryName({ slot, left: options.tries, done: 0 }), entry);
  }

  async disarm(slot: SlotName, before: Deployment, commandLine: string): Promise<void> {
    const booted = this.toDisarm(slot, commandLine);
    const [own] = this.#entries(booted);
    refuseWithoutFallback(slot, own?.entry !== undefined && own.left === undefined);
    const highest = own?.entry?.serial ?? 0;
    if (highest === 0)
      throw new Failure('UPGRADE_DEPLOYMENT', `no serial would sort behind slot ${booted}, which has 0`);
    const deployment = { ...before, serial: Math.min(before.serial, highest - 1) };
    this.remember(slot, deployment);
    const name = formatEntryName({ slot, done: 0 });
    // Beside the one on trial, which comes first as long as it is there: the slot never is without an entry.
    await this.#put(name, this.#entryOf(slot, deployment, commandLine));
    await this.#removeEntries(slot, name);
  }

  async confirm(slot: SlotName, deployId: string | undefined): Promise<void> {
    const running = this.running();
    notRunning(slot, deployId, running.slot, running.deployId);
    const [best] = this.#entries(slot);
    const name = formatEntryName({ slot, done: 0 });
    if (best?.entry && best.file !== name) await this.#put(name, best.entry);
    else if (!best?.entry) await this.#put(name, this.#entryOfThisBoot(running));
    await this.#removeEntries(slot, name);
  }

  async markBad(slot: SlotName): Promise<void> {
    const other = otherSlot(slot);
    const [fallback] = this.#entries(other);
    refuseWithoutFallback(
      slot,
      fallback?.entry !== undefined && fallback.left !== 0 && hasKernel(this.disk, other),
    );
    const [best] = this.#entries(slot);
    const name = formatEntryName({ slot, left: 0, done: best?.done ?? 0 });
    if (best?.entry && best.file !== name) await this.#put(name, best.entry);
    await this.#removeEntries(slot, name);
  }

  async repair(): Promise<string[]> {
    const running = this.running();
    const done: string[] = [];
    for (const slot of SLOT_NAMES) {
      if (this.disk.info(freshName(slot))) {
        this.disk.unlink(freshName(slot));
        this.disk.syncFolder(ENTRIES);
        done.push(`removed ${freshName(slot)}, which a killed writer left`);
      }
      const stale = removeStaleAssets(this.disk, slot);
      done.push(...stale.map((path) => `removed ${path}, which a killed writer left`));
      done.push(...(slot === running.slot ? await this.#repairOwn(running) : await this.#repairOther(slot)));
    }
    return [...done, ...loaderProblems(this.disk, this.#machine)];
  }

  /** The entry of the slot that runs must be there, and be one. */
  async #repairOwn(running: RunningSlot): Promise<string[]> {
    const { slot } = running;
    const done: string[] = [];
    if (!hasKernel(this.disk, slot))
      done.push(`slot ${slot}, which runs, has no kernel at ${this.disk.path}: it will not boot again`);
    const [best] = this.#entries(slot);
    if (best?.entry) return [...done, ...(await this.#removeDoubles(slot, best.file))];
    // One try: this boot has not been confirmed since.
    const name = formatEntryName({ slot, left: 1, done: 0 });
    await this.#put(name, this.#entryOfThisBoot(running));
    await this.#removeEntries(slot, name);
    return [
      ...done,
      `wrote ${ENTRIES}/${name} again: the entry of slot ${slot}, which runs, was lost or damaged`,
    ];
  }

  /** The entry of the other slot must be whole and have a kernel, or must not be. */
  async #repairOther(slot: SlotName): Promise<string[]> {
    const [best] = this.#entries(slot);
    if (best?.entry && hasKernel(this.disk, slot)) return this.#removeDoubles(slot, best.file);
    const files = this.#files(slot);
    if (files.length === 0) return [];
    await this.#removeEntries(slot);
    const why = hasKernel(this.disk, slot) ? 'it is damaged' : `slot ${slot} has no kernel any more`;
    return files.map((file) => `removed ${ENTRIES}/${file}: ${why}`);
  }

  async #removeDoubles(slot: SlotName, keep: string): Promise<string[]> {
    const files = this.#files(slot).filter((file) => file !== keep);
    if (files.length > 0) await this.#removeEntries(slot, keep);
    return files.map((file) => `removed ${ENTRIES}/${file}: ${keep} stands for the slot`);
  }

  /** Names that systemd-boot may take for entries of a slot. */
  #files(slot: SlotName): string[] {
    return this.disk.list(ENTRIES).filter((name) => mayBeEntryOf(name, slot));
  }

  /** Entries of a slot, the one that counts first: whole ones, those that were decided on (bad, then good), then the fewest tries. */
  #entries(slot: SlotName): Found[] {
    const rank = ({ entry, left }: Found) => (entry ? 0 : 100_000) + (left ?? 0.5);
    return this.#files(slot)
      .map((file): Found => {
        const content = this.disk.read(`${ENTRIES}/${file}`);
        const entry = content && parseEntry(content);
        const name = parseEntryName(file);
        const whole = name && entry?.slot === slot ? { entry } : {};
        return { file, slot, done: 0, ...name, ...whole };
      })
      .sort((one, other) => rank(one) - rank(other));
  }

  async #removeEntries(slot: SlotName, keep?: string): Promise<void> {
    for (const file of this.#files(slot)) {
      if (file === keep) continue;
      this.disk.unlink(`${ENTRIES}/${file}`);
      this.disk.syncFolder(ENTRIES);
    }
    await this.disk.syncAll();
  }

  /** Writes an entry, on disk under its name when it resolves. */
  async #put(name: string, entry: BootEntry): Promise<void> {
    const fresh = freshName(entry.slot);
    await this.disk.create(fresh, formatEntry(entry));
    this.disk.syncFolder(ENTRIES);
    await this.disk.syncAll();
    this.disk.rename(fresh, `${ENTRIES}/${name}`);
    this.disk.syncFolder(ENTRIES);
    await this.disk.syncAll();
  }

  #next(booted: SlotName): SlotName {
    const all = SLOT_NAMES.flatMap((slot) => this.#entries(slot).filter(({ entry }) => entry));
    const [first] = all.sort((one, other) =>
      compareEntries(
        { left: one.left, serial: one.entry?.serial ?? 0 },
        { left: other.left, serial: other.entry?.serial ?? 0 },
      ),
    );
    return first?.slot ?? booted;
  }

  #health(slot: SlotName, best: Found | undefined, runs: boolean): SlotHealth {
    if (!best?.entry) return this.disk.list(OWN_FOLDER).includes(slot) || best ? 'invalid' : 'empty';
    if (best.left === undefined) return 'good';
    // The slot that runs may be on its last try, which says nothing yet.
    return best.left > 0 || runs ? 'armed' : 'bad';
  }

  #entryOf(slot: SlotName, { deployId, serial, version }: Deployment, commandLine: string): BootEntry {
    return {
      ...{ slot, serial, deployId, title: title(slot, version), initrd: this.#hasInitrd(slot) },
      options: fullCommandLine(slot, this.devices.root(slot), deployId, commandLine),
    };
  }

  #hasInitrd(slot: SlotName): boolean {
    return this.disk.info(assetPaths(slot).initrd) !== undefined;
  }

  /** The entry that this boot was made from, as far as the kernel still tells of it. */
  #entryOfThisBoot({ slot, deployId = '' }: RunningSlot): BootEntry {
    const record = this.records.find(slot, deployId);
    const other = this.#entries(otherSlot(slot)).map(({ entry }) => entry?.serial ?? 0);
    const words = (line(this.#machine, 'proc/cmdline') ?? '').split(' ');
    return {
      ...{ slot, deployId, title: title(slot, record?.version ?? 'found again') },
      serial: record?.serial ?? Math.max(0, ...other) + 1,
      initrd: this.#hasInitrd(slot),
      // systemd-boot adds this itself.
      options: words.filter((word) => word !== '' && !word.startsWith('initrd=')).join(' '),
    };
  }
}

function title(slot: SlotName, version: string): string {
  // A menu's line: what is no printable ASCII would not be shown everywhere.
  return `nodectl ${slot.toUpperCase()} ${version.replace(/[^!-~]/g, '?').slice(0, 60)}`;
}
