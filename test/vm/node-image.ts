/** The root image that the tests' machines run, made by packaging/images as an operator makes it: one serves every node. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskMissing } from '../../packaging/images/disk.ts';
import { makeRootImage, type RootImage, rootImageMissing } from '../../packaging/images/root-image.ts';
import { machineMissing } from './machine.ts';

const top = join(import.meta.dirname, '..', '..');
const IMAGE_BYTES = 416 << 20;
/** What the hardware that QEMU shows and the images' own parts need. */
const MODULES = [
  ...['virtio_net', 'virtio_pci', 'virtio_rng', 'vfat', 'nls_cp437', 'nls_ascii', 'efivarfs', 'efi_pstore'],
  ...['softdog', 'overlay', 'autofs4'],
  // The power button, and how systemd-logind hears of it.
  ...['button', 'evdev'],
];
/**
 * - QEMU's processors share one counter. The kernel, comparing theirs on a busy host, finds them apart and reads the HPET from then
 *   on, which costs a tenth of everything.
 * - A timer that ticks late, as it does on a busy host, is one that does not work to a kernel which tries it for 40 ms; it then panics.
 * - One serial line is enough for the console, and each of 32 costs udev some programs at every start.
 */
const WORDS = 'tsc=reliable no_timer_check 8250.nr_uarts=1';
/**
 * systemd feeds the watchdog twice in the half minute that images give it. On a busy host an emulated machine's systemd comes to it too
 * late, and a machine that is well is started anew.
 */
const PATIENCE = '[Manager]\nRuntimeWatchdogSec=5min\n';
/** Units that start programs in vain here, which takes a third of a second each without hardware help. */
const MASKED = [
  ...['configfs', 'dm_mod', 'drm', 'fuse', 'loop'].map((module) => `modprobe@${module}.service`),
  ...['kmod-static-nodes', 'systemd-binfmt', 'systemd-modules-load', 'systemd-network-generator'].map(
    service,
  ),
  ...['systemd-random-seed', 'systemd-sysusers', 'systemd-update-utmp', 'systemd-update-utmp-runlevel'].map(
    service,
  ),
  ...['systemd-user-sessions', 'systemd-fsckd'].map(service),
  ...['dev-hugepages.mount', 'dev-mqueue.mount', 'sys-kernel-debug.mount', 'sys-kernel-tracing.mount'],
  ...['proc-sys-fs-binfmt_misc.automount', 'systemd-fsckd.socket', 'systemd-initctl.socket'],
];

/** Why no image can be made and booted here, or undefined. */
export function vmMissing(): string | undefined {
  return rootImageMissing() ?? diskMissing() ?? machineMissing();
}

/** Makes a root image in a folder, with the agent, which is packaged now: what an older source was built to would be tested in its place. */
export function makeNodeImage(out: string, version: string): RootImage {
  const dist = join(top, 'dist');
  execFileSync(process.execPath, [join(top, 'packaging', 'build.ts'), '--only', 'agent'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const more = mkdtempSync(join(tmpdir(), 'nodectl-masked-'));
  try {
    const units = join(more, 'etc/systemd/system');
    mkdirSync(units, { recursive: true });
    const settings = join(more, 'etc/systemd/system.conf.d');
    mkdirSync(settings);
    writeFileSync(join(settings, 'zz-busy-host.conf'), PATIENCE);
    for (const unit of MASKED) symlinkSync('/dev/null', join(units, unit));
    makeRootImage({ version, dist, out, bytes: IMAGE_BYTES, modules: MODULES, add: [more] });
  } finally {
    rmSync(more, { recursive: true });
  }
  return readNodeImage(out);
}

function service(name: string): string {
  return `${name}.service`;
}

/** What was made there, with the test machines' own words on the command line. */
export function readNodeImage(folder: string): RootImage {
  const image = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')) as RootImage;
  return { ...image, commandLine: `${image.commandLine} ${WORDS}` };
}
