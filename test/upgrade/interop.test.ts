/**
 * Our models and files against the programs they are for: GRUB's own script engine, drivers and save_env run the real grub.cfg on a
 * disk image (grub-emu), and systemd's bootctl lists our entries.
 */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  compareEntries,
  formatEntry,
  formatEntryName,
  parseEntryName,
} from '../../agent/upgrade/boot/boot-entry.ts';
import { fullCommandLine } from '../../agent/upgrade/boot/deployment.ts';
import { GRUB_COPIES } from '../../agent/upgrade/boot/grub.ts';
import {
  decodeEnvironment,
  encodeEnvironment,
  type GrubEnvironment,
  type GrubSlot,
  nextGrubSlot,
} from '../../agent/upgrade/boot/grub-environment.ts';
import { type FileView, runGrub } from './boot-models.ts';
import { seededRandom } from './seeded.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-interop-'));
after(() => rmSync(top, { recursive: true }));
const ROOTS = { a: 'PARTUUID=aa', b: 'PARTUUID=bb' };
const missing = (programs: readonly string[]) =>
  programs.find((one) => !['/usr/bin', '/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, one))));
const skipGrub = ((one) => one && `${one} is not installed (grub-emu, e2fsprogs)`)(
  missing(['grub-emu', 'mke2fs', 'debugfs']),
);

/** What GRUB itself does with a boot folder: on a disk image, by its own drivers. */
function realGrub(
  files: Readonly<Record<string, Buffer>>,
  name: string,
): { lines: string[]; copies: Buffer[] } {
  const folder = join(top, name);
  const put = (path: string, content: Buffer | string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(files)) put(`boot/${path}`, content);
  const config = readFileSync(join(import.meta.dirname, '../../packaging/boot/grub.cfg'), 'utf8');
  put('boot/grub.cfg', config.replace('@ROOT_A@', ROOTS.a).replace('@ROOT_B@', ROOTS.b));
  // The emulator has no linux; its own boot cannot be stood in for, and fails.
  const loads = `function linux {
  echo "@linux $1"
  if [ ! -s "$1" ]; then false; fi
}
function initrd {
  echo "@initrd $1"
  if [ ! -s "$1" ]; then false; fi
}
set root=hd0
source (hd0)/grub.cfg
`;
  put('emu/grub.cfg', loads);
  const image = join(folder, 'disk.img');
  writeFileSync(image, '');
  truncateSync(image, 2 << 20);
  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', join(folder, 'boot'), image]);
  put('device.map', `(hd0) ${image}\n`);
  const args = ['-m', join(folder, 'device.map'), '-d', join(folder, 'emu'), '-r', 'host'];
  const { stdout, error } = spawnSync('grub-emu', args, { timeout: 300_000, encoding: 'latin1', input: '' });
  assert.ifError(error);
  const lines = [...stdout.matchAll(/@(linux|initrd) ([^\r\n]*)/g)].map(
    ([, what, rest]) => `${what} ${rest?.trim()}`,
  );
  const copies = GRUB_COPIES.map((path) =>
    execFileSync('debugfs', ['-R', `cat ${path}`, image], { stdio: 'pipe' }),
  );
  rmSync(folder, { recursive: true });
  return { lines, copies };
}

test('GRUB itself chooses, counts and falls back as the model and nextGrubSlot say', {
  skip: skipGrub,
}, (t) => {
  const random = seededRandom(4);
  const any = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const slot = (): GrubSlot => ({
    ...{ ok: random() < 0.7, tried: Math.floor(random() * 4), deployId: any('', 'd-7', 'x.y_z-1') },
    ...{ health: any('empty', 'invalid', 'armed', 'good', 'bad'), serial: Math.floor(random() * 1_000) },
  });
  let [fellBack, restarted] = [0, 0];
  for (let turn = 0; turn < 100; turn++) {
    const environment: GrubEnvironment = {
      ...{ sequence: Math.floor(random() * 1e6), first: any('a', 'b') },
      slots: { a: slot(), b: slot() },
    };
    const older = { ...environment, sequence: 1, slots: { a: slot(), b: slot() } };
    const blocks = [encodeEnvironment(environment), encodeEnvironment(random() < 0.5 ? environment : older)];
    // Now and then a copy is lost, in the ways in which it can be.
    const lost = turn % 3 === 0 ? any(0, 1, 2) : undefined;
    for (const at of [0, 1])
      if (lost === at || lost === 2)
        blocks[at] = any(Buffer.alloc(1024), Buffer.alloc(0), Buffer.alloc(1024, '#'));
    const files: Record<string, Buffer> = {};
    for (const [at, path] of GRUB_COPIES.entries()) files[path] = blocks[at] ?? Buffer.alloc(0);
    for (const name of ['a', 'b']) {
      if (random() < 0.85) files[`nodectl/${name}/vmlinuz`] = Buffer.from(random() < 0.9 ? 'kernel' : '');
      if (random() < 0.7) files[`nodectl/${name}/initrd.img`] = Buffer.from(random() < 0.9 ? 'initrd' : '');
      if (random() < 0.7) files[`nodectl/${name}/slot.cfg`] = Buffer.from("set args='quiet image=v1'\n");
    }
    const view: FileView = { read: (path) => files[path], list: () => [] };
    const model = runGrub(view, ROOTS);
    const real = realGrub(files, `grub-${turn}`);
    const at = `turn ${turn}: ${JSON.stringify(environment)} lost ${lost}`;
    // `boot` cannot be stood in for, so GRUB goes on as if it had failed: what it loaded first is what counts.
    const loads: { slot: string; complete: boolean }[] = [];
    for (const line of real.lines) {
      const [, own] = /^linux \/nodectl\/([ab])\/vmlinuz/.exec(line) ?? [];
      if (own)
        loads.push({
          slot: own,
          complete:
            (files[`nodectl/${own}/vmlinuz`]?.length ?? 0) > 0 &&
            files[`nodectl/${own}/initrd.img`]?.length !== 0,
        });
    }
    const first = loads.find(({ complete }) => complete);
    assert.equal(first?.slot, model.started?.slot, at);
    if (loads[0]?.complete === false && first) fellBack++;
    if (!first) restarted++;
    for (const [index, path] of GRUB_COPIES.entries()) {
      const write = model.writes.find((one) => one.kind === 'overwrite' && one.path === path);
      const expected = write?.kind === 'overwrite' ? write.content : (files[path] ?? Buffer.alloc(0));
      assert.deepEqual(valuesOf(real.copies[index]), valuesOf(expected), `${at}: ${path}`);
    }
    const whole = blocks.map((block) => wholeOrNot(block)).find((one) => one !== undefined);
    // A kernel that cannot be loaded is what the agent's repair finds.
    if (whole && loads[0]?.complete) assert.equal(nextGrubSlot(whole), loads[0].slot, at);
    if (lost === undefined)
      assert.ok(
        wholeOrNot(real.copies[0] ?? Buffer.alloc(0)),
        `${at}: what GRUB saved is whole to the agent`,
      );
  }
  t.diagnostic(
    `100 runs of GRUB: ${fellBack} went to the other slot at once, ${restarted} found nothing to start`,
  );
  assert.ok(fellBack > 3 && restarted > 3);
});

function wholeOrNot(block: Buffer): GrubEnvironment | undefined {
  try {
    return decodeEnvironment(block);
  } catch {
    return undefined;
  }
}

/** The order of variables is GRUB's own affair. */
function valuesOf(block: Buffer | undefined): string[] {
  return (block?.toString('latin1') ?? '')
    .replace(/[#\0]+$/, '')
    .split('\n')
    .sort();
}

const rootless = process.getuid?.() !== 0 && 'it takes root to mount a file system of its own';
const skipBootctl =
  rootless || (missing(['bootctl', 'unshare']) ? 'bootctl is not installed (systemd-boot)' : false);

test('bootctl reads our entries and their counters, and sorts them as we do', { skip: skipBootctl }, () => {
  const names = [
    { slot: 'a', done: 0 },
    { slot: 'b', left: 3, done: 0 },
    { slot: 'b', left: 2, done: 1 },
    { slot: 'b', left: 0, done: 3 },
    { slot: 'a', left: 0, done: 1 },
  ] as const;
  const esp = join(top, 'esp');
  const staged = join(top, 'staged');
  for (const path of ['loader/entries', 'EFI/BOOT', 'nodectl/a', 'nodectl/b'])
    mkdirSync(join(staged, path), { recursive: true });
  mkdirSync(esp);
  for (const slot of ['a', 'b'])
    for (const file of ['vmlinuz', 'initrd.img']) writeFileSync(join(staged, 'nodectl', slot, file), 'x');
  const serials = [41, 42, 43, 44, 99];
  for (const [at, name] of names.entries()) {
    const options = fullCommandLine(name.slot, ROOTS[name.slot], `d-${at}`, 'quiet');
    const entry = {
      slot: name.slot,
      title: `n${at}`,
      serial: serials[at] ?? 0,
      deployId: `d-${at}`,
      initrd: true,
      options,
    };
    writeFileSync(join(staged, 'loader/entries', formatEntryName(name)), formatEntry(entry));
  }
  // bootctl wants the root of a file system: one of its own, which nobody else sees.
  const script =
    'mount -t tmpfs none "$1" && cp -r "$2"/. "$1" && SYSTEMD_RELAX_ESP_CHECKS=1 bootctl list --esp-path="$1" --json=short --no-pager';
  const text = execFileSync(
    'unshare',
    ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', esp, staged],
    { encoding: 'utf8' },
  );
  const listed = parseList(text);
  assert.equal(listed.length, names.length);
  for (const { path, triesLeft, triesDone, version, linux, options } of listed) {
    const file = path.slice(path.lastIndexOf('/') + 1);
    const name = parseEntryName(file);
    assert.ok(name, file);
    assert.equal(triesLeft, name.left, file);
    assert.equal(triesDone ?? 0, name.left === undefined ? 0 : name.done, file);
    assert.equal(linux, `/nodectl/${name.slot}/vmlinuz`);
    assert.match(
      options,
      new RegExp(`^quiet root=${ROOTS[name.slot]} ro panic=10 nodectl.slot=${name.slot} `),
    );
    assert.match(version, /^\d{10}$/);
  }
  // bootctl of systemd 252 sorts as its loader does.
  const ours = names.map((name, at) => ({ ...name, serial: serials[at] ?? 0 })).sort(compareEntries);
  assert.deepEqual(
    listed.map(({ version }) => Number(version)),
    ours.map(({ serial }) => serial),
  );
});

interface Listed {
  readonly path: string;
  readonly triesLeft?: number;
  readonly triesDone?: number;
  readonly version: string;
  readonly linux: string;
  readonly options: string;
}

/** systemd 252 prints objects one after another, later releases an array. */
function parseList(text: string): Listed[] {
  return JSON.parse(
    text.trim().startsWith('[') ? text : `[${text.trim().replaceAll(/\}\s*\{/g, '},{')}]`,
  ) as Listed[];
}
