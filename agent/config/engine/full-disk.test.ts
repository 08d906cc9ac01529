/** A full disk at any byte: the root or the agent's state on a file system of a few pages, which only root can make. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import type { ConfigDomain } from '../domain.ts';
import { ORIGIN, openConfig } from '../testing/test-node.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-full-'));
const mounts: string[] = [];
after(() => {
  for (const mount of mounts) spawnSync('umount', [mount]);
  rmSync(top, { recursive: true });
});
const { signal } = new AbortController();

/** A tmpfs of so many KiB, or why there is none. */
function small(path: string, kib: number): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can mount';
  mkdirSync(path, { recursive: true });
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', path]);
  if (status !== 0) return `mount: ${stderr}`;
  mounts.push(path);
  return undefined;
}

const document = (files: object) => JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', files });
const file = (letter: string, kib: number) => ({ content: letter.repeat(kib << 10) });
const FIRST = document({ '/etc/a': file('a', 8), '/etc/b': file('b', 8), '/etc/c': file('c', 8) });
const SECOND = document({ '/etc/a': file('A', 16), '/etc/b': file('B', 16), '/etc/d': file('D', 16) });
const apply = (domain: ConfigDomain, text: string, mode: 'live' | 'try' = 'live') =>
  domain.apply({ text, mode, timeoutSeconds: 600, origin: ORIGIN, connection: 'c1' }, signal);

/** Leaves so many pages free. */
function fill(mount: string, pages: number): void {
  const { bavail, bsize } = statfsSync(mount);
  writeFileSync(join(mount, 'ballast'), Buffer.alloc(Math.max(0, bavail - pages) * bsize));
}

for (const where of ['root', 'state'] as const)
  for (const mode of ['live', 'try'] as const)
    test(`${where} becomes full at any page of an apply (${mode}): old or new, complete, and the node says which`, async (t) => {
      let refused = 0;
      for (let pages = 0; pages < 60; pages += where === 'root' ? 1 : 3) {
        const folder = join(top, `${where}-${mode}-${pages}`);
        const mount = join(folder, where);
        const why = small(mount, 1_024);
        if (why !== undefined) return t.skip(why);
        const domain = await openConfig(folder);
        await apply(domain, FIRST);
        const look = () => 'abcd'.split('').map((name) => text(join(folder, 'root/etc', name)));
        const old = look();
        fill(mount, pages);
        let ended = '';
        try {
          await apply(domain, SECOND, mode);
          if (mode === 'try') await domain.confirm('', 'c2');
          ended = 'applied';
        } catch (error) {
          const { reason, message } = Failure.from(error);
          assert.equal(reason, 'HOST_CHANGE_FAILED', message);
          assert.match(message, /ENOSPC|no space|room/i);
          ended = 'refused';
          refused++;
        }
        domain.close();
        rmSync(join(mount, 'ballast'));
        // With room again everything that is left is ended by itself.
        const again = await openConfig(folder);
        if (again.trial()) await again.revert('', false, signal);
        const running = again.revisions.running()?.number;
        assert.equal(again.underWay, false);
        assert.deepEqual(again.warnings, [], `${pages} pages, ${ended}`);
        if (ended === 'applied') assert.notEqual(running, 1);
        if (running === 1) assert.deepEqual(look(), old, `${pages} pages`);
        else
          assert.deepEqual(
            look().map((one) => one?.[0]),
            ['A', 'B', undefined, 'D'],
          );
        await apply(again, FIRST);
        assert.deepEqual(look(), old);
        again.close();
        spawnSync('umount', [mount]);
      }
      assert.ok(refused >= 3, `${refused} were refused`);
    });

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
