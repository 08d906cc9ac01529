/** What a cold command loads. Help, completion and the version of nodectl itself must not pay for what they do not use. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const main = join(import.meta.dirname, 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'nodectl-light-'));
const hooks = join(folder, 'hooks.mjs');
after(() => rmSync(folder, { recursive: true }));

before(() => {
  // Every module that is resolved is told on a stream of its own.
  writeFileSync(
    hooks,
    `import { registerHooks } from 'node:module';
     import { writeSync } from 'node:fs';
     registerHooks({
       resolve(specifier, context, next) {
         const found = next(specifier, context);
         writeSync(3, found.url + '\\n');
         return found;
       },
     });
     process.on('exit', () => writeSync(3, process.moduleLoadList.join('\\n') + '\\n'));`,
  );
});

/** The URLs of all modules, ours, packages' and Node's own, that a command line loads. */
function loaded(...argv: string[]): string[] {
  const config = join(folder, 'config.yaml');
  writeFileSync(
    config,
    'current: a\ncontexts:\n  a:\n    trust: t\n    credential: c\n    nodes:\n      - name: n\n        addresses: ["h:1"]\n',
    { mode: 0o600 },
  );
  const code = `const { main } = await import(${JSON.stringify(main)}); await main(process.argv.slice(1));`;
  const { status, output, stderr } = spawnSync(
    process.execPath,
    ['--import', hooks, '--input-type=module', '-e', code, '--', ...argv],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { NODECTL_CONFIG: config, HOME: folder },
      timeout: 60_000,
    },
  );
  assert.equal(status, 0, stderr);
  return (output[3] ?? '').split('\n');
}

const HEAVY = ['@grpc/grpc-js', '@grpc/proto-loader', 'node-forge', 'protobufjs', 'zod', 'pino', 'yaml'];
const NETWORK = ['NativeModule tls', 'NativeModule http2', 'NativeModule sqlite', 'NativeModule http'];

function assertLight(modules: readonly string[], also: readonly string[] = []): void {
  assert.ok(modules.some((url) => url.endsWith('/cli/main.ts')));
  const found = modules.filter(
    (url) =>
      [...HEAVY, ...also].some((name) => url.includes(`/node_modules/${name}/`)) ||
      NETWORK.includes(url) ||
      url.endsWith('proto/gen/contract.json'),
  );
  assert.deepEqual(found, []);
}

test('help loads no parser either', () => {
  assertLight(loaded('--help'), ['commander']);
  assertLight(loaded('get', 'nodes', '--help'), ['commander']);
  assertLight(loaded('help', 'targets'), ['commander']);
  assertLight(loaded('--version'), ['commander']);
});

test('the version of nodectl, and completion', () => {
  assertLight(loaded('version', '--client'));
  assertLight(loaded('completion', 'bash'));
  assertLight(loaded('__complete', 'bash', '--', 'nodectl logs -n '));
});

test('a plain contexts file needs no YAML parser', () => {
  assertLight(loaded('nodes', 'list'));
});

test('the hooks see what is heavy', () => {
  const modules = loaded('nodes', 'list', '-o', 'yaml');
  assert.ok(modules.some((url) => url.includes('/node_modules/yaml/')));
});
