import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../context/contexts.ts';
import { LiveContext } from './live-context.ts';

const withChain = (chain: string): Context => ({
  ...{ name: 'lab', trust: 'roots', issuer: '', nodes: [], credentialFile: '', warnings: [] },
  credential: { key: 'key', chain },
});

test('connections after the first are made with the credential that the files hold then', () => {
  let file = 'one';
  let reads = 0;
  const live = new LiveContext(withChain('one'), () => {
    reads++;
    if (file === '') throw new Error('half written');
    return withChain(file);
  });
  assert.equal(live.next().credential.chain, 'one');
  assert.equal(reads, 0);
  assert.equal(live.renewed(), false);
  file = 'two';
  assert.equal(live.renewed(), true);
  assert.equal(live.next().credential.chain, 'two');
  assert.equal(live.renewed(), false);
  file = '';
  assert.equal(live.renewed(), false);
  assert.equal(live.next().credential.chain, 'two');
});
