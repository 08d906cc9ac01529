/**
 * The boot loaders of the nodes that are killed, on plain folders: what each starts from what stands there. GRUB and systemd-boot are the
 * models that the crash tests hold the backends against, and which the interop tests hold against GRUB itself.
 */

import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import { DiskBootFolder } from '../../agent/upgrade/boot/boot-folder.ts';
import { FILES_LOADER, installFilesLoader } from '../../agent/upgrade/boot/files.ts';
import { GRUB_COPIES, installedEnvironment } from '../../agent/upgrade/boot/grub.ts';
import { encodeEnvironment } from '../../agent/upgrade/boot/grub-environment.ts';
import { INSTALLED_ENTRY } from '../../agent/upgrade/boot/testing/boot-machine.ts';
import {
  type FileView,
  type LoaderRun,
  type LoaderWrite,
  runGrub,
  runSystemdBoot,
} from '../upgrade/boot-models.ts';

/** The loaders, in the order in which nodes take turns with them. */
export const LOADERS = ['files', 'grub', 'systemd-boot'] as const;

/** A loader's name, as the agent's settings have it. */
export type LoaderName = (typeof LOADERS)[number];

/** What a loader of a name starts, and what it writes before. @param roots what root= says for each slot */
export function runLoader(name: LoaderName, view: FileView, roots: { a: string; b: string }): LoaderRun {
  if (name === 'grub') return runGrub(view, roots);
  return name === 'systemd-boot' ? runSystemdBoot(view) : runFiles(view);
}

/** What a machine has of its loader that runs from slot a and has nothing in b. */
export async function installLoader(name: LoaderName, folder: string): Promise<void> {
  const disk = new DiskBootFolder(folder, new LiveMachine());
  if (name === 'files') return installFilesLoader(disk);
  for (const path of ['loader', 'loader/entries', 'nodectl']) disk.makeFolder(path);
  if (name === 'systemd-boot')
    await disk.create('loader/entries/nodectl-a.conf', Buffer.from(INSTALLED_ENTRY));
  else for (const path of GRUB_COPIES) await disk.create(path, encodeEnvironment(installedEnvironment()));
}

/** The loader of the files backend, by what its file says and not by that backend's code. */
function runFiles(view: FileView): LoaderRun {
  const loader = JSON.parse(view.read(FILES_LOADER)?.toString('utf8') ?? '') as {
    booted: 'a' | 'b';
    deployId?: string;
    order: ('a' | 'b')[];
    slots: Record<'a' | 'b', { health: string; left?: number; deployId?: string; commandLine: string }>;
  };
  const slot =
    loader.order.find((one) => {
      const { health, left } = loader.slots[one];
      return (health === 'good' || health === 'armed') && left !== 0;
    }) ?? loader.booted;
  const { left, deployId, commandLine } = loader.slots[slot];
  const counted = left === undefined ? {} : { left: Math.max(0, left - 1) };
  const { deployId: _, ...rest } = loader;
  const next = {
    ...rest,
    booted: slot,
    ...(deployId === undefined ? {} : { deployId }),
    slots: { ...loader.slots, [slot]: { ...loader.slots[slot], ...counted } },
  };
  const content = Buffer.from(`${JSON.stringify(next, undefined, 2)}\n`);
  const kernel = view.read(`nodectl/${slot}/vmlinuz`);
  const initrd = view.read(`nodectl/${slot}/initrd.img`);
  return {
    writes: [{ kind: 'overwrite', path: FILES_LOADER, content }],
    ...(kernel
      ? {
          started: {
            slot,
            kernel,
            ...(initrd ? { initrd } : {}),
            commandLine: commandLine || 'nodectl.slot=a',
          },
        }
      : {}),
  };
}

/** A folder as loaders read it, whose changes stay in memory until they are written. */
export class FolderView implements FileView {
  readonly #folder: string;
  readonly #changed = new Map<string, Buffer | undefined>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(path: string): Buffer | undefined {
    if (this.#changed.has(path)) return this.#changed.get(path);
    try {
      return readFileSync(join(this.#folder, path));
    } catch {
      return undefined;
    }
  }

  list(path: string): string[] {
    const names = new Set(readdirSync(join(this.#folder, path)));
    for (const [changed, content] of this.#changed) {
      const name = changed.slice(path.length + 1);
      if (changed !== `${path}/${name}`) continue;
      if (content) names.add(name);
      else names.delete(name);
    }
    return [...names];
  }

  /** Takes what a loader writes. */
  take(writes: readonly LoaderWrite[]): void {
    for (const write of writes)
      if (write.kind === 'overwrite') this.#changed.set(write.path, write.content);
      else {
        this.#changed.set(write.to, this.read(write.from));
        this.#changed.set(write.from, undefined);
      }
  }
}

/** Does what a loader writes, on the disk. */
export function writeLoader(folder: string, writes: readonly LoaderWrite[]): void {
  for (const write of writes)
    if (write.kind === 'overwrite') writeFileSync(join(folder, write.path), write.content);
    else renameSync(join(folder, write.from), join(folder, write.to));
}
