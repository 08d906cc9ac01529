/** Which kernels are installed, whether a newer one waits for a reboot, and whether the running one's files are still there. */

import { line, type Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { compareVersions } from '../known/version.ts';
import { kernelIdentity } from './identity.ts';

/** What is installed. */
export interface InstalledKernels {
  /** Releases that have modules, or an image in /boot. */
  readonly releases: readonly string[];
  /** The newest of the running one's flavour; empty where none is known. */
  readonly newest: string;
  /** Whether `newest` is newer than the running one. */
  readonly newer: boolean;
  /** The package of the running kernel's files where it is not the one that runs: the same release, built anew. */
  readonly rebuilt: string;
  /** Packages that ask for a reboot; undefined where nothing asks. */
  readonly requiredBy: readonly string[] | undefined;
  /** Whether the folder of the running kernel's modules is there; undefined where the kernel has no modules. */
  readonly ownModules: boolean | undefined;
}

/** Parts of a release that name a distribution or a build and not a flavour: "el9_4", "fc39", "deb13", "rc3". */
const BUILD_PART = /^(?:el|fc|amzn|oe|an|al|rc|arch|deb|bpo|rpt|azl|cm|ph|lp)\d/;
const MAX_RELEASE = 200;

/** What names the flavour at the end of a release: "cloud-amd64", "generic", "x86_64". */
function flavourOf(release: string): string {
  const parts = release.slice(0, MAX_RELEASE).split(/(?=[-.+])/);
  const first = parts.findLastIndex((part) => {
    const name = part.replace(/^[-.+]/, '');
    return !/^[A-Za-z]\w*$/.test(name) || BUILD_PART.test(name);
  });
  // Oracle's two kernels have the same ending.
  return `${parts.slice(first + 1).join('')}${/el\d+uek/.test(release) ? ' uek' : ''}`;
}

/** The newest release of the same flavour as the running one. */
export function newestOf(running: string, releases: readonly string[]): string {
  const flavour = flavourOf(running);
  return releases
    .filter((release) => flavourOf(release) === flavour)
    .reduce((best, release) => (best === '' || compareVersions(release, best) > 0 ? release : best), '');
}

const FOLDERS = ['lib/modules', 'usr/lib/modules'];
const RELEASE = /^\d+\.\d+[\w.+~-]*$/;

/** Installed kernels and a pending reboot. */
export const installedKernels = fact({
  id: 'kernel.installed',
  reads: [
    '/lib/modules',
    '/boot/vmlinuz-*',
    '/run/reboot-required',
    '/run/reboot-required.pkgs',
    'dpkg-query -W linux-image-RELEASE',
  ],
  limitMs: 6_000,
  waits: true,
  read: async ({ machine, get, part }): Promise<InstalledKernels> => {
    const running = await get(kernelIdentity);
    const { release } = running;
    const withModules = FOLDERS.flatMap((folder) => machine.list(folder));
    const boot = (await part('/boot', () => machine.list('boot'))) ?? [];
    const images = boot.flatMap((name) => /^vmlinu[xz]-(.+?)(?:\.signed)?$/.exec(name)?.[1] ?? []);
    const releases = [...new Set([...withModules, ...images])].filter((name) => RELEASE.test(name));
    if (releases.length === 0 && !machine.live)
      throw new Unavailable('not-captured', 'neither /lib/modules nor /boot was captured');
    const newest = newestOf(
      release,
      releases.filter((one) => withModules.includes(one) || images.includes(one)),
    );
    return {
      releases: releases.sort(compareVersions),
      newest,
      newer: newest !== '' && compareVersions(newest, release) > 0,
      rebuilt: (await part('dpkg-query', () => rebuilt(machine, release, running.package))) ?? '',
      requiredBy: machine.has('run/reboot-required') ? requiredBy(machine) : undefined,
      ownModules: ownModules(machine, release, withModules),
    };
  },
});

function ownModules(machine: Machine, release: string, present: readonly string[]): boolean | undefined {
  // A kernel without loadable modules needs no folder, and a capture without the folder tells nothing of it.
  if (!machine.has('proc/modules') || (!machine.live && present.length === 0)) return undefined;
  return FOLDERS.some((folder) => machine.has(`${folder}/${release}`));
}

function requiredBy(machine: Machine): string[] {
  const text = machine.text('run/reboot-required.pkgs') ?? '';
  return [
    ...new Set(
      text
        .split(/\r?\n/)
        .map((one) => one.trim())
        .filter(Boolean),
    ),
  ].slice(0, 50);
}

/** On Debian and its like a package of the same release can be a newer build than the one that runs. */
async function rebuilt(machine: Machine, release: string, running: string): Promise<string> {
  if (running === '' || !machine.has('var/lib/dpkg/status') || !RELEASE.test(release)) return '';
  try {
    const format = '$' + '{db:Status-Abbrev} $' + '{Version}\n';
    const { code, stdout } = await machine.run('dpkg-query', ['-W', '-f', format, `linux-image-${release}`]);
    const match = /^ii\s+(?:\d+:)?(\S+)/m.exec(stdout);
    if (code !== 0 || !match?.[1]) return '';
    return compareVersions(match[1], running) > 0 ? match[1] : '';
  } catch (error) {
    if (error instanceof Unavailable && /missing-tool|not-captured/.test(error.kind)) return '';
    throw error;
  }
}

/** A module that DKMS keeps, and the kernels that it is built for. */
export interface DkmsModule {
  readonly name: string;
  readonly version: string;
  readonly builtFor: readonly string[];
}

const DKMS = 'var/lib/dkms';
const MAX_DKMS = 200;

/** Modules that DKMS keeps. Absent where there is no DKMS. */
export const dkmsModules = fact({
  id: 'kernel.dkms',
  reads: ['/var/lib/dkms'],
  limitMs: 2_000,
  read: ({ machine }): DkmsModule[] => {
    const found: DkmsModule[] = [];
    for (const name of machine.list(DKMS).slice(0, MAX_DKMS)) {
      const inside = machine.list(`${DKMS}/${name}`);
      // Links "kernel-RELEASE-ARCH" point to what is installed, folders VERSION/RELEASE/ARCH to what is built.
      for (const version of inside.filter((one) => !one.startsWith('kernel-') && one !== 'original_module'))
        if (machine.has(`${DKMS}/${name}/${version}/source`))
          found.push({
            name,
            version,
            builtFor: machine.list(`${DKMS}/${name}/${version}`).filter((one) => RELEASE.test(one)),
          });
    }
    if (found.length === 0) throw new Unavailable('absent', 'DKMS keeps no modules here');
    return found;
  },
});

/** Whether the running kernel is patched live, by patch. Absent where the kernel cannot be. */
export const livePatches = fact({
  id: 'kernel.live-patches',
  reads: ['/sys/kernel/livepatch'],
  limitMs: 1_000,
  read: ({ machine }): { name: string; enabled: boolean; inTransition: boolean }[] => {
    if (!machine.has('sys/kernel/livepatch'))
      throw new Unavailable('absent', 'the kernel has no live patching');
    return machine
      .list('sys/kernel/livepatch')
      .slice(0, 200)
      .map((name) => ({
        name,
        enabled: line(machine, `sys/kernel/livepatch/${name}/enabled`) === '1',
        inTransition: line(machine, `sys/kernel/livepatch/${name}/transition`) === '1',
      }));
  },
});
