/** What commands said that printed nothing but an error, on captured machines: a trouble, or why nothing of them can be judged. */

import type { FailedCommand } from '../../host/failed-commands.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { type Area, type Check, check, NotApplicable, Skipped } from '../check.ts';
import { clockState } from '../clock/state.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { troubleOf } from './command-troubles.ts';

const failed = fact({
  id: 'system.failed-commands',
  reads: ['commands that printed nothing but an error, in texts of a captured machine'],
  limitMs: 2_000,
  read: ({ machine }): readonly FailedCommand[] => {
    const all = machine.failedCommands?.((one) => troubleOf(one) !== undefined) ?? [];
    if (all.length === 0) throw new Unavailable('absent', 'no command failed');
    return all;
  },
});

const inWords = ({ command, error }: FailedCommand) => (command === '' ? error : `${command}: ${error}`);

/** The troubles of an area; that there are none where the commands failed for other reasons. */
function troublesOf(all: readonly FailedCommand[], area: Area): FindingDraft[] | NotApplicable {
  const own = Map.groupBy(all, troubleOf);
  const found = [...own].flatMap(([trouble, ones]): FindingDraft[] => {
    if (trouble?.area !== area) return [];
    const { severity, certainty, title, remedy } = trouble;
    return [
      {
        ...{ severity, certainty, title },
        subject: { kind: 'node', name: '' },
        parameters: { commands: ones.length },
        evidence: [...new Set(ones.map((one) => inWords(one).slice(0, 240)))].slice(0, 3),
        remedy: { text: remedy, risk: 'none' },
      },
    ];
  });
  return found.length > 0
    ? found
    : new NotApplicable('no command failed in words that tell of a trouble here');
}

/** Of what tells of no trouble, that it is why nothing of it can be judged. */
function unjudged(all: readonly FailedCommand[]): Skipped | undefined {
  const [first, ...more] = all.filter((one) => troubleOf(one) === undefined);
  if (!first) return undefined;
  return new Skipped(
    `a command failed: ${inWords(first)}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
  );
}

const SAID = {
  title: 'Commands that failed, in words that tell of a trouble',
  about:
    'Of a captured machine: commands below which nothing stands but an error, such as "Connection refused". What is wrong by it is told; of ' +
    'all others nothing can be judged, and that is said.',
  needs: { failed },
};

/** Checks of what failed commands said. */
export const FAILED_COMMAND_CHECKS: readonly Check[] = [
  check({
    ...{ id: 'disk.command-failed', area: 'disk', ...SAID },
    evaluate: ({ failed: all }) => troublesOf(all, 'disk'),
  }),
  check({
    ...{ id: 'nic.command-failed', area: 'nic', ...SAID },
    evaluate: ({ failed: all }) => troublesOf(all, 'nic'),
  }),
  check({
    ...{ id: 'system.command-failed', area: 'system', ...SAID },
    evaluate: ({ failed: all }) => {
      const found = troublesOf(all, 'system');
      return found instanceof NotApplicable ? (unjudged(all) ?? found) : found;
    },
  }),
  check({
    ...{ id: 'clock.command-failed', area: 'clock', ...SAID },
    wants: { state: clockState },
    evaluate: ({ failed: all, state }) => {
      // A program of a service that does not run is asked on most machines, beside the one that does.
      if (state?.sync === 'synchronised') return new NotApplicable('another service keeps the clock');
      return troublesOf(all, 'clock');
    },
  }),
];
