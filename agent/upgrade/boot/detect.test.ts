/** Which boot loader a machine has. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import type { BootKind } from './backend.ts';
import { openBackend } from './detect.ts';
import { SlotRecords } from './slot-records.ts';
import { SlotDevices } from './slot-store.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-detect-'));
after(() => rmSync(top, { recursive: true }));

function found(files: readonly string[], backend: BootKind | 'auto' = 'auto', folder?: string): string {
  const root = mkdtempSync(join(top, 'm-'));
  for (const path of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const info = Buffer.concat([Buffer.alloc(4), Buffer.from('systemd-boot 252\0', 'utf16le')]);
    writeFileSync(join(root, path), path.includes('LoaderInfo') ? info : '');
  }
  const machine = new LiveMachine(root);
  const devices = new SlotDevices({ a: 'PARTLABEL=a', b: 'PARTLABEL=b' }, machine, root);
  const records = new SlotRecords(join(root, 'records'));
  return openBackend({ backend, machine, devices, records, root, ...(folder ? { folder } : {}) }).kind;
}

const GRUB = 'boot/nodectl/grubenv2';
const ENTRY = 'efi/loader/entries/nodectl-a.conf';
const INFO = 'sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

test('a boot loader is known by what of ours is there', () => {
  assert.equal(found([GRUB]), 'grub');
  assert.equal(found([ENTRY]), 'systemd-boot');
  assert.equal(found(['boot/efi/loader/entries/nodectl-b+3.conf']), 'systemd-boot');
  assert.equal(found([GRUB, ENTRY]), 'grub', 'systemd-boot did not start this machine');
  assert.equal(found([GRUB, ENTRY, INFO]), 'systemd-boot');
  assert.equal(found([GRUB, ENTRY, INFO], 'grub'), 'grub');
  assert.equal(found([GRUB, ENTRY], 'systemd-boot'), 'systemd-boot');
  assert.equal(found(['other/nodectl/grubenv'], 'auto', '/other'), 'grub');
  assert.equal(found([], 'files', '/lab'), 'files');
});

test('a machine without one is told what was looked for', () => {
  const none = {
    reason: 'UPGRADE_NO_BACKEND',
    message: /neither nodectl\/grubenv nor .*\/boot, \/efi, \/boot\/efi/,
  };
  assert.throws(() => found([]), none);
  assert.throws(() => found(['efi/loader/entries/debian.conf']), none);
  assert.throws(() => found([ENTRY], 'grub'), none);
  assert.throws(() => found([GRUB], 'systemd-boot'), none);
  assert.throws(() => found([], 'files'), { reason: 'UPGRADE_NO_BACKEND' });
});
