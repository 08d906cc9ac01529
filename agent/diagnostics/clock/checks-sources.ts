/** Checks of whether the sources of time answer. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { chronyConfiguration } from './chrony-conf.ts';
import { inWords, reachable, sourceOf } from './source-words.ts';
import { timeSources } from './sources.ts';
import { clockState } from './state.ts';
import { clockOf } from './words.ts';

const noSource = check({
  id: 'clock.no-source',
  area: 'clock',
  title: 'A time service without sources',
  about: 'The time service runs and has no source at all: no line in its configuration, and none from DHCP.',
  needs: { found: timeSources },
  wants: { state: clockState, configuration: chronyConfiguration },
  evaluate: ({ found: { sources, unresolved, daemon }, state, configuration }) => {
    if (sources.length > 0 || unresolved > 0) return [];
    // A server of an island follows itself, which clock.local-reference tells.
    if (state?.sync === 'local') return new NotApplicable('the clock is its own reference');
    return [
      {
        severity: 'warning',
        title: 'The time service has no sources',
        subject: clockOf(state),
        evidence: [
          `${daemon} lists no sources${configuration ? `; ${configuration.path} has ${configuration.servers} servers and ${configuration.pools} pools` : ''}`,
        ],
        remedy: { text: 'Configure sources: four servers, or a pool.', risk: 'restart' },
        explains: ['clock.not-synchronised'],
      },
    ];
  },
});

const noneReachable = check({
  id: 'clock.no-reachable-source',
  area: 'clock',
  title: 'Sources of which none answers',
  about:
    'The reachability register of every source is 0: none of the last eight polls was answered. Mostly UDP port 123 is not let ' +
    'through, the route is gone, or names are not resolved.',
  needs: { found: timeSources },
  wants: { state: clockState },
  evaluate: ({ found: { sources, unresolved, offline }, state }) => {
    if (sources.length + unresolved === 0) return new NotApplicable('there are no sources');
    if (reachable(sources).length > 0) return [];
    return [
      {
        severity: 'warning',
        title: 'No source of time answers',
        subject: clockOf(state),
        parameters: { sources: sources.length, unresolved, offline },
        evidence: [
          `${sources.length} sources, none reachable; ${unresolved} names without an address, ${offline} offline`,
          ...sources.slice(0, 2).map(inWords),
        ],
        remedy: {
          text:
            sources.length === 0
              ? 'See why the names are not resolved.'
              : 'See whether UDP port 123 is let through, and the route to the sources.',
          risk: 'none',
        },
        explains: [
          'clock.not-synchronised',
          'clock.source-unreachable',
          'clock.last-update',
          'clock.local-reference',
        ],
      },
    ];
  },
});

const unreachable = check({
  id: 'clock.source-unreachable',
  area: 'clock',
  title: 'Sources that do not answer',
  about: 'One or more sources have not answered the last eight polls, while others do.',
  needs: { found: timeSources },
  evaluate: ({ found: { sources } }) => {
    const answering = reachable(sources);
    if (answering.length === 0) return new NotApplicable('no source answers, or there is none');
    return sources
      .filter(({ reach, state }) => reach === 0 && state !== 'best')
      .map(
        (source): FindingDraft => ({
          // With one left there is nothing to fall back on.
          severity: answering.length < 2 ? 'warning' : 'info',
          title: 'A source of time does not answer',
          subject: sourceOf(source),
          parameters: { ...(source.ago === undefined ? {} : { lastAnswerAgoSeconds: source.ago }) },
          evidence: [inWords(source), `${answering.length} of ${sources.length} sources answer`],
          remedy: {
            text: 'Mend or replace the source, or take it out of the configuration.',
            risk: 'restart',
          },
        }),
      );
  },
});

const unresolved = check({
  id: 'clock.unresolved-source',
  area: 'clock',
  title: 'Names of sources that have no address',
  about: 'chronyd could not resolve the names of sources; it tries again, and they are not used until then.',
  needs: { found: timeSources },
  wants: { state: clockState },
  evaluate: ({ found, state }) => {
    if (found.daemon !== 'chrony') return new NotApplicable('only chronyd tells it');
    if (found.unresolved === 0) return [];
    return [
      {
        severity: reachable(found.sources).length === 0 ? 'warning' : 'info',
        title: 'Names of time sources are not resolved',
        subject: clockOf(state),
        parameters: { unresolved: found.unresolved },
        evidence: [`${found.unresolved} sources with unknown address (chronyc activity)`],
        remedy: { text: 'See whether the resolver answers, and whether the names are right.', risk: 'none' },
      },
    ];
  },
});

const offline = check({
  id: 'clock.sources-offline',
  area: 'clock',
  title: 'Sources that are switched off',
  about:
    'chronyd does not ask sources that are offline: a dispatcher script of the network (or `chronyc offline`) switched them off ' +
    'and nobody switched them on again.',
  needs: { found: timeSources },
  wants: { state: clockState },
  evaluate: ({ found, state }) => {
    if (found.daemon !== 'chrony') return new NotApplicable('only chronyd tells it');
    if (found.offline === 0 || reachable(found.sources).length > 0) return [];
    return [
      {
        severity: 'warning',
        title: 'The time sources are switched off',
        subject: clockOf(state),
        parameters: { offline: found.offline },
        evidence: [`${found.offline} sources offline and none reachable (chronyc activity)`],
        remedy: { text: 'chronyc onoffline puts them as the network is.', risk: 'none' },
        explains: ['clock.no-reachable-source', 'clock.not-synchronised'],
      },
    ];
  },
});

/** Checks of whether the sources of time answer. */
export const CLOCK_SOURCE_CHECKS = [noSource, noneReachable, unreachable, unresolved, offline];
