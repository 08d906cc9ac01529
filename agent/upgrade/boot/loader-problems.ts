/** What makes systemd-boot choose otherwise than by the order of our entries: set by people, and for people to take back. */

import type { Machine } from '../../host/machine.ts';
import { mayBeEntryOf, sortKeyOf, sortsBeforeOurs } from './boot-entry.ts';
import type { BootFolder } from './boot-folder.ts';

const ENTRIES = 'loader/entries';
/** The vendor of systemd-boot's variables (Boot Loader Interface). */
const VENDOR = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

/** A variable of the Boot Loader Interface: behind 4 bytes of attributes it is UTF-16 that ends with a NUL. Undefined where there is none. */
export function loaderVariable(machine: Machine, name: string): string | undefined {
  return machine.text(`sys/firmware/efi/efivars/${name}-${VENDOR}`)?.slice(4).replaceAll('\0', '');
}

/** A sentence for each. */
export function loaderProblems(disk: BootFolder, machine: Machine): string[] {
  const problems: string[] = [];
  for (const name of ['LoaderEntryDefault', 'LoaderEntryOneShot']) {
    const entry = loaderVariable(machine, name);
    if (!entry) continue;
    const clear = name === 'LoaderEntryDefault' ? 'bootctl set-default ""' : 'bootctl set-oneshot ""';
    problems.push(
      `${name} is set to ${entry}, which the loader takes however often it failed: ${clear} clears it`,
    );
  }
  const config = disk.read('loader/loader.conf')?.toString('latin1') ?? '';
  const pinned = /^[ \t]*(default|preferred)[ \t]+(\S+)/m.exec(config);
  if (pinned)
    problems.push(
      `${disk.path}/loader/loader.conf has ${pinned[1]} ${pinned[2]}, which defeats the counting of boots: remove it`,
    );
  for (const name of disk.list(ENTRIES)) {
    if (!name.toLowerCase().endsWith('.conf') || name.startsWith('.')) continue;
    if (mayBeEntryOf(name, 'a') || mayBeEntryOf(name, 'b')) continue;
    const key = sortKeyOf(disk.read(`${ENTRIES}/${name}`) ?? Buffer.alloc(0));
    if (key !== undefined && sortsBeforeOurs(key))
      problems.push(
        `${disk.path}/${ENTRIES}/${name} has the sort-key ${key}, so the loader takes it before any slot`,
      );
  }
  // Where they sort stands inside them, and few machines have any.
  for (const name of disk.list('EFI/Linux'))
    if (name.toLowerCase().endsWith('.efi'))
      problems.push(
        `${disk.path}/EFI/Linux/${name} is an entry as well, which the loader may take before any slot`,
      );
  return problems;
}
