/**
 * What was recognised in the kernel's log, counted by signature and device, with when it was first and last seen. The kernel's
 * own buffer holds the newest messages only; here "since when" outlives it, and reboots too.
 *
 * The file is JSON, replaced as a whole with the tick in which something came. It also tells up to which message of the boot was
 * counted, so that an agent that starts again, and reads the buffer from its beginning, counts nothing twice.
 */

import { basename, dirname, join } from 'node:path';
import { readSmallFile } from '../host/small-file.ts';
import { FLOOR, type Now } from './timeline.ts';
import type { PastEvent } from './view.ts';
import { writeBeside } from './write.ts';

/** A message that was recognised. */
export interface LoggedEvent {
  readonly signature: { readonly id: string };
  readonly device: string | undefined;
  /** When it was logged, in seconds since boot; what does not say is not counted. */
  readonly uptime: number | undefined;
  /** How often it happened. */
  readonly times: number;
}

/** Where events come from: what was logged since the last call. */
export interface EventSource {
  /** @throws Unavailable */
  next(): Promise<readonly LoggedEvent[]>;
  close(): void;
}

/** When something was seen: in a boot, and by the wall clock as it was then. */
interface Stamp {
  readonly boot: string;
  /** ms since boot. */
  readonly sinceBoot: number;
  /** ms since the epoch. */
  readonly wall: number;
}

/** Messages of one signature and device. */
interface Entry {
  readonly signature: string;
  readonly device: string;
  count: number;
  /** How many of these are of the boot of `last`. */
  boot: number;
  first: Stamp;
  last: Stamp;
}

interface State {
  readonly version: 1;
  /** The boot that was read, and up to which ms of it. */
  readonly boot: string;
  readonly until: number;
  readonly entries: readonly Entry[];
}

/** The name of the file in the folder of a ring. */
export const EVENTS_FILE = 'events.json';
/** The entries that were seen last are kept. */
const MAX_ENTRIES = 1_000;
const MAX_FILE = 4 << 20;

/** Counts events. Calls must follow one another. */
export class EventStore {
  readonly #path: string;
  readonly #entries = new Map<string, Entry>();
  #boot = '';
  #until = -1;
  /** What the buffer has up to here was counted before it was opened. */
  #counted = -1;
  #changed = false;

  /** Why the file was begun anew, or empty. */
  readonly problem: string = '';

  /** Reads what is there. A file that cannot be understood is begun anew. */
  constructor(folder: string) {
    this.#path = join(folder, EVENTS_FILE);
    const { state, broken } = readState(this.#path);
    if (broken) this.problem = `${this.#path} cannot be read (${broken}) and is begun anew`;
    if (!state) return;
    this.#boot = state.boot;
    this.#until = state.until;
    this.#counted = state.until;
    for (const entry of state.entries) this.#entries.set(keyOf(entry), { ...entry });
  }

  /** The log is read from its beginning again: what was counted is not counted twice. */
  reopened(): void {
    this.#counted = this.#until;
  }

  /** Counts what came. @param now of the machine, with its boot */
  add(events: readonly LoggedEvent[], now: Required<Now>): void {
    const { id, sinceBoot: age } = now.boot;
    if (id !== this.#boot) {
      this.#boot = id;
      this.#until = -1;
      this.#counted = -1;
      this.#changed = true;
    }
    for (const { signature, device = '', uptime, times } of events) {
      const sinceBoot = uptime === undefined ? Number.NaN : uptime * 1_000;
      // Messages of several processors may be out of order by a little, so order itself says nothing.
      if (!(sinceBoot > this.#counted)) continue;
      this.#until = Math.max(this.#until, sinceBoot);
      this.#changed = true;
      this.#count(signature.id, device, times, { boot: id, sinceBoot, wall: now.wall - (age - sinceBoot) });
    }
  }

  /** Writes what has changed. @throws the system's error */
  async save(): Promise<void> {
    if (!this.#changed) return;
    const entries = [...this.#entries.values()];
    const state: State = { version: 1, boot: this.#boot, until: this.#until, entries };
    await writeBeside(this.#path, Buffer.from(JSON.stringify(state)));
    this.#changed = false;
  }

  #count(signature: string, device: string, times: number, stamp: Stamp): void {
    const key = keyOf({ signature, device });
    const entry = this.#entries.get(key) ?? {
      signature,
      device,
      count: 0,
      boot: 0,
      first: stamp,
      last: stamp,
    };
    entry.boot = entry.last.boot === stamp.boot ? entry.boot + times : times;
    entry.count += times;
    entry.last = stamp;
    // The first of the map is the one that was seen longest ago.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}

function keyOf({ signature, device }: Pick<Entry, 'signature' | 'device'>): string {
  return `${signature}\0${device}`;
}

/** The events in a folder, as of now; empty where there are none. */
export function readEvents(folder: string, now: Now): PastEvent[] {
  const entries = readState(join(folder, EVENTS_FILE)).state?.entries ?? [];
  return entries.map(({ signature, device, count, boot, first, last }) => ({
    ...{ signature, device, count },
    countThisBoot: last.boot === now.boot?.id ? boot : 0,
    firstMs: timeOf(first, now),
    lastMs: timeOf(last, now) ?? 0,
  }));
}

/** When something was seen: of the running boot by how long ago that is; undefined where the clock was not set then. */
function timeOf({ boot, sinceBoot, wall }: Stamp, now: Now): number | undefined {
  if (now.boot?.id === boot) return Math.round(now.wall - (now.boot.sinceBoot - sinceBoot));
  return wall < FLOOR ? undefined : Math.round(wall);
}

function readState(path: string): { state?: State; broken?: string } {
  let text: string | undefined;
  try {
    text = readSmallFile(dirname(path), basename(path), MAX_FILE + 1);
  } catch (error) {
    return { broken: (error as Error).message };
  }
  if (text === undefined) return {};
  try {
    if (text.length > MAX_FILE) throw new Error('it is too long');
    const state = JSON.parse(text) as State;
    const { version, boot, until, entries } = state;
    if (version !== 1 || typeof boot !== 'string' || !Number.isFinite(until) || !Array.isArray(entries))
      throw new Error('it is in another form');
    return { state: { ...state, entries: entries.filter(isEntry).slice(-MAX_ENTRIES) } };
  } catch (error) {
    return { broken: (error as Error).message };
  }
}

function isEntry(value: unknown): value is Entry {
  const { signature, device, count, boot, first, last } = (value ?? {}) as Partial<Entry>;
  const isStamp = (stamp: Stamp | undefined) =>
    typeof stamp?.boot === 'string' && Number.isFinite(stamp.sinceBoot) && Number.isFinite(stamp.wall);
  return (
    typeof signature === 'string' &&
    typeof device === 'string' &&
    Number.isFinite(count) &&
    Number.isFinite(boot) &&
    isStamp(first) &&
    isStamp(last)
  );
}
