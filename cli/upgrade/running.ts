/** What really runs on nodes, asked of their slots once an upgrade is over: what was wanted is no answer to that. */

import { Failure } from '../../proto/failure.ts';
import { fanOut } from '../fleet/fan-out.ts';
import { foldNames } from '../fleet/names.ts';
import type { Target } from '../fleet/target.ts';
import type { Session } from '../session.ts';
import { imageText } from './words.ts';

/** The image that a node runs, and the slot that it runs from. */
export interface Running {
  readonly slot: string;
  readonly imageName: string;
  readonly imageVersion: string;
  readonly imageSerial: number;
  /** Of its root, in lower-case hexadecimal; empty where it is not known. */
  readonly rootSha256: string;
}

/** Asks nodes what they run, by their names. Of one that does not tell a warning says why. */
export async function runningOn(session: Session, targets: readonly Target[]): Promise<Map<string, Running>> {
  const found = new Map<string, Running>();
  const answers = await fanOut(session, targets, async (channel) => {
    const { slots } = await channel.unary('nodectl.v1.UpgradeService/ListSlots', {}, session.limits());
    const runs = slots.find(({ booted }) => booted);
    if (!runs) throw new Failure('UPGRADE_RUNNING_SLOT_UNKNOWN', 'it names no slot that runs');
    return runs;
  });
  for (const one of answers) {
    if ('failure' in one)
      session.terminal.warn(`${one.node}: what it runs is not known: ${one.failure.message}`);
    else {
      const { name: slot, imageName, imageVersion, imageSerial, rootSha256 } = one.value;
      found.set(one.node, { slot, imageName, imageVersion, imageSerial, rootSha256 });
    }
  }
  return found;
}

/** Says what nodes run, those that run the same together. */
export function tellRunning({ terminal }: Session, running: ReadonlyMap<string, Running>): void {
  const text = ({ slot, imageName, imageVersion, imageSerial, rootSha256 }: Running) =>
    `${[imageName, imageText(imageVersion, imageSerial)].filter(Boolean).join(' ')} from slot ${slot}${rootSha256 === '' ? '' : `, root sha256 ${rootSha256}`}`;
  for (const [runs, those] of Map.groupBy(running, ([, one]) => text(one)))
    terminal.note(`${foldNames(those.map(([node]) => node))}: runs ${runs}`);
}
