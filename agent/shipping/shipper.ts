/**
 * Ships one source to one receiver: reads on from where it was, waits while the receiver is slow, and keeps its place on disk.
 * Nothing is lost; after a broken connection what the receiver may not have got is sent again, so that records can come twice
 * and are told apart by their cursor. Neither protocol has an answer that would tell what has arrived, so a place counts only
 * when the connection has lived on for a while after it was sent.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { Failure } from '../../proto/failure.ts';
import type { Log } from '../../proto/serve/log.ts';
import { sleep } from '../../proto/sleep.ts';
import { type LogRecord, recordsIn } from '../logs/records.ts';
import type { LogEvent, LogGap, LogsDomain } from '../logs/types.ts';
import { formatted, type Protocol } from './format.ts';
import { connectReceiver, type Receiver } from './receiver.ts';

/** What is shipped where. */
export interface Shipment extends Receiver {
  readonly protocol: Protocol;
  /** The source as `nodectl logs` names it. */
  readonly source: string;
}

/** What a shipper works with. */
export interface ShipperParts {
  readonly shipment: Shipment;
  readonly logs: LogsDomain;
  /** The file that keeps its place. */
  readonly placeFile: string;
  readonly log: Log;
  /** Milliseconds after which what was sent counts as arrived while the connection lives. */
  readonly settleMs?: number;
}

/** How a shipper is. */
export interface ShipperState {
  readonly source: string;
  readonly to: string;
  /** Why it is not shipping now, or empty. */
  readonly trouble: string;
  /** Records that were sent since it started. */
  readonly sent: number;
}

const WARNING = 4;
const SETTLE_MS = 5_000;
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [500, 60_000];

/** What was lost at the source is told to the receiver as well, as a record of its own. */
function lost({ records, cause, detail }: LogGap): LogRecord {
  const count = records < 0 ? 'records' : `${records} records`;
  const what =
    cause === 'NOT_PERMITTED' ? 'not all of this log is shipped' : `${count} were lost before this`;
  return {
    text: Buffer.from(`${what}: ${detail}`),
    ...{ usec: Date.now() * 1_000, priority: WARNING, cursor: '' },
    origin: { identifier: 'nodectl-agent', unit: '', pid: 0 },
  };
}

/** Ships until it is stopped. */
export class Shipper {
  readonly #parts: ShipperParts;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #trouble = '';
  #sent = 0;
  /** How often its place moved on. */
  #places = 0;
  /** Places that were sent and do not count yet, oldest first. */
  #pending: { atMs: number; cursor: string }[] = [];

  constructor(parts: ShipperParts) {
    this.#parts = parts;
    this.#done = this.#run();
  }

  /** How it is. */
  get state(): ShipperState {
    const { source, to } = this.#parts.shipment;
    return { source, to, trouble: this.#trouble, sent: this.#sent };
  }

  /** Ends it; resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { shipment, log } = this.#parts;
    const { signal } = this.#stop;
    await this.#begin();
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const before = this.#places;
      try {
        await this.#ship();
      } catch (error) {
        const { message } = Failure.from(error);
        if (signal.aborted) return;
        if (message !== this.#trouble)
          log.warn(
            { source: shipment.source, to: shipment.to, trouble: message },
            'logs are not shipped now',
          );
        this.#trouble = message;
      }
      // Only what counts: a receiver that takes records and drops the connection gets the same ones again each time.
      if (this.#places > before) wait = FIRST_WAIT_MS;
      // Half of it by chance: a fleet must not come back to its receiver in one moment.
      await sleep(wait / 2 + Math.random() * (wait / 2), signal);
    }
  }

  /** The first time a place is where the source ends now: what is written until the receiver is first reached must not be lost. */
  async #begin(): Promise<void> {
    if (this.#place() !== '') return;
    try {
      const options = { ...this.#reading(''), follow: false };
      const { events } = await this.#parts.logs.read(options, this.#stop.signal);
      for await (const event of events)
        if (event.event === 'end' && event.end.cursor !== '') this.#keep(event.end.cursor);
    } catch (err) {
      // A source that cannot be read yet is told when it is to be shipped.
      this.#parts.log.debug({ err }, 'the end of a log to be shipped is not known');
    }
  }

  #reading(cursor: string) {
    return {
      ...{ source: this.#parts.shipment.source, untilUsec: 0, boot: '', grep: '', grepIgnoreCase: false },
      ...{ fields: [], priorities: [], cursor, follow: true, sinceUsec: 0 },
      // The first time from now on: what was before nobody has asked for.
      tail: cursor === '' ? 0 : undefined,
    };
  }

  /** One connection, until it or the source ends. */
  async #ship(): Promise<void> {
    const { shipment, logs } = this.#parts;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, ended.signal]);
    const socket = await connectReceiver(shipment, signal);
    socket.once('close', () => ended.abort());
    this.#pending = [];
    const settle = setInterval(() => this.#settle(), this.#settleMs);
    settle.unref();
    try {
      const { events } = await logs.read(this.#reading(this.#place()), signal);
      this.#trouble = '';
      for await (const event of events) await this.#send(event, socket, signal);
      if (!this.#stop.signal.aborted)
        throw new Failure('CONNECTION_LOST', `the connection to ${shipment.to} ended`);
    } finally {
      clearInterval(settle);
      socket.destroy();
    }
  }

  async #send(event: LogEvent, socket: TLSSocket, signal: AbortSignal): Promise<void> {
    const { node } = this.#parts.logs;
    const { protocol, source } = this.#parts.shipment;
    const frames: Buffer[] = [];
    let cursor = '';
    const records =
      event.event === 'batch' ? recordsIn(event.batch) : event.event === 'gap' ? [lost(event.gap)] : [];
    for (const record of records) {
      frames.push(formatted(protocol, record, { node, source }));
      cursor = record.cursor;
    }
    // Where nothing was written yet, the end of the source is a place too.
    if (event.event === 'watermark' && this.#pending.length === 0) cursor = event.watermark.cursor;
    if (frames.length === 0) {
      if (cursor !== '') this.#pending.push({ atMs: performance.now(), cursor });
      return;
    }
    // What the kernel has not taken yet cannot have arrived, so the place counts from then on.
    const taken = () => {
      if (cursor !== '') this.#pending.push({ atMs: performance.now(), cursor });
    };
    // A slow receiver is waited for, and so the source is read no faster.
    if (!socket.write(Buffer.concat(frames), taken)) await once(socket, 'drain', { signal });
    this.#sent += frames.length;
  }

  get #settleMs(): number {
    return this.#parts.settleMs ?? SETTLE_MS;
  }

  /** Keeps the newest place that counts by now. */
  #settle(): void {
    const until = performance.now() - this.#settleMs;
    const settled = this.#pending.findLastIndex(({ atMs }) => atMs <= until);
    const place = this.#pending[settled];
    if (!place) return;
    this.#pending = this.#pending.slice(settled + 1);
    this.#places++;
    this.#keep(place.cursor);
  }

  #keep(cursor: string): void {
    try {
      writeFileAtomic(this.#parts.placeFile, `${cursor}\n`);
    } catch (err) {
      this.#parts.log.warn({ err }, 'the place of the shipped logs could not be kept');
    }
  }

  #place(): string {
    try {
      return readFileSync(this.#parts.placeFile, 'utf8').trim();
    } catch {
      return '';
    }
  }
}
