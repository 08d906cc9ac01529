/** The revision that waits for the next boot. */

import { rmSync } from 'node:fs';
import { BOOT_ID_PATH } from '../host/boot-id.ts';
import { line, type Machine } from '../host/machine.ts';
import { readKept, writeKept } from './kept-json.ts';

/** What waits. */
interface Waiting {
  readonly revision: number;
  /** The boot in which it was staged: it is applied in another one. */
  readonly bootId: string;
}

/** Keeps what waits in a file. */
export class StagedFile {
  readonly #path: string;
  readonly #machine: Machine;

  constructor(path: string, machine: Machine) {
    this.#path = path;
    this.#machine = machine;
  }

  /** Keeps a revision for the next boot, in the place of one that waited before. Throws the system's error. */
  keep(revision: number): void {
    const waiting: Waiting = { revision, bootId: line(this.#machine, BOOT_ID_PATH) ?? '' };
    writeKept(this.#path, waiting);
  }

  /** What waits, or undefined. A damaged file is as none: the revision's end is then noted as interrupted. */
  get waiting(): { revision: number; due: boolean } | undefined {
    try {
      const found = readKept(this.#path) as Waiting | undefined;
      return (
        found && {
          revision: found.revision,
          due: found.bootId !== line(this.#machine, BOOT_ID_PATH),
        }
      );
    } catch {
      return undefined;
    }
  }

  /** Nothing waits any more. */
  forget(): void {
    rmSync(this.#path, { force: true, recursive: true });
  }
}
