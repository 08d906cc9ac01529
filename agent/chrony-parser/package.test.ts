/** The package as it would be published: packed, installed without a network, and used by plain JavaScript and by TypeScript. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';

const here = import.meta.dirname;
const top = join(here, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'nodectl-package-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs a program of the checkout or of the machine in a folder, with an npm that keeps to itself. */
function run(cwd: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: [join(top, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      HOME: folder,
      npm_config_cache: join(folder, 'cache'),
      npm_config_update_notifier: 'false',
    },
  });
}

before(() => {
  // Packed in a copy of the checkout: what is built for it must not appear among the sources while others read them.
  const checkout = join(folder, 'checkout');
  const name = relative(top, here);
  cpSync(here, join(checkout, name), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(top, file), join(checkout, file));
  symlinkSync(join(top, 'node_modules'), join(checkout, 'node_modules'));
  const packed = run(checkout, 'npm', 'pack', '-w', 'chrony-parser', '--pack-destination', folder, '--json');
  const text = packed.slice(packed.indexOf('['));
  assert.match(text, /chrony-parser/);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  assert.ok(tarball);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(folder, 'npm', 'install', '--offline', '--no-audit', '--no-fund', join(folder, tarball));
});

test('it holds JavaScript, types, a README and the licence, and no tests', () => {
  const files = readdirSync(join(folder, 'node_modules', 'chrony-parser'), {
    recursive: true,
    encoding: 'utf8',
  }).sort();
  for (const name of [
    'LICENSE',
    'README.md',
    'package.json',
    'dist/mod.js',
    'dist/mod.d.ts',
    'dist/tracking.d.ts',
  ])
    assert.ok(files.includes(name), `${name} is missing from ${files.join(' ')}`);
  assert.deepEqual(
    files.filter((name) => /test|tsconfig|(?<!\.d)\.ts$/.test(name)),
    [],
  );
  const built = join(folder, 'checkout', relative(top, here), 'dist');
  assert.ok(!existsSync(built), 'what was built for the package is left behind');
});

test('plain JavaScript uses it', () => {
  writeFileSync(
    join(folder, 'use.js'),
    `import { parseActivity, ChronyReplyError } from 'chrony-parser';
try { parseActivity('506 Cannot talk to daemon'); } catch (error) {
  console.log(error instanceof ChronyReplyError, error.code, parseActivity('1,0,0,0,0').online);
}
`,
  );
  assert.equal(run(folder, process.execPath, 'use.js'), 'true 506 1\n');
  // The oldest Node of this machine: whatever npm itself runs on, where it is another one.
  const own = dirname(process.execPath);
  const other = (process.env.PATH ?? '')
    .split(delimiter)
    .map((path) => join(path, 'node'))
    .find((path) => existsSync(path) && dirname(path) !== own && !path.includes('node_modules'));
  if (other) assert.equal(run(folder, other, 'use.js'), 'true 506 1\n');
});

test('TypeScript knows its types', () => {
  writeFileSync(
    join(folder, 'use.ts'),
    `import { parseTracking, type Tracking } from 'chrony-parser';
const tracking: Tracking = parseTracking('');
const offset: number | undefined = tracking.offset;
// @ts-expect-error there is no such value
export const bad = tracking.nothing;
export { offset };
`,
  );
  const args = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--types',
    '',
    'use.ts',
  ];
  run(folder, 'tsc', ...args);
});
