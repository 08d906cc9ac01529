/**
 * The rules of who may import whom. They keep the command line light, the domain free of the wire, and every secret-making
 * library in one room; ARCHITECTURE.md tells the reasons.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_ONLY } from '../../packaging/bundle.ts';

const top = join(import.meta.dirname, '..', '..');
const rooms = ['proto', 'agent', 'cli', 'pki', 'packaging', 'test'];

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
  /** Whether it is loaded only when the code gets there. */
  lazy: boolean;
}

/** Every import of every hand-written source file, as paths from the top of the checkout or names of packages. */
function imports(): Import[] {
  const pattern =
    /(?:^|[\s;}])(import|export)\s+(type\s)?(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;
  return rooms.flatMap((room) =>
    readdirSync(join(top, room), { recursive: true, encoding: 'utf8' })
      .filter(
        (name) =>
          /\.ts$/.test(name) && !/node_modules/.test(name) && !(room === 'proto' && name.startsWith('gen/')),
      )
      .flatMap((name) => {
        const from = `${room}/${name}`;
        const text = readFileSync(join(top, from), 'utf8');
        return [...text.matchAll(pattern)].map((match) => {
          const target = match[3] ?? match[4] ?? '';
          const to = target.startsWith('.') ? relative(top, join(top, dirname(from), target)) : target;
          return { from, to, typeOnly: match[2] !== undefined, lazy: match[4] !== undefined };
        });
      }),
  );
}

const all = imports();
const isTest = (path: string) => path.endsWith('.test.ts') || path.startsWith('test/');

/** Asserts that no import breaks a rule, and names those that do. */
function forbid(breaks: (one: Import) => boolean): void {
  const broken = all.filter(breaks).map(({ from, to }) => `${from} imports ${to}`);
  assert.deepEqual(broken, []);
}

test('the scan sees the imports that it judges', () => {
  assert.ok(all.length > 300);
  assert.ok(all.some(({ from, to }) => from === 'proto/call/open.ts' && to === 'proto/failure.ts'));
});

test('the command line does not import the agent, but through one door for captured machines', () => {
  const door = (from: string, to: string) =>
    from === 'cli/diag/captured.ts' && to === 'agent/diagnostics/captured.ts';
  forbid(
    ({ from, to }) => from.startsWith('cli/') && to.startsWith('agent/') && !isTest(from) && !door(from, to),
  );
  // Whoever does not look at a captured machine does not load the agent's code.
  forbid(({ to, lazy, from }) => to === 'cli/diag/captured.ts' && !lazy && !isTest(from));
  // And whoever scans a log does not load the services.
  forbid(
    ({ from, lazy, typeOnly }) =>
      from === 'agent/diagnostics/captured.ts' && !lazy && !typeOnly && !isTest(from),
  );
});

test('systeminformation is loaded for an inventory alone', () => {
  const door = ({ from, lazy }: Import) => from === 'agent/host/static-inventory.ts' && lazy;
  forbid((one) => one.to === 'systeminformation' && !door(one));
  forbid(
    ({ to, lazy, typeOnly, from }) =>
      to === 'agent/host/static-inventory.ts' && !lazy && !typeOnly && !isTest(from),
  );
});

test('the agent does not import the command line', () => {
  forbid(({ from, to }) => from.startsWith('agent/') && to.startsWith('cli/') && !isTest(from));
});

test('the contract imports neither the agent nor the command line', () => {
  forbid(({ from, to }) => from.startsWith('proto/') && /^(agent|cli)\//.test(to) && !isTest(from));
});

test('the PKI imports neither the agent nor the command line', () => {
  forbid(({ from, to }) => from.startsWith('pki/') && /^(agent|cli)\//.test(to) && !isTest(from));
});

test('only the PKI imports node-forge', () => {
  forbid(({ from, to }) => to === 'node-forge' && !from.startsWith('pki/'));
});

test('grpc-js is imported by the serving side alone', () => {
  forbid(({ from, to }) => /^@grpc\//.test(to) && !isTest(from) && !from.startsWith('proto/serve/'));
});

test('certificates know nothing of calls, and calls nothing of the issuer', () => {
  const isPlainPki = (path: string) => path.startsWith('pki/') && !path.startsWith('pki/issuer/');
  forbid(({ from, to }) => isPlainPki(from) && !isTest(from) && /^proto\/(call|serve)\//.test(to));
  forbid(({ from, to }) => from.startsWith('proto/') && !isTest(from) && to.startsWith('pki/issuer/'));
  // What both sides share stands below everything else.
  forbid(
    ({ from, to }) =>
      /^proto\/[^/]+\.ts$/.test(from) && !isTest(from) && /^(pki|proto\/(call|serve))\//.test(to),
  );
});

test('no file needs itself to be loaded', () => {
  const needs = new Map<string, string[]>();
  for (const { from, to, typeOnly, lazy } of all)
    if (!typeOnly && !lazy) needs.set(from, [...(needs.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, above: readonly string[]) => {
    if (above.includes(path)) circles.push([...above.slice(above.indexOf(path)), path].join(' -> '));
    if (done.has(path) || above.includes(path)) return;
    for (const next of needs.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of needs.keys()) visit(path, []);
  assert.deepEqual(circles, []);
});

test('domain files of the agent and of the PKI know neither gRPC nor generated types', () => {
  const translates = /\/(service|server)\.ts$|^agent\/(server|main|diagnostics\/captured)/;
  forbid(
    ({ from, to }) =>
      /^(agent|pki)\//.test(from) &&
      !isTest(from) &&
      !translates.test(from) &&
      /^@grpc\/|^proto\/gen\//.test(to),
  );
});

test('no file reaches outside the checkout', () => {
  forbid(({ to }) => to.startsWith('..'));
});

test('CommonJS packages that are loaded late are those that the build knows, and are taken by their default', () => {
  // esbuild gives a bundled module no names of such a package, so names that work from source are missing in what is shipped.
  const late = /\{([^{}]*)\}\s*(?:=|\]\s*=)\s*await (?:Promise\.all\(\[)?import\('([^.][^']*)'\)/g;
  const wrong: string[] = [];
  for (const room of ['agent', 'cli', 'proto', 'pki'])
    for (const name of readdirSync(join(top, room), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name.includes('node_modules')) continue;
      const text = readFileSync(join(top, room, name), 'utf8');
      for (const [, names = '', specifier = ''] of text.matchAll(late)) {
        if (specifier.startsWith('node:')) continue;
        if (DEFAULT_ONLY.includes(specifier) && /^\s*default\b/.test(names)) continue;
        const manifest = join(top, 'node_modules', specifier, 'package.json');
        const { type } = JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string };
        if (type !== 'module') wrong.push(`${room}/${name}: ${specifier}`);
      }
    }
  assert.deepEqual(wrong, []);
});
