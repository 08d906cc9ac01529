/**
 * Sees by a machine's console, and by the processor time that it has spent, whether a start stands still before its kernel: in the
 * firmware, in the boot loader, or where the kernel says nothing yet. Nothing in the machine ends that, as the watchdog is the
 * kernel's.
 */

/** From one word of the console to the next a start takes a few seconds of processor time; a machine that runs in a circle spends any. */
const SPENT_MS = 90_000;
/** One that waits for what never comes spends none. A busy host takes a minute or two for a whole start. */
const SILENT_MS = 300_000;
/** A line of the kernel's: with the time since its start. */
const KERNEL = /\[ *\d+\.\d{6}\] /;
/** The last line of the kernel's before the firmware has the machine, and lines of the firmware's. */
const RESTARTS = /reboot: Restarting system|Rebooting in \d+ seconds|Initiating system reboot|BdsDxe: /;

/** What the watch measures with. */
export interface Measures {
  /** The processor time that the machine has spent, in ms. */
  spentMs(): number;
  /** The time, in ms. */
  nowMs(): number;
}

/** The watch over a machine, from when it is switched on. */
export class StartWatch {
  readonly #measures: Measures;
  #starting = true;
  #since: { readonly spent: number; readonly now: number };

  constructor(measures: Measures) {
    this.#measures = measures;
    this.#since = this.#measured();
  }

  /** It starts anew, without a word on its console. */
  restarted(): void {
    this.#starting = true;
    this.#since = this.#measured();
  }

  /** A line of the console. */
  heard(line: string): void {
    if (RESTARTS.test(line)) this.restarted();
    else if (KERNEL.test(line)) this.#starting = false;
    else if (this.#starting) this.#since = this.#measured();
  }

  /** Why the machine is taken to stand still, or undefined. */
  get stuck(): string | undefined {
    if (!this.#starting) return undefined;
    const { spent, now } = this.#measured();
    const [spentMs, silentMs] = [spent - this.#since.spent, now - this.#since.now];
    if (spentMs < SPENT_MS && silentMs < SILENT_MS) return undefined;
    const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
    return `its start stands still before the kernel: no word for ${seconds(silentMs)}, in which it spent ${seconds(spentMs)} of processor time`;
  }

  #measured() {
    return { spent: this.#measures.spentMs(), now: this.#measures.nowMs() };
  }
}
