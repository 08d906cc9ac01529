/** What a logs command line asks for, checked as a whole before anything is connected. */

import { nearest } from '../../proto/did-you-mean.ts';
import { Failure } from '../../proto/failure.ts';
import { parseDuration } from '../duration.ts';
import type { Renderer } from './render.ts';
import { jsonRenderer } from './render-json.ts';
import { rawRenderer } from './render-raw.ts';
import { type TextOptions, textRenderer } from './render-text.ts';
import type { Place } from './resume-cursor.ts';

/** The output formats of log records. */
export const FORMATS = ['text', 'short', 'iso', 'raw', 'json', 'jsonl'] as const;

/** One of them. */
export type LogFormat = (typeof FORMATS)[number];

/** Reads -o. Throws BAD_ARGUMENT. */
export function formatOf(given: string | undefined): LogFormat {
  if (given === undefined) return 'text';
  const known = FORMATS.find((one) => one === given);
  if (known) return known;
  const near = nearest(given, FORMATS);
  throw new Failure('BAD_ARGUMENT', `"${given.slice(0, 40)}" is not an output format of log records`, {
    hint: near ? `did you mean "${near}"?` : `the formats are ${FORMATS.join(', ')}`,
  });
}

/** Without --follow a broken stream is tried again for so long, with it for an hour: the reader waits, or looks on. */
const RETRY_MS = 30_000;
const RETRY_FOLLOW_MS = 3_600_000;
/** Nodes times sources; far beyond any fleet that one would read at once, and a bound on what is held in memory. */
const MOST_STREAMS = 4_096;

/** How long a broken stream is tried again, in milliseconds. Throws BAD_ARGUMENT where the text is no duration. */
export function retryFor(text: string | undefined, follow: boolean): number {
  if (text === undefined) return follow ? RETRY_FOLLOW_MS : RETRY_MS;
  const ms = text === '0' ? 0 : parseDuration(text);
  if (ms === undefined)
    throw new Failure('BAD_ARGUMENT', `"${text}" after --retry-for is not a duration`, {
      hint: 'write 30s, 10m or 2h, or 0 for no second attempt',
    });
  return ms;
}

/**
 * The sources to read, each once: those that were named, else those of the cursor, else each node's default.
 * @throws Failure BAD_ARGUMENT for a name that cannot be one
 */
export function sourcesOf(named: readonly string[], places: readonly Place[]): string[] {
  for (const name of named)
    if (name === '' || name.length > 512 || /[\0-\x1f\x7f]/.test(name))
      throw new Failure('BAD_ARGUMENT', `${JSON.stringify(name)} is not the name of a unit or source`, {
        hint: 'nodectl logs --list shows the sources of a node',
      });
  const chosen = named.length > 0 ? named : places.map(({ source }) => source);
  return chosen.length > 0 ? [...new Set(chosen)] : [''];
}

/** Throws where there are too many streams, or where a cursor has nothing to do with what is read. */
export function checkStreams(
  nodes: readonly string[],
  sources: readonly string[],
  places: readonly Place[],
): void {
  if (nodes.length * sources.length > MOST_STREAMS)
    throw new Failure(
      'BAD_ARGUMENT',
      `${nodes.length} nodes with ${sources.length} sources each are more than the ${MOST_STREAMS} streams that are read at once`,
      { hint: 'read fewer nodes, or fewer sources, at a time' },
    );
  if (
    places.length > 0 &&
    !places.some(({ node, source }) => nodes.includes(node) && sources.includes(source))
  )
    throw new Failure('BAD_CURSOR', 'the cursor after --resume belongs to other nodes or sources', {
      hint: 'leave the nodes and sources out: the cursor knows them',
    });
}

/** How records are shown. */
export interface ShowOptions extends Omit<TextOptions, 'style'> {
  format: LogFormat;
  /** What `text` means for the command. */
  textStyle: 'text' | 'kernel';
}

/** The renderer for a format. */
export function rendererOf({ format, textStyle, ...options }: ShowOptions): Renderer {
  if (format === 'raw') return rawRenderer(options.terminal);
  if (format === 'json' || format === 'jsonl') return jsonRenderer(format, options.terminal);
  return textRenderer({ ...options, style: format === 'text' ? textStyle : format });
}
