/** Checks of what chronyd tells of its packets: authentication, tests, distance, and what it serves to others. */

import { check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { percent } from '../quantities.ts';
import { chrony, chronyServed } from './chrony.ts';
import { clockState } from './state.ts';
import { clockOf, span } from './words.ts';

const ROOT_ONLY = new Skipped(
  'chronyd’s report was not read: it is for root on chronyd’s own socket, or was not captured',
);

const nts = check({
  id: 'clock.nts-failing',
  area: 'clock',
  title: 'Sources whose authentication cannot be established',
  about:
    'Network Time Security gets cookies over TLS (TCP port 4460) and spends one with each packet. Repeated attempts, refused ' +
    'cookies or a shrinking store mean that the server or the way to it is in trouble, or that a certificate does not hold: also ' +
    'because this clock is so far off that certificates are not valid yet.',
  needs: { reports: chrony },
  thresholds: {
    cookies: {
      value: 4,
      unit: '',
      source: 'RFC 8915: clients keep eight; chronyc(1): fewer than 8 mean a problem. Half of them',
    },
    attempts: { value: 2, unit: '', source: 'chronyc(1): more than one attempt means a problem' },
  },
  links: ['https://chrony-project.org/doc/4.8/chronyc.html#authdata'],
  evaluate: ({ reports: { authdata } }, { cookies, attempts }) => {
    if (!authdata) return ROOT_ONLY;
    const sources = authdata.filter(({ mode }) => mode === 'nts');
    if (sources.length === 0) return new NotApplicable('no source uses NTS');
    return sources
      .filter((one) => one.refused || one.attempts >= attempts || one.cookies < cookies)
      .map(
        (one): FindingDraft => ({
          severity: 'warning',
          title: 'A time source’s authentication fails',
          subject: { kind: 'time-source', name: one.name, attributes: { kind: 'server' } },
          parameters: { cookies: one.cookies, attempts: one.attempts },
          evidence: [
            `${one.cookies} of 8 cookies, ${one.attempts} attempts, ${one.refused ? 'last request refused' : 'no refusal'}, ` +
              `keys ${one.keysAgo === undefined ? 'never established' : `established ${span(one.keysAgo)} ago`}`,
          ],
          remedy: {
            text: 'See whether TCP port 4460 is let through, and whether the server’s certificate holds on this clock.',
            risk: 'none',
          },
          explains: ['clock.source-unreachable'],
        }),
      );
  },
});

const tests = check({
  id: 'clock.packets-rejected',
  area: 'clock',
  title: 'Answers that chronyd does not accept',
  about:
    'Each answer has to pass the tests of RFC 5905 and chronyd’s own. Answers that fail authentication, come from a server that ' +
    'is not synchronised itself, or form a loop, are not used.',
  needs: { reports: chrony },
  thresholds: {
    percent: { value: 50, unit: '%', source: 'chosen: every second answer' },
    packets: { value: 8, unit: '', source: 'as many as the reachability register remembers' },
  },
  evaluate: ({ reports: { ntpdata } }, { percent: limit, packets }) => {
    if (!ntpdata) return ROOT_ONLY;
    return ntpdata.flatMap((one): FindingDraft[] => {
      const rejected = percent(one.received - one.valid, one.received);
      const failed = one.failedTests.filter((name) => WORTH_TELLING.has(name));
      if (one.received < packets || (rejected < limit && failed.length === 0)) return [];
      return [
        {
          severity: failed.includes('authentication') || failed.includes('loop') ? 'warning' : 'info',
          title: 'Answers of a time source are rejected',
          subject: { kind: 'time-source', name: one.remoteAddress, attributes: { kind: 'server' } },
          parameters: { rejectedPercent: rejected, failedTests: one.failedTests.join(',') },
          evidence: [
            `${one.received} answers to ${one.sent} packets, ${one.valid} valid; last one failed: ${one.failedTests.join(', ') || 'nothing'}`,
          ],
          remedy: {
            text: failed.includes('authentication')
              ? 'The keys of the server and of this machine differ: compare the key files.'
              : failed.includes('loop')
                ? 'The server follows this machine, or is this machine: take one of the two directions away.'
                : 'See what that server itself follows.',
            risk: 'restart',
          },
        },
      ];
    });
  },
});
const WORTH_TELLING: ReadonlySet<string> = new Set([
  'authentication',
  'loop',
  'unsynchronised',
  'root-distance',
]);

const distant = check({
  id: 'clock.distant-source',
  area: 'clock',
  title: 'A source that is far away',
  about:
    'The time that a packet takes there and back cannot be told apart, so that a way which is slower in one direction makes the ' +
    'clock wrong by up to half the round trip, unnoticed.',
  needs: { state: clockState },
  thresholds: {
    seconds: {
      value: 0.1,
      unit: 's',
      source: 'chosen: half of it is node-mixin’s NodeClockSkewDetected (0.05 s)',
    },
  },
  evaluate: ({ state }, { seconds }) => {
    if (state.sync !== 'synchronised' || state.rootDelay === undefined)
      return new NotApplicable('no round-trip time to a reference clock is told');
    if (state.rootDelay < seconds) return [];
    return [
      {
        severity: 'info',
        title: 'The time source is far away',
        subject: clockOf(state),
        parameters: { rootDelaySeconds: state.rootDelay },
        evidence: [`round trip to the reference clock ${span(state.rootDelay)}, by way of ${state.source}`],
        remedy: { text: 'Use servers of the same site or region.', risk: 'restart' },
      },
    ];
  },
});

const served = check({
  id: 'clock.server-drops',
  area: 'clock',
  title: 'Requests of clients that are dropped',
  about:
    'As a server of time chronyd drops requests of clients that ask too often (ratelimit), and forgets clients when its table is ' +
    'full (clientloglimit).',
  needs: { serverstats: chronyServed },
  thresholds: {
    percent: { value: 1, unit: '%', source: 'chosen: one request of a hundred' },
    packets: { value: 1_000, unit: '', source: 'chosen: below it a share says nothing' },
  },
  links: ['https://chrony-project.org/doc/4.8/chrony.conf.html#ratelimit'],
  evaluate: ({ serverstats }, { percent: limit, packets }) => {
    if (!serverstats) return ROOT_ONLY;
    const { ntpReceived, ntpDropped, logDropped } = serverstats;
    if (ntpReceived < packets) return new NotApplicable('it serves time to few or none');
    const share = percent(ntpDropped, ntpReceived);
    if (share < limit && logDropped === 0) return [];
    return [
      {
        severity: 'info',
        title: 'chronyd drops requests of its clients',
        subject: { kind: 'service', name: 'chronyd' },
        parameters: {
          droppedPercent: share,
          received: ntpReceived,
          dropped: ntpDropped,
          forgotten: logDropped,
        },
        evidence: [`${ntpDropped} of ${ntpReceived} requests dropped, ${logDropped} clients forgotten`],
        remedy: {
          text: 'Find who asks so often (chronyc clients), or raise ratelimit and clientloglimit.',
          risk: 'restart',
        },
      },
    ];
  },
});

/** Checks of packets. */
export const CLOCK_PACKET_CHECKS = [nts, tests, distant, served];
