import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testPki } from '../../../test/support/pki.ts';
import { runCli } from '../../testing/run.ts';

const pki = testPki();
after(() => pki.remove());

test('a credential that has ended is told with the command that makes the next one in its place', async () => {
  const env = { NODECTL_PKI: pki.store.folder, NODECTL_CONFIG: join(pki.folder, 'config.yaml') };
  const good = async (...argv: string[]) => {
    const { status, stderr } = await runCli(argv, { env });
    assert.equal(status, 0, stderr);
    return stderr;
  };
  const pem = join(pki.folder, 'alice o.pem');
  const ended = await pki.operator('alice', 'operator', 60_000, Date.now() - 3_600_000);
  writeFileSync(pem, ended.key + ended.chain, { mode: 0o600 });
  await good('context', 'add', 'lab', '--trust', join(pki.store.folder, 'root.crt'), '--credential', pem);
  const [, command = ''] = /makes a new one: nodectl (.*)/.exec(await good('context', 'show', 'lab')) ?? [];
  assert.equal(command, `pki operator alice --role operator --out '${pem}' --yes`);
  await good('pki', 'operator', 'alice', '--role', 'operator', '--out', pem, '--yes');
  assert.equal(await good('context', 'show', 'lab'), '');
  chmodSync(pem, 0o644);
  assert.match(await good('context', 'show', 'lab'), /^warning: .*alice o\.pem can be read/);
});
