/**
 * One systemd journal file, read directly. journalctl spends 5 µs an entry on writing it out as text or 25 µs as JSON; here
 * an entry costs about 1.5 µs, because fields that many entries share (unit, priority, ...) are stored once in the file and
 * so are read once.
 *
 * The journal may be written to while it is read: only entries that the header counted when it was read are looked at, and
 * journald completes an entry before it counts it.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { JournalEntry, SharedValue } from './entry.ts';
import {
  ARRAY_BYTES,
  DATA_BYTES,
  ENTRY_BYTES,
  FLAG_ZSTD,
  HEADER_BYTES,
  type JournalHeader,
  parseHeader,
  TYPE,
  uint64,
} from './format.ts';
import { SpareMemory, Windows } from './windows.ts';

/** Shared values kept; when there are more, all are forgotten and read again. */
const MAX_SHARED = 8_192;
/** A data object of more bytes is not looked into while its entry is read; see `large`. */
const MAX_PAYLOAD = 64 * 1024;
/** A compressed value that unpacks to more is taken as absent. */
const MAX_UNPACKED = 16 * 1024 * 1024;
/** An entry of journald has 64 fields at most; one with more items is damaged. */
const MAX_ITEMS = 1_024;
const EQUALS = 61;

/** A stretch of the file's entries: one array object. */
interface EntryArray {
  /** Where the items begin in the file. */
  items: number;
  /** Index of the first item among all entries of the file. */
  first: number;
  count: number;
}

/** A journal file that is open for reading. */
export class JournalFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #windows: Windows;
  readonly #fields: readonly Buffer[];
  #header: JournalHeader;
  #arrays: EntryArray[] = [];
  #array: EntryArray | undefined;
  readonly #shared = new Map<number, SharedValue>();
  readonly #bootBytes = Buffer.alloc(16);
  #bootId = '';

  private constructor(
    path: string,
    handle: FileHandle,
    header: JournalHeader,
    fields: readonly string[],
    memory: SpareMemory,
  ) {
    this.path = path;
    this.#handle = handle;
    this.#windows = new Windows(handle, memory);
    this.#header = header;
    this.#fields = fields.map((name) => Buffer.from(`${name}=`, 'latin1'));
  }

  /**
   * Opens a file and reads its header. `fields` names the fields whose values entries will have; files that are read one after
   * the other share their memory. Throws a Failure SOURCE_UNAVAILABLE where only journalctl can read it, and system errors where it cannot be opened.
   */
  static async open(
    path: string,
    fields: readonly string[],
    memory = new SpareMemory(),
  ): Promise<JournalFile> {
    const handle = await open(path, 'r');
    try {
      return new JournalFile(path, handle, await readHeader(handle, path), fields, memory);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get header(): JournalHeader {
    return this.#header;
  }

  /** Reads the header anew, for a file that is being written to. Gives the number of entries that are new. */
  async refresh(): Promise<number> {
    const before = this.#header.entries;
    this.#header = await readHeader(this.#handle, this.path);
    if (this.#header.entries > before) {
      this.#windows.forget();
      this.#arrays = [];
      this.#array = undefined;
    }
    return this.#header.entries - before;
  }

  /** Closes the file. Entries that were read from it hold no longer. */
  async close(): Promise<void> {
    this.#windows.forget();
    await this.#handle.close();
  }

  /**
   * Reads the entry with an index (0 is the oldest) into `entry`. True when that is done; false when a piece of the file
   * has to be read first: await `load`, then ask again. Throws a RangeError where the file is damaged there.
   */
  read(index: number, entry: JournalEntry): boolean {
    const offset = this.#entryOffset(index);
    if (offset === undefined) return false;
    const windows = this.#windows;
    if (!windows.locate(offset, ENTRY_BYTES)) return false;
    const { buffer, at } = windows;
    if (buffer[at] !== TYPE.entry) throw new RangeError(`no entry at ${offset}`);
    const itemBytes = this.#header.compact ? 4 : 16;
    const size = uint64(buffer, at + 8) - ENTRY_BYTES;
    const count = Math.floor(size / itemBytes);
    if (!(count > 0 && count <= MAX_ITEMS)) throw new RangeError(`an entry of ${count} fields at ${offset}`);
    if (!windows.locate(offset, ENTRY_BYTES + size)) return false;
    entry.begin(uint64(buffer, at + 16), uint64(buffer, at + 24), uint64(buffer, at + 32));
    this.#readBoot(buffer, at + 40);
    entry.bootId = this.#bootId;
    const items = windows.buffer;
    let item = windows.at + ENTRY_BYTES;
    for (let left = count; left > 0; left--, item += itemBytes) {
      const data = itemBytes === 4 ? items.readUInt32LE(item) : uint64(items, item);
      const known = this.#shared.get(data);
      if (known) entry.setShared(known);
      else if (!this.#readData(data, entry)) return false;
    }
    return true;
  }

  /** Reads the piece of the file that `read` missed. Throws a RangeError where the file is damaged. */
  async load(): Promise<void> {
    if (this.#arrays.length === 0) await this.#readArrays();
    else await this.#windows.load();
  }

  /** The index of the first entry whose time is not before `usec`; the number of entries where all are. */
  async firstSince(usec: number): Promise<number> {
    return await this.#search((entry) => entry.realtimeUsec >= usec);
  }

  /** The index of the first entry whose sequence number is greater; the number of entries where none is. */
  async firstAfter(seqnum: number): Promise<number> {
    return await this.#search((entry) => entry.seqnum > seqnum);
  }

  async #search(reached: (entry: JournalEntry) => boolean): Promise<number> {
    const entry = new JournalEntry(this.#fields.length);
    let [low, high] = [0, this.#header.entries];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      while (!this.read(middle, entry)) await this.load();
      if (reached(entry)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #readBoot(buffer: Buffer, at: number): void {
    if (this.#bootId !== '' && this.#bootBytes.compare(buffer, at, at + 16) === 0) return;
    buffer.copy(this.#bootBytes, 0, at, at + 16);
    this.#bootId = this.#bootBytes.toString('hex');
  }

  #entryOffset(index: number): number | undefined {
    let array = this.#array;
    if (!array || index < array.first || index >= array.first + array.count) {
      array = this.#arrays.find(({ first, count }) => index >= first && index < first + count);
      if (!array) {
        if (this.#arrays.length > 0) throw new RangeError(`there is no entry ${index}`);
        return undefined;
      }
      this.#array = array;
    }
    const itemBytes = this.#header.compact ? 4 : 8;
    if (!this.#windows.locate(array.items + (index - array.first) * itemBytes, itemBytes)) return undefined;
    const { buffer, at } = this.#windows;
    return itemBytes === 4 ? buffer.readUInt32LE(at) : uint64(buffer, at);
  }

  /** Walks along the arrays of entries: each is larger than the one before, so there are few. */
  async #readArrays(): Promise<void> {
    const itemBytes = this.#header.compact ? 4 : 8;
    const arrays: EntryArray[] = [];
    let first = 0;
    let offset = this.#header.entryArrayOffset;
    while (offset !== 0 && first < this.#header.entries) {
      const head = await this.#windows.read(offset, ARRAY_BYTES);
      const capacity = Math.floor((uint64(head, 8) - ARRAY_BYTES) / itemBytes);
      if (head[0] !== TYPE.entryArray || !(capacity > 0))
        throw new RangeError(`no array of entries at ${offset}`);
      const count = Math.min(capacity, this.#header.entries - first);
      arrays.push({ items: offset + ARRAY_BYTES, first, count });
      first += count;
      offset = uint64(head, 16);
    }
    if (first < this.#header.entries) throw new RangeError('the arrays of entries end too early');
    this.#arrays = arrays;
  }

  /** Reads one field of an entry. False when a piece of the file is missing. */
  #readData(offset: number, entry: JournalEntry): boolean {
    const windows = this.#windows;
    const headBytes = this.#header.compact ? DATA_BYTES + 8 : DATA_BYTES;
    if (!windows.locate(offset, headBytes)) return false;
    const { buffer: head, at: start } = windows;
    if (head[start] !== TYPE.data) throw new RangeError(`no data at ${offset}`);
    const packed = head[start + 1] ?? 0;
    const length = uint64(head, start + 8) - headBytes;
    if (!(length > 0)) throw new RangeError(`no value at ${offset}`);
    const uses = uint64(head, start + 56);
    const held = Math.min(length, MAX_PAYLOAD);
    if (!windows.locate(offset, headBytes + held)) return false;
    let { buffer, at } = windows;
    at += headBytes;
    let end = at + held;
    if ((packed & FLAG_ZSTD) !== 0) {
      const unpacked = held === length ? unpack(buffer.subarray(at, end)) : undefined;
      if (!unpacked) {
        entry.incomplete = true;
        return true;
      }
      buffer = unpacked;
      at = 0;
      end = unpacked.length;
    } else if (held < length) entry.incomplete = true;
    const field = this.#fieldOf(buffer, at, end);
    const from = field < 0 ? at : at + (this.#fields[field]?.length ?? 0);
    // What only one entry has need not be kept; what many have is, so that it is read once.
    if (uses <= 1) entry.set(field, buffer, from, end);
    else {
      if (this.#shared.size >= MAX_SHARED) this.#shared.clear();
      const value = new SharedValue(field, Buffer.from(buffer.subarray(from, end)));
      this.#shared.set(offset, value);
      entry.setShared(value);
    }
    return true;
  }

  /** Which of the wanted fields a payload "NAME=value" is of, or -1. */
  #fieldOf(buffer: Buffer, at: number, end: number): number {
    const fields = this.#fields;
    for (let index = 0; index < fields.length; index++) {
      const name = fields[index];
      if (!name || name.length > end - at) continue;
      const last = name.length - 1;
      if (buffer[at] !== name[0] || buffer[at + last] !== EQUALS) continue;
      let same = 1;
      while (same < last && buffer[at + same] === name[same]) same++;
      if (same === last) return index;
    }
    return -1;
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<JournalHeader> {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await handle.read(bytes, 0, HEADER_BYTES, 0);
  return parseHeader(bytes.subarray(0, bytesRead), path);
}

function unpack(bytes: Buffer): Buffer | undefined {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch {
    return undefined;
  }
}
