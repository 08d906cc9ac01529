/** What goes on without this command once it is interrupted: an upgrade is its node's, which may restart without being asked again. */

import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { foldNames } from '../fleet/names.ts';
import type { ProgressView, RolloutCounts } from './progress.ts';
import { hasEnded, receivesStill } from './words.ts';

/** A view that remembers how upgrades stood. */
export class WatchedView implements ProgressView {
  readonly #view: ProgressView;
  readonly #last = new Map<string, Upgrade>();

  /** @param view what shows them */
  constructor(view: ProgressView) {
    this.#view = view;
  }

  of(node: string): ReturnType<ProgressView['of']> {
    const told = this.#view.of(node);
    return {
      upgrade: (upgrade) => {
        this.#last.set(node, upgrade);
        told.upgrade(upgrade);
      },
      silent: (milliseconds, failure) => told.silent(milliseconds, failure),
    };
  }

  note(node: string, text: string): void {
    this.#view.note(node, text);
  }

  done(node: string): void {
    this.#view.done(node);
  }

  rollout(counts: RolloutCounts): void {
    this.#view.rollout(counts);
  }

  end(): void {
    this.#view.end();
  }

  /** What those do that have not ended, a sentence for each kind. */
  leftBehind(): string[] {
    const open = [...this.#last].filter(([, upgrade]) => !hasEnded(upgrade));
    const kinds = Map.groupBy(open, ([, upgrade]) => kindOf(upgrade));
    return [...kinds].map(([kind, those]) => `${foldNames(those.map(([node]) => node))}: ${LEFT[kind]}`);
  }
}

const LEFT = {
  receives:
    'the image is not all there, so nothing happens; the same command goes on, nodectl upgrade abort ends it',
  waits:
    'waits, and any restart boots the new image; the same command goes on, nodectl upgrade abort ends it',
  goesOn:
    'goes on by itself, through the restart into the new image; nodectl upgrade status -w follows it, nodectl upgrade abort ends it',
} as const;

function kindOf(upgrade: Upgrade): keyof typeof LEFT {
  if (receivesStill(upgrade)) return 'receives';
  return upgrade.state === 'UPGRADE_STATE_ARMED' && upgrade.needsOperator ? 'waits' : 'goesOn';
}
