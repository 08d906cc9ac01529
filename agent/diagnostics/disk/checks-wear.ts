/** Checks of how disks age and how they are kept: wear, spare blocks, heat, cables, self-tests. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { healthSubject, ofTelling, REPLACE } from './checks-health.ts';
import { type DiskHealth, hasRecords } from './health.ts';
import { smart } from './smart.ts';

/** Damaged transfers as the log tells of them: all of its errors, where all that it shows are such. */
function transfersOf({ logged }: DiskHealth): number {
  return logged && logged.transfers > 0 && logged.unreadable === 0 ? logged.count : 0;
}

const linkErrors = check({
  id: 'disk.link-errors',
  area: 'disk',
  title: 'Disks with errors on their cable',
  about:
    'Attribute 199 counts transfers between disk and controller that were damaged. The disk is mostly innocent: it is the ' +
    'cable, the backplane or the power. It never goes back to zero, so a few may be old.',
  needs: { smart },
  thresholds: {
    infoErrors: {
      value: 10,
      unit: '',
      source: 'chosen: more than the handful of a cable that was plugged while running',
    },
    warnErrors: {
      value: 100,
      unit: '',
      source: 'chosen: a cable that was plugged while running leaves a handful',
    },
  },
  evaluate: ({ smart: disks }, { infoErrors, warnErrors }) =>
    ofTelling(
      disks,
      ({ linkErrors, logged }) => linkErrors !== undefined || logged !== undefined,
      'of its cable',
      (disks) =>
        disks
          // The log keeps the newest few alone: where the count is not told, what it has of them.
          .map((disk) => ({ disk, count: disk.linkErrors ?? transfersOf(disk) }))
          .filter(({ count }) => count >= infoErrors)
          .map(
            ({ disk, count }): FindingDraft => ({
              severity: count >= warnErrors ? 'warning' : 'info',
              certainty: 'likely',
              title:
                count >= warnErrors
                  ? 'A disk has many errors on its cable'
                  : 'A disk has had errors on its cable',
              subject: healthSubject(disk),
              parameters: { errors: count },
              evidence: [
                disk.linkErrors === undefined
                  ? `its log has ${count} errors, the newest of them damaged transfers (ICRC)`
                  : `UDMA_CRC_Error_Count is ${disk.linkErrors}`,
              ],
              remedy: {
                text: 'Replace the cable or change the slot, and see whether the count still grows.',
                risk: 'none',
              },
              explains: ['kernel-log.ata-*'],
            }),
          ),
    ),
});

const wear = check({
  id: 'disk.worn',
  area: 'disk',
  title: 'Solid-state disks near the end of their writes',
  about:
    'The share of the writes it was made for that an SSD has had. Beyond 100 % it goes on, outside of what its maker ' +
    'promises; some makes turn read-only.',
  needs: { smart },
  thresholds: {
    warnPercent: { value: 90, unit: '%', source: 'chosen: a tenth of its life is left for ordering another' },
    criticalPercent: {
      value: 100,
      unit: '%',
      source: 'NVM Express: 100 is the estimated end of its endurance',
    },
  },
  evaluate: ({ smart: disks }, { warnPercent, criticalPercent }) =>
    ofTelling(
      disks,
      ({ usedPercent }) => usedPercent !== undefined,
      'how worn it is',
      (disks) =>
        disks
          .filter(({ usedPercent = 0 }) => usedPercent >= warnPercent)
          .map(
            (disk): FindingDraft => ({
              severity: (disk.usedPercent ?? 0) >= criticalPercent ? 'critical' : 'warning',
              title: 'A solid-state disk is worn out, or nearly',
              subject: healthSubject(disk),
              parameters: { usedPercent: disk.usedPercent ?? 0, powerOnHours: disk.powerOnHours ?? 0 },
              evidence: [`${disk.usedPercent} % of its endurance is used`],
              remedy: {
                text: 'Replace it at the next occasion, and find what writes so much.',
                risk: 'data',
              },
            }),
          ),
    ),
});

const spare = check({
  id: 'disk.spare-low',
  area: 'disk',
  title: 'Solid-state disks that run out of spare blocks',
  about:
    'Blocks that went bad are replaced by spare ones. Below its maker’s threshold the disk may fail at any time.',
  needs: { smart },
  thresholds: {
    marginPercent: { value: 10, unit: '%', source: 'chosen: so near above the disk’s own threshold' },
  },
  evaluate: ({ smart: disks }, { marginPercent }) =>
    ofTelling(
      disks,
      ({ sparePercent }) => sparePercent !== undefined,
      'of its spare blocks',
      (disks) =>
        disks.flatMap((disk): FindingDraft[] => {
          const { sparePercent: left, spareThreshold: least } = disk;
          if (
            left === undefined ||
            least === undefined ||
            least === 0 ||
            left > least + marginPercent ||
            left >= 100
          )
            return [];
          return [
            {
              severity: left <= least ? 'critical' : 'warning',
              title: 'A solid-state disk runs out of spare blocks',
              subject: healthSubject(disk),
              parameters: { sparePercent: left, thresholdPercent: least },
              evidence: [`${left} % of its spare blocks are left; its threshold is ${least} %`],
              remedy: REPLACE,
              explains: left <= least ? ['disk.nvme-critical-warning'] : [],
            },
          ];
        }),
    ),
});

const temperature = check({
  id: 'disk.temperature',
  area: 'disk',
  title: 'Disks that are too hot',
  about:
    'Judged against the disk’s own limit where it tells one, else against limits that suit its kind. Hot disks slow down, ' +
    'and age faster.',
  needs: { smart },
  thresholds: {
    hardDisk: { value: 60, unit: '°C', source: 'makers’ data sheets: operating limit of most hard disks' },
    solidState: { value: 75, unit: '°C', source: 'makers’ data sheets: most SSDs throttle at 70 to 80 °C' },
    margin: { value: 3, unit: '°C', source: 'chosen: so near below the disk’s own critical limit' },
  },
  evaluate: ({ smart: disks }, { hardDisk, solidState, margin }) =>
    ofTelling(
      disks,
      ({ celsius }) => celsius !== undefined,
      'how hot it is',
      (disks) =>
        disks.flatMap((disk): FindingDraft[] => {
          const { celsius, warningCelsius, criticalCelsius, rotational } = disk;
          if (celsius === undefined || celsius < 0 || celsius > 150) return [];
          const critical =
            criticalCelsius !== undefined && criticalCelsius > 0 && celsius >= criticalCelsius - margin;
          const usual = rotational ? hardDisk : solidState;
          const limit = warningCelsius !== undefined && warningCelsius > 0 ? warningCelsius : usual;
          if (!critical && celsius < limit) return [];
          return [
            {
              severity: critical ? 'critical' : 'warning',
              title: 'A disk is too hot',
              subject: healthSubject(disk),
              parameters: { celsius, limitCelsius: critical ? criticalCelsius : limit },
              evidence: [`${celsius} °C; its limit is ${critical ? criticalCelsius : limit} °C`],
              remedy: {
                text: 'Look at fans, filters and the air’s way: nodectl diag system shows other sensors.',
                risk: 'none',
              },
              explains: ['disk.latency'],
            },
          ];
        }),
    ),
});

const selfTest = check({
  id: 'disk.self-test-failed',
  area: 'disk',
  title: 'Disks whose last self-test failed',
  about:
    'The disk reads itself, or a part of it, and found that it cannot. Taken from its log of self-tests.',
  needs: { smart },
  evaluate: ({ smart: disks }) =>
    ofTelling(
      disks,
      (disk) => hasRecords(disk) || disk.failedSelfTest !== undefined,
      'of its self-tests',
      (disks) =>
        disks
          .filter(({ failedSelfTest }) => failedSelfTest !== undefined)
          .map(
            (disk): FindingDraft => ({
              severity: 'warning',
              title: 'The last self-test of a disk failed',
              subject: healthSubject(disk),
              evidence: [disk.failedSelfTest ?? ''],
              remedy: REPLACE,
              explains: ['disk.smart-sectors'],
            }),
          ),
    ),
});

const attributesPast = check({
  id: 'disk.smart-attribute',
  area: 'disk',
  title: 'Attributes of a disk that are or were beyond their threshold',
  about:
    'Attributes of age below their threshold now, or any that were once and recovered. A temperature that was too high once is ' +
    'the most common.',
  needs: { smart },
  evaluate: ({ smart: disks }) =>
    ofTelling(disks, hasRecords, 'of its attributes', (disks) =>
      disks.flatMap((disk): FindingDraft[] => {
        const names = disk.failing.filter(({ when, prefailure }) => !(when === 'now' && prefailure));
        if (names.length === 0) return [];
        const now = names.some(({ when }) => when === 'now');
        return [
          {
            severity: now ? 'warning' : 'info',
            title: now
              ? 'A disk’s attribute is below its threshold'
              : 'A disk’s attribute was below its threshold once',
            subject: healthSubject(disk),
            evidence: names.map(({ name, when }) => `${name}: ${when === 'now' ? 'now' : 'in the past'}`),
            remedy: {
              text: now ? 'Plan to replace it.' : 'For a temperature, look at its cooling.',
              risk: 'none',
            },
          },
        ];
      }),
    ),
});

const disabled = check({
  id: 'disk.smart-disabled',
  area: 'disk',
  title: 'Disks whose health records are switched off',
  about: 'The disk could tell of its health, and does not, since SMART is switched off in it.',
  needs: { smart },
  evaluate: ({ smart: disks }) =>
    disks
      .filter(({ available, enabled, asleep }) => available && !enabled && !asleep)
      .map(
        (disk): FindingDraft => ({
          severity: 'info',
          title: 'A disk’s health records are switched off',
          subject: healthSubject(disk),
          evidence: ['SMART support is available and disabled'],
          remedy: { text: 'Switch it on: smartctl -s on.', risk: 'none' },
        }),
      ),
});

/** Checks of how disks age. */
export const DISK_WEAR_CHECKS = [
  linkErrors,
  wear,
  spare,
  temperature,
  selfTest,
  attributesPast,
  disabled,
] as const;
