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
  readonly #machine: Machine;
  readonly #hung = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  /** That there is no ethtool here: one error for all that ask, so that it is told once. */
  #missing: Unavailable | undefined;
  #running = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
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
      if (this.#missing) throw this.#missing;
      if (this.#hung.has(name)) throw new Unavailable('timeout', `${name} did not answer before`);
      const args = form === '' ? [name] : [form, name];
      const { stdout, stderr } = await this.#machine.run('ethtool', args, { timeoutMs: TIMEOUT_MS, signal });
      // Where nothing could be told, the reason stands in the messages; where something could, they are about the rest.
      return stdout.trim() === '' || /^[^\n]*\n?$/.test(stdout.trim()) ? `${stdout}\n${stderr}` : stdout;
    } catch (error) {
      const kind = error instanceof Unavailable ? error.kind : undefined;
      if (kind === 'missing-tool') {
        this.#missing ??= error as Unavailable;
        throw this.#missing;
      }
      if (kind === 'timeout') this.#hung.add(name);
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

/** ethtool on this machine. */
export const nicEthtool = fact({
  id: 'nic.ethtool',
  reads: [],
  limitMs: 1_000,
  read: ({ machine }) => new EthtoolRunner(machine),
});
