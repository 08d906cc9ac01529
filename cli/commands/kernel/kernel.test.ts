/** `nodectl kernel` over captured machines, and the table of known troubles, as whole runs. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { tarEnd, tarEntry } from '../../bundle/tar.ts';
import { runCli } from '../../testing/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-kernel-'));
after(() => rmSync(folder, { recursive: true }));
// What is unpacked goes where no other test counts or leaves anything.
const scratch = join(folder, 'tmp');
mkdirSync(scratch);
process.env.TMPDIR = scratch;

function capture(node: string, files: Record<string, string>, links: Record<string, string> = {}): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, node, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(folder, node, path));
  return join(folder, node);
}

const sick = capture(
  'sick-1',
  {
    'proc/sys/kernel/osrelease': '5.10.66\n',
    'proc/sys/kernel/version': '#1 SMP PREEMPT\n',
    'proc/sys/kernel/tainted': '4608\n',
    'proc/sys/kernel/panic': '0\n',
    'proc/cmdline': 'root=/dev/sda1 mitigations=off luks.key=abc token=xyz\n',
    'proc/uptime': '90061.5 1.0\n',
    'proc/modules': 'zfs 1 0 - Live 0x0 (POE)\next4 1 0 - Live 0x0\n',
    'proc/cpuinfo': 'processor\t: 0\nmodel name\t: Xeon\nmicrocode\t: 0x1\n',
    'etc/os-release': 'ID=flatcar\nPRETTY_NAME=Flatcar\n',
    'etc/sysctl.d/9.conf': 'kernel.panic = 10\n',
    'sys/devices/system/cpu/vulnerabilities/mds': 'Vulnerable\n',
    'sys/class/net/eth0/device/vendor': '0x15b3\n',
    'sys/class/net/eth0/device/device': '0x1017\n',
    'usr/lib/modules/5.10.66/x': '',
    'usr/lib/modules/5.10.70/x': '',
    'tools/journalctl -b -1': '2026-10-31T10:00:01+0000 sick-1 kernel: Kernel panic - not syncing: x\n',
  },
  { 'sys/class/net/eth0/device/driver': '../../bus/pci/drivers/mlx5_core' },
);
const well = capture('well-1', {
  'proc/version':
    'Linux version 6.1.0-28-amd64 (x) (gcc) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)\n',
  'proc/sys/kernel/tainted': '0\n',
});

test('one node is shown whole: taint in words, parameters, the last boot, known troubles with the reason', async () => {
  const { stdout, status } = await runCli(['kernel', '--from', sick], {});
  assert.equal(status, 0);
  for (const part of [
    /^sick-1 {2}5\.10\.66, upstream 5\.10\.66, up 1d 1h$/m,
    /W \(bit 9\) +the kernel warned/,
    /zfs +\(POE\)/,
    /kernel\.panic is 0; \/etc\/sysctl\.d\/9\.conf:1 asks for 10/,
    /mds: Vulnerable/,
    /reboot +5\.10\.66 runs, 5\.10\.70 is installed/,
    /ended +without a shutdown at 2026-10-31T10:00:01/,
    /critical, likely: Mellanox/,
    /because +Linux 5\.10\.66 is from 5\.10\.65 on and before 5\.10\.69; eth0 is driven by mlx5_core/,
  ])
    assert.match(stdout, part);
  assert.doesNotMatch(stdout, /xyz|key=abc/, 'secrets stay where they are');
});

test('several nodes are a table, and --verbose shows each whole', async () => {
  const { stdout } = await runCli(['kernel', '--from', sick, '--from', well], {});
  assert.match(stdout, /^NODE +KERNEL +PACKAGE +TAINT +REBOOT +MITIGATIONS +EOL +TROUBLES +UPTIME$/m);
  assert.match(stdout, /^sick-1 +5\.10\.66 +- +WO +pending +off +2026-12 +\d+ +1d 1h$/m);
  assert.match(stdout, /^well-1 +6\.1\.0-28-amd64 +6\.1\.119-1 +- +- +- +vendor/m);
  // What is the same nothing for every node is left out.
  const one = await runCli(['kernel', '--from', well, '--from', well], {});
  assert.match(one.stdout, /^NODE +KERNEL +PACKAGE +EOL$/m);
  const verbose = await runCli(['kernel', '--verbose', '--from', sick, '--from', well], {});
  assert.match(verbose.stdout, /^well-1 {2}6\.1\.0-28-amd64, upstream 6\.1\.119$/m);
  const json = await runCli(['kernel', '-o', 'json', '--from', sick], {});
  const [item] = JSON.parse(json.stdout).items;
  assert.deepEqual([item.node, item.taint, item.version.release], ['sick-1', '4608', '5.10.66']);
});

test('a machine of which nothing was captured has a row, and what is missing is told', async () => {
  const bare = capture('bare-1', { 'proc/x': '' });
  const { stdout, status } = await runCli(['kernel', '--from', bare], {});
  assert.equal(status, 0);
  assert.match(stdout, /Could not be read[\s\S]*kernel release in \/proc is not in the captured folder/);
});

test('known troubles are listed without a node, all or those of a kernel', async () => {
  const all = await runCli(['kernel', '--troubles', '-o', 'name'], {});
  assert.match(all.stdout, /^known\.mlx5-reload$/m);
  const of = async (...more: string[]) =>
    (await runCli(['kernel', '--troubles', '-o', 'name', ...more], {})).stdout;
  assert.match(await of('--kernel', '5.10.66'), /^known\.mlx5-reload$/m);
  assert.doesNotMatch(await of('--kernel', '5.10.69'), /mlx5-reload/);
  assert.doesNotMatch(await of('--kernel', '5.10.66-1.el9.x86_64'), /mlx5-reload/);
  const page = await runCli(['kernel', '--troubles', '--kernel', '5.10.66', '--verbose'], {});
  assert.match(page.stdout, /needs +a device of mlx5_core[\s\S]*reviewed/);
  const nothing = await runCli(['kernel', '--troubles', '--kernel', '99.1.1'], {});
  assert.match(nothing.stderr, /Nothing is known of 99\.1\.1/);
  const wrong = await runCli(['kernel', '--troubles', '--kernel', 'x; y'], {});
  assert.match(wrong.stderr, /is no version of a kernel/);
  assert.notEqual(wrong.status, 0);
});

test('on a terminal titles are bold, and what a node says cannot be', async () => {
  const { stdout } = await runCli(['kernel', '--from', sick, '--color', 'always'], { columns: 80 });
  assert.match(stdout, /\x1b\[1mKernel\x1b\[0m/);
  const odd = capture('odd-1', { 'proc/sys/kernel/osrelease': '6.1.0\n', 'proc/cmdline': 'a\x1b[31mb\n' });
  const page = (await runCli(['kernel', '--from', odd], { columns: 80, env: { NO_COLOR: '1' } })).stdout;
  assert.ok(!page.includes('\x1b'));
  assert.match(page, /a\\x1b\[31mb/);
});

test('--from takes a bundle as it is, packed or not, and the folder that it was unpacked into', async () => {
  const around = join(folder, 'around');
  const top = 'nodectl-bundle-20260101T000000Z';
  for (const node of ['a-1', 'a-2'])
    capture(`around/${top}/${node}`, { 'proc/sys/kernel/osrelease': '6.1.0\n' });
  const { stdout } = await runCli(['kernel', '--from', around, '-o', 'name']);
  assert.equal(stdout, 'a-1\na-2\n');
  const entries = ['a-1', 'a-2', 'a-3'].map((node) => ({
    path: `${top}/${node}/proc/sys/kernel/osrelease`,
    bytes: Buffer.from('6.1.0\n'),
    modifiedMs: 0,
  }));
  const tar = Buffer.concat([...entries.flatMap(tarEntry), tarEnd()]);
  for (const [name, bytes] of [
    ['x.tar.zst', zstdCompressSync(tar)],
    ['x.tgz', gzipSync(tar)],
    ['x.tar', tar],
  ] as const) {
    const archive = join(folder, name);
    writeFileSync(archive, bytes);
    assert.equal((await runCli(['kernel', '--from', archive, '-o', 'name'])).stdout, 'a-1\na-2\na-3\n');
  }
  assert.deepEqual(readdirSync(scratch), []);
});

test('an archive that is damaged, leads elsewhere or is none is refused, and nothing of it stays', async () => {
  const entry = (path: string) => tarEntry({ path, bytes: Buffer.from('x'), modifiedMs: 0 });
  const archive = join(folder, 'bad.tar.zst');
  const whole = zstdCompressSync(Buffer.concat([...entry('a/proc/version'), tarEnd()]));
  for (const [bytes, why] of [
    [Buffer.alloc(0), /is empty/],
    [Buffer.from('no archive at all'.repeat(100)), /no entry of tar/],
    [whole.subarray(0, whole.length - 9), /cannot be unpacked/],
    [zstdCompressSync(Buffer.concat([...entry('../../etc/x'), tarEnd()])), /leads elsewhere/],
    [zstdCompressSync(Buffer.concat([...entry('/etc/x'), tarEnd()])), /leads elsewhere/],
    [zstdCompressSync(tarEnd()), /no file is in it/],
    [Buffer.from('\xfd7zXZ\0 and so on', 'latin1'), /xz/],
  ] as const) {
    writeFileSync(archive, bytes);
    const { status, stderr } = await runCli(['kernel', '--from', archive]);
    assert.equal(status, 2, String(why));
    assert.match(stderr, why);
    assert.deepEqual(readdirSync(scratch), []);
  }
});
