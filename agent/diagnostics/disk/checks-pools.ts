/** Checks of multipath disks, RAID volumes of LVM, and ZFS pools. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { mapper, multipaths } from './mapper.ts';
import { type Vdev, zpools } from './zpool.ts';

const dmRaid = check({
  id: 'disk.lvm-raid-degraded',
  area: 'disk',
  title: 'RAID volumes of LVM with members missing',
  about:
    'LVM’s RAID volumes are kept by the device mapper: a letter a member says whether it is alive (A), or dead (D).',
  needs: { mapper },
  evaluate: ({ mapper: { raids } }) =>
    raids
      .filter(({ health }) => health.includes('D') || health.includes('-'))
      .map(
        (one): FindingDraft => ({
          severity: 'critical',
          title: 'A RAID volume of LVM is degraded',
          subject: { kind: 'raid', name: one.name, attributes: { level: one.level } },
          evidence: [`${one.name}: ${one.level} ${one.health} ${one.action}`],
          remedy: { text: 'Replace the disk, then lvconvert --repair the volume.', risk: 'data' },
        }),
      ),
});

const paths = check({
  id: 'disk.multipath-degraded',
  area: 'disk',
  title: 'Disks that lost some or all of their paths',
  about:
    'A disk on a storage network is reached by several paths. With some failed it works, with less bandwidth and no reserve; ' +
    'with none, everything on it waits or fails.',
  needs: { multipaths },
  evaluate: ({ multipaths: all }) =>
    all
      .filter(({ bad, good }) => bad.length > 0 || good.length === 0)
      .map(({ name, product, good, bad, excerpt }): FindingDraft => {
        const dead = good.length === 0 && !excerpt;
        return {
          severity: dead ? 'critical' : 'warning',
          title: dead ? 'A disk has no path left' : 'A disk has lost paths',
          subject: {
            kind: 'multipath',
            // Which disk it is was not saved: the paths are what there is to look for.
            name: excerpt ? bad.slice(0, 4).join(', ') : name,
            ...(product === '' ? {} : { hardware: product }),
          },
          parameters: { good: good.length, bad: bad.length },
          evidence: [
            good.length + bad.length === 0
              ? `${name}: multipath lists no path of it`
              : excerpt
                ? `${bad.length} paths are down: ${bad.slice(0, 8).join(', ')}; the rows do not tell of which disks`
                : `${name}: ${bad.length} of ${good.length + bad.length} paths are down: ${bad.slice(0, 8).join(', ')}`,
          ],
          remedy: {
            text: 'Look at the HBA or NIC, the switch and the array’s ports of those paths; multipath -ll tells when they are back.',
            risk: 'none',
          },
          explains: dead
            ? ['disk.mount-hung', 'system.processes-stuck', 'kernel-log.scsi-*', 'kernel-log.multipath-*']
            : ['kernel-log.multipath-*'],
        };
      }),
});

const singlePath = check({
  id: 'disk.multipath-single',
  area: 'disk',
  title: 'Disks with a single path',
  about:
    'A disk that is managed for several paths and has one: a cable, a zoning or an interface is missing, and nobody would notice its loss but by an outage.',
  needs: { multipaths },
  evaluate: ({ multipaths: all }) =>
    all
      .filter(({ good, bad, excerpt }) => good.length === 1 && bad.length === 0 && !excerpt)
      .map(
        ({ name, product, good }): FindingDraft => ({
          severity: 'info',
          title: 'A disk is reached by one path alone',
          subject: { kind: 'multipath', name, ...(product === '' ? {} : { hardware: product }) },
          evidence: [`${name}: ${good[0]} is its only path`],
          remedy: {
            text: 'Look for the other cable, the zoning, or the second iSCSI session.',
            risk: 'none',
          },
        }),
      ),
});

/**
 * The RAID-Z group that has lost two devices or more, and as many as it has parity: none is left to spare. Undefined where there is none.
 * A spare that stands in for a device has taken its place.
 */
function withoutReserve(
  vdevs: readonly Vdev[],
): { readonly name: string; readonly lost: number } | undefined {
  const groups: { name: string; parity: number; lost: number; spares: number }[] = [];
  for (const { name, state } of vdevs) {
    const parity = /^raidz([123])?(?:-\d+)?$/.exec(name);
    const last = groups.at(-1);
    if (parity) groups.push({ name, parity: Number(parity[1] ?? 1), lost: 0, spares: 0 });
    else if (/^(?:mirror|draid\d?)[\w:-]*$|^(?:logs|cache|spares|special|dedup)$/.test(name))
      groups.push({ name, parity: Number.POSITIVE_INFINITY, lost: 0, spares: 0 });
    else if (last && /^spare-\d+$/.test(name)) last.spares++;
    else if (last && /^(?:FAULTED|UNAVAIL|REMOVED|OFFLINE)$/.test(state)) last.lost++;
  }
  return groups
    .map(({ name, parity, lost, spares }) => ({ name, parity, lost: lost - spares }))
    .find(({ parity, lost }) => lost >= Math.max(2, parity));
}

const zpool = check({
  id: 'disk.zpool-degraded',
  area: 'disk',
  title: 'ZFS pools that are not whole',
  about:
    'A pool is degraded where a device failed and others stand in for it, suspended where it cannot go on at all. A device can ' +
    'be faulted in a pool that still calls itself online. RAID-Z that lost several devices and has none left to spare is critical.',
  needs: { zpools },
  evaluate: ({ zpools: pools }) =>
    pools.flatMap((pool): FindingDraft[] => {
      const bad = pool.vdevs.filter(({ state }) =>
        /^(DEGRADED|FAULTED|UNAVAIL|REMOVED|OFFLINE)$/.test(state),
      );
      const down = /^(FAULTED|UNAVAIL|SUSPENDED)$/.test(pool.state);
      if (pool.state === 'ONLINE' && bad.length === 0) return [];
      if (pool.state === '' && bad.length === 0) return [];
      const bare = down ? undefined : withoutReserve(pool.vdevs);
      return [
        {
          severity: down || bare ? 'critical' : 'warning',
          title: down
            ? 'A ZFS pool is out of service'
            : bare
              ? 'A ZFS pool has no device left to spare'
              : 'A ZFS pool is degraded',
          subject: { kind: 'pool', name: pool.name },
          parameters: { devices: bad.length },
          evidence: [
            `${pool.name} is ${pool.state}${pool.status === '' ? '' : `: ${pool.status}`}`,
            ...(bare ? [`${bare.name} has lost ${bare.lost} devices`] : []),
            ...bad.slice(0, 2).map((one) => `${one.name} ${one.state}`),
          ],
          remedy: down
            ? { text: 'Bring its devices back, then zpool clear.', risk: 'data' }
            : {
                text: 'Replace the device: zpool replace; bring one that was away back: zpool online.',
                risk: 'data',
              },
          explains: down
            ? ['disk.mount-hung', 'system.processes-stuck', 'disk.zpool-errors']
            : ['disk.zpool-errors'],
        },
      ];
    }),
});

const zpoolErrors = check({
  id: 'disk.zpool-errors',
  area: 'disk',
  title: 'Errors in ZFS pools',
  about:
    'ZFS counts failed reads and writes and blocks with a wrong checksum for each device. Most are mended from another copy; ' +
    '"data errors" are files for which there was none.',
  needs: { zpools },
  evaluate: ({ zpools: pools }) => {
    if (pools.every(({ vdevs, errors }) => vdevs.length === 0 && errors === ''))
      return new NotApplicable('zpool status was not read');
    return pools.flatMap((pool): FindingDraft[] => {
      const lost = pool.errors !== '' && !/^no known data errors/i.test(pool.errors);
      const bad = pool.vdevs.filter((one) => one.read + one.write + one.checksum > 0);
      if (!lost && bad.length === 0) return [];
      return [
        {
          severity: lost ? 'critical' : 'warning',
          title: lost ? 'A ZFS pool has lost data' : 'A ZFS pool has errors on its devices',
          subject: { kind: 'pool', name: pool.name },
          parameters: { devices: bad.length },
          evidence: [
            ...(lost ? [`errors: ${pool.errors.slice(0, 120)}`] : []),
            ...bad
              .slice(0, 2)
              .map(
                (one) =>
                  `${one.name}: read ${figures(one.read)}, write ${figures(one.write)}, checksum ${figures(one.checksum)}`,
              ),
          ],
          remedy: lost
            ? { text: 'zpool status -v names the files: restore them, then zpool scrub.', risk: 'data' }
            : { text: 'Check disk, cable and memory; zpool scrub, then zpool clear.', risk: 'none' },
        },
      ];
    });
  },
});

/** Checks of paths and pools. */
export const DISK_POOL_CHECKS = [dmRaid, paths, singlePath, zpool, zpoolErrors] as const;
