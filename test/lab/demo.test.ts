/** The first thing that anybody tries: the demo, as somebody who is not root. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const demo = join(import.meta.dirname, 'demo.ts');
/** "nobody" of every distribution. */
const NOBODY = 65_534;

/** Runs a program without root's powers where this process has them. Gives its status and all that it wrote. */
function withoutRoot(args: string[], home: string): Promise<{ code: number | null; text: string }> {
  const root = process.getuid?.() === 0;
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; text: string }>();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { HOME: home, TMPDIR: home, PATH: process.env.PATH },
    cwd: home,
    ...(root ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  child.on('error', reject).on('close', (code) => resolve({ code, text }));
  return promise;
}

test('the demo walks through to its end without root', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'nodectl-demo-test-'));
  try {
    if (process.getuid?.() === 0) chownSync(home, NOBODY, NOBODY);
    const check = await withoutRoot(['--check', demo], home).catch((error: Error) => ({
      code: 1,
      text: error.message,
    }));
    if (check.code !== 0) return t.skip(`nobody cannot read this checkout: ${check.text.slice(0, 200)}`);
    const { code, text } = await withoutRoot([demo], home);
    assert.equal(code, 0, text);
    assert.match(text, /That was it/);
    assert.doesNotMatch(text, /: lost: /);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
