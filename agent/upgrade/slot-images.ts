/**
 * What the agent knows of the slots beyond what the boot loader and its records say: which image each was given, and how far down
 * serial numbers may go. An image counts only where its deployment is the one that the boot loader names.
 *
 *   images/a.json, images/b.json   what was last written to a slot, complete: while it is there, nothing was overwritten since
 *   floors.json                    the highest confirmed serial numbers by the image's name
 */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../../pki/atomic-file.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import { DamagedFile, readKept, setAside, writeKept } from '../config/kept-json.ts';
import type { BootState, SlotName } from './boot/backend.ts';
import { onDisk } from './on-disk.ts';
import type { ImageName } from './state.ts';

/** What a slot was given. */
export interface SlotImage {
  readonly slot: SlotName;
  readonly image: ImageName;
  /** The lowest serial number that may follow it. */
  readonly minSerial: number;
  /** The image's part of the kernel's command line. */
  readonly commandLine: string;
  /** The deployment that it was last armed as; empty where the node was made with it. */
  readonly deployId: string;
  /** Counts the deployments of the node. */
  readonly deploySerial: number;
  /** ms since the epoch; 0 where the node was made with it. */
  readonly writtenMs: number;
}

/** How far down the serial numbers of images of a name may go. */
export interface Floor {
  /** The highest that was confirmed: below it somebody has to allow a downgrade. */
  readonly serial: number;
  /** What confirmed images said of it: below it nothing is taken. */
  readonly minSerial: number;
}

/** The records in a folder, which is made where it is not there. */
export class SlotImages {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    makeFolder(join(folder, 'images'));
  }

  /** What a slot was given, or undefined where nobody knows. */
  get(slot: SlotName): SlotImage | undefined {
    const found = this.#read(this.#file(slot)) as SlotImage | undefined;
    return found?.slot === slot ? found : undefined;
  }

  /** What the running slot was given, where the boot loader's word and ours agree. */
  running({ booted, bootedDeployId }: BootState): SlotImage | undefined {
    const found = this.get(booted);
    return found?.deployId === (bootedDeployId ?? '') ? found : undefined;
  }

  /** Notes what a slot was given. On disk when it returns. @throws Failure UPGRADE_STATE_UNWRITABLE */
  set(image: SlotImage): void {
    onDisk(() => writeKept(this.#file(image.slot), image));
  }

  /** Forgets what a slot was given, before its first byte is overwritten. Throws the system's error. */
  forget(slot: SlotName): void {
    if (!existsSync(this.#file(slot))) return;
    rmSync(this.#file(slot), { force: true });
    syncFolder(join(this.#folder, 'images'));
  }

  /** How far down images of a name may go; 0 where none was confirmed. */
  floor(name: string): Floor {
    return this.#floors()[name] ?? { serial: 0, minSerial: 0 };
  }

  /** The highest of all floors, for an image of which nobody knows the number. */
  highestFloor(): Floor {
    const floors = Object.values(this.#floors());
    const most = (key: keyof Floor) => Math.max(0, ...floors.map((one) => one[key]));
    return { serial: most('serial'), minSerial: most('minSerial') };
  }

  /** Notes a confirmed image: floors never sink. @throws Failure UPGRADE_STATE_UNWRITABLE */
  raiseFloor({ image: { name, serial }, minSerial }: SlotImage): void {
    const floor = this.floor(name);
    if (floor.serial >= serial && floor.minSerial >= minSerial) return;
    const raised = {
      serial: Math.max(floor.serial, serial),
      minSerial: Math.max(floor.minSerial, minSerial),
    };
    const floors = { ...this.#floors(), [name]: raised };
    onDisk(() => writeKept(join(this.#folder, 'floors.json'), floors));
  }

  #floors(): Record<string, Floor> {
    return { ...(this.#read(join(this.#folder, 'floors.json')) as Record<string, Floor> | undefined) };
  }

  #file(slot: SlotName): string {
    return join(this.#folder, 'images', `${slot}.json`);
  }

  #read(path: string): unknown {
    try {
      return readKept(path);
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      setAside(path);
      return undefined;
    }
  }
}
