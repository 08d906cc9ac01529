/**
 * When an agent is killed. What it does is heard of as it begins (by its log, and by what is asked of it), and at each beginning chance
 * decides whether it is killed before the next one, and after how long. So steps of a millisecond are hit as often as those of a second.
 */

/** What begins, with the chance that the agent is killed in it. */
const CHANCES = {
  /** The program is started: certificate, audit log, ports. */
  launched: 0.02,
  /** It serves, and looks at what became of the last upgrade. */
  serving: 0.3,
  'start asked for': 0.4,
  'rollback asked for': 0.4,
  transferring: 0.5,
  verifying: 0.45,
  installing: 0.5,
  armed: 0.4,
  'restart asked for': 0.4,
  rebooting: 0.6,
  testing: 0.5,
  'confirmation asked for': 0.4,
  'abort asked for': 0.1,
  ended: 0.25,
  /** A file of the journal or of the boot loader has changed. */
  changed: 0.05,
  /** The same during an abort, which is over with the third of them. */
  'changed by an abort': 0.7,
} as const;

/** Something that begins. */
export type Beginning = Exclude<keyof typeof CHANCES, 'changed' | 'changed by an abort'>;

/** ms that a step is taken to last before it was seen, and at most; and by how much what is seen later counts. */
const [FIRST_MS, MOST_MS, WEIGHT] = [10, 2_000, 0.2];
/** At most so many ms behind a change. */
const CHANGED_MS = 3;
/** Kills fall also a little behind what a step lasts as a rule. */
const BEYOND = 1.15;

/** Draws the moments of one worker. */
export class Moments {
  readonly #random: () => number;
  readonly #lasts = new Map<Beginning, number>();
  #before: { what: Beginning; at: number } | undefined;
  #drawn = false;
  #isSpared = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A new agent is started: it is killed once at most. */
  next(): void {
    this.#before = undefined;
    this.#drawn = false;
  }

  /** Another upgrade begins. @param isSpared whether it is not killed before an abort is asked for, which few would else come to */
  upgrade(isSpared: boolean): void {
    this.#isSpared = isSpared;
  }

  /** A file has changed: what comes next is often a matter of microseconds. */
  changes(): number | undefined {
    const what = this.#before?.what === 'abort asked for' ? 'changed by an abort' : 'changed';
    return this.#draws(what) ? this.#random() ** 2 * CHANGED_MS : undefined;
  }

  /** Something begins. Gives the ms after which the agent is killed, or undefined where it is not. */
  begins(what: Beginning, now = performance.now()): number | undefined {
    if (this.#before) {
      const { what: before, at } = this.#before;
      const known = this.#lasts.get(before);
      const took = Math.min(MOST_MS, now - at);
      this.#lasts.set(before, known === undefined ? took : known + (took - known) * WEIGHT);
    }
    this.#before = { what, at: now };
    if (what === 'abort asked for') this.#isSpared = false;
    if (!this.#draws(what)) return undefined;
    return this.#random() * BEYOND * (this.#lasts.get(what) ?? FIRST_MS);
  }

  #draws(what: keyof typeof CHANCES): boolean {
    if (this.#drawn || this.#isSpared || this.#random() >= CHANCES[what]) return false;
    this.#drawn = true;
    return true;
  }
}
