/**
 * The Debian that images are made of, as an archive in the user's cache: mmdebstrap takes a minute, unpacking four seconds. The
 * archive is named by what decides its content; it is made anew after a week, for the sake of security updates.
 */

import { createHash } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../proto/make-folder.ts';
import { run } from './tools.ts';

const SUITE = 'bookworm';
/** The kernel of the "cloud" flavour has ext4 and NVMe built in, so that such a machine needs no initrd. */
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'udev', 'dbus', 'kmod', 'procps', 'iproute2', 'chrony', 'ethtool'],
  // Node.js needs the two libraries; early-init and the agent need the file systems' tools.
  ...['libstdc++6', 'libatomic1', 'e2fsprogs', 'dosfstools', 'ca-certificates', 'linux-image-cloud-amd64'],
  // The loader itself, and systemd-bless-boot.
  'systemd-boot',
];
/** What nobody reads on a machine that nobody logs in to, and what is made anew or only used when packages are installed. */
const LEFT_OUT = [
  ...['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'],
  ...['/usr/share/lintian/*', '/boot/System.map-*'],
];
const PREFIX = 'image-base-';
const WEEK_MS = 7 * 86_400_000;

/** A base that is ready to be unpacked. */
export interface Base {
  /** A tar archive with owners and modes. */
  readonly archive: string;
  /** When its packages were fetched, in seconds since 1970. */
  readonly fetched: number;
}

/**
 * Gives the base, made now where the cache has none of this week. Archives of other weeks and other contents are removed.
 * @param more packages beside ours
 * @throws Error with what mmdebstrap said
 */
export function base(more: readonly string[] = []): Base {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nodectl');
  makeFolder(cache);
  const packages = [...new Set([...PACKAGES, ...more])].sort();
  const key = createHash('sha256')
    .update(JSON.stringify([SUITE, packages, LEFT_OUT]))
    .digest('hex');
  const archive = join(cache, `${PREFIX}${key.slice(0, 16)}.tar`);
  if (!fresh(archive)) {
    const writing = `${archive}.${process.pid}`;
    try {
      run('mmdebstrap', [
        ...['--variant=minbase', '--quiet', '--format=tar', '--aptopt=Acquire::Languages "none"'],
        `--include=${packages.join(',')}`,
        ...LEFT_OUT.map((glob) => `--dpkgopt=path-exclude=${glob}`),
        ...[SUITE, writing],
      ]);
      renameSync(writing, archive);
    } finally {
      rmSync(writing, { force: true });
    }
  }
  for (const name of readdirSync(cache))
    if (name.startsWith(PREFIX) && !fresh(join(cache, name))) rmSync(join(cache, name), { force: true });
  return { archive, fetched: Math.floor(statSync(archive).mtimeMs / 1_000) };
}

/** Whether an archive is there and of this week. Another process's unfinished one counts, and is left alone. */
function fresh(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs < WEEK_MS;
}
