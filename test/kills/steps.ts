/** Which step of an upgrade a kill fell into: by what stands on the disk after it, not by what the killer meant. */

import type { TestImage } from '../../agent/upgrade/testing/test-image.ts';
import type { KilledNode } from './node.ts';

/** The steps in their order, as a report has them. */
export const STEPS = [
  'no upgrade',
  'start of the agent',
  'plan',
  'manifest kept',
  'invalidate',
  'transfer, all is flushed',
  'transfer, written and not flushed',
  'transfer of kernel and initrd',
  'verify',
  'boot assets',
  'arm',
  'armed, not in the journal',
  'armed',
  'abort, loader not told',
  'abort of an armed one',
  'restart asked for',
  'boot of the new slot',
  'health',
  'confirm',
  'going back',
  'fall back',
  'ended, not closed',
] as const;

/** A step. */
export type Step = (typeof STEPS)[number];

const BLOCK = 4_096;
/** So much of a root is different in any two images. */
const LOOKED_AT = 64 << 10;

/**
 * The step of a node whose agent was killed. Throws where it can be none.
 * @param without what it was doing where there is no journal
 * @param image that it is upgraded to
 */
export function stepOf(
  node: KilledNode,
  without: Step,
  image: TestImage | undefined,
): { step: Step; rollback: boolean } {
  const upgrade = node.journal();
  if (!upgrade) return { step: node.manifestKept ? 'manifest kept' : without, rollback: false };
  const { state, target, deployed, armedBoot, durable, reason, healthy, rollback, endedMs } = upgrade;
  const { running, bootId } = node.record;
  const of = (step: Step) => ({ step, rollback });
  if (endedMs > 0) return of('ended, not closed');
  if (running.slot === target) {
    if (state !== 'testing') return of('boot of the new slot');
    return of(reason !== '' ? 'going back' : healthy ? 'confirm' : 'health');
  }
  const isNext = node.next() === target;
  if (reason !== '') return of(isNext ? 'abort, loader not told' : 'abort of an armed one');
  switch (state) {
    case 'planned':
      return of('invalidate');
    case 'transferring': {
      if (durable.role !== 'root') return of('transfer of kernel and initrd');
      const root = image?.parts.root ?? Buffer.alloc(0);
      const from = Math.max(BLOCK, durable.offset);
      const expected = root.subarray(from, from + LOOKED_AT);
      const isWritten = expected.length > 0 && node.bytes(target, from, expected.length).equals(expected);
      return of(isWritten ? 'transfer, written and not flushed' : 'transfer, all is flushed');
    }
    case 'verifying':
      return of('verify');
    case 'installing':
      if (isNext) return of('armed, not in the journal');
      return of(deployed ? 'arm' : 'boot assets');
  }
  if (bootId !== armedBoot) return of('fall back');
  if (!isNext) throw new Error('an arming was taken back, and the journal does not say why');
  return of(state === 'armed' ? 'armed' : 'restart asked for');
}
