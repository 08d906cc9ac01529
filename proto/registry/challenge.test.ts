import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChallenges } from './challenge.ts';

test('challenges as registries send them', () => {
  assert.deepEqual(parseChallenges('Basic realm="Registry Realm"'), [
    { scheme: 'basic', parameters: { realm: 'Registry Realm' } },
  ]);
  const scope = 'repository:os/debian:pull,push';
  const bearer = `Bearer realm="https://auth.example/token", service=registry , Scope="${scope}"`;
  const found = {
    scheme: 'bearer',
    parameters: { realm: 'https://auth.example/token', service: 'registry', scope },
  };
  assert.deepEqual(parseChallenges(bearer), [found]);
  assert.deepEqual(parseChallenges(`Negotiate, ${bearer}, Basic realm="a \\"b\\""`), [
    { scheme: 'negotiate', parameters: {} },
    found,
    { scheme: 'basic', parameters: { realm: 'a "b"' } },
  ]);
});

test('what is none ends the list, and is read in one pass', () => {
  for (const text of [undefined, '', ',,,', 'realm="x"', 'Basic realm="x', '"', '=', '\\'])
    assert.ok(parseChallenges(text).length <= 1, String(text));
  for (const text of [`Basic realm="${'\\'.repeat(1e6)}`, 'a='.repeat(1e6)])
    assert.ok(parseChallenges(text).length <= 1);
});
