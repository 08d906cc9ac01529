/** Which boot loader a machine has, by what of ours is there: the image was made for one. */

import { Failure } from '../../../proto/failure.ts';
import type { Machine } from '../../host/machine.ts';
import type { BootBackend, BootKind } from './backend.ts';
import { mayBeEntryOf } from './boot-entry.ts';
import { DiskBootFolder } from './boot-folder.ts';
import { FilesBackend } from './files.ts';
import { GRUB_COPIES, GrubBackend } from './grub.ts';
import { loaderVariable } from './loader-problems.ts';
import { type RunningSlot, runningSlot } from './running-slot.ts';
import type { SlotRecords } from './slot-records.ts';
import type { SlotDevices } from './slot-store.ts';
import { ENTRIES, SystemdBootBackend } from './systemd-boot.ts';

/** Where distributions mount what the boot loader reads. */
const PLACES = ['/boot', '/efi', '/boot/efi'];

/** What the agent's settings say, and what it runs on. */
export interface BackendChoice {
  readonly backend: BootKind | 'auto';
  /** The folder that the boot loader reads; looked for in the usual places where it is not given. Needed for `files`. */
  readonly folder?: string;
  readonly machine: Machine;
  readonly records: SlotRecords;
  readonly devices: SlotDevices;
  /** "/" for this machine: what the usual places are below. */
  readonly root?: string;
  /** What runs; the machine tells unless told. */
  readonly running?: () => RunningSlot;
}

/** The backend. @throws Failure UPGRADE_NO_BACKEND that says what was looked for */
export function openBackend(choice: BackendChoice): BootBackend {
  const { machine, records, devices, root = '/', running = () => runningSlot(machine, devices) } = choice;
  const folders = choice.folder === undefined ? PLACES : [choice.folder];
  const disks = folders.map((path) => new DiskBootFolder(root === '/' ? path : root + path, machine));
  const none = (looked: string) =>
    new Failure('UPGRADE_NO_BACKEND', `no boot loader was found that can boot two slots: ${looked}`, {
      hint: 'docs/upgrades.md says how a machine image is made that can be upgraded',
    });
  if (choice.backend === 'files') {
    const [disk] = disks;
    if (choice.folder === undefined || !disk)
      throw none('the files backend needs its folder in the settings');
    return new FilesBackend(disk, records, devices);
  }
  const grub = disks.find((disk) => GRUB_COPIES.some((path) => disk.info(path)));
  const boot = disks.find((disk) =>
    disk.list(ENTRIES).some((name) => mayBeEntryOf(name, 'a') || mayBeEntryOf(name, 'b')),
  );
  // On a disk that has both, the one that started this machine is the one that counts.
  const started = loaderVariable(machine, 'LoaderInfo')?.startsWith('systemd-boot') === true;
  if (boot && choice.backend !== 'grub' && (choice.backend === 'systemd-boot' || !grub || started))
    return new SystemdBootBackend({ disk: boot, records, devices, machine, running });
  if (grub && choice.backend !== 'systemd-boot')
    return new GrubBackend({ disk: grub, records, devices, running });
  throw none(
    `neither ${GRUB_COPIES[0]} nor ${ENTRIES}/nodectl-*.conf is in ${folders.join(', ')}` +
      (choice.backend === 'auto' ? '' : `, as ${choice.backend} has it`),
  );
}
