/** A real browser without a window, told what to do over its DevTools protocol on two pipes. For tests. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];
/** Nothing is fetched and nobody is asked. */
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--hide-scrollbars'],
  ...[
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
  ],
  ...['--disable-dev-shm-usage', '--remote-debugging-pipe'],
];
const LIMIT_MS = 60_000;

/** The browser's program, or undefined where there is none. */
export function chromium(): string | undefined {
  return PROGRAMS.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** What the protocol sends. */
interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** A page that is open. */
export class Page {
  readonly complaints: string[] = [];
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #next = 1;
  #session = '';
  #loaded = Promise.withResolvers<void>();

  private constructor(program: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'nodectl-chromium-'));
    this.#child = spawn(program, [...FLAGS, `--user-data-dir=${this.#folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: this.#folder },
    });
    let rest = '';
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop() ?? '';
      for (const part of parts) this.#take(JSON.parse(part) as Message);
    });
    (this.#child.stdio[3] as Writable).on('error', () => undefined);
  }

  /** Opens a file. @param dark whether the user prefers dark pages */
  static async open(
    program: string,
    file: string,
    { dark = false, width = 1_200, height = 900, scale = 1 } = {},
  ): Promise<Page> {
    const page = new Page(program);
    try {
      const { targetId } = await page.#call('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await page.#call('Target.attachToTarget', { targetId, flatten: true });
      page.#session = String(sessionId);
      for (const domain of ['Page', 'Log', 'Runtime']) await page.#call(`${domain}.enable`);
      await page.#call('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: scale,
        mobile: false,
      });
      await page.#call('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
      });
      page.#loaded = Promise.withResolvers<void>();
      await page.#call('Page.navigate', { url: pathToFileURL(file).href });
      await page.#loaded.promise;
      return page;
    } catch (error) {
      await page.close();
      throw error;
    }
  }

  /** The value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#call('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  }

  /** A picture of what is seen, or of the whole page, as PNG. */
  async screenshot(whole = false): Promise<Buffer> {
    const { data } = await this.#call('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: whole,
    });
    return Buffer.from(String(data), 'base64');
  }

  /** Ends the browser, and takes its folder away. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.kill('SIGKILL'))
      await ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #take({ id, method, params = {}, ...rest }: Message): void {
    if (id !== undefined) {
      this.#waiting.get(id)?.({ id, ...rest });
      this.#waiting.delete(id);
    }
    if (method === 'Page.loadEventFired') this.#loaded.resolve();
    if (method === 'Log.entryAdded') this.complaints.push((params.entry as { text: string }).text);
    if (method === 'Runtime.consoleAPICalled')
      this.complaints.push(`console: ${JSON.stringify(params.args)}`);
    if (method === 'Runtime.exceptionThrown') this.complaints.push(`exception: ${JSON.stringify(params)}`);
  }

  async #call(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const answer = Promise.withResolvers<Message>();
    this.#waiting.set(id, answer.resolve);
    const timer = setTimeout(
      () => answer.reject(new Error(`the browser did not answer ${method}`)),
      LIMIT_MS,
    );
    const gone = () => answer.reject(new Error(`the browser ended before it answered ${method}`));
    this.#child.once('exit', gone);
    try {
      const session = this.#session ? { sessionId: this.#session } : {};
      (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
      const { result, error } = await answer.promise;
      if (error) throw new Error(`${method}: ${error.message}`);
      return result ?? {};
    } finally {
      clearTimeout(timer);
      this.#child.off('exit', gone);
    }
  }
}
