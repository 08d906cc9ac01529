/**
 * A machine image for tests in virtual machines: Debian with systemd from its own packages, and the packaged agent in it, with a
 * certificate of the test's PKI. The base is made once a week and kept in the user's cache; nothing is mounted.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import { onPath } from '../bench/rig/process.ts';
import type { TestPki } from '../support/pki.ts';

const top = join(import.meta.dirname, '..', '..');
const SUITE = 'bookworm';
/** What the tests configure, and what boots: this kernel has ext4 and NVMe built in, so that no initrd is needed. */
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'udev', 'dbus', 'chrony', 'iproute2', 'kmod', 'procps', 'libstdc++6'],
  ...['libatomic1', 'openssh-server', 'ca-certificates', 'linux-image-cloud-amd64'],
];
const NOT_NEEDED = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*'];
const WEEK_MS = 7 * 86_400_000;
/** Programs that making and booting an image takes. */
const PROGRAMS = ['mmdebstrap', 'qemu-system-x86_64', 'mke2fs'];
const DISK_MB = 1_400;

/** Why no image can be made and booted here, or undefined. */
export function imageMissing(): string | undefined {
  if (process.arch !== 'x64') return `the image is for x86_64, not ${process.arch}`;
  if (process.getuid?.() !== 0) return 'only root can unpack the image’s base with its owners';
  const program = PROGRAMS.find((one) => !onPath(one));
  return program && `${program} is not installed`;
}

/** The base as an archive. */
function base(): string {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nodectl');
  mkdirSync(cache, { recursive: true });
  const key = createHash('sha256')
    .update([SUITE, ...PACKAGES].join())
    .digest('hex')
    .slice(0, 16);
  const archive = join(cache, `base-${key}.tar`);
  const found = statSync(archive, { throwIfNoEntry: false });
  if (found && Date.now() - found.mtimeMs < WEEK_MS) return archive;
  const fresh = `${archive}.${process.pid}`;
  execFileSync(
    'mmdebstrap',
    [
      ...[
        '--variant=minbase',
        '--quiet',
        '--aptopt=Acquire::Languages "none"',
        `--include=${PACKAGES.join(',')}`,
      ],
      ...NOT_NEEDED.map((path) => `--dpkgopt=path-exclude=${path}`),
      ...[SUITE, fresh, '--format=tar'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  renameSync(fresh, archive);
  return archive;
}

/** An image that boots. */
export interface Image {
  readonly disk: string;
  readonly kernel: string;
}

/** Units of the distribution that only cost time in a test. */
const MASKED = [
  ...['getty@tty1.service', 'serial-getty@ttyS0.service', 'apt-daily.timer', 'apt-daily-upgrade.timer'],
  ...['dpkg-db-backup.timer', 'e2scrub_all.timer', 'fstrim.timer', 'systemd-networkd-wait-online.service'],
  ...[
    'e2scrub_reap.service',
    'systemd-pstore.service',
    'systemd-binfmt.service',
    'systemd-hwdb-update.service',
  ],
];

/** Makes an image of a node in a folder. */
export async function makeImage(folder: string, node: string, pki: TestPki): Promise<Image> {
  const root = join(folder, 'root');
  mkdirSync(root);
  execFileSync('tar', ['-xpf', base(), '-C', root]);
  const put = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const kernel = join(folder, 'vmlinuz');
  const version = readdirSync(join(root, 'boot')).find((name) => name.startsWith('vmlinuz-')) ?? '';
  copyFileSync(join(root, 'boot', version), kernel);
  rmSync(join(root, 'boot'), { recursive: true });
  mkdirSync(join(root, 'boot'));
  installAgent(root);
  put('etc/hostname', `${node}\n`);
  put('etc/machine-id', '');
  put('etc/fstab', '');
  // What the user-mode network of QEMU gives its only guest.
  put(
    'etc/systemd/network/50-test.network',
    '[Match]\nName=en*\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\nIPv6AcceptRA=no\nLinkLocalAddressing=no\n',
  );
  put('etc/nodectl/agent.yaml', 'listen: ["0.0.0.0:7443"]\n');
  const state = join(root, 'var/lib/nodectl');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const { key, chain } = await pki.node(node);
  saveNodeFolder(state, key, chain, pki.trust);
  const units = join(root, 'etc/systemd/system');
  const wants = join(units, 'multi-user.target.wants');
  mkdirSync(wants, { recursive: true });
  for (const name of MASKED) {
    rmSync(join(units, name), { force: true });
    symlinkSync('/dev/null', join(units, name));
  }
  symlinkSync('/lib/systemd/system/systemd-networkd.service', join(wants, 'systemd-networkd.service'));
  symlinkSync('/etc/systemd/system/nodectl-agent.service', join(wants, 'nodectl-agent.service'));
  const disk = join(folder, 'disk.ext4');
  const options = ['-q', '-t', 'ext4', '-m0', '-O', '^has_journal', '-E', 'lazy_itable_init=0', '-d', root];
  execFileSync('mke2fs', [...options, disk, `${DISK_MB}M`], { stdio: 'ignore' });
  rmSync(root, { recursive: true });
  return { disk, kernel };
}

/** The packaged agent, its unit, and the drop-in that lets it change the machine. */
function installAgent(root: string): void {
  const dist = join(top, 'dist');
  // Always: what an older source was built to would be tested in its place.
  execFileSync(process.execPath, [join(top, 'packaging', 'build.ts'), '--only', 'agent'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const place = join(root, 'usr/lib/nodectl');
  mkdirSync(join(place, 'lib'), { recursive: true });
  copyFileSync(join(dist, 'nodectl-agent'), join(place, 'nodectl-agent'));
  for (const name of ['node', 'nodectl-agent.mjs', 'chunks'])
    cpSync(join(dist, 'lib', name), join(place, 'lib', name), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
  const units = join(root, 'etc/systemd/system');
  mkdirSync(units, { recursive: true });
  copyFileSync(join(top, 'packaging/systemd/nodectl-agent.service'), join(units, 'nodectl-agent.service'));
  // What the agent says of a start that fails is seen on the console.
  mkdirSync(join(units, 'nodectl-agent.service.d'));
  writeFileSync(
    join(units, 'nodectl-agent.service.d/console.conf'),
    '[Service]\nStandardError=journal+console\n',
  );
  cpSync(join(top, 'packaging/systemd/nodectl-agent.service.d'), join(units, 'nodectl-agent.service.d'), {
    recursive: true,
  });
}
