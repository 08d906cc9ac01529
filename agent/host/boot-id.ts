/** The id of the running boot, in the form that journald and logs know it by. */

import { readFileSync } from 'node:fs';

/** Where the kernel tells it, below the root (random(4)). */
export const BOOT_ID_PATH = 'proc/sys/kernel/random/boot_id';

/** The id of the running boot: 32 hexadecimal digits. Throws the system's error where the kernel does not tell. */
export function bootId(path = `/${BOOT_ID_PATH}`): string {
  return compactId(readFileSync(path, 'utf8'));
}

/** A UUID, as the kernel writes it, in 32 hexadecimal digits. */
export function compactId(text: string): string {
  return text.trim().replaceAll('-', '').toLowerCase();
}
