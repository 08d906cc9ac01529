/**
 * Runs ethtool for many interfaces: a few at once, each for a short time, and none again for an interface that hung once. One
 * fact of a run makes it, so that all that ask share the bounds.
 */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** So many processes at once: a driver's answers take a lock of the kernel's anyhow. */
const AT_ONCE = 6;
/** How long one may take; modules are read over a bus of 100 kHz, which takes up to a second. */
const TIMEOUT_MS = 3_000;

/** Names that ethtool would take for an option or for a pattern. */
const AMBIGUOUS = /^-|[*\\]/;

/** ethtool on one machine. */
export class EthtoolRunner {
  /** "6.1"; undefined where it does not say. */
  readonly version: string | undefined;
  readonly #machine: Machine;
  readonly #hung = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(machine: Machine, version?: string) {
    this.#machine = machine;
    this.version = version;
  }

  /**
   * What it prints of an interface.
   * @param form the option, or none: "-i", "--show-fec"
   * @param name as the kernel listed it
   * @throws Unavailable
   */
  async run(form: string, name: string, signal: AbortSignal): Promise<string> {
    if (AMBIGUOUS.test(name))
      throw new Unavailable('failed', `ethtool cannot be told of an interface named "${name}"`);
    await this.#turn();
    try {
      signal.throwIfAborted();
      if (this.#hung.has(name)) throw new Unavailable('timeout', `${name} did not answer before`);
      const args = form === '' ? [name] : [form, name];
      const { stdout, stderr } = await this.#machine.run('ethtool', args, { timeoutMs: TIMEOUT_MS, signal });
      // Where nothing could be told, the reason stands in the messages; where something could, they are about the rest.
      return stdout.trim() === '' || /^[^\n]*\n?$/.test(stdout.trim()) ? `${stdout}\n${stderr}` : stdout;
    } catch (error) {
      if (error instanceof Unavailable && error.kind === 'timeout') this.#hung.add(name);
      if (signal.aborted)
        throw new Unavailable('timeout', `ethtool ${form} ${name} was given up`.replace('  ', ' '), error);
      throw error;
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }
}

/** ethtool on this machine. @throws Unavailable missing-tool */
export const nicEthtool = fact({
  id: 'nic.ethtool',
  reads: ['ethtool --version'],
  limitMs: 4_000,
  read: async ({ machine, signal }): Promise<EthtoolRunner> => {
    if (!machine.live) return new EthtoolRunner(machine);
    const { stdout } = await machine.run('ethtool', ['--version'], { timeoutMs: TIMEOUT_MS, signal });
    return new EthtoolRunner(machine, /version\s+(\d{1,3}(?:\.\d{1,3}){0,2})/.exec(stdout)?.[1]);
  },
});
