/**
 * The content of a root image: the base's packages, the packaged agent with its units, and what makes a machine of them whose root
 * is never written to. What belongs to one node is not in it but on /var, so that one image serves a fleet.
 */

import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { keepModules } from './kernel-modules.ts';
import { run } from './tools.ts';

const packaging = join(import.meta.dirname, '..');
const files = join(import.meta.dirname, 'files', 'root');
/** Where the agent's package is in an image; its unit says so, too. */
const AGENT = 'usr/lib/nodectl';
/** The agent's launcher, what goes back from a release of it that fails, and what it says of itself. */
const AGENT_FILES = ['nodectl-agent', 'nodectl-agent-revert', 'agent.json'];
/** Units of the distribution that have nothing to do here: nobody logs in, and packages are not changed in place. */
const MASKED = [
  ...['getty@tty1.service', 'serial-getty@ttyS0.service', 'apt-daily.timer', 'apt-daily-upgrade.timer'],
  ...['dpkg-db-backup.timer', 'e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer'],
  ...['systemd-machine-id-commit.service', 'systemd-hwdb-update.service'],
];
/** Units of the distribution that are started. */
const ENABLED = ['systemd-networkd.service', 'systemd-pstore.service'];
/** What enabling the above brings along, and what a node must not wait for: it may have more interfaces than cables. */
const DISABLED = ['systemd-networkd-wait-online.service'];

/** What goes into a tree. */
export interface TreeOptions {
  /** The base's archive. */
  readonly base: string;
  /** What is shown as the image's version: VERSION_ID and IMAGE_VERSION in /etc/os-release. */
  readonly version: string;
  /** Where `npm run build` put the agent. */
  readonly dist: string;
  /** Folders whose content is copied over the tree, in this order. */
  readonly add: readonly string[];
  /** Kernel modules that stay, with those that they need; all where it is left out. */
  readonly modules?: readonly string[];
}

/** A finished tree. */
export interface Tree {
  /** The kernel's release, "6.1.0-56-cloud-amd64". */
  readonly kernelRelease: string;
  /** The kernel, in the tree. */
  readonly kernel: string;
  /** The initrd, in the tree; undefined where the image's packages made none. */
  readonly initrd?: string;
}

/** Fills an empty folder. @throws Error that says what is missing */
export function makeTree(root: string, options: TreeOptions): Tree {
  run('tar', ['-xpf', options.base, '--numeric-owner', '-C', root]);
  const boot = moveKernel(root);
  if (options.modules) keepModules(root, boot.kernelRelease, options.modules);
  cpSync(files, root, { recursive: true });
  const own = installAgent(root, options.dist);
  for (const folder of options.add) cpSync(folder, root, { recursive: true });
  const systemctl = (verb: string, units: readonly string[]) =>
    run('systemctl', ['--root', root, '--quiet', verb, ...units]);
  systemctl('mask', MASKED);
  systemctl('enable', [...ENABLED, ...own]);
  systemctl('disable', DISABLED);
  // Empty: the machine gets one at its first start, which is kept in /var/etc.
  writeFileSync(join(root, 'etc/machine-id'), '');
  rmSync(join(root, 'var/lib/dbus/machine-id'), { force: true });
  writeFileSync(join(root, 'etc/hostname'), 'localhost\n');
  // Of the machine that made the base.
  rmSync(join(root, 'etc/resolv.conf'), { force: true });
  tell(join(root, 'usr/lib/os-release'), { IMAGE_ID: 'nodectl-node', IMAGE_VERSION: options.version });
  moveVar(root);
  return boot;
}

/** /boot is where the boot loader's partition is mounted, so the kernel is kept with its modules. */
function moveKernel(root: string): Tree {
  const boot = join(root, 'boot');
  const names = readdirSync(boot);
  const name = names
    .filter((one) => one.startsWith('vmlinuz-'))
    .sort()
    .at(-1);
  if (!name) throw new Error('the base has no kernel in /boot');
  const kernelRelease = name.slice('vmlinuz-'.length);
  const modules = join(root, 'usr/lib/modules', kernelRelease);
  const kernel = join(modules, 'vmlinuz');
  renameSync(join(boot, name), kernel);
  const made = `initrd.img-${kernelRelease}`;
  const initrd = names.includes(made) ? join(modules, 'initrd.img') : undefined;
  if (initrd) renameSync(join(boot, made), initrd);
  for (const rest of readdirSync(boot)) rmSync(join(boot, rest), { recursive: true });
  for (const rest of ['vmlinuz', 'vmlinuz.old', 'initrd.img', 'initrd.img.old'])
    rmSync(join(root, rest), { force: true });
  return { kernelRelease, kernel, ...(initrd ? { initrd } : {}) };
}

/** The packaged agent, its units and all drop-ins that let it do its work: who wants less removes some. Gives the units to start. */
function installAgent(root: string, dist: string): string[] {
  if (!existsSync(join(dist, 'nodectl-agent')))
    throw new Error(`there is no agent in ${dist}: npm run build -- --only agent makes it`);
  const place = join(root, AGENT);
  mkdirSync(join(place, 'lib'), { recursive: true });
  for (const name of AGENT_FILES) copyFileSync(join(dist, name), join(place, name));
  for (const name of ['node', 'nodectl-agent.mjs', 'chunks'])
    cpSync(join(dist, 'lib', name), join(place, 'lib', name), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
  const from = join(packaging, 'systemd');
  const settings = join(root, 'etc/systemd');
  // The port is the agent's own: with the socket unit, systemd would have it.
  const names = readdirSync(from).filter((name) => !/\.(yaml|socket)$/.test(name));
  for (const name of names)
    cpSync(join(from, name), join(settings, name === 'system.conf.d' ? name : `system/${name}`), {
      recursive: true,
    });
  return names.filter(
    (name) =>
      /\.(service|timer|path)$/.test(name) && /^\[Install\]$/m.test(readFileSync(join(from, name), 'utf8')),
  );
}

/** A machine's /var is a partition of its own, which begins empty and is filled from here (early-init). */
function moveVar(root: string): void {
  const factory = join(root, 'usr/share/factory/var');
  rmSync(factory, { recursive: true, force: true });
  mkdirSync(dirname(factory), { recursive: true });
  renameSync(join(root, 'var'), factory);
  mkdirSync(join(root, 'var'));
  for (const path of ['cache/apt', 'cache/debconf', 'cache/ldconfig', 'lib/apt', 'log', 'backups', 'tmp'])
    rmSync(join(factory, path), { recursive: true, force: true });
  mkdirSync(join(factory, 'tmp'));
  chmodSync(join(factory, 'tmp'), 0o1777);
  // Without it journald does not write there.
  mkdirSync(join(factory, 'log/journal'), { recursive: true });
  // Which packages there are is a matter of the image.
  const packages = join(root, 'usr/lib/sysimage/dpkg');
  mkdirSync(dirname(packages), { recursive: true });
  renameSync(join(factory, 'lib/dpkg'), packages);
  symlinkSync('/usr/lib/sysimage/dpkg', join(factory, 'lib/dpkg'));
}

/** Adds to a file of KEY=value lines. */
function tell(path: string, values: Readonly<Record<string, string>>): void {
  writeFileSync(
    path,
    Object.entries(values)
      .map(([key, value]) => `${key}="${value}"\n`)
      .join(''),
    {
      flag: 'a',
    },
  );
}
