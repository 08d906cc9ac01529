/** Checks of the kernel's log: one for each group of families, with a finding for each signature and device. */

import { type Area, type Check, check } from '../check.ts';
import type { FindingDraft, Severity, Subject } from '../finding.ts';
import { figures } from '../quantities.ts';
import { kernelLog, type LoggedTroubles } from '../signatures/facts.ts';
import type { Family } from '../signatures/signature.ts';
import type { Group, Moment } from '../signatures/tally.ts';
import { LOG_GROUPS, type LogGroup } from './log-groups.ts';
import { logPlaces, type SubjectOf } from './log-places.ts';
import { PREVIOUS_LOG_CHECKS } from './log-previous.ts';

const DAY_SECONDS = 86_400;
/** What these leave behind stays until a reboot or a repair, however long ago it was. */
const LASTING: ReadonlySet<Family> = new Set<Family>([
  ...(['oops', 'bug', 'panic', 'memory-failure', 'readonly-remount', 'md-degraded'] as const),
  ...(['ext4', 'xfs', 'btrfs', 'filesystem'] as const),
]);
/** One alone is no trouble: flaps() judges how many of these there are. */
const LINK_DOWN = 'kernel-log.link-down';
const MILDER: Readonly<Record<Severity, Severity>> = { critical: 'warning', warning: 'info', info: 'info' };

const STALE = {
  staleDays: {
    value: 7,
    unit: 'd',
    source: 'chosen: what did not come again for a week is told one step milder',
  },
} as const;

const LOG_LINKS = ['https://docs.kernel.org/core-api/printk-basics.html'];

/** A subject where the machine's devices could not be read. */
const asNamed: SubjectOf = ({ signature, device }) =>
  device === undefined ? { kind: 'node', name: '' } : { kind: signature.device, name: device };

/** Seconds since something was logged, as the kernel counts them; undefined where that cannot be told. */
function ageOf(moment: Moment, uptime: number | undefined): number | undefined {
  return uptime === undefined || moment.uptime === undefined ? undefined : uptime - moment.uptime;
}

/** A group as a finding. @param staleDays see STALE */
function draft(group: Group, log: LoggedTroubles, staleDays: number, subjectOf: SubjectOf): FindingDraft {
  const { signature, count, first, last, newest, perHour } = group;
  const age = ageOf(last, log.uptime);
  const old = age !== undefined && age > staleDays * DAY_SECONDS && !LASTING.has(signature.family);
  const few = count < signature.few;
  const severity = few ? 'info' : old ? MILDER[signature.severity] : signature.severity;
  return {
    id: signature.id,
    severity,
    title: signature.title,
    subject: subjectOf(group),
    parameters: { events: count, ...(perHour === undefined ? {} : { perHour: Number(figures(perHour)) }) },
    evidence: newest,
    remedy: signature.remedy,
    links: signature.links.length > 0 ? signature.links : LOG_LINKS,
    explains: signature.explains,
    ...(first.timeMs === undefined ? {} : { firstMs: first.timeMs }),
    ...(last.timeMs === undefined ? {} : { lastMs: last.timeMs }),
    count,
  };
}

/** Devices that several names stand for are one subject: what was found of each is told together. */
function together(drafts: readonly FindingDraft[]): FindingDraft[] {
  const found = new Map<string, FindingDraft>();
  const keyOf = (id: string | undefined, subject: Subject | undefined) =>
    `${id}\0${subject?.kind}\0${subject?.name}`;
  for (const one of drafts) {
    const key = keyOf(one.id, one.subject);
    const before = found.get(key);
    const events = (before?.count ?? 0) + (one.count ?? 0);
    const first = Math.min(
      before?.firstMs ?? Number.POSITIVE_INFINITY,
      one.firstMs ?? Number.POSITIVE_INFINITY,
    );
    const last = Math.max(before?.lastMs ?? 0, one.lastMs ?? 0);
    found.set(
      key,
      before
        ? {
            ...before,
            parameters: { ...before.parameters, events },
            evidence: [...(before.evidence ?? []), ...(one.evidence ?? [])].slice(-3),
            ...(Number.isFinite(first) ? { firstMs: first } : {}),
            ...(last > 0 ? { lastMs: last } : {}),
            count: events,
          }
        : one,
    );
  }
  return [...found.values()];
}

/** What was said of a clock without its name is of the one that is named, where there is one. */
function ofNamedClock(drafts: readonly FindingDraft[]): FindingDraft[] {
  return drafts.map((one) => {
    const named = drafts.flatMap(({ id, subject }) =>
      id === one.id && /^clock/.test(subject?.kind ?? '') && subject?.name ? [subject] : [],
    );
    const [clock] = named;
    return !one.subject?.name && clock && named.length === 1 ? { ...one, subject: clock } : one;
  });
}

function logCheck({ id, area, title, about, families }: LogGroup): Check {
  const own: ReadonlySet<Family> = new Set(families);
  return check({
    ...{ id, area, title },
    about: `${about} Recognised by signatures of the kernel’s messages (nodectl diag scan knows the same), as far back as the log of this boot reaches.`,
    needs: { log: kernelLog },
    wants: { places: logPlaces },
    thresholds: STALE,
    links: LOG_LINKS,
    evaluate: ({ log, places = asNamed }, { staleDays }) =>
      together(
        ofNamedClock(
          log.groups
            .filter(({ signature }) => own.has(signature.family) && signature.id !== LINK_DOWN)
            .map((group) => draft(group, log, staleDays, places)),
        ),
      ),
  });
}

/** How many of the newest moments are of the last so many hours. Where the kernel's clock is not told, all of the log counts. */
function recentOf({ recent }: Group, uptime: number | undefined, hours: number): number {
  return recent.filter((moment) => (ageOf(moment, uptime) ?? 0) <= hours * 3_600).length;
}

const flaps = check({
  id: 'nic.log-link-flaps',
  area: 'nic',
  title: 'Links that go down again and again, in the kernel’s log',
  about:
    'A link goes down when a cable is pulled, a switch restarts or somebody takes the interface down. One that does so again and again has a bad cable, optic or port. Drivers log each time; once or twice is how a link comes up.',
  needs: { log: kernelLog },
  wants: { places: logPlaces },
  thresholds: {
    downs: {
      value: 3,
      unit: '',
      source: 'kubernetes-mixin NodeNetworkInterfaceFlapping: more than two changes',
    },
    hours: {
      value: 24,
      unit: 'h',
      source: 'chosen: flaps come by the weather, the load or the hour of the day',
    },
    ...STALE,
  },
  links: ['https://github.com/kubernetes-monitoring/kubernetes-mixin/blob/master/alerts/kubelet.libsonnet'],
  evaluate: ({ log, places = asNamed }, { downs, hours, staleDays }) =>
    together(
      log.groups.flatMap((group): FindingDraft[] => {
        if (group.signature.id !== LINK_DOWN) return [];
        const times = recentOf(group, log.uptime, hours);
        if (times < downs) return [];
        const { parameters, ...rest } = draft(group, log, staleDays, places);
        return [
          {
            ...rest,
            severity: 'warning',
            title: 'The link of an interface goes down again and again',
            parameters: { ...parameters, recentDowns: times },
          },
        ];
      }),
    ),
});

const ALL: readonly Check[] = [...LOG_GROUPS.map(logCheck), flaps, ...PREVIOUS_LOG_CHECKS];

/** The checks of the kernel's log that belong to an area. */
export function logChecks(area: Area): readonly Check[] {
  return ALL.filter((one) => one.area === area);
}
