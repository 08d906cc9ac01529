/** Checks of whether the sources of time are enough, agree, and are steady. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { inWords, reachable, sourceOf } from './source-words.ts';
import { answered, polls, timeSources } from './sources.ts';
import { clockState } from './state.ts';
import { clockOf } from './words.ts';

const BCP = 'https://www.rfc-editor.org/rfc/rfc8633#section-3.2';
/** Clocks of clouds and of this machine are meant to be the only source. */
const ENOUGH_ALONE = /^(169\.254\.|fd00:ec2::123|metadata\.google)/;

const few = check({
  id: 'clock.few-sources',
  area: 'clock',
  title: 'Too few sources to notice a wrong one',
  about:
    'With one source nothing notices that it is wrong; with two nothing tells which of them is. Three can outvote one, and four ' +
    'still do when one is gone. A reference clock, and the clock that a cloud gives its machines, are enough alone.',
  needs: { found: timeSources },
  wants: { state: clockState },
  thresholds: {
    least: { value: 3, unit: '', source: 'RFC 8633 (BCP 223) section 3.2, which recommends at least four' },
  },
  links: [BCP],
  evaluate: ({ found: { sources }, state }, { least }) => {
    const usable = reachable(sources);
    if (usable.length === 0) return new NotApplicable('no source answers');
    if (usable.some(({ kind, name }) => kind === 'refclock' || ENOUGH_ALONE.test(name)))
      return new NotApplicable('a reference clock or the clock of the cloud is enough');
    if (usable.length >= least) return [];
    return [
      {
        severity: 'info',
        title: 'There are too few time sources to notice a wrong one',
        subject: clockOf(state),
        parameters: { reachable: usable.length, configured: sources.length },
        evidence: [
          `${usable.length} of ${sources.length} sources answer: ${usable.map(({ name }) => name).join(', ')}`,
          // Which of them is followed is not told: what is, is all that is known of the clock.
          ...usable.filter(({ state: one }) => one === 'unknown').map(inWords),
        ],
        remedy: { text: 'Configure four servers of different origin, or a pool.', risk: 'restart' },
      },
    ];
  },
});

const falseticker = check({
  id: 'clock.falseticker',
  area: 'clock',
  title: 'A source that gives the wrong time',
  about:
    'The source disagrees with the majority by more than its own error allows, and is left out. It is wrong, or the way to it is ' +
    'much slower in one direction.',
  needs: { found: timeSources },
  evaluate: ({ found: { sources } }) => {
    const wrong = sources.filter(({ state }) => state === 'falseticker');
    if (!sources.some(({ state }) => state === 'best'))
      return wrong.length === 0 ? [] : new NotApplicable('no majority: clock.sources-disagree tells of it');
    return wrong.map(
      (source): FindingDraft => ({
        severity: 'warning',
        title: 'A time source gives the wrong time',
        subject: sourceOf(source),
        parameters: { ...(source.offset === undefined ? {} : { offsetSeconds: source.offset }) },
        evidence: [inWords(source)],
        remedy: { text: 'Mend that server or take it out of the configuration.', risk: 'restart' },
      }),
    );
  },
});

const disagree = check({
  id: 'clock.sources-disagree',
  area: 'clock',
  title: 'Sources that do not agree',
  about:
    'No majority of the sources agrees within their errors, so none is followed: all of them count as false. With two sources one ' +
    'wrong one is enough for that.',
  needs: { found: timeSources },
  wants: { state: clockState },
  evaluate: ({ found: { sources }, state }) => {
    const wrong = sources.filter((one) => one.state === 'falseticker');
    if (wrong.length === 0 || sources.some((one) => one.state === 'best')) return [];
    return [
      {
        severity: 'critical',
        title: 'The time sources do not agree, so the clock follows none',
        subject: clockOf(state),
        parameters: { falsetickers: wrong.length, sources: sources.length },
        evidence: wrong.slice(0, 3).map(inWords),
        remedy: {
          text: 'Find out which of them are right, drop the others, and configure four.',
          risk: 'restart',
        },
        explains: ['clock.not-synchronised', 'clock.local-reference', 'clock.last-update'],
      },
    ];
  },
});

const outvoted = check({
  id: 'clock.followed-disagrees',
  area: 'clock',
  title: 'A followed source that most others contradict',
  about:
    'The clock follows a source (mostly a reference clock, which is trusted or preferred) from which most of the servers that answer differ, ' +
    'all to one side, by more than the errors of both allow. Either the followed one is wrong (the delay of a serial line that was not ' +
    'taken off, a wrong second), or all ways to the servers are slower in one direction.',
  needs: { found: timeSources },
  thresholds: {
    least: { value: 3, unit: '', source: 'RFC 8633 (BCP 223) section 3.2: three can outvote one' },
    leastSeconds: {
      value: 0.01,
      unit: 's',
      source: 'chosen: above what ways through the Internet do as a rule',
    },
  },
  links: [BCP],
  evaluate: ({ found: { sources } }, { least, leastSeconds }) => {
    const followed = sources.find(({ state }) => state === 'best');
    if (followed?.offset === undefined) return new NotApplicable('no source is followed');
    const { offset: own, error: ownError = 0 } = followed;
    const others = reachable(sources).flatMap((one) =>
      // Those that the time service itself calls false have a check of their own.
      one === followed || one.state === 'falseticker' || one.offset === undefined
        ? []
        : [{ one, by: one.offset - own, error: ownError + (one.error ?? 0) }],
    );
    const apart = others.filter(({ by, error }) => Math.abs(by) > Math.max(error, leastSeconds));
    const sides = new Set(apart.map(({ by }) => Math.sign(by)));
    if (apart.length < least || apart.length * 2 <= others.length + 1 || sides.size > 1) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'The time source that is followed disagrees with most of the others',
        subject: sourceOf(followed),
        parameters: { disagree: apart.length, answer: others.length },
        evidence: [inWords(followed), ...apart.slice(0, 3).map(({ one }) => inWords(one))],
        remedy: {
          text: 'Compare with a clock that is known to be right; correct the delay of the reference clock (offset in its line of the configuration).',
          risk: 'restart',
        },
      },
    ];
  },
});

const jittery = check({
  id: 'clock.source-jittery',
  area: 'clock',
  title: 'A source that varies too much',
  about:
    'chronyd leaves a source out whose measurements vary more than maxjitter (1 s unless told): a loaded server or link.',
  needs: { found: timeSources },
  evaluate: ({ found: { sources } }) =>
    sources
      .filter(({ state }) => state === 'jittery')
      .map(
        (source): FindingDraft => ({
          severity: 'warning',
          title: 'A time source varies too much to be used',
          subject: sourceOf(source),
          evidence: [inWords(source)],
          remedy: {
            text: 'Look at the load of that server and of the way to it, or use another one.',
            risk: 'none',
          },
        }),
      ),
});

const lossy = check({
  id: 'clock.source-lossy',
  area: 'clock',
  title: 'A source of which many answers are lost',
  about:
    'Of the last eight polls of the source that the clock follows, few were answered. NTP packets are the first to be dropped.',
  needs: { found: timeSources },
  thresholds: {
    answered: { value: 5, unit: 'of 8', source: 'chosen: three of eight packets lost' },
  },
  evaluate: ({ found: { sources } }, { answered: least }) =>
    sources
      // A source that was found lately has had no eight polls: what is above its first answer was none.
      .filter(({ state, reach }) => state === 'best' && polls(reach) - answered(reach) >= 8 - least)
      .map(
        (source): FindingDraft => ({
          severity: 'info',
          title: 'Answers of the time source are lost',
          subject: sourceOf(source),
          parameters: { answered: answered(source.reach), polls: polls(source.reach) },
          evidence: [inWords(source)],
          remedy: { text: 'Look for loss on the way: nodectl nic, nodectl diag nic.', risk: 'none' },
        }),
      ),
});

/** Checks of whether sources are enough and agree. */
export const CLOCK_AGREEMENT_CHECKS = [few, falseticker, disagree, outvoted, jittery, lossy];
