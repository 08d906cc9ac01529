import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { registryEntry } from './registries-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-registries-'));
const path = join(folder, 'registries.yaml');
after(() => rmSync(folder, { recursive: true }));

test('mirrors and authorities of a registry, beside the contexts file or as named', () => {
  const none = { mirrors: [], plainHttp: false };
  assert.deepEqual(registryEntry('reg', undefined, join(folder, 'config.yaml'), {}), none);
  writeFileSync(
    path,
    'registries:\n  reg:5000:\n    mirrors: [a, b/c]\n    ca: x/ca.pem\n  two: {plainHttp: true}\n',
  );
  const entry = { mirrors: ['a', 'b/c'], plainHttp: false, ca: join(folder, 'x/ca.pem') };
  assert.deepEqual(registryEntry('reg:5000', undefined, join(folder, 'config.yaml'), {}), entry);
  assert.deepEqual(registryEntry('reg:5000', path, undefined, {}), entry);
  assert.deepEqual(registryEntry('two', undefined, undefined, { NODECTL_REGISTRIES: path }), {
    mirrors: [],
    plainHttp: true,
  });
  assert.deepEqual(registryEntry('reg', path, undefined, {}), none);
  writeFileSync(path, '');
  assert.deepEqual(registryEntry('reg', path, undefined, {}), none);
});

test('what is not valid is told with its place', () => {
  const wrong: [text: string, message: RegExp][] = [
    ['registries:\n  reg:\n    mirror: [a]\n', /:3:5: .*mirror/],
    ['registries:\n  "https://reg": {}\n', /HOST/],
    ['registries:\n  reg: {plainHttp: yes please}\n', /registries\.yaml:2/],
    ['registries: [', /registries\.yaml:1/],
    [`registries:\n  reg:\n    mirrors: [${'a,'.repeat(20)}]\n`, /mirrors/],
  ];
  for (const [text, message] of wrong) {
    writeFileSync(path, text);
    assert.throws(() => registryEntry('reg', path, undefined, {}), { reason: 'BAD_CONFIG', message }, text);
  }
  assert.throws(() => registryEntry('reg', join(folder, 'none'), undefined, {}), { reason: 'BAD_CONFIG' });
});
