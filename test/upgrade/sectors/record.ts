/** Makes the disks, boots the guest with them, and gives what was there before and every write that the guest made. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { GRUB_COPIES, installedEnvironment } from '../../../agent/upgrade/boot/grub.ts';
import { encodeEnvironment } from '../../../agent/upgrade/boot/grub-environment.ts';
import { INSTALLED_ENTRY } from '../../../agent/upgrade/boot/testing/boot-machine.ts';
import { base } from '../../../packaging/images/base.ts';
import { keepModules } from '../../../packaging/images/kernel-modules.ts';
import { missingPrograms, run } from '../../../packaging/images/tools.ts';
import { bareMachine, nvmeDisk, QEMU } from '../../support/qemu.ts';
import { versionAssets } from '../boot-scenario.ts';
import {
  DISK_SECTORS,
  KERNEL_BYTES,
  PARTS,
  RECORDINGS,
  type Recording,
  rootContent,
  SECTOR,
} from './layout.ts';
import { parseWriteLog, type Write } from './write-log.ts';

const PROGRAMS = ['mmdebstrap', QEMU, 'mke2fs', 'mkfs.vfat', 'mcopy', 'sgdisk', 'modprobe', 'depmod', 'tar'];
const ROOT_MIB = 700;
/** Without KVM it takes a minute; on a machine that is busy with much else ten times as long. */
const LIMIT_MS = 2_400_000;
/** What a machine with ext4 and NVMe built in still needs as modules. */
const MODULES = ['vfat', 'nls_cp437', 'nls_ascii', 'virtio_pci', 'virtio_blk'];

/** Why nothing can be recorded here, or undefined. */
export function recordingMissing(): string | undefined {
  if (process.arch !== 'x64') return `the guest is for x86_64, not ${process.arch}`;
  if (process.getuid?.() !== 0) return 'only root can unpack the guest’s packages with their owners';
  const [missing] = missingPrograms(PROGRAMS);
  return missing && `${missing} is missing`;
}

/** A recorded disk. */
export interface Recorded extends Recording {
  /** The disk before the first write. */
  readonly before: Buffer;
  readonly writes: readonly Write[];
}

/** Records all. @param folder temporary, removed by the caller @throws Error with the console of a guest that failed */
export async function recordAll(folder: string): Promise<Recorded[]> {
  const { root, kernel } = await guestImage(folder);
  const before = RECORDINGS.map((recording) => makeDisk(folder, recording));
  const drives = RECORDINGS.flatMap(({ name }, at) => [
    ...['-blockdev', `driver=file,filename=${join(folder, `${name}.img`)},node-name=f${at}`],
    ...['-blockdev', `driver=file,filename=${join(folder, `${name}.log`)},node-name=l${at}`],
    ...['-blockdev', `driver=blklogwrites,file=f${at},log=l${at},log-sector-size=${SECTOR},node-name=w${at}`],
    // Not NVMe, whose model in QEMU 7.2 does not tell writes that must be on the disk at once: with this one the guest flushes after them.
    ...['-device', `virtio-blk-pci,drive=w${at},serial=${name},write-cache=on`],
  ]);
  const guest = spawn(
    QEMU,
    [
      ...bareMachine(768),
      ...['-serial', 'stdio', '-no-reboot'],
      ...nvmeDisk(root),
      ...drives,
      ...['-kernel', kernel, '-append'],
      // Whatever the first process ends with, the machine then restarts, which ends QEMU. On a busy host the kernel would find that
      // its timer does not tick, and panic: it waits 40 ms for ten ticks, which come late there.
      'root=/dev/nvme0n1 ro console=ttyS0 panic=-1 quiet no_timer_check init=/guest/node -- /guest/guest.mjs',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let console_ = '';
  for (const stream of [guest.stdout, guest.stderr])
    stream.on('data', (part: Buffer) => (console_ += part.toString()));
  const timer = setTimeout(() => guest.kill('SIGKILL'), LIMIT_MS);
  await once(guest, 'close');
  clearTimeout(timer);
  if (!console_.includes('@@ all recorded'))
    throw new Error(`the guest failed:\n${toPanic(console_).slice(-4_000)}`);
  return RECORDINGS.map((recording, at) => ({
    ...recording,
    before: before[at] ?? Buffer.alloc(0),
    writes: parseWriteLog(readFileSync(join(folder, `${recording.name}.log`))),
  }));
}

/** What a console showed, without the traces behind a kernel's panic. */
function toPanic(text: string): string {
  const panic = text.indexOf('Kernel panic');
  const end = panic < 0 ? -1 : text.indexOf('\n', panic);
  return end < 0 ? text : text.slice(0, end);
}

/** The guest's root: Debian's tools, Node.js, and the program in one file. */
async function guestImage(folder: string): Promise<{ root: string; kernel: string }> {
  const tree = join(folder, 'tree');
  mkdirSync(join(tree, 'guest'), { recursive: true });
  run('tar', ['-xpf', base().archive, '--numeric-owner', '-C', tree]);
  const kernel = join(folder, 'vmlinuz');
  const name = readdirSync(join(tree, 'boot')).find((one) => one.startsWith('vmlinuz-')) ?? '';
  copyFileSync(join(tree, 'boot', name), kernel);
  rmSync(join(tree, 'boot'), { recursive: true });
  mkdirSync(join(tree, 'boot'));
  keepModules(tree, name.slice('vmlinuz-'.length), MODULES);
  copyFileSync(process.execPath, join(tree, 'guest/node'));
  await build({
    entryPoints: [join(import.meta.dirname, 'guest.ts')],
    outfile: join(tree, 'guest/guest.mjs'),
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node22', logLevel: 'silent' },
    external: ['systeminformation'],
  });
  const root = join(folder, 'root.ext4');
  run('mke2fs', ['-q', '-t', 'ext4', '-m0', '-O', '^has_journal', '-d', tree, root, `${ROOT_MIB}M`]);
  rmSync(tree, { recursive: true });
  return { root, kernel };
}

/** A disk of a machine that was just installed; gives its content. */
function makeDisk(folder: string, { name, loader, fileSystem }: Recording): Buffer {
  const files = join(folder, `${name}-files`);
  const put = (path: string, content: Buffer | string) => {
    mkdirSync(dirname(join(files, path)), { recursive: true });
    writeFileSync(join(files, path), content);
  };
  const { kernel, initrd } = versionAssets('v1', KERNEL_BYTES);
  put('nodectl/a/vmlinuz', kernel.open().read());
  if (initrd) put('nodectl/a/initrd.img', initrd.open().read());
  if (loader === 'grub') for (const path of GRUB_COPIES) put(path, encodeEnvironment(installedEnvironment()));
  else put('loader/entries/nodectl-a.conf', INSTALLED_ENTRY);
  const part = join(folder, `${name}.part`);
  writeFileSync(part, '');
  truncateSync(part, PARTS.boot.sectors * SECTOR);
  if (fileSystem === 'ext4') run('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', files, part]);
  else {
    run('mkfs.vfat', ['-F', '32', '-s', '1', part]);
    run('mcopy', ['-s', '-i', part, ...readdirSync(files).map((one) => join(files, one)), '::/']);
  }
  const disk = join(folder, `${name}.img`);
  writeFileSync(disk, '');
  truncateSync(disk, DISK_SECTORS * SECTOR);
  const parts = Object.values(PARTS).flatMap(({ start, sectors }, at) => [
    `-n${at + 1}:${start}:${start + sectors - 1}`,
    `-t${at + 1}:8300`,
  ]);
  run('sgdisk', ['-a1', ...parts, disk]);
  const content = readFileSync(disk);
  readFileSync(part).copy(content, PARTS.boot.start * SECTOR);
  rootContent('v1').copy(content, PARTS.a.start * SECTOR);
  writeFileSync(disk, content);
  writeFileSync(join(folder, `${name}.log`), '');
  rmSync(files, { recursive: true });
  rmSync(part);
  return content;
}
