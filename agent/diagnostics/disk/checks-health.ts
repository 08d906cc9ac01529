/** Checks of what disks say of their own health: SMART and NVMe's health log. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft, Subject } from '../finding.ts';
import { type DiskHealth, hasRecords } from './health.ts';
import { smart } from './smart.ts';

/** What a failing disk causes elsewhere. */
const CONSEQUENCES = [
  ...['disk.io-errors', 'disk.filesystem-errors', 'disk.read-only', 'disk.filesystem-dead', 'disk.latency'],
  ...[
    'disk.saturated',
    'disk.btrfs-errors',
    'disk.zpool-errors',
    'system.processes-stuck',
    'disk.smart-sectors',
  ],
  ...[
    'kernel-log.io-error*',
    'kernel-log.ata-*',
    'kernel-log.scsi-*',
    'kernel-log.nvme-*',
    'kernel-log.ext4-*',
    'kernel-log.xfs-*',
  ],
] as const;

/** A disk that tells of its health, as the subject of a finding. */
export function healthSubject({ name, model, firmware }: DiskHealth): Subject {
  return {
    kind: 'disk',
    name,
    ...(model === '' ? {} : { hardware: model }),
    attributes: { ...(model === '' ? {} : { model }), ...(firmware === '' ? {} : { firmware }) },
  };
}

/**
 * What a check finds, unless no disk tells what it looks at: that is no word of health.
 * @param tells whether a disk tells it. @param what it is, as the object of a sentence
 */
export function ofTelling(
  disks: readonly DiskHealth[],
  tells: (disk: DiskHealth) => boolean,
  what: string,
  find: (disks: readonly DiskHealth[]) => FindingDraft[],
): FindingDraft[] | NotApplicable {
  return disks.length > 0 && !disks.some(tells) ? new NotApplicable(`no disk tells ${what}`) : find(disks);
}

/** What to do with a disk that fails. */
export const REPLACE = {
  text: 'Copy what is on it, or let its array do without it, and replace the disk.',
  risk: 'data',
} as const;

/** Bits of NVMe's critical warning (NVM Express base specification, SMART / Health Information). */
const WARNINGS: readonly (readonly [number, string, 'warning' | 'critical'])[] = [
  [0x01, 'the spare blocks are below their threshold', 'critical'],
  [0x02, 'the temperature is beyond a threshold', 'warning'],
  [0x04, 'reliability is degraded by media or internal errors', 'critical'],
  [0x08, 'the media is read-only', 'critical'],
  [0x10, 'the backup of volatile memory has failed', 'warning'],
  [0x20, 'the persistent memory region is read-only or unreliable', 'warning'],
];

const failing = check({
  id: 'disk.smart-failing',
  area: 'disk',
  title: 'Disks that say they are failing',
  about:
    'The disk’s own verdict (SMART overall health, SCSI’s health status), or an attribute of the kind "pre-fail" below its ' +
    'maker’s threshold. It comes late, and is seldom wrong.',
  needs: { smart },
  links: ['https://www.smartmontools.org/'],
  evaluate: ({ smart: disks }) =>
    ofTelling(
      disks,
      (disk) => disk.passed !== undefined || hasRecords(disk),
      'how it is',
      (disks) =>
        disks.flatMap((disk): FindingDraft[] => {
          const attributes = disk.failing.filter(({ when, prefailure }) => when === 'now' && prefailure);
          // NVMe's verdict is its critical warning, which has a check of its own.
          if ((disk.passed !== false || disk.protocol === 'NVMe') && attributes.length === 0) return [];
          return [
            {
              severity: 'critical',
              title: 'A disk says that it is failing',
              subject: healthSubject(disk),
              evidence: [
                ...(disk.passed === false ? ['its own verdict on its health is: failed'] : []),
                ...attributes.map(({ name }) => `${name} is below its threshold`),
              ],
              remedy: REPLACE,
              explains: CONSEQUENCES,
            },
          ];
        }),
    ),
});

const nvmeWarning = check({
  id: 'disk.nvme-critical-warning',
  area: 'disk',
  title: 'NVMe drives that raise a critical warning',
  about: 'A byte of bits in the drive’s health log, each for a condition that its maker calls critical.',
  needs: { smart },
  links: ['https://nvmexpress.org/specifications/'],
  evaluate: ({ smart: disks }) =>
    ofTelling(
      disks,
      ({ criticalWarning }) => criticalWarning !== undefined,
      'a critical warning or none',
      (disks) =>
        disks.flatMap((disk): FindingDraft[] => {
          const bits = WARNINGS.filter(([bit]) => ((disk.criticalWarning ?? 0) & bit) !== 0);
          if (bits.length === 0) return [];
          const critical = bits.some(([, , severity]) => severity === 'critical');
          return [
            {
              severity: critical ? 'critical' : 'warning',
              title: critical
                ? 'An NVMe drive says that it is failing'
                : 'An NVMe drive raises a critical warning',
              subject: healthSubject(disk),
              parameters: {
                criticalWarning: `0x${(disk.criticalWarning ?? 0).toString(16).padStart(2, '0')}`,
              },
              evidence: bits.map(([, words]) => words),
              remedy: critical
                ? REPLACE
                : {
                    text: 'Look at its cooling; for a failed backup of volatile memory at its capacitors: replace it.',
                    risk: 'none',
                  },
              explains: critical ? CONSEQUENCES : ['disk.temperature'],
            },
          ];
        }),
    ),
});

const sectors = check({
  id: 'disk.smart-sectors',
  area: 'disk',
  title: 'Disks with unreadable or replaced sectors',
  about:
    'Sectors that could not be read wait for being written anew (pending), were found by the disk’s own scan (offline ' +
    'uncorrectable), or were replaced (reallocated; grown defects of SCSI disks). Disks with any fail several times as often.',
  needs: { smart },
  thresholds: {
    warnPending: {
      value: 1,
      unit: 'sectors',
      source: 'smartd.conf(5): -C 197 and -U 198 report any above zero',
    },
    infoReallocated: {
      value: 1,
      unit: 'sectors',
      source: 'Backblaze’s drive statistics: attribute 5 above zero',
    },
    warnReallocated: {
      value: 100,
      unit: 'sectors',
      source: 'chosen: some were made with, or got, a few in their youth',
    },
  },
  links: ['https://www.backblaze.com/blog/what-smart-stats-indicate-hard-drive-failures/'],
  evaluate: ({ smart: disks }, { warnPending, infoReallocated, warnReallocated }) =>
    ofTelling(
      disks,
      ({ pending, reallocated, offlineUncorrectable }) =>
        (pending ?? reallocated ?? offlineUncorrectable) !== undefined,
      'of its sectors',
      (disks) =>
        disks.flatMap((disk): FindingDraft[] => {
          const waiting = Math.max(disk.pending ?? 0, disk.offlineUncorrectable ?? 0);
          const replaced = disk.reallocated ?? 0;
          const warning = waiting >= warnPending || replaced >= warnReallocated;
          if (!warning && replaced < infoReallocated) return [];
          return [
            {
              severity: warning ? 'warning' : 'info',
              title:
                waiting >= warnPending
                  ? 'A disk has sectors that it cannot read'
                  : 'A disk has replaced sectors',
              subject: healthSubject(disk),
              parameters: {
                pending: disk.pending ?? 0,
                offlineUncorrectable: disk.offlineUncorrectable ?? 0,
                reallocated: replaced,
              },
              evidence: [
                `pending ${disk.pending ?? 'not told'}, offline uncorrectable ${disk.offlineUncorrectable ?? 'not told'}, ` +
                  `reallocated ${disk.reallocated ?? 'not told'}`,
              ],
              remedy:
                waiting >= warnPending
                  ? {
                      text: 'Run a long self-test (smartctl -t long), see to its backups or array, and plan to replace it.',
                      risk: 'data',
                    }
                  : { text: 'Watch whether they become more.', risk: 'none' },
              explains:
                waiting >= warnPending ? ['disk.io-errors', 'kernel-log.io-error*', 'kernel-log.ata-*'] : [],
            },
          ];
        }),
    ),
});

const mediaErrors = check({
  id: 'disk.media-errors',
  area: 'disk',
  title: 'Disks that returned errors for data they hold',
  about:
    'Errors that the disk’s own correction could not mend and that went to the host: NVMe’s media and data integrity errors, ' +
    'ATA’s attribute 187 and sectors in its log of errors that could not be read (UNC), SCSI’s uncorrected errors.',
  needs: { smart },
  thresholds: {
    warnErrors: {
      value: 1,
      unit: '',
      source: 'Backblaze’s drive statistics: attribute 187 above zero; NVMe counts unrecovered errors alone',
    },
    recentHours: {
      value: 720,
      unit: 'h',
      source: 'chosen: a month; the disk keeps its five newest errors however old they are',
    },
  },
  evaluate: ({ smart: disks }, { warnErrors, recentHours }) =>
    ofTelling(
      disks,
      ({ uncorrected, logged }) => uncorrected !== undefined || logged !== undefined,
      'of such errors',
      (disks) =>
        disks.flatMap((disk): FindingDraft[] => {
          const { uncorrected = 0, logged, powerOnHours } = disk;
          const counted = uncorrected >= warnErrors;
          if (!counted && !logged?.unreadable) return [];
          const ago =
            powerOnHours === undefined || logged?.atHours === undefined ? 0 : powerOnHours - logged.atHours;
          return [
            {
              severity: counted || ago < recentHours ? 'warning' : 'info',
              title: 'A disk had errors that it could not correct',
              subject: healthSubject(disk),
              parameters: {
                errors: counted ? uncorrected : (logged?.count ?? 0),
                ...(powerOnHours === undefined ? {} : { powerOnHours }),
              },
              evidence: [
                ...(counted
                  ? [
                      `${uncorrected} uncorrected errors${powerOnHours === undefined ? '' : ` in ${powerOnHours} hours`}`,
                    ]
                  : []),
                ...(logged?.newest === undefined
                  ? []
                  : [
                      `its log has ${logged.count} errors; a sector could not be read${logged.atHours === undefined ? '' : ` at ${logged.atHours} hours`}: ${logged.newest}`,
                    ]),
              ],
              remedy: {
                text: 'Scrub what is on it (zpool scrub, btrfs scrub, md check). If the count grows, replace the disk.',
                risk: 'none',
              },
              explains: ['disk.io-errors', 'kernel-log.io-error*', 'kernel-log.nvme-*'],
            },
          ];
        }),
    ),
});

const errorLog = check({
  id: 'disk.error-log',
  area: 'disk',
  title: 'Disks whose log counts errors that are not shown',
  about:
    'ATA’s log counts errors of the disk’s life and keeps the newest. Many are commands that the disk does not know (ABRT), which is no ' +
    'trouble; sectors that cannot be read (UNC, IDNF) and damaged transfers (ICRC) are. Where the count alone was saved, it may be either.',
  needs: { smart },
  thresholds: {
    warnErrors: { value: 6, unit: '', source: 'chosen: more than the five that ATA’s summary log keeps' },
  },
  evaluate: ({ smart: disks }, { warnErrors }) =>
    ofTelling(
      disks,
      ({ uncorrected, logged }) => uncorrected !== undefined || logged !== undefined,
      'of its log',
      (disks) =>
        disks.flatMap((disk): FindingDraft[] => {
          const { count = 0, shown = 0 } = disk.logged ?? {};
          if (count === 0 || shown > 0 || disk.uncorrected !== undefined) return [];
          return [
            {
              severity: count >= warnErrors ? 'warning' : 'info',
              certainty: 'possible',
              title: 'A disk’s log counts errors, and what they are was not saved',
              subject: healthSubject(disk),
              parameters: { errors: count },
              evidence: [`its log has ${count} errors, of which none is shown`],
              remedy: { text: 'See what they are: smartctl -x DISK.', risk: 'none' },
            },
          ];
        }),
    ),
});

/** Checks of what disks say of their health. */
export const DISK_HEALTH_CHECKS = [failing, nvmeWarning, sectors, mediaErrors, errorLog] as const;
