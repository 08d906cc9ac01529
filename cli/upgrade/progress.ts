/**
 * What is seen of upgrades while they run: on a terminal a block of lines that is drawn anew, a line a node, or lines one after the other
 * where nothing can be drawn anew; for programs a line of JSON for each change and at most one a second for what only grows.
 */

import type { Failure } from '../../proto/failure.ts';
import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { formatDuration } from '../duration.ts';
import { barText } from '../output/bar.ts';
import { bytesText } from '../output/bytes.ts';
import { Meter } from '../output/meter.ts';
import type { Terminal } from '../output/terminal.ts';
import { visibleJson, visibleName } from '../output/visible.ts';
import { cut } from '../output/width.ts';
import type { Followed } from './follow.ts';
import { hasEnded, wordOf } from './words.ts';

const DRAW_EVERY_MS = 200;
const TELL_EVERY_MS = 1_000;
/** Lines of the block; further nodes are counted. */
const MOST_LINES = 12;
/** A node that reboots is silent; that is told after a while only. */
const SILENT_AFTER_MS = 3_000;

/** Where progress goes. */
export interface ProgressView {
  /** What `followUpgrade` tells of a node goes here. */
  of(node: string): Followed;
  /** What is done with a node outside of its own upgrade: "drains". */
  note(node: string, text: string): void;
  /** The node needs no line any more. */
  done(node: string): void;
  /** How far a rollout over several nodes is. */
  rollout(counts: RolloutCounts): void;
  /** Takes the block away. */
  end(): void;
}

/** How many nodes of a rollout are how far. */
export interface RolloutCounts {
  readonly nodes: number;
  /** They have the image and wait for their turn, or reboot. */
  readonly armed: number;
  /** Confirmed, being tested until an operator confirms, or nothing was to be done. */
  readonly well: number;
  readonly bad: number;
  /** Given up because of the bad ones. */
  readonly stopped: number;
}

/**
 * Progress for whoever reads: lines of JSON on stdout where `lines` is set, else the block on a terminal, a line for each change on one
 * that cannot draw anew, and elsewhere nothing.
 */
export function progressView(terminal: Terminal, lines: boolean): ProgressView {
  if (lines) return new JsonLines(terminal);
  if (terminal.redraws) return new Block(terminal);
  return terminal.isErrorTerminal ? new Lines(terminal) : SILENT;
}

const SILENT: ProgressView = {
  of: () => ({ upgrade: () => undefined, silent: () => undefined }),
  note: () => undefined,
  done: () => undefined,
  rollout: () => undefined,
  end: () => undefined,
};

/** The counts in a line for people. */
export function rolloutLine({ nodes, armed, well, bad, stopped }: RolloutCounts): string {
  return [
    `${well} of ${nodes} nodes done`,
    ...(bad > 0 ? [`${bad} did not end well`] : []),
    ...(stopped > 0 ? [`${stopped} given up`] : []),
    ...(armed > 0 ? [`${armed} more have the image`] : []),
  ].join(', ');
}

/** What a phase is called while it runs. */
const DOING: Readonly<Record<string, string>> = {
  planned: 'waits for the image',
  transferring: 'receives',
  verifying: 'reads back',
  installing: 'installs the kernel',
  armed: 'armed',
  rebooting: 'reboots',
  testing: 'tests its health',
};

/** A line about an upgrade, without the node's name. */
export function progressLine(upgrade: Upgrade, meter: Meter): string {
  const word = wordOf(upgrade.state);
  const what = DOING[word] ?? word;
  const { doneBytes = 0, totalBytes = 0, part = '', wireBytes = 0 } = upgrade.progress ?? {};
  if (hasEnded(upgrade)) return upgrade.why === '' ? what : `${what}: ${upgrade.why}`;
  if (totalBytes <= 0) return upgrade.waitingFor === '' ? what : `${what}, ${upgrade.waitingFor}`;
  const rate = meter.perSecond;
  const left = meter.leftMs(totalBytes);
  return [
    `${what}${part === '' ? '' : ` (${part})`}`,
    barText(doneBytes / totalBytes),
    // What a narrow terminal cuts off is what is missed least.
    ...(rate === undefined ? [] : [`${bytesText(rate)}/s`]),
    ...(left === undefined ? [] : [`${formatDuration(left)} left`]),
    `${bytesText(doneBytes)} of ${bytesText(totalBytes)}`,
    ...(word === 'transferring' ? [`${bytesText(wireBytes)} sent`] : []),
  ].join('  ');
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

class Block implements ProgressView {
  readonly #terminal: Terminal;
  readonly #nodes = new Map<string, { line: () => string }>();
  readonly #timer: NodeJS.Timeout;
  #rollout = '';
  #drawn = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.#draw(), DRAW_EVERY_MS);
    this.#timer.unref();
  }

  of(node: string): Followed {
    const meter = new Meter();
    let phase = '';
    return {
      upgrade: (upgrade) => {
        const now = `${upgrade.state}/${upgrade.progress?.part}`;
        if (now !== phase) meter.add(0);
        phase = now;
        meter.add(upgrade.progress?.doneBytes ?? 0);
        this.#nodes.set(node, { line: () => progressLine(upgrade, meter) });
      },
      silent: (milliseconds) => {
        const text = `does not answer, for ${formatDuration(milliseconds)} now`;
        if (milliseconds >= SILENT_AFTER_MS) this.#nodes.set(node, { line: () => text });
      },
    };
  }

  note(node: string, text: string): void {
    this.#nodes.set(node, { line: () => text });
  }

  done(node: string): void {
    this.#nodes.delete(node);
  }

  rollout(counts: RolloutCounts): void {
    this.#rollout = rolloutLine(counts);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#wipe();
  }

  #wipe(): void {
    if (this.#drawn > 0) this.#terminal.stderr.write(`\x1b[${this.#drawn}A\r\x1b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    const width = this.#terminal.stderr.columns || 80;
    const names = Math.max(0, ...[...this.#nodes.keys()].map((name) => name.length));
    const lines = [...this.#nodes]
      .sort(byName)
      .map(([node, { line }]) => cut(`${node.padEnd(names)}  ${visibleName(line())}`, width - 1));
    const rest = lines.length - MOST_LINES;
    const shown = [
      ...lines.slice(0, MOST_LINES),
      ...(rest > 0 ? [`and ${rest} more nodes`] : []),
      ...(this.#rollout === '' ? [] : [cut(this.#rollout, width - 1)]),
    ];
    this.#wipe();
    this.#drawn = shown.length;
    this.#terminal.stderr.write(shown.map((line) => `${line}\n`).join(''));
  }
}

class Lines implements ProgressView {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  of(node: string): Followed {
    let [before, silent] = ['', false];
    return {
      upgrade: ({ progress: _, ...upgrade }) => {
        silent = false;
        // Without what grows all the time.
        const line = progressLine({ ...upgrade, progress: null }, new Meter());
        if (line !== before) this.note(node, line);
        before = line;
      },
      silent: (milliseconds) => {
        if (!silent && milliseconds >= SILENT_AFTER_MS) this.note(node, 'does not answer');
        silent ||= milliseconds >= SILENT_AFTER_MS;
      },
    };
  }

  note(node: string, text: string): void {
    this.#terminal.note(`${node}: ${text}`);
  }

  done(): void {}

  rollout(counts: RolloutCounts): void {
    this.#terminal.note(rolloutLine(counts));
  }

  end(): void {}
}

class JsonLines implements ProgressView {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  of(node: string): Followed {
    let [state, told, silent] = ['', 0, false];
    return {
      upgrade: (upgrade) => {
        const now = Date.now();
        silent = false;
        if (upgrade.state === state && now - told < TELL_EVERY_MS) return;
        [state, told] = [upgrade.state, now];
        const { id, progress, waitingFor, why } = upgrade;
        this.#tell({ event: 'progress', node, id, state: wordOf(state), ...progress, waitingFor, why });
      },
      silent: (milliseconds, failure: Failure) => {
        if (!silent) this.#tell({ event: 'silent', node, milliseconds, reason: failure.reason });
        silent = true;
      },
    };
  }

  note(node: string, text: string): void {
    this.#tell({ event: 'note', node, text });
  }

  done(): void {}

  rollout(counts: RolloutCounts): void {
    this.#tell({ event: 'rollout', ...counts });
  }

  end(): void {}

  #tell(event: Record<string, unknown>): void {
    const line = JSON.stringify(event);
    void this.#terminal.write(`${this.#terminal.isTerminal ? visibleJson(line) : line}\n`);
  }
}
