/** What is mounted where: /proc/self/mountinfo, whose fields proc(5) describes. */

import type { Machine } from '../../host/machine.ts';

/** A mounted file system. */
export interface Mount {
  /** "MAJOR:MINOR" of its device; of a file system without one a number that the kernel made up, with major 0. */
  readonly device: string;
  /** Where it is mounted. */
  readonly point: string;
  /** Its kind: "ext4". */
  readonly type: string;
  /** Whether nothing can be written to it there. */
  readonly readOnly: boolean;
}

/** All mounts that this process sees, the uppermost of a place last. @throws Unavailable */
export function mounts(machine: Machine): Mount[] {
  return (machine.text('proc/self/mountinfo') ?? '').split('\n').flatMap((line) => {
    const words = line.split(' ');
    const [, , device, , point, options] = words;
    const type = words[words.indexOf('-') + 1];
    if (device === undefined || point === undefined || type === undefined) return [];
    const readOnly = options?.split(',')[0] === 'ro';
    return [{ device, point: unescaped(point), type, readOnly }];
  });
}

/** Blanks, tabs, line breaks and \ are octal there. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** A device's number as stat gives it, as "MAJOR:MINOR": the split is that of glibc's gnu_dev_major. */
export function deviceNumber(rdev: bigint): string {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
