/**
 * Records as lines for people. Every line begins with its node where several are read. On a pipe the bytes of messages
 * pass unchanged (lines are put together as strings with a character a byte); on a terminal they are made safe to look at
 * and coloured by priority.
 */

import { facilityName, isFacility, PRIORITIES } from '../../proto/syslog.ts';
import { thousands } from '../output/thousands.ts';
import { visible, visibleBytes, visibleName } from '../output/visible.ts';
import type { Origin, RecordBatch } from './batch.ts';
import { gapText, type RecordPlace, type Renderer } from './render.ts';
import { isoTime, shortTime, type TimeText } from './time-text.ts';

/**
 * What a line shows. `text`: time, writer and message, but the lines of declared files as they are, since those carry their
 * own time; `short`: time, writer and message always; `iso`: the same with full times; `kernel`: time and message.
 */
export type TextStyle = 'text' | 'short' | 'iso' | 'kernel';

/** The field that a `kernel` line with `sinceBoot` needs of each record. */
export const MONOTONIC_FIELD = '_SOURCE_MONOTONIC_TIMESTAMP';
/** The field that a `kernel` line with `facility` needs of each record. */
export const FACILITY_FIELD = 'SYSLOG_FACILITY';

/** How lines are made. */
export interface TextOptions {
  style: TextStyle;
  /** Whether a person looks at it: what could act on the terminal is escaped. */
  terminal: boolean;
  colour: boolean;
  /** Times in UTC; else local time. */
  utc: boolean;
  /** The nodes that lines are prefixed with, in the order of their colours; empty for no prefix. */
  nodes: readonly string[];
  /** Whether the lines of declared files need their source before them, because several sources are read. */
  nameSources: boolean;
  /** `kernel` only: seconds since boot in place of the time. */
  sinceBoot?: boolean;
  /** `kernel` only: facility and level before the message. */
  facility?: boolean;
  /** Fields that were asked for to make the line and are not shown as such. */
  hiddenFields?: readonly string[];
}

const RESET = '\x1b[0m';
const DIM = '\x1b[2m';
/** Distinct on dark and light grounds; red and yellow are left to priorities. */
const NODE_COLOURS = [
  '\x1b[36m',
  '\x1b[32m',
  '\x1b[35m',
  '\x1b[34m',
  '\x1b[96m',
  '\x1b[92m',
  '\x1b[95m',
  '\x1b[94m',
];
const PRIORITY_COLOURS = [
  '\x1b[1;31m',
  '\x1b[1;31m',
  '\x1b[1;31m',
  '\x1b[31m',
  '\x1b[33m',
  '\x1b[1m',
  '',
  DIM,
];
/** Of a longer message a terminal gets so many bytes: 64 KiB of one would push out all that a person looks at. */
const LONGEST_SHOWN = 4_096;
/** A longer name pushes its own lines to the right and not everybody's. */
const WIDEST_PREFIX = 24;

/** A renderer of lines. */
export function textRenderer(options: TextOptions): Renderer {
  return new TextRenderer(options);
}

class TextRenderer implements Renderer {
  readonly head = '';
  readonly foot = '';
  readonly #options: TextOptions;
  readonly #prefixes = new Map<string, string>();
  readonly #time: TimeText;
  readonly #origins = new Map<Origin, string>();
  #batch: RecordBatch | undefined;

  constructor(options: TextOptions) {
    this.#options = options;
    this.#time = options.style === 'iso' ? isoTime(options.utc) : shortTime(options.utc);
    const width = Math.min(WIDEST_PREFIX, Math.max(0, ...options.nodes.map((node) => node.length)));
    for (const [at, node] of options.nodes.entries()) {
      const text = options.terminal ? `${node}:`.padEnd(width + 1) : `${node}:`;
      this.#prefixes.set(
        node,
        this.#bytes(`${this.#paint(text, NODE_COLOURS[at % NODE_COLOURS.length] ?? '')} `),
      );
    }
  }

  records(place: RecordPlace, batch: RecordBatch, from: number, to: number): Buffer {
    const { style, terminal, colour, nameSources } = this.#options;
    const prefix = this.#prefixes.get(place.node) ?? '';
    const asTheyAre = style === 'text' && place.source.startsWith('file/');
    if (asTheyAre && !terminal && !prefix && !nameSources && !batch.hasTruncated && !batch.hasFields)
      return batch.text.subarray(batch.start(from), (batch.ends[to - 1] as number) + 1);
    if (batch !== this.#batch) this.#origins.clear();
    this.#batch = batch;
    const plain = !batch.multiline && !batch.hasTruncated && !batch.hasFields && !terminal && !colour;
    const { binary, ends, times } = batch;
    const fileLead = nameSources ? this.#bytes(`${shortName(place.source)}: `) : '';
    let out = '';
    for (let index = from; index < to; index++) {
      const lead = asTheyAre ? fileLead : this.#lead(place, batch, index, times[index] as number);
      out += plain
        ? `${prefix}${lead}${binary.substring(batch.start(index), (ends[index] as number) + 1)}`
        : this.#line(prefix, lead, batch, index);
    }
    return Buffer.from(out, terminal ? 'utf8' : 'latin1');
  }

  gap(place: RecordPlace, gap: Parameters<Renderer['gap']>[1]): Buffer | undefined {
    // Lines on a pipe are data; there the gap is told on standard error.
    if (!this.#options.terminal) return undefined;
    const text = `-- ${visibleName(place.node)}, ${visibleName(place.source)}: ${visible(gapText(gap))} --`;
    return Buffer.from(`${this.#prefixes.get(place.node) ?? ''}${this.#paint(text, '\x1b[1;33m')}\n`);
  }

  /** What stands between the node and the message. */
  #lead(place: RecordPlace, batch: RecordBatch, index: number, usec: number): string {
    if (this.#options.style === 'kernel') return this.#kernelLead(batch, index, usec);
    const time = this.#options.colour ? this.#paint(this.#time(usec), DIM) : this.#time(usec);
    return `${time} ${this.#origin(place, batch.origin(index))}`;
  }

  #kernelLead(batch: RecordBatch, index: number, usec: number): string {
    const { sinceBoot, facility } = this.#options;
    const fields = sinceBoot || facility ? batch.fields(index) : undefined;
    let time = this.#time(usec);
    if (sinceBoot) {
      const micros = Number(fields?.get(MONOTONIC_FIELD)?.toString('latin1') ?? Number.NaN);
      time = (Number.isFinite(micros) ? (micros / 1e6).toFixed(6) : '?').padStart(12);
    }
    const lead = `${this.#paint(`[${time}]`, DIM)} `;
    const writer = this.#kernelWriter(batch.origin(index));
    if (!facility) return `${lead}${writer}`;
    const number = Number(fields?.get(FACILITY_FIELD)?.toString('latin1') ?? 0);
    return `${lead}${facilityName(number)}.${PRIORITIES[batch.priority(index) ?? 6]}: ${writer}`;
  }

  /** journald takes the name of a program that writes into the kernel's log out of the message; the ring buffer has it there. */
  #kernelWriter({ identifier, pid }: Origin): string {
    if (identifier === '' || identifier === 'kernel' || isFacility(identifier)) return '';
    return this.#bytes(`${visibleName(identifier)}${pid ? `[${pid}]` : ''}: `);
  }

  #origin(place: RecordPlace, origin: Origin): string {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const name = origin.identifier || origin.unit.replace(/\.service$/, '') || shortName(place.source);
    const text = this.#bytes(`${visibleName(name)}${origin.pid ? `[${origin.pid}]` : ''}: `);
    this.#origins.set(origin, text);
    return text;
  }

  /** A line that needs more than putting its parts together: safe to look at, coloured, of several lines, cut. */
  #line(prefix: string, lead: string, batch: RecordBatch, index: number): string {
    const { terminal, hiddenFields = [] } = this.#options;
    const bytes = batch.message(index);
    let message = terminal ? forScreen(withoutReturn(bytes)) : bytes.toString('latin1');
    if (batch.isTruncated(index)) message += this.#bytes(` [cut after ${bytes.length} bytes]`);
    if (batch.hasFields)
      for (const [name, value] of batch.fields(index))
        if (!hiddenFields.includes(name))
          message += terminal
            ? ` ${visibleName(name)}=${visibleBytes(value)}`
            : ` ${this.#bytes(name)}=${value.toString('latin1')}`;
    const colour = PRIORITY_COLOURS[batch.priority(index) ?? 6] ?? '';
    const indent = ' '.repeat(lead.replace(/\x1b\[[\d;]*m/g, '').length);
    return message
      .split('\n')
      .map((part, at) => `${prefix}${at === 0 ? lead : indent}${this.#paint(part, colour)}\n`)
      .join('');
  }

  #paint(text: string, colour: string): string {
    return this.#options.colour && colour && text ? `${colour}${text}${RESET}` : text;
  }

  /** Text in the form that lines are put together in. */
  #bytes(text: string): string {
    return this.#options.terminal ? text : Buffer.from(text).toString('latin1');
  }
}

/** A message as a person can look at it. What is left out of a very long one is said. */
function forScreen(bytes: Buffer): string {
  if (bytes.length <= LONGEST_SHOWN) return visibleBytes(bytes);
  let end = LONGEST_SHOWN;
  // Not in the middle of a character.
  while (end > LONGEST_SHOWN - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  const [shown, all] = [thousands(end), thousands(bytes.length)];
  return `${visibleBytes(bytes.subarray(0, end))} [${shown} of ${all} bytes; on a pipe there are all of them]`;
}

/** A line that ended with CR LF has a CR left, which means nothing. */
function withoutReturn(bytes: Buffer): Buffer {
  return bytes[bytes.length - 1] === 13 ? bytes.subarray(0, -1) : bytes;
}

/** The last part of a source's name: the file's or the container's. */
function shortName(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}
