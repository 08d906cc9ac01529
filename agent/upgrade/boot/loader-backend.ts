/** What is alike for all boot loaders: kernel and initrd stand in folders of the slots, and what runs is neither written to nor armed. */

import { Failure } from '../../../proto/failure.ts';
import type { ArmOptions, AssetRole, Assets, Deployment, SlotName, StoredAsset } from './backend.ts';
import { hasKernel, spaceForAssets, storedAsset, writeAssets } from './boot-assets.ts';
import type { BootFolder } from './boot-folder.ts';
import { checkArm, checkCommandLine } from './deployment.ts';
import { refuseRunning, refuseValid } from './refusals.ts';
import type { RunningSlot } from './running-slot.ts';
import type { SlotRecords } from './slot-records.ts';
import type { SlotDevices } from './slot-store.ts';

/** What a machine has of its boot loader. */
export interface LoaderParts {
  /** The folder that the loader reads: the file system that GRUB calls /, the EFI partition. */
  readonly disk: BootFolder;
  readonly records: SlotRecords;
  readonly devices: SlotDevices;
  /** @throws Failure UPGRADE_RUNNING_SLOT_UNKNOWN */
  running(): RunningSlot;
}

/** The common part of backends; see BootBackend for what its methods promise. */
export abstract class LoaderBackend {
  protected readonly disk: BootFolder;
  protected readonly records: SlotRecords;
  protected readonly devices: SlotDevices;
  protected readonly running: () => RunningSlot;

  constructor({ disk, records, devices, running }: LoaderParts) {
    this.disk = disk;
    this.records = records;
    this.devices = devices;
    this.running = running;
  }

  /** Whether the loader may boot a slot as things are. */
  protected abstract takes(slot: SlotName): boolean;

  asset(slot: SlotName, role: AssetRole): StoredAsset | undefined {
    return storedAsset(this.disk, slot, role);
  }

  checkRoot(slot: SlotName): void {
    this.devices.root(slot);
  }

  async spaceForAssets(slot: SlotName): Promise<number> {
    return spaceForAssets(this.disk, slot);
  }

  async writeAssets(slot: SlotName, assets: Assets): Promise<void> {
    refuseRunning(slot, this.running().slot, 'written to');
    refuseValid(slot, this.takes(slot));
    await writeAssets(this.disk, slot, assets);
  }

  /** What no loader arms is refused; gives the slot that runs. Throws as `arm` does. */
  protected toArm(slot: SlotName, deployment: Deployment, options: ArmOptions): SlotName {
    checkArm(deployment, options);
    const { slot: booted } = this.running();
    refuseRunning(slot, booted, 'armed');
    this.#refuseWithoutKernel(slot, 'armed');
    return booted;
  }

  /** What no loader disarms is refused; gives the slot that runs. Throws as `disarm` does. */
  protected toDisarm(slot: SlotName, commandLine: string): SlotName {
    checkCommandLine(commandLine);
    const { slot: booted } = this.running();
    refuseRunning(slot, booted, 'disarmed');
    this.#refuseWithoutKernel(slot, 'disarmed');
    return booted;
  }

  /** Remembers a deployment that the loader is about to name again: its record may have made room for others. Throws the system's error. */
  protected remember(slot: SlotName, before: Deployment): void {
    if (before.deployId === '' || this.records.find(slot, before.deployId)?.serial === before.serial) return;
    this.records.put(slot, before);
  }

  #refuseWithoutKernel(slot: SlotName, what: string): void {
    if (hasKernel(this.disk, slot)) return;
    throw new Failure('UPGRADE_SLOT_INCOMPLETE', `slot ${slot} has no kernel, so it cannot be ${what}`);
  }
}
