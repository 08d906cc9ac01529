/**
 * What the agent itself remembers of its slots: version and digest of what was put there, for which a boot loader has no room. A
 * record counts only where the loader names its deployment. Two are kept a slot: the one that is about to be armed is written
 * before the loader hears of it.
 */

import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../../proto/make-folder.ts';
import { DamagedFile, readKept, setAside, writeKept } from '../../config/kept-json.ts';
import type { Deployment, SlotName } from './backend.ts';

const KEPT = 2;

const RECORDS = z.array(
  z.object({
    deployId: z.string(),
    serial: z.number(),
    version: z.string(),
    imageSerial: z.number(),
    rootSha256: z.string(),
  }),
);

/** The records, a file a slot. */
export class SlotRecords {
  readonly #folder: string;

  /** @param folder /var/lib/nodectl/upgrade/slots; made when it is first written to */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What is known of a deployment that is in a slot. A file that is damaged is set aside: nothing is known then. */
  find(slot: SlotName, deployId: string): Deployment | undefined {
    return this.#read(slot).find((one) => one.deployId === deployId);
  }

  /** Remembers a deployment; on disk when it returns. Throws the system's error. */
  put(slot: SlotName, deployment: Deployment): void {
    makeFolder(this.#folder);
    const { deployId, serial, version, imageSerial, rootSha256 } = deployment;
    const before = this.#read(slot).filter((one) => one.deployId !== deployId);
    writeKept(this.#path(slot), [
      { deployId, serial, version, imageSerial, rootSha256 },
      ...before.slice(0, KEPT - 1),
    ]);
  }

  #path(slot: SlotName): string {
    return join(this.#folder, `${slot}.json`);
  }

  #read(slot: SlotName): Deployment[] {
    try {
      return RECORDS.safeParse(readKept(this.#path(slot))).data ?? [];
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      setAside(error.path);
      return [];
    }
  }
}
