/**
 * What a cold call may load: every module here costs each command of every user, so whoever adds one says so here. And the
 * packaged command line, built and run: what it keeps in its snapshot does the same.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { SIGNATURES } from '../agent/diagnostics/signatures/catalogue.ts';
import { compileForScan, LineScanner, planForScan } from '../agent/diagnostics/signatures/line-scanner.ts';
import { samples } from '../agent/diagnostics/signatures/testing/samples.ts';
import { packPlan } from '../agent/diagnostics/signatures/wording-plan.ts';
import { addContext } from '../cli/context/edit.ts';
import { writeFileAtomic } from '../pki/atomic-file.ts';
import { loadedBy } from '../test/bench/rig/loaded.ts';
import { type TestPki, testPki } from '../test/support/pki.ts';
import { startServer, type TestServer } from '../test/support/serve.ts';
import { buildCli } from './cli.ts';

/** Packages that a cold call loads, with what they are for. */
const PACKAGES: Record<string, string> = {
  commander: 'the command line',
  yaml: 'the contexts file',
  protobufjs: 'messages',
  long: 'messages',
};
/** Modules of Node. Sorted. */
const BUILTINS = [
  'buffer',
  'child_process',
  'crypto',
  'events',
  'fs',
  'net',
  'os',
  'path',
  'process',
  'tls',
  'util',
];
/** Our own source that is loaded, comments included; twice what it was when this was written. */
const OWN_BYTES = 400_000;
/**
 * A snapshot of ours: 7.0 MB are Node's own, and 2.9 were ours when this was written. Each MB of it costs every command 1 to 2 ms.
 */
const SNAPSHOT_BYTES = 12e6;

/** The exit status of `nodectl diag` with findings that are critical. */
const CRITICAL = 11;

let pki: TestPki;
let server: TestServer;
let config: string;

before(async () => {
  pki = testPki();
  server = await startServer(pki, 'web-1');
  config = join(pki.folder, 'config.yaml');
  const { key, chain } = await pki.operator('ada', 'reader');
  writeFileAtomic(join(pki.folder, 'ada.pem'), key + chain);
  await addContext(
    config,
    'test',
    {
      ...{ trust: pki.trust, credential: join(pki.folder, 'ada.pem'), issuer: '' },
      nodes: [{ name: 'web-1', addresses: [server.address], labels: {} }],
    },
    { use: true, replace: true },
  );
});
after(async () => {
  await server.server.drain(0);
  pki.remove();
});

describe('a cold nodectl version', () => {
  test('loads what it needs and nothing else', async () => {
    const { groups, own, builtins } = await loadedBy(['version', '-n', 'web-1'], { NODECTL_CONFIG: config });
    const packages = groups.map(({ name }) => name).filter((name) => name !== 'nodectl');
    assert.deepEqual(
      packages.filter((name) => !Object.hasOwn(PACKAGES, name) && !name.startsWith('@protobufjs/')),
      [],
    );
    assert.ok(packages.includes('commander'));
    assert.deepEqual(
      builtins.filter((name) => !BUILTINS.includes(name)),
      [],
    );
    assert.ok(builtins.includes('tls'));
    const bytes = groups.find(({ name }) => name === 'nodectl')?.bytes ?? 0;
    assert.ok(bytes > 50_000 && bytes < OWN_BYTES, `${bytes} bytes of our own`);
    assert.deepEqual(
      own.filter((path) => /\/run.*\.ts$/.test(path)),
      ['cli/commands/version/run.ts'],
    );
    assert.deepEqual(
      own.filter((path) => /^(agent|proto\/serve)\//.test(path)),
      [],
    );
  });

  test('of --help opens no connection and reads no file', async () => {
    const { groups, own, builtins } = await loadedBy(['--help'], { NODECTL_CONFIG: config });
    assert.deepEqual(
      groups.map(({ name }) => name).filter((name) => name.includes('protobufjs')),
      [],
    );
    assert.ok(!own.includes('proto/call/open.ts'));
    assert.ok(!builtins.includes('tls'));
  });
});

describe('the packaged nodectl', () => {
  let folder: string;
  let executable: string;

  before(async () => {
    folder = join(pki.folder, 'dist');
    mkdirSync(folder);
    executable = await buildCli(folder);
  });

  /** What a command prints. Throws where it fails, but for findings. */
  async function stdoutOf(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(executable, words, {
      env: { NODECTL_CONFIG: config, HOME: folder },
      timeout: 60_000,
    }).catch((error: { code?: unknown; stdout: string }) => {
      // What diag found is told by its exit status too.
      if (error.code !== CRITICAL) throw error;
      return error;
    });
    return stdout;
  }

  test('calls a node', async () => {
    assert.match(await stdoutOf('version', '-n', 'web-1'), /^web-1 /m);
  });

  test('loads what only some commands need', async () => {
    assert.match(await stdoutOf('nodes', 'list', '-o', 'yaml'), /^ {2}- node: web-1$/m);
    const authorities = ['--dir', join(folder, 'pki')];
    await stdoutOf('pki', 'init', ...authorities, '--plain-keys');
    assert.match(await stdoutOf('pki', 'show', ...authorities), /^root /m);
  });

  test('recognises troubles by the plan that the build has made, as the source does', async () => {
    const log = join(folder, 'kernel.log');
    writeFileSync(
      log,
      samples()
        .samples.map(({ text }) => `${text}\n`)
        .join(''),
    );
    const expected: string[] = [];
    const scanner = new LineScanner(compileForScan(SIGNATURES), {
      referenceMs: 0,
      hit: ({ line, signature, device }) => expected.push(`${line} ${signature.id} ${device ?? ''}`),
    });
    scanner.push(readFileSync(log));
    scanner.end();
    const hits = (await stdoutOf('diag', 'scan', log, '-o', 'jsonl'))
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as { line: number; signature: string; device: string | null })
      .map(({ line, signature, device }) => `${line} ${signature} ${device ?? ''}`);
    assert.deepEqual(hits, expected);
    const [numbers = ''] = packPlan(planForScan(SIGNATURES)).split('\n');
    const holders = readdirSync(join(folder, 'cli')).filter(
      (name) => name.endsWith('.js') && readFileSync(join(folder, 'cli', name), 'latin1').includes(numbers),
    );
    assert.equal(holders.length, 1);
  });

  test('keeps little in its snapshot', () => {
    const size = (path: string) => statSync(path).size;
    const parts = readdirSync(join(folder, 'cli'))
      .filter((name) => name.endsWith('.js'))
      .reduce((sum, name) => sum + size(join(folder, 'cli', name)), 0);
    assert.ok(parts > 2e6, `${parts} bytes of parts`);
    const snapshot = size(executable) - size(process.execPath) - parts;
    assert.ok(snapshot < SNAPSHOT_BYTES, `${snapshot} bytes`);
  });
});
