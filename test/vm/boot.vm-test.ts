/**
 * Images that packaging/images makes: the same bytes each time, and a disk that starts by its firmware, with the root
 * read-only, an identity that stays, the journal on /var and the watchdog in systemd's hands.
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeNodeImage, vmMissing } from './node-image.ts';
import { VmFleet } from './vm-fleet.ts';

/** So long the journal keeps what it has before it is on the disk: SyncIntervalSec= of the image. */
const JOURNAL_MS = 11_000;
const STARTED = /Reached target multi-user\.target/;
const skip = vmMissing() ?? false;
let fleet: VmFleet;

before(async () => {
  if (!skip) fleet = await VmFleet.make('grub-bios');
});
after(() => fleet?.remove());

test('an image that is made again has the same bytes', { skip }, async () => {
  const { first } = fleet.images;
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-again-'));
  try {
    const again = makeNodeImage(folder, first.version);
    assert.equal(await digest(again.root), await digest(first.root));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// UEFI with systemd-boot and with GRUB is what the other tests start by.
test('a machine with a BIOS starts by GRUB from slot a, and knows itself after the next start', {
  skip,
}, async () => {
  fleet.boot();
  await fleet.until('the node answers', () => fleet.answers());
  const first = await node();
  assert.equal(first.hostname, 'vm-1');
  const log = await messages('this');
  assert.match(log, /Command line: .* ro panic=10 nodectl\.slot=a( |$)/m);
  assert.match(log, /Using hardware watchdog 'Software Watchdog'/);
  await fleet.until('it has started', async () => STARTED.test(await messages('this')));
  await sleep(JOURNAL_MS);
  await fleet.vm.reset();
  await fleet.until('the node has started anew', async () => {
    const { bootId } = await node();
    return bootId !== '' && bootId !== first.bootId;
  });
  // It was shut off without a word, and has its journal of the first start all the same.
  assert.match(await messages('previous'), STARTED);
  await fleet.vm.stop();
});

/** What the node says of itself; nothing while it does not answer. */
async function node(): Promise<{ bootId: string; hostname: string }> {
  const { status, stdout } = await fleet.within('8s', 'get', 'nodes', '-o', 'json');
  return status === 0 ? JSON.parse(stdout).items[0] : { bootId: '', hostname: '' };
}

/** The messages of a boot. */
async function messages(boot: string): Promise<string> {
  const { status, stdout, stderr } = await fleet.nodectl(
    ...['logs', 'journal', '--boot', boot, '--tail', '2000', '-o', 'raw', '--no-prefix'],
  );
  assert.equal(status, 0, stderr);
  return stdout;
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}
