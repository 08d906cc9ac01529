/** Whether anything tells solid-state disks what is free. */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { allMounts } from './mounts.ts';

/** What tells them. */
export interface Trimming {
  /** fstrim.timer is enabled, or a cron job runs fstrim. */
  readonly timer: boolean;
  /** A local file system is mounted with discard. */
  readonly discards: boolean;
}

const TIMERS = [
  'etc/systemd/system/timers.target.wants/fstrim.timer',
  'usr/lib/systemd/system/timers.target.wants/fstrim.timer',
  'lib/systemd/system/timers.target.wants/fstrim.timer',
  'etc/cron.weekly/fstrim',
  'etc/cron.daily/fstrim',
];

/** Whether TRIM is used. */
export const trimming = fact({
  id: 'disk.trimming',
  reads: TIMERS.map((path) => `/${path}`),
  limitMs: 2_000,
  read: async ({ machine, get }): Promise<Trimming> => {
    if (!machine.live && !machine.has('etc/systemd/system')) throw nothing(machine, '/etc/systemd/system');
    const all = await get(allMounts);
    return {
      timer: TIMERS.some((path) => machine.has(path)),
      // ZFS trims by a property of the pool, which is not read.
      discards: all.some(
        ({ kind, type, options }) =>
          kind === 'local' &&
          (type === 'zfs' ||
            options.some((option) => /^discard(=|$)/.test(option) && option !== 'discard=off')),
      ),
    };
  },
});
