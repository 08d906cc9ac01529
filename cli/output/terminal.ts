/** The one door to the user's terminal: data on stdout, everything else on stderr, colour only where it is wanted. */

import { Failure } from '../../proto/failure.ts';
import { visible } from './visible.ts';

/** A stream to write to, as process.stdout is one. */
export interface Sink {
  write(text: string | Uint8Array): boolean;
  once(event: 'drain', listener: () => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const STYLES = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, bold: 1, dim: 2 } as const;

/** A way to set text off. */
export type Style = keyof typeof STYLES;

/** When to use colour: --color. */
export type ColourChoice = 'auto' | 'always' | 'never';

/** What a terminal is made of. */
export interface TerminalOptions {
  stdout: Sink;
  stderr: Sink;
  env: Readonly<Record<string, string | undefined>>;
  colour?: ColourChoice;
  /** Called once when whoever read stdout has gone away. */
  closed?: () => void;
}

/** Whether colour is wanted: the flag, then NO_COLOR (no-color.org), then FORCE_COLOR, then whether it is a terminal. */
function wantsColour(choice: ColourChoice, env: TerminalOptions['env'], isTerminal: boolean): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTerminal && env.TERM !== 'dumb';
}

/** The user's terminal, or the pipes in its place. */
export class Terminal {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
  /** Whether a person can be asked: stderr is a terminal (stdin is looked at where one asks). */
  readonly isErrorTerminal: boolean;
  /** Whether lines on stderr can be taken back and drawn anew: a terminal that is none of those that call themselves dumb. */
  readonly redraws: boolean;
  readonly #colour: boolean;
  readonly #errorColour: boolean;
  #gone = false;
  #failure: Failure | undefined;
  #waiting: (() => void)[] = [];
  readonly #proceed = () => {
    for (const resolve of this.#waiting.splice(0)) resolve();
  };

  constructor({ stdout, stderr, env, colour = 'auto', closed }: TerminalOptions) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.isTerminal = stdout.isTTY === true;
    this.isErrorTerminal = stderr.isTTY === true;
    this.redraws = this.isErrorTerminal && env.TERM !== 'dumb';
    this.#colour = wantsColour(colour, env, this.isTerminal);
    this.#errorColour = wantsColour(colour, env, this.isErrorTerminal);
    stdout.on('error', (error) => {
      // `| head` has read enough: that is no error. Anything else on stdout means lost data.
      if (!this.#gone && error.code !== 'EPIPE') {
        this.#failure = new Failure('INTERNAL', `the output could not be written: ${error.message}`, {
          hint: 'is there room where it goes?',
          cause: error,
        });
        this.warn(this.#failure.message);
      }
      this.#gone = true;
      this.#proceed();
      closed?.();
    });
    stderr.on('error', () => {});
  }

  /** Columns of the terminal, or undefined where output is not cut to a width. */
  get width(): number | undefined {
    return this.isTerminal ? (this.stdout.columns ?? 80) : undefined;
  }

  /** Whether stdout takes colour. */
  get colour(): boolean {
    return this.#colour;
  }

  /** Whether whoever read stdout has gone away. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Why output was lost, where it was for another reason than that its reader has gone. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Waits until an error of what was written last would be known. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Foreign text for stdout: on a terminal with control characters made visible, on a pipe as it is. */
  safe(text: string): string {
    return this.isTerminal ? visible(text) : text;
  }

  /** Writes data to stdout and waits while the reader is slow. */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.#gone || data.length === 0 || this.stdout.write(data)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      // One listener however many wait: a long stream to a slow reader waits a hundred thousand times.
      if (this.#waiting.length === 1) this.stdout.once('drain', this.#proceed);
    });
  }

  /** Writes a line to stdout. */
  async line(text = ''): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** Writes a line about the work, not of the data, to stderr. Control characters are made visible. */
  note(text: string): void {
    this.stderr.write(`${visible(text)}\n`);
  }

  /** Like note, set off as a warning. */
  warn(text: string): void {
    this.stderr.write(`${this.styleError('yellow', 'warning:')} ${visible(text)}\n`);
  }

  /** Text for stdout in a style, or as it is where colour is not wanted. */
  style(style: Style, text: string): string {
    return this.#colour && text !== '' ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
  }

  /** Text for stderr in a style. */
  styleError(style: Style, text: string): string {
    return this.#errorColour ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
  }
}
