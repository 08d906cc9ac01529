/** What files give to others: each of it is documented, and each of it is used. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const top = join(import.meta.dirname, '..', '..');
const rooms = ['proto', 'agent', 'cli', 'pki', 'packaging', 'test'];

/** The hand-written source by path. */
const sources = new Map(
  rooms
    .flatMap((room) =>
      readdirSync(join(top, room), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
    )
    .filter((path) => path.endsWith('.ts') && !path.startsWith('proto/gen/'))
    .map((path) => [path, readFileSync(join(top, path), 'utf8')]),
);

interface Export {
  path: string;
  kind: string;
  name: string;
  documented: boolean;
}

const DECLARATION =
  /^export (?:abstract )?(?:async )?(function\*?|class|const|let|interface|type) ([A-Za-z0-9_$]+)/gm;

const exported: Export[] = [...sources].flatMap(([path, text]) =>
  path.endsWith('.test.ts')
    ? []
    : [...text.matchAll(DECLARATION)].map(({ 1: kind = '', 2: name = '', index }) => ({
        ...{ path, kind, name },
        documented: text.slice(0, index).trimEnd().endsWith('*/'),
      })),
);

test('the scan sees the exports that it judges', () => {
  assert.ok(exported.length > 500);
  assert.ok(exported.some(({ path, name }) => path === 'proto/failure.ts' && name === 'Failure'));
});

test('every export is documented', () => {
  // `run` of a command is what CommandModule says it is, and the head of its file says of which command.
  const isRun = ({ path, name }: Export) => name === 'run' && /^cli\/commands\/.*\/run[^/]*\.ts$/.test(path);
  const bare = exported.filter((one) => !one.documented && !isRun(one));
  assert.deepEqual(
    bare.map(({ path, name }) => `${path}: ${name}`),
    [],
  );
});

test('every function, class and constant that is exported is used by another file', () => {
  // Types may be exported for the sake of what they describe.
  const values = exported.filter(({ kind, name }) => !['interface', 'type'].includes(kind) && name !== 'run');
  const unused = values.filter(
    ({ path, name }) =>
      ![...sources].some(([other, text]) => other !== path && new RegExp(`\\b${name}\\b`).test(text)),
  );
  assert.deepEqual(
    unused.map(({ path, name }) => `${path}: ${name}`),
    [],
  );
});
