import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { createLogs } from './domain.ts';
import { resolveName } from './resolve.ts';
import { logsService } from './service.ts';
import { NO_JOURNAL, plainEntries, writeJournal } from './testing/journal.ts';
import type { LogQuery, LogsDomain } from './types.ts';

const QUERY: LogQuery = {
  source: '',
  sinceUsec: 0,
  untilUsec: 0,
  boot: '',
  grep: '',
  grepIgnoreCase: false,
  priorities: [],
  tail: undefined,
  follow: false,
  cursor: '',
  fields: [],
};

let root = '';
before(() => {
  root = mkdtempSync(join(tmpdir(), 'nodectl-logs-'));
});
after(() => rmSync(root, { recursive: true }));

/** A node with two files, a container, and no journal or kernel. */
function node(more: Partial<Parameters<typeof createLogs>[0]> = {}): LogsDomain {
  const folder = mkdtempSync(join(root, 'node-'));
  writeFileSync(join(folder, 'web.log'), 'one\ntwo\nthree\n');
  const pod = join(folder, 'pods', 'shop_cart-1_abc', 'server');
  mkdirSync(pod, { recursive: true });
  writeFileSync(join(pod, '0.log'), '2026-11-24T01:00:00Z stdout F hello\n');
  const files = [
    { name: 'web', path: join(folder, 'web.log') },
    { name: 'later', path: join(folder, 'later.log') },
  ];
  return createLogs({
    node: 'n1',
    files,
    journal: false,
    kernel: false,
    pods: { root: join(folder, 'pods') },
    ...more,
  });
}

async function read(
  domain: LogsDomain,
  query: Partial<LogQuery>,
): Promise<{ source: string; unit: string; text: string }> {
  const { source, unit, events } = await domain.read({ ...QUERY, ...query }, new AbortController().signal);
  let text = '';
  for await (const event of events) if (event.event === 'batch') text += event.batch.text.toString();
  return { source, unit, text };
}

test('sources are listed by name, with the default and why one cannot be read', async () => {
  const list = await node({ kernel: { path: '/nonexistent' } }).listSources();
  assert.deepEqual(
    list.map(({ name, kind, isDefault, bytes }) => [name, kind, isDefault, bytes]),
    [
      ['file/later', 'FILE', false, 0],
      ['file/web', 'FILE', true, 14],
      ['kernel', 'KERNEL', false, 0],
      ['pod/shop/cart-1/server', 'CONTAINER', false, 36],
    ],
  );
  assert.match(list[0]?.unavailable ?? '', /does not exist/);
  assert.equal(list[1]?.unavailable, '');
});

test('sources are found by full name, by their last part, and by default', async () => {
  const domain = node();
  for (const [name, source] of [
    ['', 'file/web'],
    ['file/web', 'file/web'],
    ['web', 'file/web'],
    ['server', 'pod/shop/cart-1/server'],
    ['pod/shop/cart-1/server', 'pod/shop/cart-1/server'],
  ] as const) {
    assert.equal((await read(domain, { source: name })).source, source, name);
  }
});

test('unknown names are refused with what may have been meant, and paths get nowhere', async () => {
  const domain = node();
  const failure = async (source: string) => {
    const error: unknown = await read(domain, { source }).catch((caught: unknown) => caught);
    assert.ok(error instanceof Failure, source);
    return error;
  };
  const near = await failure('wep');
  assert.match(near.message, /did you mean file\/web\?/);
  assert.match(near.hint, /logs --list/);
  for (const name of [
    '../../etc/passwd',
    '/etc/passwd',
    'file/../web',
    'pod/../x/y',
    'pod/shop/cart-1/..',
    'x'.repeat(5000),
    '\0',
    '--unit=x',
    'journal',
    'kernel',
  ]) {
    assert.equal((await failure(name)).reason, 'UNKNOWN_SOURCE', name);
  }
});

test('bad requests are refused with a hint', async () => {
  const domain = node();
  for (const [query, reason] of [
    [{ grep: '(' }, 'BAD_PATTERN'],
    [{ cursor: 'garbage' }, 'BAD_CURSOR'],
    [{ cursor: `k.${'0'.repeat(32)}:1` }, 'BAD_CURSOR'],
    [{ cursor: 'x'.repeat(10_000) }, 'BAD_CURSOR'],
    [{ priorities: [8] }, 'BAD_ARGUMENT'],
    [{ tail: -1 }, 'BAD_ARGUMENT'],
    [{ sinceUsec: -1 }, 'BAD_ARGUMENT'],
    [{ sinceUsec: 2, untilUsec: 1 }, 'BAD_ARGUMENT'],
    [{ follow: true, untilUsec: 1 }, 'BAD_ARGUMENT'],
    [{ boot: '-1' }, 'BAD_ARGUMENT'],
  ] as const) {
    await assert.rejects(read(domain, query), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.deepEqual([error.reason, error.hint !== ''], [reason, true], JSON.stringify(query));
      return true;
    });
  }
  assert.throws(
    () =>
      node({
        files: [
          { name: 'a', path: '/a' },
          { name: 'a', path: '/b' },
        ],
      }),
    { reason: 'BAD_CONFIG' },
  );
  await assert.rejects(read(node({ files: [] }), {}), { reason: 'SOURCE_UNAVAILABLE' });
});

test('names are looked up among units too, with or without their suffix', async () => {
  const directory = {
    sources: ['journal', 'file/sshd', 'pod/a/b/app', 'pod/a/c/app', 'pod/a/c/cron'],
    hasJournal: true,
    units: async () => ['sshd.service', 'cron.service', 'app.service', 'data.mount'],
    hasUnit: async (unit: string) => unit === 'quiet.service',
  };
  const resolve = (name: string) => resolveName(name, directory);
  assert.deepEqual(await resolve('sshd.service'), { source: 'journal', unit: 'sshd.service' });
  assert.deepEqual(await resolve('sshd'), { source: 'file/sshd', unit: '' });
  assert.deepEqual(await resolve('app'), { source: 'journal', unit: 'app.service' });
  assert.deepEqual(await resolve('data.mount'), { source: 'journal', unit: 'data.mount' });
  assert.deepEqual(await resolve('quiet'), { source: 'journal', unit: 'quiet.service' });
  await assert.rejects(resolve('crom'), /did you mean cron.service or pod\/a\/c\/cron\?/);
  await assert.rejects(resolve('ssh*'), { reason: 'UNKNOWN_SOURCE' });
  const shop = { ...directory, units: async () => ['postgresql@16-main.service', 'sshd.service'] };
  shop.sources = ['journal', 'pod/shop/cart-7f9c/server'];
  for (const [name, meant] of [
    ['postgresql', 'postgresql@16-main.service'],
    ['postgresql@*', 'postgresql@16-main.service'],
    ['cart', 'pod/shop/cart-7f9c/server'],
  ] as const)
    await assert.rejects(resolveName(name, shop), {
      message: `the node has no log source or unit "${name}"; did you mean ${meant}?`,
    });
  const blind = { ...directory, hasJournal: false };
  await assert.rejects(resolveName('app', blind), /may be pod\/a\/b\/app or pod\/a\/c\/app/);
});

test('a unit is read from the journal, and the journal is the default', { skip: NO_JOURNAL }, async () => {
  const folder = mkdtempSync(join(root, 'journal-'));
  writeJournal(folder, plainEntries(9));
  const domain = node({ journal: { directory: folder } });
  assert.deepEqual(await read(domain, { source: 'cron', tail: 1 }), {
    source: 'journal',
    unit: 'cron.service',
    text: 'message 7\n',
  });
  assert.equal((await read(domain, { tail: 1 })).source, 'journal');
  await assert.rejects(read(domain, { source: 'crom' }), /did you mean cron.service/);
});

test('which log is the default is found without journalctl', async (t) => {
  const { PATH = '' } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
  });
  const folder = mkdtempSync(join(root, 'journal-'));
  process.env.PATH = folder;
  const domain = node({ journal: { directory: folder } });
  assert.equal((await read(domain, {})).source, 'file/web');
  const journal = (await domain.listSources()).find(({ name }) => name === 'journal');
  assert.match(journal?.unavailable ?? '', /there are no journal files/);
  writeFileSync(join(folder, 'system.journal'), '');
  assert.equal((await domain.read(QUERY, new AbortController().signal)).source, 'journal');
});

test('the service says what a name was resolved to and passes events on in the contract’s words', async () => {
  const domain = node();
  const handlers = logsService(domain);
  const call = { signal: new AbortController().signal } as Parameters<typeof handlers.ReadLogs>[1];
  const names: string[] = [];
  const events: unknown[] = [];
  const request = {
    ...QUERY,
    priorities: [],
    fields: [],
    source: 'web',
    cursor: 'f.1.1.1.1.5.abc:2',
    tail: 1,
  };
  for await (const response of handlers.ReadLogs(request, call)) {
    const { event } = response as { event: string };
    names.push(event);
    events.push((response as Record<string, unknown>)[event]);
  }
  assert.deepEqual(names, ['start', 'gap', 'batch', 'end']);
  assert.deepEqual(events[0], { source: 'file/web', unit: '', node: 'n1' });
  assert.equal((events[1] as { cause: string }).cause, 'LOG_GAP_CAUSE_ROTATED');
  const listed = (await handlers.ListSources({}, call)) as { sources: { kind: string; name: string }[] };
  assert.deepEqual(
    listed.sources.map(({ kind }) => kind),
    ['LOG_SOURCE_KIND_FILE', 'LOG_SOURCE_KIND_FILE', 'LOG_SOURCE_KIND_CONTAINER'],
  );
});

test('a read that is cancelled ends at once, without an end event', async () => {
  const abort = new AbortController();
  const { events } = await node().read({ ...QUERY, source: 'file/later', follow: true }, abort.signal);
  setTimeout(() => abort.abort(), 30);
  for await (const event of events) assert.notEqual(event.event, 'end');
});
