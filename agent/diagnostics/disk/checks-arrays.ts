/** Checks of software RAID. */

import { check, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { inTime } from '../quantities.ts';
import { applianceMirrors } from './appliance-mirrors.ts';
import { arrays, type RaidArray } from './arrays.ts';
import { redundancyLeft } from './mdstat.ts';

/** Why an array of which sysfs alone told cannot be judged; undefined where something of what is asked was told of one. */
function untold(all: readonly RaidArray[], seen: (array: RaidArray) => boolean): Skipped | undefined {
  return all.length === 0 || all.some((one) => !one.told || seen(one))
    ? undefined
    : new Skipped('of the files in /sys/block/md*/md those that tell it were not captured');
}

/** How many members are missing, and that in words. */
function missingOf(array: RaidArray): { missing: number; words: string } | undefined {
  const { name, level, places, working, missing } = array;
  const of = level === '' ? name : `${name} (${level})`;
  if (places !== undefined && working !== undefined)
    return { missing: places - working, words: `${of}: ${working} of ${places} members work` };
  return missing === undefined
    ? undefined
    : { missing, words: `${of}: ${missing} member${missing === 1 ? '' : 's'} missing, by md/degraded` };
}

function leftWords(left: number | undefined, lost: boolean): string {
  if (lost) return '; it has failed: what is on it is not there as a whole';
  if (left === undefined) return '';
  return left > 0 ? `; ${left} more may be lost` : '; no more may be lost';
}

/** Arrays but those whose empty places are those of an appliance's empty bays. */
function withoutEmptyBays(all: readonly RaidArray[]): readonly RaidArray[] {
  const mirrors = applianceMirrors(all);
  return mirrors.size === 0 ? all : all.filter(({ name }) => !mirrors.has(name));
}

const degraded = check({
  id: 'disk.md-degraded',
  area: 'disk',
  title: 'Software RAID with members missing',
  about:
    'An array with fewer members than places goes on, with less redundancy or none. Critical where nothing is being rebuilt, as node-mixin ' +
    'NodeRAIDDegraded has it: whatever redundancy is left, nothing brings the rest back by itself. Where more are gone than its level can lose, ' +
    'it has failed, also where /proc/mdstat calls it active. The mirrors of system and swap that appliances keep with a place for each bay, ' +
    'Synology’s md0 and md1 and QNAP’s md9 and md13, may have empty ones as long as every disk of the other arrays is in them.',
  needs: { arrays },
  links: ['https://github.com/prometheus/node_exporter/blob/master/docs/node-mixin/alerts/alerts.libsonnet'],
  evaluate: ({ arrays: all }) =>
    untold(all, (one) => missingOf(one) !== undefined || one.members.some(({ failed }) => failed)) ??
    withoutEmptyBays(all).flatMap((array): FindingDraft[] => {
      const { places, working, level, name, action } = array;
      const told = missingOf(array);
      if (!array.active || !told || told.missing <= 0) return [];
      const left = redundancyLeft(array);
      // What a RAID 10 can lose depends on which members they are: of that one only none at all is sure.
      const lost = left !== undefined && (left < 0 || working === 0);
      const rebuilding = action === 'recovery' || action === 'resync';
      const failed = array.members.filter((one) => one.failed).map((one) => one.name);
      return [
        {
          severity: rebuilding && !lost ? 'warning' : 'critical',
          title: lost
            ? 'A RAID array has lost more members than it can'
            : rebuilding
              ? 'A RAID array is degraded and being rebuilt'
              : 'A RAID array is degraded',
          subject: { kind: 'raid', name, attributes: { level } },
          parameters: {
            ...(working === undefined || places === undefined
              ? { missing: told.missing }
              : { working, places }),
            ...(array.percent === undefined ? {} : { rebuiltPercent: array.percent }),
          },
          evidence: [
            `${told.words}${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}${leftWords(left, lost)}`,
            ...(rebuilding && array.percent !== undefined
              ? [
                  `${action} at ${array.percent} %${array.minutesLeft === undefined ? '' : `, ${inTime(array.minutesLeft * 60_000)} left`}`,
                ]
              : []),
          ],
          remedy: lost
            ? {
                text: 'Write nothing to it. Find out why the members left (cable, controller, power): mdadm --examine tells which left last; mdadm --assemble --force takes those back. Else restore the data from a copy.',
                risk: 'data',
              }
            : rebuilding
              ? { text: 'Let it finish, and look at the disk that fell out.', risk: 'none' }
              : {
                  text: `Replace the member: mdadm --remove failed takes it out, --add puts the new one in.`,
                  risk: 'data',
                },
          explains: ['kernel-log.md-*'],
        },
      ];
    }),
});

const memberFailed = check({
  id: 'disk.md-member-failed',
  area: 'disk',
  title: 'Failed members that are still in an array',
  about:
    'A spare has taken the place of a member that failed, so the array is whole again; the failed disk is still there, and ' +
    'the spare is gone.',
  needs: { arrays },
  evaluate: ({ arrays: all }) =>
    untold(all, ({ told }) => told?.members === true) ??
    all.flatMap((array): FindingDraft[] => {
      const failed = array.members.filter((one) => one.failed);
      // One that is degraded or not active has a finding of its own, which names them.
      if (failed.length === 0 || !array.active || (missingOf(array)?.missing ?? 0) > 0) return [];
      return [
        {
          severity: 'warning',
          title: 'A RAID array has a failed member in it',
          subject: { kind: 'raid', name: array.name, attributes: { level: array.level } },
          parameters: { failed: failed.length },
          evidence: [
            `${array.name}: ${failed.map(({ name }) => name).join(', ')} marked ${array.told ? 'faulty in md/dev-*/state' : '(F) in /proc/mdstat'}`,
          ],
          remedy: {
            text: 'Look at the disk’s health, then remove it from the array and replace it.',
            risk: 'data',
          },
          explains: ['kernel-log.md-*'],
        },
      ];
    }),
});

const inactive = check({
  id: 'disk.md-inactive',
  area: 'disk',
  title: 'Software RAID that could not be started',
  about:
    'Too few members were found to start the array, or it was left half assembled: what is on it is not there. Containers of ' +
    'external metadata (Intel, DDF) are never active and are left out.',
  needs: { arrays },
  evaluate: ({ arrays: all }) =>
    untold(all, ({ told }) => told?.state === true) ??
    all
      .filter(({ active, container }) => !active && !container)
      .map(
        (array): FindingDraft => ({
          severity: 'critical',
          title: 'A RAID array is not active',
          subject: { kind: 'raid', name: array.name, attributes: { level: array.level } },
          evidence: [
            `${array.name} is inactive${array.told?.members === false ? '' : `, with ${array.members.map(({ name }) => name).join(', ') || 'no members'}`}`,
          ],
          remedy: {
            text: `mdadm --examine its members tells why; mdadm --assemble --scan starts it.`,
            risk: 'data',
          },
          explains: ['disk.mount-missing', 'system.unit-failed'],
        }),
      ),
});

const rebuilding = check({
  id: 'disk.md-resync',
  area: 'disk',
  title: 'Software RAID that is being rebuilt or reshaped',
  about:
    'A resync after a crash, a recovery onto a new member or a reshape takes the disks’ time; until it ends there is less ' +
    'redundancy. The monthly check of the distribution is no trouble and is left out.',
  needs: { arrays },
  thresholds: {
    slowDays: { value: 3, unit: 'd', source: 'chosen: at 100 MB/s a disk of 20 TB takes 2.3 days' },
  },
  evaluate: ({ arrays: all }, { slowDays }) =>
    untold(all, ({ told }) => told?.action === true) ??
    all.flatMap((array): FindingDraft[] => {
      const { action, waits, percent, minutesLeft = 0, speed, places, working } = array;
      const whole = places === working;
      // An array that is degraded is told by its own check; PENDING waits for the first write and harms nobody.
      if (!whole || action === '' || action === 'check' || action === 'repair' || waits === 'PENDING')
        return [];
      const slow = minutesLeft > slowDays * 1_440;
      return [
        {
          severity: slow ? 'warning' : 'info',
          title: slow ? 'A RAID array is rebuilt very slowly' : 'A RAID array is being rebuilt',
          subject: { kind: 'raid', name: array.name, attributes: { level: array.level } },
          parameters: { ...(percent === undefined ? {} : { donePercent: percent }), minutesLeft },
          evidence: [
            waits !== ''
              ? `${array.name}: ${action} is ${waits}`
              : `${array.name}: ${action} ${percent === undefined ? 'goes on' : `at ${percent} %`}${array.minutesLeft === undefined ? '' : `, ${inTime(minutesLeft * 60_000)} left`}${speed === undefined ? '' : ` at ${speed} KiB/s`}`,
          ],
          remedy: slow
            ? {
                text: 'Look for a slow member (nodectl diag disk), or raise dev.raid.speed_limit_min.',
                risk: 'none',
              }
            : { text: 'Let it finish.', risk: 'none' },
        },
      ];
    }),
});

const mismatch = check({
  id: 'disk.md-mismatch',
  area: 'disk',
  title: 'Copies of a RAID array that differ',
  about:
    'The last check found sectors whose copies, or whose parity, did not agree. On RAID 1 and 10 with swap some are normal; on ' +
    'RAID 5 and 6 none is: a disk, cable or memory changed data on its way.',
  needs: { arrays },
  thresholds: { warnSectors: { value: 1_024, unit: 'sectors', source: 'netdata mdstat_mismatch_cnt' } },
  evaluate: ({ arrays: all }, { warnSectors }) =>
    untold(all, ({ mismatches }) => mismatches !== undefined) ??
    all.flatMap((array): FindingDraft[] => {
      const count = array.mismatches ?? 0;
      const parity = /^raid[456]$/.test(array.level);
      if (count === 0 || (!parity && count <= warnSectors)) return [];
      return [
        {
          severity: 'warning',
          title: 'The copies of a RAID array differ',
          subject: { kind: 'raid', name: array.name, attributes: { level: array.level } },
          parameters: { sectors: count },
          evidence: [`/sys/block/${array.name}/md/mismatch_cnt is ${count}`],
          remedy: {
            text: 'Check the members’ health and the memory; then echo repair > md/sync_action.',
            risk: 'data',
          },
        },
      ];
    }),
});

/** Checks of software RAID. */
export const DISK_ARRAY_CHECKS = [degraded, memberFailed, inactive, rebuilding, mismatch] as const;
