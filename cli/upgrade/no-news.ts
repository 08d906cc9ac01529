/**
 * Giving up an upgrade that is followed and gets nowhere: the node answers, and what it tells is what it told before. While it does
 * not answer no time counts here; that has a bound of its own.
 */

import { Failure } from '../../proto/failure.ts';
import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { bytesText } from '../output/bytes.ts';
import { visibleName } from '../output/visible.ts';
import { receivesStill, wordOf } from './words.ts';

/** How long a node may tell nothing new: the same as where it is sent an image, since no step but a wait takes that long. */
const QUIET_MS = 10 * 60_000;
/** A window of maintenance comes within a week; what a clock that was wrong says counts no more than that. */
const LONGEST_WAIT_MS = 8 * 24 * 3_600_000;

/** Counts how long a node has told nothing new. */
export class NoNews {
  readonly #node: string;
  readonly #quietMs: number;
  readonly #sending: () => boolean;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** What is left of the time, and since when that runs. */
  #leftMs = 0;
  #since: number | undefined;
  #state = '';
  #waitingFor = '';
  /** By part: how far the state got at most. What is begun again and again gets nowhere. */
  #furthest = new Map<string, number>();
  #last: Upgrade | undefined;

  /**
   * @param sending whether this process sends the image at the moment, which has a bound of its own
   * @param quietMs in place of ten minutes
   */
  constructor(node: string, sending: () => boolean, quietMs = QUIET_MS) {
    this.#node = node;
    this.#sending = sending;
    this.#quietMs = quietMs;
  }

  /** Aborted with a Failure UPGRADE_STALLED where nothing new came in time. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** The node has told how its upgrade stands. */
  heard(upgrade: Upgrade): void {
    this.rest();
    this.#last = upgrade;
    if (this.#isNew(upgrade)) this.#leftMs = this.#quietMs + expectedMs(upgrade);
    if (this.#sending() && receivesStill(upgrade)) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#stalled(), this.#leftMs);
  }

  /** The node does not answer, or nobody follows it any more. */
  rest(): void {
    clearTimeout(this.#timer);
    if (this.#since !== undefined) this.#leftMs -= performance.now() - this.#since;
    this.#since = undefined;
  }

  #isNew({ state, waitingFor, progress }: Upgrade): boolean {
    const part = progress?.part ?? '';
    const done = Math.max(progress?.doneBytes ?? 0, progress?.wireBytes ?? 0);
    const moved = state !== this.#state;
    if (moved) this.#furthest = new Map();
    // A test has a deadline, whatever it says meanwhile: peers may come and go for ever.
    const says = waitingFor !== this.#waitingFor && wordOf(state) !== 'testing';
    const further = done > (this.#furthest.get(part) ?? -1);
    if (further) this.#furthest.set(part, done);
    [this.#state, this.#waitingFor] = [state, waitingFor];
    return moved || says || further;
  }

  #stalled(): void {
    if (!this.#last) return;
    const { waitingFor, progress } = this.#last;
    const word = wordOf(this.#last.state);
    const { doneBytes = 0, totalBytes = 0, part = '' } = progress ?? {};
    const far =
      totalBytes > 0
        ? ` (${[part, `${bytesText(doneBytes)} of ${bytesText(totalBytes)}`].filter(Boolean).join(', ')})`
        : '';
    const says = waitingFor === '' ? '' : `, and it says: ${visibleName(waitingFor)}`;
    this.#ending.abort(
      new Failure(
        'UPGRADE_STALLED',
        `${this.#node} answers, and for ${minutes(this.#quietMs)} it has told nothing new: its upgrade is ${word}${far}${says}`,
        { hint: HINTS[word] ?? OTHERWISE },
      ),
    );
  }
}

/** How long it may well take until the node tells something new. */
function expectedMs({ state, changedUsec, deadlineUsec, waitsUntilUsec }: Upgrade): number {
  const until = wordOf(state) === 'testing' ? deadlineUsec : waitsUntilUsec;
  return until > 0 ? Math.min(LONGEST_WAIT_MS, Math.max(0, (until - changedUsec) / 1_000)) : 0;
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1_000)} seconds` : `${Math.round(ms / 60_000)} minutes`;
}

const SENT =
  'is it still being sent to? The same nodectl upgrade --image goes on where it was; nodectl upgrade abort ends it';
const DISK = 'does its disk stand still? nodectl dmesg --level err; nodectl upgrade abort ends it';
const OTHERWISE =
  'nodectl upgrade status shows how it stands; nodectl upgrade abort ends it, nodectl upgrade status -w follows it again';
const HINTS: Readonly<Record<string, string>> = {
  ...{ planned: SENT, transferring: SENT, verifying: DISK, installing: DISK },
  armed: 'nodectl upgrade reboot restarts it into the new image; nodectl upgrade abort ends it',
  rebooting:
    'it was to go down and has not: what keeps it? nodectl logs --since 15m; or restart it by its console',
  testing: 'its deadline is over: restart it by its console, and it runs the image before',
};
