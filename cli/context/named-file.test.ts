/** Files that a person named and that are none: pipes, devices, and what is far too long. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadContext, readContexts } from './contexts.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-named-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};
const refused = (message: RegExp) => ({ reason: 'BAD_CONFIG', message });

test('a device or a named pipe in place of the contexts file is refused rather than read', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await assert.rejects(readContexts('/dev/zero'), refused(/zero is no regular file/));
  await assert.rejects(readContexts(pipe), refused(/pipe is no regular file/));
  const large = file('large', '');
  truncateSync(large, 9 * 1024 * 1024);
  await assert.rejects(readContexts(large), refused(/too large/));
});

test('a credential that is no file is refused rather than read', async () => {
  const contexts = (credential: string) =>
    file('config', `contexts: {a: {trust: root.crt, credential: ${credential}, nodes: []}}`);
  file('root.crt', '');
  for (const [credential, message] of [
    ['/dev/zero', /zero is no regular file/],
    ['large', /too large/],
    ['absent', /absent, cannot be read: there is no such file or folder$/],
  ] as const) {
    const read = await readContexts(contexts(credential));
    assert.throws(() => loadContext(read, 'a'), refused(message));
  }
});
