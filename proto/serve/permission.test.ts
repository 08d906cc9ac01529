/** Every kind of caller against every method of the contract. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POLICY } from '../gen/policy.ts';
import type { Caller } from './handlers.ts';
import { ANYONE } from './handlers.ts';
import { allows } from './permission.ts';
import { policyOf } from './policy.ts';

const operator = (role: 'reader' | 'operator' | 'admin'): Caller => ({
  ...ANYONE,
  kind: 'operator',
  name: 'x',
  role,
});

const CALLERS: Record<string, Caller> = {
  anyone: ANYONE,
  node: { ...ANYONE, kind: 'node', name: 'web-1' },
  issuer: { ...ANYONE, kind: 'issuer', name: 'hub' },
  reader: operator('reader'),
  operator: operator('operator'),
  admin: operator('admin'),
  // No authority issues such; whoever shows it gets nothing by it.
  roleless: { ...ANYONE, kind: 'operator', name: 'x' },
  nodeWithRole: { ...ANYONE, kind: 'node', name: 'x', role: 'admin' },
};

/** Who is let in by each permission, by name. */
const ALLOWED: Record<string, string[]> = {
  anyone: Object.keys(CALLERS),
  node: ['node', 'nodeWithRole'],
  read: ['reader', 'operator', 'admin'],
  operate: ['operator', 'admin'],
  admin: ['admin'],
};

test('each permission lets in exactly whom it should, for every method', () => {
  let checked = 0;
  for (const [path, policy] of Object.entries(POLICY))
    for (const [who, caller] of Object.entries(CALLERS)) {
      const expected = ALLOWED[policy.permission]?.includes(who);
      assert.equal(allows(policyOf(path), caller, 'web-1'), expected, `${who} calls ${path}`);
      checked++;
    }
  assert.ok(checked >= 15 * 8);
});

test('a method that is in no table has no policy, whatever its name', () => {
  for (const path of ['nodectl.v1.X/Y', 'constructor', '__proto__', 'toString'])
    assert.throws(() => policyOf(path), { reason: 'INTERNAL' }, path);
});
