/** What a cold call may load: every module here costs each command of every user, so whoever adds one says so here. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { addContext } from '../cli/context/edit.ts';
import { writeFileAtomic } from '../pki/atomic-file.ts';
import { loadedBy } from '../test/bench/rig/loaded.ts';
import { type TestPki, testPki } from '../test/support/pki.ts';
import { startServer, type TestServer } from '../test/support/serve.ts';

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

describe('a cold nodectl version', () => {
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
