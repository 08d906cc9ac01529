/**
 * `nodectl logs -f` through fifty broken connections and killed agents, over real TLS, of a file that is written and rotated
 * meanwhile: every line that was written is shown, and shown once.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { LogFleet, type LogNode } from '../support/log-fleet.ts';
import { until } from '../support/serve.ts';

/** Writes lines with numbers to a file, a few at a time, and rotates it now and then. */
class Writer {
  readonly path: string;
  written = 0;
  #rotations = 0;
  #running = true;
  #done: Promise<void> | undefined;

  constructor(path: string) {
    this.path = path;
    writeFileSync(path, `line ${++this.written}\n`);
  }

  start(): void {
    this.#done = this.#run();
  }

  async #run(): Promise<void> {
    while (this.#running) {
      let lines = '';
      for (let count = 1 + Math.floor(Math.random() * 10); count > 0; count--)
        lines += `line ${++this.written}\n`;
      // Now and then a line comes in two writes.
      const cut = Math.random() < 0.2 ? Math.floor(lines.length / 2) : lines.length;
      appendFileSync(this.path, lines.slice(0, cut));
      await wait(Math.random() * 10);
      appendFileSync(this.path, lines.slice(cut));
      if (Math.floor(this.written / 800) > this.#rotations) this.#rotate();
      await wait(Math.random() * 10);
    }
  }

  /** By rename, as logrotate does. So many former files are kept that no outage here outlasts them. */
  #rotate(): void {
    this.#rotations += 1;
    for (let at = Math.min(this.#rotations, 40); at > 1; at--)
      renameSync(`${this.path}.${at - 1}`, `${this.path}.${at}`);
    renameSync(this.path, `${this.path}.1`);
    writeFileSync(this.path, '');
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }
}

/** Breaks something; true where the agent was killed. */
async function trouble(node: LogNode, round: number): Promise<void> {
  if (round % 2 === 0) {
    node.cut();
    return;
  }
  await node.killAgent(round % 5 === 0 ? 'SIGTERM' : 'SIGKILL');
  await wait(Math.random() * 200);
  await node.startAgent();
}

test('nothing is lost and nothing comes twice through fifty broken connections and killed agents', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-follow-'));
  const fleet = new LogFleet();
  const writer = new Writer(join(folder, 'app.log'));
  try {
    await fleet.start({ 'web-1': { name: 'app', path: writer.path } });
    const node = fleet.nodes[0] as LogNode;
    const cli = fleet.nodectl(['logs', 'file/app', '-n', 'web-1', '-f', '--tail', 'all', '-o', 'raw']);
    let out = '';
    let err = '';
    cli.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    cli.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const exited = once(cli, 'exit');
    await until(() => out.includes('line 1\n'), 'the first line is shown');
    writer.start();
    for (let round = 1; round <= 50; round++) {
      await trouble(node, round);
      // Half of the time the next trouble waits until it is back, half of the time it meets it anywhere.
      if (round % 4 < 2) {
        const seen = out.length;
        await until(() => out.length > seen, `lines come again after trouble ${round}; so far: ${err}`);
      } else await wait(Math.random() * 300);
    }
    await writer.stop();
    await until(
      () => out.endsWith(`line ${writer.written}\n`),
      `the last of ${writer.written} lines is shown: ${err}`,
    );
    cli.kill('SIGINT');
    assert.deepEqual(await exited, [130, null]);
    assert.doesNotMatch(err, /lost here|error:|handshake/);
    const expected = Array.from({ length: writer.written }, (_, at) => `line ${at + 1}`);
    assert.deepEqual(out.trimEnd().split('\n'), expected);
    assert.ok(writer.written > 1_000);
    assert.match(err, /nodectl: web-1: lost: /);
    assert.match(err, /nodectl: web-1: back after /);
    assert.match(err, /resume: nodectl logs file\/app --follow --node web-1 --output raw --resume \S+\n$/);
  } finally {
    await writer.stop();
    await fleet.stop();
    rmSync(folder, { recursive: true });
  }
});

test('three nodes that break one after the other come merged, each line once, and a later read resumes behind them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-follow-'));
  const fleet = new LogFleet();
  const names = ['web-1', 'web-2', 'web-3'];
  const writers = names.map((name) => new Writer(join(folder, `${name}.log`)));
  try {
    await fleet.start(
      Object.fromEntries(
        names.map((name, at) => [name, { name: 'app', path: (writers[at] as Writer).path }]),
      ),
    );
    const read = async (argv: string[], enough: (out: string) => boolean) => {
      const cli = fleet.nodectl(argv);
      const result = { out: '', err: '', status: undefined as unknown };
      cli.stdout.on('data', (chunk: Buffer) => {
        result.out += chunk.toString();
      });
      cli.stderr.on('data', (chunk: Buffer) => {
        result.err += chunk.toString();
      });
      const exited = once(cli, 'exit');
      await until(() => result.out !== '', 'the first line is shown');
      for (const writer of writers) writer.start();
      for (let round = 0; !enough(result.out); round++) {
        await wait(100);
        if (round < 12) await trouble(fleet.nodes[round % 3] as LogNode, round);
        assert.ok(round < 600, `${result.err}\n${result.out.slice(-500)}`);
      }
      cli.kill('SIGINT');
      [result.status] = await exited;
      return result;
    };
    const linesOf = (out: string, name: string) =>
      out
        .split('\n')
        .filter((line) => line.startsWith(`${name}: `))
        .map((line) => line.slice(name.length + 2));
    const first = await read(['logs', '--all', 'app', '-f', '-t', 'all'], (out) =>
      names.every((name) => linesOf(out, name).length > 300),
    );
    const cursor = /--resume (\S+)\n$/.exec(first.err)?.[1] ?? '';
    assert.notEqual(cursor, '', first.err);
    for (const writer of writers) await writer.stop();
    const second = await read(['logs', '--resume', cursor, '-f'], (out) =>
      names.every((name, at) => out.includes(`${name}: line ${writers[at]?.written}\n`)),
    );
    assert.deepEqual([first.status, second.status], [130, 130]);
    for (const [at, name] of names.entries())
      assert.deepEqual(
        [...linesOf(first.out, name), ...linesOf(second.out, name)],
        Array.from({ length: (writers[at] as Writer).written }, (_, line) => `line ${line + 1}`),
        name,
      );
  } finally {
    for (const writer of writers) await writer.stop();
    await fleet.stop();
    rmSync(folder, { recursive: true });
  }
});

test('a file that is copied and truncated while it is followed goes on without loss or repeats', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-follow-'));
  const fleet = new LogFleet();
  const path = join(folder, 'app.log');
  writeFileSync(path, 'one\ntwo\n');
  try {
    await fleet.start({ 'web-1': { name: 'app', path } });
    const cli = fleet.nodectl(['logs', 'app', '-n', 'web-1', '-f', '-o', 'jsonl']);
    let out = '';
    cli.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const exited = once(cli, 'exit');
    await until(() => out.includes('"two"'), 'two is shown');
    // As logrotate's copytruncate does.
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, 'three\n');
    await until(() => out.includes('"three"'), 'three is shown');
    cli.kill('SIGTERM');
    assert.deepEqual(await exited, [130, null]);
    const records = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      records.filter((one) => !one.gap).map((one) => one.message),
      ['one', 'two', 'three'],
    );
  } finally {
    await fleet.stop();
    rmSync(folder, { recursive: true });
  }
});
