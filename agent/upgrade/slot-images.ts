/**
 * What the agent knows of the slots beyond what the boot loader says: which image each was given, and the highest serial number
 * that was confirmed. A record counts only where its deployment is the one that the boot loader names.
 *
 *   images/a.json, images/b.json   what was last written to a slot, complete
 *   floor.json                    the highest confirmed serial number by the image's name
 */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../../pki/atomic-file.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import { DamagedFile, readKept, setAside, writeKept } from '../config/kept-json.ts';
import type { ImageName, SlotName } from './state.ts';

/** What a slot was given. */
export interface SlotImage {
  readonly slot: SlotName;
  readonly image: ImageName;
  /** The deployment that gave it; empty where the node was made with it. */
  readonly deployId: string;
  /** ms since the epoch */
  readonly writtenMs: number;
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

  /** Notes what a slot was given. On disk when it returns. Throws the system's error. */
  set(record: SlotImage): void {
    writeKept(this.#file(record.slot), record);
  }

  /** Forgets what a slot was given, before its first byte is overwritten. Throws the system's error. */
  forget(slot: SlotName): void {
    if (!existsSync(this.#file(slot))) return;
    rmSync(this.#file(slot), { force: true });
    syncFolder(join(this.#folder, 'images'));
  }

  /** The highest confirmed serial number of images of that name; 0 where there was none. */
  floor(name: string): number {
    return this.#floors()[name] ?? 0;
  }

  /** Notes a confirmed serial number: the floor never sinks by that. Throws the system's error. */
  raiseFloor(name: string, serial: number): void {
    const floors = this.#floors();
    if ((floors[name] ?? 0) >= serial) return;
    writeKept(join(this.#folder, 'floor.json'), { ...floors, [name]: serial });
  }

  #floors(): Record<string, number> {
    return { ...(this.#read(join(this.#folder, 'floor.json')) as Record<string, number> | undefined) };
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
