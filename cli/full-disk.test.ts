/** What commands say when the disk that they write to is full: a real one, a small tmpfs in a namespace of its own. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testPki } from '../test/support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-full-'));
const disk = join(folder, 'disk');
const kept = join(folder, 'kept');
const pki = testPki();
after(() => {
  pki.remove();
  rmSync(folder, { recursive: true });
});

/** Runs a shell's line where `disk` is a file system of 16 KiB with what is in `kept`, and otherwise full. */
function onFullDisk(line: string): { status: number | null; stdout: string; stderr: string } {
  const script = `mount -t tmpfs -o size=16k tmpfs "$DISK" && cp -p "$KEPT"/* "$DISK" && (cat /dev/zero > "$DISK/fill" 2>/dev/null; ${line})`;
  return spawnSync('unshare', ['-rm', 'sh', '-c', script], {
    env: {
      ...process.env,
      ...{ DISK: disk, KEPT: kept, NODE: process.execPath, NO_COLOR: '1' },
      ...{ NODECTL: join(import.meta.dirname, 'nodectl.ts'), NODECTL_CONFIG: join(disk, 'config.yaml') },
      NODECTL_PKI: pki.store.folder,
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

const tried = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { encoding: 'utf8' });
const skip = tried.status === 0 ? false : 'no namespace with a file system of its own can be made here';

before(() => {
  mkdirSync(disk);
  mkdirSync(kept);
  cpSync(join(pki.store.folder, 'root.crt'), join(kept, 'trust.crt'));
  writeFileSync(join(kept, 'config.yaml'), 'contexts: {}\n', { mode: 0o600 });
});

test('a full disk is told as one, nothing half-written stays, and what was there is whole', {
  skip,
}, async () => {
  const alice = await pki.operator('alice', 'admin');
  writeFileSync(join(kept, 'alice.pem'), alice.key + alice.chain, { mode: 0o600 });
  const add = '"$NODE" "$NODECTL" context add x --trust "$DISK/trust.crt" --credential "$DISK/alice.pem"';
  const contexts = onFullDisk(`${add}; echo status $?; cat "$DISK/config.yaml"; ls "$DISK"`);
  assert.match(
    contexts.stderr,
    /config\.yaml cannot be written: the disk is full \[DISK_UNUSABLE\]\n hint: make room/,
  );
  assert.equal(
    contexts.stdout,
    ['status 6', 'contexts: {}', 'alice.pem', 'config.yaml', 'fill', 'trust.crt', ''].join('\n'),
  );
  const init = onFullDisk(
    '"$NODE" "$NODECTL" pki init --dir "$DISK" --plain-keys; echo status $?; ls "$DISK" | grep key',
  );
  assert.match(init.stderr, /root\.key: the disk is full \[DISK_UNUSABLE\]\n hint: make room/);
  assert.equal(init.stdout, 'status 6\n');
  const credential = onFullDisk('"$NODE" "$NODECTL" pki operator bob --out "$DISK/bob.pem"; echo status $?');
  assert.match(credential.stderr, /bob\.pem cannot be written: the disk is full \[DISK_UNUSABLE\]/);
  assert.equal(credential.stdout, 'status 6\n');
});
