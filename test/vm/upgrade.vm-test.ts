/**
 * Upgrades of a real machine's image, as an operator makes them: built from Debian's packages, sent by what differs, booted through
 * the firmware, confirmed; and images that panic, have no init, a dead agent, or hang, from which the machine falls back by
 * itself and says why. A power cut in the middle of the transfer costs what was under way.
 */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCli } from '../../cli/testing/run.ts';
import type { LoaderKind } from '../../packaging/images/loader.ts';
import type { RootImage } from '../../packaging/images/root-image.ts';
import { type Fault, makeBadImage } from './bad-images.ts';
import { makeNodeDisk, makeNodeImage, vmMissing } from './node-disk.ts';
import { NODE, VmFleet } from './vm-fleet.ts';

const skip = vmMissing() ?? false;
const folder = mkdtempSync(join(tmpdir(), 'nodectl-upgrade-'));
const key = join(folder, 'release');
const archive = (name: string) => join(folder, `${name}.oci.tar`);
let first: RootImage;
let second: RootImage;
let fleet: VmFleet;
/** The manifest's serial that the next image gets. */
let serial = 1;

before(async () => {
  if (skip) return;
  fleet = await VmFleet.make(join(folder, 'fleet'));
  await offline('image', 'keygen', key, '--plain-key');
  first = makeNodeImage(folder, '1.0.0');
  second = makeNodeImage(folder, '2.0.0');
  await pack(first);
  await pack(second);
});
after(async () => {
  await fleet?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command that needs no node. */
async function offline(...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await runCli(argv, {});
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Builds the archive of an image, which is named by its version. */
function pack(image: RootImage): Promise<string> {
  const { root, kernel, version, commandLine } = image;
  return offline(
    ...[
      'image',
      'build',
      '--root',
      root,
      '--kernel',
      kernel,
      '--version',
      version,
      '--serial',
      `${serial++}`,
    ],
    ...['--cmdline', commandLine, '--key', `${key}.key`, '--progress', 'none', '-o', archive(version)],
  );
}

/** An upgrade as `-o jsonl` has it. */
interface Told {
  readonly state: string;
  readonly reason: string;
  readonly why: string;
  readonly imageVersion: string;
  readonly bootLog: readonly string[];
  readonly progress: {
    readonly writtenBytes: number;
    readonly wireBytes: number;
    readonly resentBytes: number;
  } | null;
}

/** The newest of the upgrades that a command tells; undefined while the node does not answer. */
async function told(...argv: string[]): Promise<Told | undefined> {
  const { stdout } = await fleet.within('20s', ...argv, '-o', 'jsonl');
  const [line = ''] = stdout.split('\n');
  return line === '' ? undefined : JSON.parse(line);
}

/** What slots there are, by their name. */
async function slots(): Promise<
  Record<string, { booted: boolean; health: string; imageVersion: string; rootSha256: string }>
> {
  const { status, stdout, stderr } = await fleet.nodectl('slots', '-o', 'jsonl');
  assert.equal(status, 0, stderr);
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return Object.fromEntries(rows.map((row) => [row.name, row]));
}

/** Starts a machine that was installed with the first image. */
async function install(loader: LoaderKind): Promise<() => Promise<void>> {
  const place = join(folder, loader);
  mkdirSync(place);
  const disk = await makeNodeDisk({
    ...{ folder: place, node: NODE, pki: fleet.pki, image: first, loader, archive: archive('1.0.0') },
    settings: 'upgrades: { keys: /etc/nodectl/upgrade-keys, compatible: [nodectl-x86-64] }\n',
    files: { 'etc/upper/nodectl/upgrade-keys/release.pub.pem': readFileSync(`${key}.pub.pem`) },
  });
  const start = () => fleet.boot({ disk, loader, folder: place });
  await start();
  await fleet.until('the node answers', () => fleet.answers());
  return start;
}

/** Upgrades to an image, and gives what nodectl printed. */
function upgrade(version: string, ...more: string[]) {
  return fleet.within(
    ...([
      '1m',
      'upgrade',
      '--image',
      archive(version),
      '--from',
      archive(running),
      '--yes',
      ...more,
    ] as const),
  );
}
/** The version that the node runs. */
let running = '1.0.0';

/** The machine runs an image, and has confirmed it. */
async function runs(slot: 'a' | 'b', version: string): Promise<void> {
  const { [slot]: own } = await slots();
  assert.ok(own?.booted, `slot ${slot} does not run`);
  assert.equal(own.health, 'good');
  assert.equal(own.imageVersion, version);
}

/** Upgrades to an image that cannot run, and holds what the node says of it against what is expected. */
async function fallsBack(
  fault: Fault,
  {
    tries,
    deadline,
    reason,
    why,
    log,
  }: { tries: 1 | 2 | 3; deadline?: string; reason: string; why: RegExp; log?: RegExp },
): Promise<void> {
  const bad = makeBadImage(join(folder, `bad-${fault}`), second, fault);
  try {
    await pack(bad);
  } finally {
    rmSync(join(folder, `bad-${fault}`), { recursive: true });
  }
  const more = ['--tries', String(tries), ...(deadline ? ['--deadline', deadline] : [])];
  const { status, stdout, stderr } = await upgrade(bad.version, ...more);
  assert.equal(status, 1, stdout + stderr + fleet.vm.console);
  const newest = await told('upgrade', 'history', '--tail', '1');
  const text = JSON.stringify(newest, undefined, 1);
  assert.equal(newest?.state, 'fell-back', text);
  assert.equal(newest?.imageVersion, bad.version);
  assert.equal(newest?.reason, reason, text);
  assert.match(newest?.why ?? '', why);
  if (log) assert.match((newest?.bootLog ?? []).join('\n'), log);
  await runs('b', '2.0.0');
  rmSync(archive(bad.version));
}

test('systemd-boot: an upgrade outlives a power cut, and the new image is confirmed', { skip }, async (t) => {
  const start = await install('systemd-boot');
  await runs('a', '1.0.0');
  const upgrading = upgrade('2.0.0');
  let cutAt = 0;
  await fleet.until('a part of the image is on the disk', async () => {
    const now = await told('upgrade', 'status');
    cutAt = now?.progress?.writtenBytes ?? 0;
    return now?.state === 'transferring' && cutAt > 64 << 20;
  });
  await fleet.vm.stop();
  await start();
  const { status, stdout, stderr } = await upgrading;
  assert.equal(status, 0, stdout + stderr + fleet.vm.console);
  running = '2.0.0';
  const { progress } = (await told('upgrade', 'history', '--tail', '1')) ?? {};
  t.diagnostic(`cut at ${cutAt} bytes; in all ${JSON.stringify(progress)}`);
  await runs('b', '2.0.0');
  assert.equal((await slots()).a?.health, 'good');
});

test('systemd-boot: falls back from an image that panics', { skip }, () =>
  fallsBack('panic', {
    ...{ tries: 3, reason: 'UPGRADE_BOOT_FAILED', why: /slot a was tried 3 times and did not come up/ },
    log: /this image panics(.|\n)*sysrq triggered crash/,
  }),
);

test('systemd-boot: falls back from an image without init', { skip }, () =>
  fallsBack('no-init', { tries: 1, reason: 'UPGRADE_BOOT_FAILED', why: /slot a was tried once/ }),
);

test('systemd-boot: falls back from an image whose agent is dead', { skip }, () =>
  fallsBack('dead-agent', {
    ...{ tries: 3, deadline: '60s', reason: 'UPGRADE_BOOT_FAILED', why: /slot a/ },
    log: /nodectl-agent/,
  }),
);

test('systemd-boot: falls back from an image whose start hangs', { skip }, () =>
  fallsBack('hang', {
    ...{ tries: 3, deadline: '45s', reason: 'UPGRADE_BOOT_FAILED', why: /slot a/ },
    log: /nodectl-upgrade-expired/,
  }),
);

test('systemd-boot: falls back from an image that is no file system', { skip }, async () => {
  await fallsBack('no-file-system', {
    tries: 1,
    reason: 'UPGRADE_BOOT_FAILED',
    why: /slot a was tried once/,
  });
  await fleet.vm.stop();
});

test('GRUB: an upgrade is confirmed', { skip }, async () => {
  running = '1.0.0';
  await install('grub-efi');
  const { status, stdout, stderr } = await upgrade('2.0.0');
  assert.equal(status, 0, stdout + stderr + fleet.vm.console);
  running = '2.0.0';
  await runs('b', '2.0.0');
});

test('GRUB: falls back from an image that panics', { skip }, () =>
  fallsBack('panic', {
    ...{ tries: 2, reason: 'UPGRADE_BOOT_FAILED', why: /slot a was tried twice|2 times/ },
    log: /Kernel panic|sysrq triggered crash/,
  }),
);

test('GRUB: falls back from an image whose start hangs', { skip }, () =>
  fallsBack('hang', { tries: 1, deadline: '45s', reason: 'UPGRADE_BOOT_FAILED', why: /slot a/ }),
);
