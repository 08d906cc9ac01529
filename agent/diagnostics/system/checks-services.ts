/** Checks of services: failed units, restarts, boot, core dumps, the journal. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { uptime } from '../memory/meminfo.ts';
import { inBytes, inTime } from '../quantities.ts';
import { coreDumps, journal } from './journal.ts';
import { managerState } from './manager-told.ts';
import { bootTime, failedUnits, manager, services } from './units.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const MAX_TOLD = 10;

/** Names with a part that differs by instance or machine, as a title that is the same for all: "user@1000.service". */
function kindOf(unit: string): string {
  return unit.slice(unit.lastIndexOf('.') + 1);
}

const failed = check({
  id: 'system.unit-failed',
  area: 'system',
  title: 'Units of systemd that failed',
  about:
    'A service that ended with an error or was killed, a mount that could not be made, a timer whose job failed. It stays ' +
    'failed until it is started again or reset.',
  needs: { failedUnits },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/systemctl.html'],
  evaluate: ({ failedUnits: units }) => {
    const told = units.slice(0, MAX_TOLD).map(
      ({ name, load, description }): FindingDraft => ({
        severity: 'warning',
        title: / units$/.test(name) ? 'Units failed' : `A ${kindOf(name)} unit failed`,
        subject: { kind: 'service', name, hardware: name.replace(/@[^.]*\./, '@.') },
        evidence: [
          `${name}: failed${load === 'loaded' ? '' : `, ${load}`}${description === '' ? '' : ` (${description})`}`,
        ],
        remedy: {
          text: `nodectl logs ${name} tells why; systemctl reset-failed forgets it.`,
          risk: 'none',
        },
      }),
    );
    if (units.length <= MAX_TOLD) return told;
    return [
      ...told,
      {
        severity: 'warning',
        title: 'Many units failed',
        parameters: { failed: units.length },
        evidence: [`${units.length} units failed, of which the first ${MAX_TOLD} are told`],
        remedy: { text: 'systemctl --failed lists all of them.', risk: 'none' },
      },
    ];
  },
});

const restarts = check({
  id: 'system.unit-restarts',
  area: 'system',
  title: 'Services that are restarted again and again',
  about:
    'A service with Restart= that crashes looks active most of the time. Judged are services that wait for their next restart ' +
    'now, and those that systemd restarted often and that became active within the last minutes.',
  needs: { services },
  wants: { uptime },
  thresholds: {
    restarts: { value: 5, unit: '', source: 'systemd’s own DefaultStartLimitBurst=5' },
    withinMinutes: {
      value: 15,
      unit: 'min',
      source: 'node-mixin NodeSystemdServiceCrashlooping looks at 15 min',
    },
  },
  evaluate: ({ services: all, uptime: up }, { restarts: most, withinMinutes }) =>
    all
      .filter(({ restarts: count, sub, activeMs }) => {
        if (count === undefined) return sub === 'auto-restart';
        if (count < most) return false;
        const fresh =
          up !== undefined &&
          activeMs !== undefined &&
          up.seconds * 1_000 - activeMs < withinMinutes * MINUTE;
        return sub === 'auto-restart' || fresh;
      })
      .slice(0, MAX_TOLD)
      .map(
        (one): FindingDraft => ({
          severity: 'warning',
          title:
            one.restarts === undefined
              ? 'A service ended with an error and waits to be restarted'
              : 'A service crashes and is restarted again and again',
          subject: { kind: 'service', name: one.name, hardware: one.name.replace(/@[^.]*\./, '@.') },
          parameters: {
            ...(one.restarts === undefined ? {} : { restarts: one.restarts }),
            result: one.result,
          },
          ...(one.restarts === undefined ? {} : { count: one.restarts }),
          evidence: [
            `${one.name}: ${one.restarts === undefined ? '' : `restarted ${one.restarts} times, `}${one.active} (${one.sub}), last result ${one.result}`,
          ],
          remedy: { text: `nodectl logs ${one.name} tells why it ends.`, risk: 'none' },
          explains: ['system.core-dumps'],
        }),
      ),
});

const state = check({
  id: 'system.maintenance',
  area: 'system',
  title: 'Machines that did not come up as they should',
  about:
    'systemd is in rescue or emergency mode, or has been starting for a quarter of an hour: a job waits for something that does ' +
    'not come, and what is ordered after it has not begun.',
  needs: { managerState },
  wants: { uptime },
  thresholds: {
    startingMinutes: {
      value: 15,
      unit: 'min',
      source: 'chosen: ten times systemd’s default time limit of a job',
    },
  },
  evaluate: ({ managerState: { state: now, jobs, waitsFor }, uptime: up }, { startingMinutes }) => {
    if (now === 'maintenance')
      return [
        {
          severity: 'critical',
          title: 'The machine is in rescue or emergency mode',
          evidence: ['systemctl is-system-running: maintenance'],
          remedy: {
            text: 'nodectl logs -p err tells what stopped it; then systemctl default.',
            risk: 'restart',
          },
        },
      ];
    const starting = now === 'starting' || now === 'initializing';
    // Where it is not told how long it has been starting, it may be about to be done.
    if (!starting || (up && up.seconds < startingMinutes * 60)) return [];
    const since = up ? ` after ${inTime(up.seconds * 1_000)}` : '';
    return [
      {
        severity: up ? 'warning' : 'info',
        title: 'The machine has not finished starting',
        parameters: { jobs, ...(up ? { upSeconds: Math.round(up.seconds) } : {}) },
        evidence: [
          `systemd is ${now}${since}${jobs > 0 ? `, with ${jobs} jobs waiting` : ''}`,
          ...(waitsFor.length > 0 ? [`others wait for ${waitsFor.slice(0, 4).join(', ')}`] : []),
        ],
        remedy: { text: 'systemctl list-jobs names what waits, and for what.', risk: 'none' },
      },
    ];
  },
});

const boot = check({
  id: 'system.boot-slow',
  area: 'system',
  title: 'Boots that take long',
  about:
    'The time from the end of the boot loader until systemd had started everything. Long ones mostly wait for a network or a disk that is not there.',
  needs: { bootTime },
  thresholds: {
    infoMinutes: { value: 5, unit: 'min', source: 'chosen: three of systemd’s default time limits of 90 s' },
  },
  evaluate: ({ bootTime: { userspaceMs, slowest } }, { infoMinutes }) => {
    if (userspaceMs === undefined) return new NotApplicable('systemd has not finished starting');
    if (userspaceMs < infoMinutes * MINUTE) return [];
    return [
      {
        severity: 'info',
        title: 'The machine took long to boot',
        parameters: { seconds: Math.round(userspaceMs / 1_000) },
        evidence: [
          `user space took ${inTime(userspaceMs)} to start`,
          ...(slowest === '' ? [] : [`systemd-analyze blame: ${slowest}`]),
        ],
        remedy: { text: 'systemd-analyze critical-chain names what was waited for.', risk: 'none' },
      },
    ];
  },
});

/** systemd's own words for what is unusual, with what they mean. Only those that somebody should act on. */
const TAINTS: Readonly<Record<string, string>> = {
  'support-ended': 'the support of the operating system has ended',
  'unmerged-usr': '/usr is not merged: systemd gives that up',
  'unmerged-bin': '/usr/sbin is not merged',
  'var-run-bad': '/var/run is no link to /run',
  'local-hwclock': 'the hardware clock is in local time',
  'old-kernel': 'the kernel is older than systemd supports',
  'overflowuid-not-65534': 'the overflow user is not 65534',
  'overflowgid-not-65534': 'the overflow group is not 65534',
};

const taints = check({
  id: 'system.systemd-tainted',
  area: 'system',
  title: 'What systemd finds unusual about the system',
  about:
    'systemd lists, in words of its own, what it will not support for ever or what is known to make trouble.',
  needs: { manager },
  evaluate: ({ manager: { taints: words } }) => {
    const known = words.filter((word) => Object.hasOwn(TAINTS, word));
    if (known.length === 0) return [];
    return [
      {
        severity: 'info',
        title: 'systemd finds something unusual about the system',
        parameters: { words: known.join(' ') },
        evidence: known.map((word) => `${word}: ${TAINTS[word]}`),
        remedy: { text: 'Mend it in the image, before systemd no longer starts with it.', risk: 'none' },
      },
    ];
  },
});

const dumps = check({
  id: 'system.core-dumps',
  area: 'system',
  title: 'Programs that crashed',
  about: 'Core dumps that systemd kept in the last day, by program.',
  needs: { coreDumps },
  thresholds: { warnDumps: { value: 3, unit: '1/d', source: 'chosen: once may be chance' } },
  evaluate: ({ coreDumps: { dumps: all, nowMs } }, { warnDumps }) => {
    const recent = all.filter(({ at }) => nowMs - at < DAY && at <= nowMs + MINUTE);
    const programs = Map.groupBy(recent, ({ program }) => program);
    return [...programs].slice(0, MAX_TOLD).map(
      ([program, own]): FindingDraft => ({
        severity: own.length >= warnDumps ? 'warning' : 'info',
        title: 'A program crashed',
        subject: { kind: 'program', name: program, hardware: program },
        parameters: { dumps: own.length },
        count: own.length,
        lastMs: Math.max(...own.map(({ at }) => at)),
        firstMs: Math.min(...own.map(({ at }) => at)),
        evidence: [`${own.length} core dumps of ${program} in the last day`],
        remedy: { text: 'coredumpctl info tells where it crashed.', risk: 'none' },
      }),
    );
  },
});

const suppressed = check({
  id: 'system.journal-suppressed',
  area: 'system',
  title: 'Messages that the journal dropped',
  about:
    'A service that logs more than RateLimitBurst= messages in RateLimitIntervalSec= loses the rest: what was dropped is what ' +
    'happened while something was wrong. Kernel messages are missed where the ring overflows.',
  needs: { journal },
  thresholds: {
    warnMessages: {
      value: 1_000,
      unit: '1/d',
      source: 'chosen: a tenth of journald’s default burst of 10,000 in 30 s',
    },
  },
  evaluate: ({ journal: { suppressed: all, missed } }, { warnMessages }) => [
    ...all
      .filter(({ messages }) => messages >= warnMessages)
      .slice(0, MAX_TOLD)
      .map(
        ({ unit, messages }): FindingDraft => ({
          severity: 'info',
          title: 'The journal dropped messages of a service',
          subject: { kind: 'service', name: unit, hardware: unit },
          parameters: { messages },
          count: messages,
          evidence: [`${messages} messages of ${unit} were suppressed in the last day`],
          remedy: { text: 'Make it log less, or raise LogRateLimitBurst= in its unit.', risk: 'none' },
        }),
      ),
    ...(missed > 0
      ? [
          {
            severity: 'info',
            title: 'The journal missed kernel messages',
            parameters: { messages: missed },
            evidence: [`${missed} kernel messages were missed in the last day`],
            remedy: {
              text: 'See what the kernel repeats (nodectl dmesg), or enlarge its ring: log_buf_len=4M.',
              risk: 'reboot',
            },
          } satisfies FindingDraft,
        ]
      : []),
  ],
});

const volatile = check({
  id: 'system.journal-volatile',
  area: 'system',
  title: 'Journals that are lost with each boot',
  about:
    'Without /var/log/journal the journal is kept in memory: after a crash nothing tells what happened before it.',
  needs: { journal },
  evaluate: ({ journal: { persistent } }) =>
    persistent
      ? []
      : [
          {
            severity: 'info',
            title: 'The journal is lost with each boot',
            evidence: ['/var/log/journal is not there; the journal is in /run/log/journal'],
            remedy: {
              text: 'Make the folder /var/log/journal, or set Storage=persistent in journald.conf.',
              risk: 'none',
            },
          },
        ],
});

const large = check({
  id: 'system.journal-large',
  area: 'system',
  title: 'Journals that take much space',
  about:
    'journald keeps to a tenth of its file system, and to 4 GiB, unless it is told otherwise. More than that was asked for, or old files of other machines are there.',
  needs: { journal },
  thresholds: {
    infoGiB: {
      value: 8,
      unit: 'GiB',
      source: 'journald.conf(5): SystemMaxUse is capped to 4G by default; twice that',
    },
  },
  evaluate: ({ journal: { bytes } }, { infoGiB }) =>
    bytes === undefined || bytes < infoGiB * 2 ** 30
      ? []
      : [
          {
            severity: 'info',
            title: 'The journal takes much space',
            parameters: { bytes },
            evidence: [`journalctl --disk-usage: ${inBytes(bytes)}`],
            remedy: {
              text: 'journalctl --vacuum-size=4G, and SystemMaxUse= in journald.conf.',
              risk: 'none',
            },
          },
        ],
});

/** Checks of services. */
export const SYSTEM_SERVICE_CHECKS = [
  ...[failed, restarts, state, boot, taints],
  ...[dumps, suppressed, volatile, large],
] as const;
