/** Secrets go into a file sealed, what stood there in clear goes, and they can be sealed again without being known. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { parse } from 'yaml';
import { openSealKey, openValue, pointerOf } from '../../proto/config/seal.ts';
import { readIdentities, resealFile, sealInto } from './seal-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-seal-file-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'role.yaml');
const KEYS = ['files', '/etc/app/token', 'sealed'];
const SECRET = 'correct horse battery';

interface Sealed {
  seals: Record<string, string>;
  files: Record<string, { sealed: string; content?: string }>;
}
const read = () => parse(readFileSync(path, 'utf8')) as Sealed;

async function opened(identity: string): Promise<{ value: string; nodes: readonly string[] }> {
  const { seals, files } = read();
  const [[id = '', wrapped = ''] = []] = Object.entries(seals);
  const key = await openSealKey(id, wrapped, [identity]);
  const value = openValue(key, pointerOf(...KEYS), files['/etc/app/token']?.sealed ?? '');
  return { value: value.toString(), nodes: key.nodes };
}

test('a secret is sealed, sealed again with another value, and sealed for other nodes', async () => {
  const [node, recovery, later] = [
    await generateX25519Identity(),
    await generateX25519Identity(),
    await generateX25519Identity(),
  ];
  const to = async (...identities: string[]) =>
    Promise.all(identities.map((one) => identityToRecipient(one)));
  writeFileSync(path, '# the role\nfiles:\n  /etc/app/token: {content: in the clear, mode: "0400"} # why\n');
  await sealInto(path, KEYS, Buffer.from('old'), { nodes: ['web-1'], recipients: await to(node, recovery) });
  await sealInto(path, KEYS, Buffer.from(SECRET), { nodes: ['web-1'], recipients: await to(node, recovery) });
  const text = readFileSync(path, 'utf8');
  assert.match(text, /^# the role$/m);
  assert.match(text, /# why$/m);
  assert.doesNotMatch(text, /in the clear|correct horse/);
  // The data key of the value that was replaced is gone with it.
  assert.equal(Object.keys(read().seals).length, 1);
  assert.deepEqual(await opened(node), { value: SECRET, nodes: ['web-1'] });
  writeFileSync(join(folder, 'recovery'), `# made by age-keygen\n${recovery}\n`);
  const identities = readIdentities(join(folder, 'recovery'));
  const count = await resealFile(path, identities, {
    nodes: ['web-2', 'web-1'],
    recipients: await to(later, recovery),
  });
  assert.equal(count, 1);
  assert.deepEqual(await opened(later), { value: SECRET, nodes: ['web-1', 'web-2'] });
  await assert.rejects(opened(node));
});
