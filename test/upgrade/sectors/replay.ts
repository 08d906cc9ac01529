/**
 * Replays a recorded disk: every prefix of its writes at the grain of a sector, and of the writes between two flushes subsets that were
 * not made. Each state is read as the boot loader reads it.
 */

import type { FileView } from '../boot-models.ts';
import { DiskState } from '../memory-disk.ts';
import { ext4View } from './ext4-view.ts';
import { fatView } from './fat-view.ts';
import { PARTS, type Recording, rootContent, SECTOR } from './layout.ts';
import type { Recorded } from './record.ts';
import { SectorImage } from './sector-image.ts';
import type { Write } from './write-log.ts';

/** Of the writes between two flushes that many subsets by chance, whole writes and single sectors. */
const RANDOM_SUBSETS = 16;
const VERSIONS = ['v1', 'v2', 'v3'];
const FILES_OF = { grub: ['nodectl'], 'systemd-boot': ['nodectl', 'loader/entries'] } as const;

/** What a power cut may leave. */
export interface ReplayState {
  /** What the guest had begun. */
  readonly mark: string;
  /** For messages. */
  readonly at: string;
  /** All files that matter, and what the slots hold. */
  readonly state: DiskState;
  /** Whether nothing waits: the whole disk is as after a flush. */
  readonly flushed: boolean;
  /** The bytes of the boot partition; to be copied by who keeps it. */
  bootPart(): Buffer;
}

/** The file system of a part. */
export function viewOf(
  { fileSystem }: Recording,
  read: (offset: number, length: number) => Buffer,
): FileView {
  return fileSystem === 'ext4' ? ext4View(read) : fatView(read);
}

/** All files of a view that the loader and the agent look at. */
export function snapshot(view: FileView, { loader }: Recording): DiskState {
  const state = new DiskState();
  const visit = (folder: string, depth: number) => {
    state.folders.add(folder);
    for (const name of view.list(folder)) {
      const path = `${folder}/${name}`;
      const content = view.read(path);
      if (content) {
        state.names.set(path, state.files.size + 1);
        state.files.set(state.files.size + 1, Buffer.from(content));
      } else if (depth > 0 && ['nodectl/a', 'nodectl/b'].includes(path)) visit(path, depth - 1);
    }
  };
  for (const folder of FILES_OF[loader]) visit(folder, 1);
  return state;
}

const contents = new Map(VERSIONS.map((version) => [version, rootContent(version)]));

/** Every state, also those that read alike. */
export function* replay(recorded: Recorded, random: () => number): Iterable<ReplayState> {
  const image = new SectorImage(Buffer.from(recorded.before));
  const boot = image.reader(PARTS.boot.start);
  const root = (slot: 'a' | 'b') => {
    const bytes = image.reader(PARTS[slot].start)(0, PARTS[slot].sectors * SECTOR);
    return VERSIONS.find((version) => contents.get(version)?.equals(bytes)) ?? 'no version';
  };
  let mark = 'start';
  let waiting: Write[] = [];
  const look = (at: string, flushed = false): ReplayState => {
    const state = snapshot(viewOf(recorded, boot), recorded);
    Object.assign(state.roots, { a: root('a'), b: root('b') });
    return { mark, at, state, flushed, bootPart: () => boot(0, PARTS.boot.sectors * SECTOR) };
  };
  const lay = (chosen: (write: number, sector: number) => boolean) => {
    image.lift();
    for (const [number, write] of waiting.entries())
      for (let sector = 0; sector < write.data.length / SECTOR; sector++)
        if (chosen(number, sector)) image.lay(write, sector, sector + 1);
  };
  function* subsets(at: string): Iterable<ReplayState> {
    const count = waiting.length;
    for (let one = 0; one < count && count > 1; one++) {
      lay((write) => write === one);
      yield look(`${at}, of ${count} writes only number ${one}`);
      lay((write) => write !== one);
      yield look(`${at}, of ${count} writes all but number ${one}`);
    }
    for (let turn = 0; turn < RANDOM_SUBSETS && count > 0; turn++) {
      const whole = waiting.map(() => random() < 0.5);
      lay(turn % 2 === 0 ? (write) => whole[write] === true : () => random() < 0.5);
      yield look(`${at}, of ${count} writes subset ${turn}`);
    }
  }
  for (const [number, write] of recorded.writes.entries()) {
    const at = `write ${number} of ${recorded.writes.length} (${mark})`;
    if (write.flush) {
      yield* subsets(at);
      image.lift();
      for (const one of waiting) image.write(one);
      waiting = [];
      yield look(`${at}, flushed`, true);
      continue;
    }
    if (write.sector === PARTS.marks.start) {
      mark = write.data.toString('latin1').replace(/\0.*/s, '');
      continue;
    }
    lay(() => true);
    for (let sectors = 1; sectors <= write.data.length / SECTOR; sectors++) {
      image.lay(write, sectors - 1, sectors);
      yield look(`${at}, ${sectors} sectors of it`);
    }
    waiting.push(write);
  }
}
