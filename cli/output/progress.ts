/** How far a long piece of work is: one line that is drawn anew on a terminal, with rate and time left; JSON lines elsewhere. */

import { formatDuration } from '../duration.ts';
import { barText } from './bar.ts';
import { bytesText } from './bytes.ts';
import { Meter } from './meter.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** How progress is told: as suits stderr, as a line that is drawn anew, as JSON lines, or not at all. */
export type ProgressChoice = 'auto' | 'bar' | 'json' | 'none';

/** Oftener than this nobody reads a line. */
const REDRAW_MS = 100;
const JSON_MS = 1_000;

/** Progress of one piece of work, counted in bytes, told on stderr. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #how: 'bar' | 'json' | 'none';
  readonly #now: () => number;
  #what = '';
  #toldAt = Number.NEGATIVE_INFINITY;
  #drawn = false;
  #meter: Meter;

  /** @param now ms on a clock that is never set; for tests */
  constructor(terminal: Terminal, choice: ProgressChoice, now = () => performance.now()) {
    this.#terminal = terminal;
    const suits = terminal.redraws ? 'bar' : terminal.isErrorTerminal ? 'none' : 'json';
    this.#how = choice === 'auto' ? suits : choice;
    this.#now = now;
    this.#meter = new Meter(now);
  }

  /**
   * Tells how far it is; what comes too soon after the last telling is left out, but for the beginning and the end of something.
   * @param what what is worked on, a few words
   * @param done bytes, of `total`
   */
  update(what: string, done: number, total: number): void {
    if (this.#how === 'none') return;
    const at = this.#now();
    const isNew = what !== this.#what;
    if (isNew) this.#meter = new Meter(this.#now);
    this.#what = what;
    this.#meter.add(done);
    if (!isNew && done < total && at - this.#toldAt < (this.#how === 'bar' ? REDRAW_MS : JSON_MS)) return;
    this.#toldAt = at;
    // What does not move has no rate that would say anything.
    const rate = this.#meter.perSecond || undefined;
    const secondsLeft = rate === undefined ? undefined : (total - done) / rate;
    if (this.#how === 'json') this.#json({ what, done, total, rate, secondsLeft });
    else this.#draw(what, done, total, rate, secondsLeft);
  }

  /** A line on stderr about something that happened, without the drawn line in its way. */
  warn(text: string): void {
    this.clear();
    this.#terminal.warn(text);
  }

  /** Takes the drawn line away. */
  clear(): void {
    if (this.#drawn) this.#terminal.stderr.write('\r\x1b[K');
    this.#drawn = false;
  }

  #json(state: {
    what: string;
    done: number;
    total: number;
    rate: number | undefined;
    secondsLeft: number | undefined;
  }): void {
    const { what, done, total, rate, secondsLeft } = state;
    const line = {
      ...{ progress: what, bytes: done, total },
      ...(rate === undefined ? {} : { bytesPerSecond: Math.round(rate) }),
      ...(secondsLeft === undefined ? {} : { secondsLeft: Math.round(secondsLeft) }),
    };
    this.#terminal.stderr.write(`${JSON.stringify(line)}\n`);
  }

  #draw(
    what: string,
    done: number,
    total: number,
    rate: number | undefined,
    secondsLeft: number | undefined,
  ): void {
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const parts = [
      barText(share),
      `${bytesText(done)} of ${bytesText(total)}`,
      ...(rate === undefined ? [] : [`${bytesText(rate)}/s`]),
      ...(secondsLeft === undefined || done >= total
        ? []
        : [`${formatDuration(Math.ceil(secondsLeft) * 1_000)} left`]),
    ];
    const columns = this.#terminal.stderr.columns || 80;
    const line = `${visible(what)} ${parts.join('  ')}`;
    this.#terminal.stderr.write(`\r\x1b[K${line.slice(0, columns - 1)}`);
    this.#drawn = true;
  }
}
