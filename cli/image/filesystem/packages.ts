/** The packages of a root image, as dpkg keeps them (/var/lib/dpkg/status, deb822). */

import type { Ext4 } from './ext4.ts';

const STATUS = '/var/lib/dpkg/status';
const MAX_STATUS_BYTES = 64 << 20;

/** Versions of installed packages by name ("name:arch" where several architectures are installed), or undefined without dpkg. */
export async function packagesOf(files: Ext4): Promise<Map<string, string> | undefined> {
  const status = await files.read(STATUS, MAX_STATUS_BYTES);
  return status && parseStatus(status.toString());
}

/** The installed packages of a status file. */
export function parseStatus(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const paragraph of text.split(/\n{2,}/)) {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1];
    const [name, version] = [field('Package'), field('Version')];
    if (name === undefined || version === undefined || !/ installed$/.test(field('Status') ?? '')) continue;
    found.set(found.has(name) ? `${name}:${field('Architecture') ?? ''}` : name, version);
  }
  return found;
}

/** A package that is not the same in two images; a version is undefined where the package is not there. */
export interface PackageChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two images, by name. */
export function packageChanges(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): PackageChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .filter((one) => one.before !== one.after);
}
