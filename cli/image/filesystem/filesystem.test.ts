/** Files are read out of an ext4 image that mke2fs made, without mounting it, and what it carries is found. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { memoryContent, randomOf } from '../testing-images.ts';
import { architectureOf, contentsOf, releaseOfKernel } from './contents.ts';
import { Ext4 } from './ext4.ts';
import { modinfo } from './modinfo.ts';
import { packageChanges, packagesOf, parseStatus } from './packages.ts';

/** A 64-bit ELF file with a section ".modinfo" and nothing else of use. */
function elfWith(modinfoText: string): Buffer {
  const names = Buffer.from('\0.modinfo\0.shstrtab\0');
  const info = Buffer.from(modinfoText);
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 'latin1');
  head.set([2, 1, 1], 4);
  const sections = 64 + info.length + names.length;
  head.writeBigUInt64LE(BigInt(sections), 0x28);
  head.writeUInt16LE(64, 0x3a);
  head.writeUInt16LE(3, 0x3c);
  head.writeUInt16LE(2, 0x3e);
  const section = (name: number, offset: number, size: number) => {
    const header = Buffer.alloc(64);
    header.writeUInt32LE(name);
    header.writeBigUInt64LE(BigInt(offset), 0x18);
    header.writeBigUInt64LE(BigInt(size), 0x20);
    return header;
  };
  return Buffer.concat([
    head,
    info,
    names,
    section(0, 0, 0),
    section(1, 64, info.length),
    section(10, 64 + info.length, names.length),
  ]);
}

function kernelOf(release: string): Buffer {
  const kernel = Buffer.alloc(8_192);
  kernel.write('HdrS', 0x202, 'latin1');
  kernel.writeUInt16LE(0x1000, 0x20e);
  kernel.write(`${release} (builder@host) #1 SMP\0`, 0x1200, 'latin1');
  return kernel;
}

const RELEASE = '6.1.0-99-amd64';
const MODULES = `usr/lib/modules/${RELEASE}`;
const big = randomBytes(3 << 20);
const FILES: Record<string, string | Buffer> = {
  'etc/hostname': 'node\n',
  'usr/lib/os-release': 'PRETTY_NAME="Debian"\nID=debian\n',
  'usr/share/big': big,
  'usr/share/empty': '',
  'var/lib/dpkg/status': [
    `Package: linux-image-${RELEASE}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 6.1.999-1\nDescription: a kernel\n Package: not this`,
    'Package: gone\nStatus: deinstall ok config-files\nVersion: 1',
    'Package: openssl\nStatus: install ok installed\nVersion: 3.0',
  ].join('\n\n'),
  [`${MODULES}/modules.dep`]: [
    'kernel/drivers/net/ethernet/x/fast-nic.ko: a.ko',
    'kernel/drivers/net/phy/phy1.ko:',
    'kernel/fs/ext4/ext4.ko:',
    'updates/dkms/own.ko.zst:',
  ].join('\n'),
  [`${MODULES}/modules.builtin`]: 'kernel/drivers/net/virtio_net.ko\nkernel/fs/btrfs.ko\n',
  [`${MODULES}/kernel/drivers/net/ethernet/x/fast-nic.ko`]: elfWith(
    'license=GPL\0firmware=fast/a.bin\0firmware=fast/none.bin\0',
  ),
  [`${MODULES}/updates/dkms/own.ko.zst`]: zstdCompressSync(elfWith('firmware=own.bin\0')),
  'usr/lib/firmware/fast/a.bin': 'firmware',
  'usr/lib/firmware/own.bin.xz': 'packed firmware',
};

const missing = spawnSync('/sbin/mke2fs', ['-V']).error ? 'mke2fs is not installed' : false;
const folder = mkdtempSync(join(tmpdir(), 'nodectl-ext4-'));
after(() => rmSync(folder, { recursive: true }));
let image: Buffer;
before(() => {
  if (missing) return;
  const root = join(folder, 'root');
  const put = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(FILES)) put(path, content);
  for (let at = 0; at < 3_000; at += 1) put(`many/a-rather-long-name-for-a-file-${at}`, '');
  put('usr/share/holes', '');
  truncateSync(join(root, 'usr/share/holes'), 1 << 20);
  symlinkSync('usr/lib', join(root, 'lib'));
  symlinkSync('../usr/lib/os-release', join(root, 'etc/os-release'));
  symlinkSync(`/usr/share/${'./'.repeat(40)}big`, join(root, 'etc/long'));
  symlinkSync('loop', join(root, 'etc/loop'));
  const file = join(folder, 'image');
  execFileSync('/sbin/mke2fs', [
    '-q',
    '-t',
    'ext4',
    '-b',
    '4096',
    '-O',
    '^has_journal',
    '-d',
    root,
    file,
    '64M',
  ]);
  image = readFileSync(file);
});

test('files, folders and links are read', { skip: missing }, async () => {
  const files = await Ext4.open(memoryContent(image));
  assert.equal((await files.read('/etc/hostname', 100))?.toString(), 'node\n');
  assert.deepEqual(await files.read('/usr/share/big', 4 << 20), big);
  assert.deepEqual(await files.read('/etc/long', 4 << 20), big);
  assert.deepEqual(await files.read('/usr/share/empty', 100), Buffer.alloc(0));
  assert.deepEqual(await files.read('/usr/share/holes', 1 << 20), Buffer.alloc(1 << 20));
  assert.equal((await files.list('/many'))?.length, 3_000);
  assert.ok(await files.has('/many/a-rather-long-name-for-a-file-2999'));
  assert.ok(await files.has('/etc/../lib/./os-release'));
  assert.equal(await files.read('/etc/nothing', 100), undefined);
  assert.equal(await files.read('/etc', 100), undefined);
  assert.equal(await files.list('/etc/hostname'), undefined);
  await assert.rejects(files.read('/usr/share/big', 1_000), /a file of 3145728 bytes/);
  await assert.rejects(files.has('/etc/loop'), /circle of links/);
});

test('what it carries is found', { skip: missing }, async () => {
  const { found, notes } = await contentsOf(memoryContent(image), memoryContent(kernelOf(RELEASE)));
  assert.deepEqual(notes, []);
  assert.deepEqual(found, {
    distribution: 'debian',
    kernelRelease: RELEASE,
    kernelPackage: '6.1.999-1',
    modules: ['fast_nic', 'own', 'virtio_net'],
    firmware: [
      { driver: 'fast_nic', file: 'fast/a.bin' },
      { driver: 'own', file: 'own.bin' },
    ],
  });
  // A kernel of another kind says no release; the only folder of modules does.
  assert.equal(
    (await contentsOf(memoryContent(image), memoryContent(Buffer.alloc(10)))).found.kernelRelease,
    RELEASE,
  );
  const other = await contentsOf(memoryContent(image), memoryContent(kernelOf('7.0.0')));
  assert.deepEqual(other.notes, ['no drivers of network cards are found in /lib/modules/7.0.0']);
  assert.deepEqual((await packagesOf(await Ext4.open(memoryContent(image))))?.get('openssl'), '3.0');
});

test('file systems of other kinds are told apart', async () => {
  const erofs = Buffer.alloc(8_192);
  erofs.writeUInt32LE(0xe0f5e1e2, 1_024);
  const squashfs = Buffer.concat([Buffer.from('hsqs')], 8_192);
  const notes = async (root: Buffer) =>
    (await contentsOf(memoryContent(root), memoryContent(kernelOf(RELEASE)))).notes.join();
  assert.match(await notes(erofs), /is erofs/);
  assert.match(await notes(squashfs), /is squashfs.*where one changes, all behind it is sent anew/);
  // Deltas of erofs are small until its files are compressed.
  assert.doesNotMatch(await notes(erofs), /sent anew/);
  erofs.writeUInt32LE(1, 1_024 + 80);
  assert.match(await notes(erofs), /is erofs with compressed files/);
  assert.match(await notes(Buffer.alloc(100)), /is no ext4/);
  assert.equal(
    (await contentsOf(memoryContent(squashfs), memoryContent(kernelOf(RELEASE)))).found.kernelRelease,
    RELEASE,
  );
  assert.equal(await releaseOfKernel(memoryContent(Buffer.alloc(0x2000))), undefined);
  assert.equal(await architectureOf(memoryContent(kernelOf(RELEASE))), 'x86-64');
  const arm = Buffer.alloc(0x2000);
  arm.write('ARM\x64', 0x38, 'latin1');
  assert.equal(await architectureOf(memoryContent(arm)), 'arm64');
  assert.equal(await architectureOf(memoryContent(Buffer.alloc(0x2000))), undefined);
});

test('a damaged file system ends in a sentence, not in a loop or a crash', { skip: missing }, async () => {
  const random = randomOf(20_261_101);
  for (let round = 0; round < 60; round += 1) {
    const damaged = Buffer.from(image.subarray(0, 12 << 20));
    for (let change = 0; change < 200; change += 1)
      damaged[1_024 + random(round % 2 ? 3_000 : damaged.length - 1_024)] = random(256);
    try {
      const files = await Ext4.open(memoryContent(damaged));
      await files.read('/etc/os-release', 1_000);
      await files.list('/many');
    } catch (error) {
      assert.equal((error as Error).name, 'FileSystemUnreadable', String((error as Error).stack));
    }
  }
});

test('modules that are none say nothing', () => {
  const elf = elfWith('firmware=a\0version=1\0firmware=b\0');
  assert.deepEqual(modinfo(elf, 'firmware'), ['a', 'b']);
  assert.deepEqual(modinfo(elf, 'version'), ['1']);
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(100), elf.subarray(0, 70)])
    assert.deepEqual(modinfo(bytes, 'firmware'), []);
});

test('packages of two images are compared by name', () => {
  const of = (text: string) =>
    parseStatus(
      text.replaceAll(/(\w+)=(\S+) ?/g, 'Package: $1\nStatus: install ok installed\nVersion: $2\n\n'),
    );
  assert.deepEqual(packageChanges(of('a=1 b=1 c=1'), of('a=1 b=2 d=1')), [
    { name: 'b', before: '1', after: '2' },
    { name: 'c', before: '1', after: undefined },
    { name: 'd', before: undefined, after: '1' },
  ]);
});
