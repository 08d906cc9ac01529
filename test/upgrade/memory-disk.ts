/**
 * A boot folder and two slots in memory that keep a log of every step in its order: what is written, made, renamed, removed and
 * flushed. From the log comes every state that a power cut may leave: for each place in it all that was flushed before, and any part
 * of what was not. A step that is dropped is as if it had never been asked for; steps that need it then do nothing.
 */

import { createHash } from 'node:crypto';
import type { BootFileInfo, BootFolder } from '../../agent/upgrade/boot/boot-folder.ts';
import type { FileView } from './boot-models.ts';

const SECTOR = 512;
const PIECE = 4_096;
/** Of so many steps that wait every subset is made; of more, the bounded choice of `subsets`. */
const ALL_SUBSETS_OF = 6;
const RANDOM_SUBSETS = 16;

type Step =
  | {
      readonly kind: 'data';
      readonly file: number;
      readonly at: number;
      readonly bytes: Buffer;
      readonly cut?: boolean;
    }
  | { readonly kind: 'link'; readonly path: string; readonly file: number }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'root'; readonly slot: 'a' | 'b'; readonly content: string }
  | { readonly kind: 'flush-file'; readonly file: number }
  | { readonly kind: 'flush-folder'; readonly path: string }
  | { readonly kind: 'flush-root'; readonly slot: 'a' | 'b' }
  | { readonly kind: 'flush-all' };

/** What is on a disk. */
export class DiskState implements FileView {
  readonly names = new Map<string, number>();
  readonly files = new Map<number, Buffer>();
  readonly folders = new Set<string>(['']);
  /** What each slot's root holds, as a name. */
  readonly roots: Record<'a' | 'b', string> = { a: '', b: '' };

  copy(): DiskState {
    const other = new DiskState();
    for (const [path, file] of this.names) other.names.set(path, file);
    for (const [file, bytes] of this.files) other.files.set(file, bytes);
    for (const path of this.folders) other.folders.add(path);
    Object.assign(other.roots, this.roots);
    return other;
  }

  /** Takes a step; a flush changes nothing. */
  take(step: Step): void {
    if (step.kind === 'data') {
      const old = this.files.get(step.file) ?? Buffer.alloc(0);
      const kept = step.cut ? Buffer.alloc(0) : old;
      const fresh = Buffer.alloc(Math.max(kept.length, step.at + step.bytes.length));
      kept.copy(fresh);
      step.bytes.copy(fresh, step.at);
      this.files.set(step.file, fresh);
    } else if (step.kind === 'link') this.names.set(step.path, step.file);
    else if (step.kind === 'unlink') this.names.delete(step.path);
    else if (step.kind === 'folder') this.folders.add(step.path);
    else if (step.kind === 'root') this.roots[step.slot] = step.content;
    else if (step.kind === 'rename') {
      const file = this.names.get(step.from);
      if (file === undefined) return;
      this.names.delete(step.from);
      this.names.set(step.to, file);
    }
  }

  read(path: string): Buffer | undefined {
    const file = this.names.get(path);
    return file === undefined ? undefined : (this.files.get(file) ?? Buffer.alloc(0));
  }

  list(path: string): string[] {
    const inside = [...this.names.keys(), ...this.folders]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1).split('/', 1)[0] ?? '');
    return [...new Set(inside)].sort();
  }

  /** States that read alike have one digest. */
  digest(): string {
    const hash = createHash('sha256').update(JSON.stringify([this.roots, [...this.folders].sort()]));
    for (const path of [...this.names.keys()].sort())
      hash
        .update(`${path}\0`)
        .update(this.read(path) ?? '')
        .update('\0');
    return hash.digest('hex');
  }
}

/** The disk that a backend writes to. */
export class MemoryDisk implements BootFolder {
  readonly path = '/boot';
  readonly state: DiskState;
  readonly log: Step[] = [];
  /** The state before the first step of the log. */
  readonly start: DiskState;
  readonly #fat: boolean;
  #files = 1_000;

  /** @param fat whether a rename is two changes, either of which may be on disk without the other */
  constructor(fat: boolean, state = new DiskState()) {
    this.#fat = fat;
    this.state = state;
    this.start = state.copy();
    for (const file of state.files.keys()) this.#files = Math.max(this.#files, file);
  }

  #step(step: Step): void {
    this.log.push(step);
    this.state.take(step);
  }

  read(path: string): Buffer | undefined {
    return this.state.read(path);
  }

  info(path: string): BootFileInfo | undefined {
    const content = this.state.read(path);
    return content && { bytes: content.length, sparse: false };
  }

  list(path: string): string[] {
    return this.state.list(path);
  }

  *pieces(path: string): Iterable<Buffer> {
    const content = this.state.read(path);
    if (content) yield content;
  }

  free(): number {
    return 1 << 30;
  }

  overwrite(path: string, content: Buffer): void {
    const file = this.state.names.get(path) ?? -1;
    for (let at = 0; at < content.length; at += SECTOR)
      this.#step({ kind: 'data', file, at, bytes: content.subarray(at, at + SECTOR) });
    this.#step({ kind: 'flush-file', file });
  }

  async create(path: string, content: Buffer | AsyncIterable<Uint8Array>): Promise<void> {
    const file = this.state.names.get(path) ?? ++this.#files;
    this.#step({ kind: 'data', file, at: 0, bytes: Buffer.alloc(0), cut: true });
    this.#step({ kind: 'link', path, file });
    let at = 0;
    for await (const piece of Buffer.isBuffer(content) ? [content] : content)
      for (let from = 0; from < piece.length; from += PIECE) {
        const bytes = Buffer.from(piece.subarray(from, from + PIECE));
        this.#step({ kind: 'data', file, at, bytes });
        at += bytes.length;
      }
    this.#step({ kind: 'flush-file', file });
  }

  rename(from: string, to: string): void {
    const file = this.state.names.get(from);
    if (!this.#fat || file === undefined) this.#step({ kind: 'rename', from, to });
    else {
      this.#step({ kind: 'link', path: to, file });
      this.#step({ kind: 'unlink', path: from });
    }
  }

  unlink(path: string): void {
    if (this.state.names.has(path)) this.#step({ kind: 'unlink', path });
  }

  makeFolder(path: string): void {
    if (!this.state.folders.has(path)) this.#step({ kind: 'folder', path });
  }

  syncFolder(path: string): void {
    this.#step({ kind: 'flush-folder', path });
  }

  async syncAll(): Promise<void> {
    this.#step({ kind: 'flush-all' });
  }

  /** Writes a slot's root: half of it, then the whole, then flushed. */
  writeRoot(slot: 'a' | 'b', content: string): void {
    this.#step({ kind: 'root', slot, content: `half of ${content}` });
    this.#step({ kind: 'root', slot, content });
    this.#step({ kind: 'flush-root', slot });
  }
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Whether a flush covers a step. */
function covers(flush: Step, step: Step): boolean {
  if (flush.kind === 'flush-all') return step.kind !== 'root';
  if (flush.kind === 'flush-root') return step.kind === 'root' && step.slot === flush.slot;
  if (flush.kind === 'flush-file') return step.kind === 'data' && step.file === flush.file;
  if (flush.kind !== 'flush-folder') return false;
  if (step.kind === 'rename') return folderOf(step.to) === flush.path;
  return (
    (step.kind === 'link' || step.kind === 'unlink' || step.kind === 'folder') &&
    folderOf(step.path) === flush.path
  );
}

/** Which of so many steps that wait are on disk, each time: all subsets of a few, and of many those that differ by one or by chance. */
function* subsets(count: number, random: () => number): Iterable<boolean[]> {
  if (count <= ALL_SUBSETS_OF) {
    for (let bits = 0; bits < 2 ** count; bits++)
      yield Array.from({ length: count }, (_, at) => ((bits >> at) & 1) === 1);
    return;
  }
  yield Array(count).fill(true);
  yield Array(count).fill(false);
  for (let one = 0; one < count; one++) {
    yield Array.from({ length: count }, (_, at) => at === one);
    yield Array.from({ length: count }, (_, at) => at !== one);
  }
  for (let turn = 0; turn < RANDOM_SUBSETS; turn++) yield Array.from({ length: count }, () => random() < 0.5);
}

/** Every state that a power cut may leave of what a disk logged, each once; `at` is the place in the log. */
export function* crashStates(
  disk: MemoryDisk,
  random: () => number,
): Iterable<{ at: number; state: DiskState }> {
  const seen = new Set<string>();
  const isNew = (state: DiskState) => {
    const before = seen.size;
    return seen.add(state.digest()).size > before;
  };
  let durable = disk.start.copy();
  let waiting: Step[] = [];
  for (let at = 0; at <= disk.log.length; at++) {
    for (const chosen of subsets(waiting.length, random)) {
      const state = durable.copy();
      for (const [index, step] of waiting.entries()) if (chosen[index]) state.take(step);
      if (isNew(state)) yield { at, state };
    }
    // What the disk was writing when the power went may read as neither the old nor the new.
    const last = waiting.at(-1);
    if (last?.kind === 'data' && last.bytes.length > 0) {
      const state = durable.copy();
      for (const step of waiting) state.take(step);
      state.take({ ...last, bytes: Buffer.alloc(last.bytes.length, 0xa5), cut: false });
      if (isNew(state)) yield { at, state };
    }
    const step = disk.log[at];
    if (!step) return;
    if (!step.kind.startsWith('flush-')) {
      waiting.push(step);
      continue;
    }
    // What is flushed is on disk, also where something before it still waits.
    durable = durable.copy();
    for (const one of waiting) if (covers(step, one)) durable.take(one);
    waiting = waiting.filter((one) => !covers(step, one));
  }
}
