/**
 * Roots of Debian at different times, from its packages: as the release was made, with one package of today, and with all updates. The
 * mirrors are those that this machine's apt uses. Roots are kept packed in the user's cache for a week.
 */

import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeExt4 } from '../../../packaging/images/ext4.ts';
import { missingPrograms, run } from '../../../packaging/images/tools.ts';
import { makeFolder } from '../../../proto/make-folder.ts';

/** A node as many have it: 620 MiB, with a container runtime, Node.js and Python. */
const PACKAGES = [
  ...[
    'systemd',
    'systemd-sysv',
    'udev',
    'dbus',
    'openssh-server',
    'openssl',
    'ca-certificates',
    'iproute2',
    'chrony',
  ],
  ...[
    'ethtool',
    'nftables',
    'curl',
    'linux-image-cloud-amd64',
    'nodejs',
    'python3-minimal',
    'vim-tiny',
    'containerd',
  ],
  ...['grub-common', 'smartmontools', 'tcpdump'],
];
const PROGRAMS = ['mmdebstrap', 'apt-get', 'mke2fs', 'debugfs', 'dumpe2fs', 'tar', 'zstd'];
const WEEK_MS = 7 * 86_400_000;
/** All files that are younger get this time, so that two roots differ in what their packages do. */
const EPOCH = 1_760_000_000;
const PREFIX = 'bench-root-';
const PREFERENCES = 'bench.pref';
/** What is different each time that packages are installed, and in no image that somebody would make. */
const LEFTOVERS = [
  ...['var/cache/apt', 'var/cache/ldconfig', 'var/lib/apt/lists', 'var/log'],
  ...[`etc/apt/preferences.d/${PREFERENCES}`, 'etc/machine-id', 'var/lib/dbus/machine-id'],
];

/** A source of packages, as a line of sources.list names it. */
interface Source {
  readonly uri: string;
  readonly suite: string;
  readonly component: string;
}

/** Which packages a root is made of. */
export interface RootKind {
  /** Whether updates and security fixes are in it: none, all, or those of the packages named. */
  readonly updates: 'none' | 'all' | readonly string[];
}

/** A root file system with the kernel and the initrd that stand in it. */
export interface DebianRoot {
  readonly root: string;
  readonly kernel: string;
  readonly initrd: string;
}

/** Why no roots can be made here, or undefined. */
export function rootsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can unpack a root file system with its owners';
  const [program] = missingPrograms(PROGRAMS);
  if (program !== undefined) return `${program} is not installed`;
  return sources().length < 2 ? 'apt has no sources of a Debian release and its updates' : undefined;
}

/** Writes a root of so many bytes, and its kernel and initrd, into a folder that is made. */
export function debianRoot(folder: string, bytes: number, kind: RootKind): DebianRoot {
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  try {
    run('tar', ['-xf', packed(kind), '-C', tree, '--numeric-owner', '--exclude=./dev/*']);
    for (const path of LEFTOVERS) rmSync(join(tree, path), { recursive: true, force: true });
    const root = join(folder, 'root.ext4');
    makeExt4({ folder: tree, out: root, bytes, epoch: EPOCH });
    const boot = readdirSync(join(tree, 'boot'));
    const taken = (prefix: string) => {
      const name = boot.find((one) => one.startsWith(prefix));
      if (name === undefined) throw new Error(`the root has no /boot/${prefix}*`);
      renameSync(join(tree, 'boot', name), join(folder, prefix));
      return join(folder, prefix);
    };
    return { root, kernel: taken('vmlinuz-'), initrd: taken('initrd.img-') };
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** The sources that apt of this machine has, the release's own first. */
function sources(): Source[] {
  const told = run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE) $(COMPONENT)',
    'Identifier: Packages',
  ]);
  const all = told.stdout
    .toString()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , component]) => component === 'main')
    .map(([uri = '', suite = '', component = '']) => ({ uri, suite, component }));
  const distinct = [...new Map(all.map((one) => [`${one.uri} ${one.suite}`, one])).values()];
  const release = distinct.find(({ suite }) => suite === releaseName());
  return release === undefined
    ? []
    : [release, ...distinct.filter(({ suite }) => suite.startsWith(`${release.suite}-`))];
}

/** The code name of this machine's release. */
function releaseName(): string {
  return /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
}

/** The archive of a root, made now where the cache has none of this week. */
function packed(kind: RootKind): string {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nodectl');
  makeFolder(cache);
  const key = createHash('sha256')
    .update(JSON.stringify([releaseName(), PACKAGES, EPOCH, kind]))
    .digest('hex');
  const archive = join(cache, `${PREFIX}${key.slice(0, 16)}.tar.zst`);
  if (isFresh(archive)) return archive;
  const folder = mkdtempSync(join(cache, 'making-'));
  try {
    const writing = join(folder, 'root.tar.zst');
    // The initrd is made by a package’s script; without this it is another one each time.
    run('mmdebstrap', argumentsFor(kind, folder, writing), { env: { SOURCE_DATE_EPOCH: String(EPOCH) } });
    renameSync(writing, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const name of readdirSync(cache))
    if (name.startsWith(PREFIX) && !isFresh(join(cache, name))) rmSync(join(cache, name), { force: true });
  return archive;
}

function argumentsFor({ updates }: RootKind, folder: string, out: string): string[] {
  const [release, ...later] = sources();
  if (release === undefined) throw new Error('apt has no source of this release');
  const line = ({ uri, suite, component }: Source) => `deb ${uri} ${suite} ${component}`;
  const common = [
    '--quiet',
    '--variant=minbase',
    '--aptopt=Acquire::Languages "none"',
    `--include=${PACKAGES.join(',')}`,
  ];
  if (updates === 'none') return [...common, release.suite, out, line(release)];
  if (updates === 'all') return [...common, release.suite, out, line(release), ...later.map(line)];
  // Of all others the release's own version is taken.
  const pins = [
    ...[`Package: ${updates.join(' ')}`, 'Pin: release *', 'Pin-Priority: 990', ''],
    ...['Package: *', `Pin: release n=${release.suite}`, 'Pin-Priority: 900', ''],
  ];
  const preferences = join(folder, PREFERENCES);
  writeFileSync(preferences, pins.join('\n'));
  const hook = `--setup-hook=copy-in ${preferences} /etc/apt/preferences.d`;
  return [...common, hook, release.suite, out, line(release), ...later.map(line)];
}

function isFresh(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs < WEEK_MS;
}
