/** What `nodectl diag scan` reads that is no plain file: it never holds the program up, and says what it waits for. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { toldWhileSilent } from '../../../diag/waiting.ts';
import { Terminal } from '../../../output/terminal.ts';
import { MemorySink, runCli } from '../../../testing/run.ts';
import { openSource } from './source.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-scan-source-'));
});
after(() => rmSync(folder, { recursive: true }));

function pipe(name: string): string {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return path;
}

async function textOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('a named pipe that nobody writes into is left when the command is interrupted', async () => {
  const { bytes } = await openSource(pipe('unwritten'), AbortSignal.timeout(50));
  await assert.rejects(textOf(bytes), { name: 'AbortError' });
});

test('a named pipe is read to its end, whenever its writer comes', async () => {
  const path = pipe('written');
  const { bytes } = await openSource(path, new AbortController().signal);
  const read = textOf(bytes);
  await new Promise((resolve) => setTimeout(resolve, 50));
  createWriteStream(path).end('[ 1.0] a line\n'.repeat(20_000));
  assert.equal((await read).length, 14 * 20_000);
});

test('who waits for input is told so at a terminal, and nowhere else', async () => {
  const told = async (columns?: number) => {
    const stderr = new MemorySink(columns);
    const said = new Promise<void>((resolve) => {
      stderr.onWrite = () => resolve();
    });
    const terminal = new Terminal({ stdout: new MemorySink(), stderr, env: {} });
    async function* late(): AsyncGenerator<Buffer> {
      await (columns ? said : new Promise((resolve) => setTimeout(resolve, 1_200)));
      yield Buffer.from('x');
    }
    assert.equal(await textOf(toldWhileSilent('a\x1bb', late(), terminal)), 'x');
    return stderr.text;
  };
  assert.equal(await told(80), 'Waiting for what is written into a\\x1bb; Ctrl-C ends it.\n');
  assert.equal(await told(), '');
});

test('a device without end is refused, one that has nothing is empty, and what is not there has a next step', async () => {
  assert.match((await runCli(['diag', 'scan', '/dev/zero'])).stderr, /no text: it holds binary data/);
  assert.match((await runCli(['diag', 'scan', '/dev/null'])).stderr, /it is empty/);
  assert.match((await runCli(['diag', 'scan', ''])).stderr, /the name of the log is empty/);
  const { status, stderr } = await runCli(['diag', 'scan', join(folder, 'none')]);
  assert.equal(status, 2);
  assert.match(stderr, / hint: name a log.*dmesg \| nodectl diag scan -/);
});
