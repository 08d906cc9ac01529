/** What holds of the contract as a whole: options on every method, current generated files, lint, and no breaking change. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import contract from '../../proto/gen/contract.json' with { type: 'json' };
import { POLICY } from '../../proto/gen/policy.ts';
import { REASONS, STATUS_NAMES } from '../../proto/reasons.ts';

const top = join(import.meta.dirname, '..', '..');
const buf = join(top, 'node_modules', '.bin', 'buf');

test('the generated files are what the .proto files give', () => {
  execFileSync(process.execPath, ['proto/gen.ts', '--check'], { cwd: top, stdio: 'pipe' });
});

test('every method says its permission and whether it changes anything', () => {
  const services = Object.entries(contract.nested.nodectl.nested.v1.nested).filter(
    ([, entry]) => 'methods' in entry,
  );
  const methods = services.flatMap(([service, entry]) =>
    Object.keys((entry as { methods: object }).methods).map((method) => `nodectl.v1.${service}/${method}`),
  );
  assert.ok(methods.length >= 15);
  assert.deepEqual(methods.sort(), Object.keys(POLICY).sort());
});

test('a method without its options fails the generation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-contract-'));
  try {
    writeFileSync(
      join(folder, 'x.proto'),
      'syntax = "proto3"; package nodectl.v1; service X { rpc Y(Z) returns (Z); } message Z {}',
    );
    const run = spawnSync(process.execPath, ['proto/gen.ts', '--check', '--proto', folder], {
      cwd: top,
      encoding: 'utf8',
    });
    assert.notEqual(run.status, 0);
    assert.match(run.stderr, /nodectl\.v1\.X\/Y: the option \(nodectl\.v1\.permission\) is missing/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the contract follows the style rules', () => {
  const run = spawnSync(buf, ['lint'], { cwd: top, encoding: 'utf8' });
  assert.equal(run.stdout + run.stderr, '');
  assert.equal(run.status, 0);
});

test('the contract breaks nothing that was released', () => {
  const run = spawnSync(buf, ['breaking', '--against', 'proto/released.binpb'], {
    cwd: top,
    encoding: 'utf8',
  });
  assert.equal(run.stdout + run.stderr, '');
  assert.equal(run.status, 0);
});

test('reason codes are sorted, well formed, and of known statuses', () => {
  const names = Object.keys(REASONS);
  assert.deepEqual(names, [...names].sort());
  for (const [name, entry] of Object.entries(REASONS)) {
    assert.match(name, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    assert.ok(STATUS_NAMES.includes(entry.status));
    assert.match(entry.about, /\.$/);
  }
});
