/** Reads logs from many nodes and sources at once into one output: streams, feeds and merge put together. */

import type { Failure } from '../../proto/failure.ts';
import { Feed } from './feed.ts';
import { Merge } from './merge.ts';
import { Gate, type LogTarget, NodeLink } from './node-link.ts';
import { type ByteSink, LogOutput } from './output.ts';
import { gapText, type Renderer } from './render.ts';
import type { Place } from './resume-cursor.ts';
import { type LogRequest, resumedStream } from './stream.ts';
import { spanText } from './time-text.ts';

/** With --follow a record waits for earlier ones of other nodes for so long and no longer. */
const FOLLOW_WINDOW_MS = 1_000;
/** What all connections together may hold unread, in bytes, shared among the nodes. */
const WINDOWS_BYTES = 64 * 1024 * 1024;
const WIDEST_WINDOW_BYTES = 4 * 1024 * 1024;
/** HTTP/2's own default, below which a stream would only crawl. */
const NARROWEST_WINDOW_BYTES = 65_535;
/** With more streams than these each reads ahead by one batch in place of two. */
const MANY_STREAMS = 64;

/** What is read, and where to. */
export interface ReadOptions {
  targets: readonly LogTarget[];
  /** Sources as they were asked for; an empty text is the node's default. */
  sources: readonly string[];
  /** The conditions, without source and cursor. */
  request: LogRequest;
  /** Where streams go on, from --resume. */
  places: readonly Place[];
  renderer: Renderer;
  output: ByteSink;
  /** Takes a line of news for a person: connections lost and back, gaps. */
  tell: (line: string) => void;
  /** Told at once when a stream has failed for good, for reads that go on. */
  onFailure?: (failure: StreamFailure) => void;
  /** How long a broken stream is tried again, in milliseconds. */
  retryForMs: number;
  signal: AbortSignal;
  /** How many nodes are connected to at once. */
  connectAtOnce: number;
  /** How long a node that is connected may take until it begins to send, in milliseconds. */
  answerWithinMs: number;
}

/** A stream that failed for good. */
export interface StreamFailure {
  node: string;
  source: string;
  failure: Failure;
}

/** How a read ended. */
export interface ReadResult {
  failures: StreamFailure[];
  /** Where every stream can go on. */
  places: Place[];
  /** Records shown. */
  shown: number;
  /** Records whose message the node had cut. */
  cut: number;
}

/** Reads until every stream has ended, the signal is aborted, or nobody reads the output. Never throws. */
export async function readLogs(options: ReadOptions): Promise<ReadResult> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  options.signal.addEventListener('abort', abort, { once: true });
  if (options.signal.aborted) abort();
  const { signal } = stop;
  const gate = new Gate(options.connectAtOnce);
  const share = Math.floor(WINDOWS_BYTES / Math.max(1, options.targets.length));
  const windowBytes = Math.min(WIDEST_WINDOW_BYTES, Math.max(NARROWEST_WINDOW_BYTES, share));
  const links = options.targets.map(
    (target) => new NodeLink(target, gate, windowBytes, options.answerWithinMs),
  );
  const readAhead = options.targets.length * options.sources.length > MANY_STREAMS ? 1 : 2;
  const feeds = options.targets.flatMap(({ node }, nodeAt) =>
    options.sources.map((asked, sourceAt) => {
      const cursor =
        options.places.find((place) => place.node === node && place.source === asked)?.cursor ?? '';
      return new Feed({ node, asked, order: nodeAt * options.sources.length + sourceAt, cursor, readAhead });
    }),
  );
  const output = new LogOutput({
    renderer: options.renderer,
    sink: options.output,
    signal,
    onGone: abort,
    onGap: (feed, gap) => options.tell(`${feed.node}, ${feed.source || 'logs'}: ${gapText(gap)}`),
  });
  const now = () => performance.now();
  const windowMs = options.request.follow ? FOLLOW_WINDOW_MS : Infinity;
  const merge = new Merge({ feeds, output, windowMs, signal, now });
  const news = new ConnectionNews(feeds, options.tell);
  // Who follows several nodes wants those too that restart just now. Where there is none at all, there is nothing to wait beside.
  const patient = options.request.follow && options.targets.length > 1 && options.retryForMs > 0;
  const unreached = new Map<Feed, Failure>();
  const giveUpAll = () => {
    if (signal.aborted || feeds.some((feed) => feed.opened || !(feed.failure ?? unreached.get(feed)))) return;
    for (const feed of feeds) feed.failure ??= unreached.get(feed);
    abort();
  };
  const pumps = feeds.map((feed) => {
    const link = links[Math.floor(feed.order / options.sources.length)] as NodeLink;
    const stream = resumedStream({
      open: (request, streamSignal) => link.read(request, streamSignal),
      request: { ...options.request, source: feed.asked, cursor: feed.cursor },
      retryForMs: options.retryForMs,
      patient,
      renewed: () => link.renewed(),
      signal,
    });
    return feed.pump(
      stream,
      (event) => {
        if (feed.opened || event?.kind === 'back') unreached.delete(feed);
        else if (event?.kind === 'lost') unreached.set(feed, event.failure);
        if (event) news.take(feed, event);
        if (unreached.size > 0) {
          news.tellUnreached(unreached);
          giveUpAll();
        }
        merge.changed();
      },
      now,
    );
  });
  if (options.onFailure)
    for (const [at, pump] of pumps.entries()) void pump.then(() => tellFailure(feeds[at] as Feed));
  function tellFailure({ node, asked, failure }: Feed): void {
    if (failure && !signal.aborted) options.onFailure?.({ node, source: asked, failure });
  }
  await merge.run();
  stop.abort();
  for (const feed of feeds) feed.stop();
  await Promise.all(pumps);
  for (const link of links) link.close();
  if (!options.output.gone) await output.finish();
  options.signal.removeEventListener('abort', abort);
  return {
    failures: feeds.flatMap(({ node, asked, failure }) =>
      failure ? [{ node, source: asked, failure }] : [],
    ),
    places: feeds.map(({ node, asked, cursor }) => ({ node, source: asked, cursor })),
    shown: output.shown,
    cut: output.cut,
  };
}

/** Says once a node, and not once a stream, that it was lost and that it is back. */
class ConnectionNews {
  readonly #feeds: readonly Feed[];
  readonly #tell: (line: string) => void;
  readonly #away = new Set<string>();
  readonly #unreached = new Set<string>();

  constructor(feeds: readonly Feed[], tell: (line: string) => void) {
    this.#feeds = feeds;
    this.#tell = tell;
  }

  /** Says which nodes are not there yet, once others are. */
  tellUnreached(unreached: ReadonlyMap<Feed, Failure>): void {
    if (!this.#feeds.some(({ opened }) => opened)) return;
    for (const [{ node }, { message }] of unreached) {
      if (this.#unreached.has(node)) continue;
      this.#unreached.add(node);
      this.#tell(`${node}: not reached: ${message}; trying again`);
    }
  }

  take(
    feed: Feed,
    event: { kind: 'lost'; failure: Failure } | { kind: 'back'; afterMs: number } | { kind: 'end' },
  ): void {
    const { node } = feed;
    if (event.kind === 'lost' && feed.opened && !this.#away.has(node)) {
      this.#away.add(node);
      this.#tell(`${node}: lost: ${event.failure.message}; trying again`);
    }
    if (event.kind === 'back' && this.#unreached.delete(node))
      this.#tell(`${node}: there after ${spanText(event.afterMs)}`);
    if (
      event.kind === 'back' &&
      this.#away.has(node) &&
      !this.#feeds.some((one) => one.node === node && one.lost)
    ) {
      this.#away.delete(node);
      this.#tell(`${node}: back after ${spanText(event.afterMs)}, going on where it broke off`);
    }
  }
}
