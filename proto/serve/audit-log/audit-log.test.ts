/** The audit log: what is found of each kind of tampering, and what a crash leaves. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { memoryLog } from '../../../test/support/serve.ts';
import type { AuditEntry } from '../audit.ts';
import { AuditLog } from './audit-log.ts';
import type { AuditRecord } from './chain.ts';
import { auditFiles } from './files.ts';
import { readAudit } from './read.ts';

const ALL = { sinceUsec: 0, tail: 0 };
let folder: string;
const log = memoryLog();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function entry(name: string): AuditEntry {
  const method = 'nodectl.v1.AccessService/Deny';
  return {
    caller: name,
    serial: 'ab',
    peer: '127.0.0.1:1',
    method,
    requestSha256: '',
    status: 'OK',
    reason: '',
  };
}

async function write(count: number, limits?: { fileBytes: number; files: number }): Promise<AuditLog> {
  const audit = await AuditLog.open(folder, log, limits);
  for (let at = 0; at < count; at++) await audit.append(entry(`caller-${at}`));
  await audit.close();
  return audit;
}

async function read(query = ALL): Promise<{ records: AuditRecord[]; broken: string }> {
  const records: AuditRecord[] = [];
  let broken = '';
  for await (const batch of readAudit(folder, query)) {
    records.push(...batch.records);
    broken = batch.broken;
  }
  return { records, broken };
}

const current = () => join(folder, 'audit.jsonl');
const lines = () => readFileSync(current(), 'utf8').split('\n').slice(0, -1);
const put = (all: string[]) => writeFileSync(current(), all.map((line) => `${line}\n`).join(''));

test('what was written is read back, and the chain over it holds, also over a restart', async () => {
  await write(3);
  await write(2);
  const { records, broken } = await read();
  assert.equal(broken, '');
  assert.deepEqual(
    records.map(({ sequence, caller }) => [sequence, caller]),
    [
      [1, 'caller-0'],
      [2, 'caller-1'],
      [3, 'caller-2'],
      [4, 'caller-0'],
      [5, 'caller-1'],
    ],
  );
});

test('append gives the number and chain that the file ends with', async () => {
  const audit = await AuditLog.open(folder, log);
  const heads = await Promise.all([1, 2, 3].map((at) => audit.append(entry(`${at}`))));
  await audit.close();
  const { records } = await read();
  assert.deepEqual(
    heads,
    records.map(({ sequence, chain }) => ({ sequence, chain })),
  );
});

test('an edited record is located', async () => {
  await write(5);
  const all = lines();
  all[3] = all[3]?.replace('caller-2', 'nobody') ?? '';
  put(all);
  assert.match((await read()).broken, /^audit\.jsonl line 4: record 3 was changed/);
});

test('a removed record is located', async () => {
  await write(5);
  put(lines().toSpliced(3, 1));
  assert.match((await read()).broken, /line 4: record 3 is missing$/);
});

test('swapped records are located', async () => {
  await write(5);
  const all = lines();
  put([...all.slice(0, 2), all[3] ?? '', all[2] ?? '', ...all.slice(4)]);
  assert.match((await read()).broken, /line 3: record 2 is missing; 3 breaks in all/);
});

test('a record whose chain was computed anew breaks the next one', async () => {
  await write(3);
  const all = lines();
  const forged = await AuditLog.open(mkdtempSync(join(folder, 'forged-')), log);
  await forged.append(entry('forged'));
  await forged.close();
  all[1] = readFileSync(join(forged.folder, 'audit.jsonl'), 'utf8').split('\n')[1] ?? '';
  put(all);
  assert.match((await read()).broken, /line 3: record 2 was changed, or the one before it/);
});

test('rotation keeps the newest files, and the chain goes on over them', async () => {
  const limits = { fileBytes: 1_000, files: 3 };
  await write(40, limits);
  const names = auditFiles(folder);
  assert.equal(names.length, 3);
  for (const name of names) assert.ok(statSync(join(folder, name)).size < 1_500);
  const { records, broken } = await read();
  assert.equal(broken, '');
  assert.equal(records.at(-1)?.sequence, 40);
  assert.ok(records.length < 40);
  rmSync(join(folder, names[1] ?? ''));
  assert.match((await read()).broken, /audit\.jsonl line 1: records \d+ to \d+ are missing/);
});

test('only the newest records, and only those since a time', async () => {
  let clock = 1_000;
  const audit = await AuditLog.open(folder, log, undefined, () => clock++);
  for (let at = 0; at < 1_000; at++) await audit.append(entry(`${at}`));
  await audit.close();
  const tail = (await read({ sinceUsec: 0, tail: 300 })).records;
  assert.deepEqual([tail.length, tail[0]?.sequence, tail.at(-1)?.sequence], [300, 701, 1_000]);
  const since = (await read({ sinceUsec: 1_990_000, tail: 0 })).records;
  assert.deepEqual([since.length, since[0]?.timeUsec], [10, 1_990_000]);
});

test('a torn last line is dropped, recorded, and the chain goes on', async () => {
  await write(3);
  appendFileSync(current(), '{"sequence":4,"timeUse');
  const audit = await AuditLog.open(folder, log);
  assert.match(audit.warnings.join(), /torn/);
  await audit.append(entry('after'));
  await audit.close();
  const { records, broken } = await read();
  assert.equal(broken, '');
  assert.deepEqual(
    records.slice(3).map(({ sequence, method, caller }) => [sequence, method, caller]),
    [
      [4, 'nodectl.audit/Recovered', ''],
      [5, 'nodectl.v1.AccessService/Deny', 'after'],
    ],
  );
});

test('a log that is removed or replaced while it is open is noticed, and the numbers go on', async () => {
  const audit = await AuditLog.open(folder, log);
  await audit.append(entry('before'));
  renameSync(current(), join(folder, 'taken-away'));
  const { sequence } = await audit.append(entry('after'));
  await audit.close();
  assert.equal(sequence, 2);
  assert.match(audit.warnings.join(), /removed or replaced/);
});

test('kill -9 in the middle of writing loses no record whose answer had gone out', async () => {
  const program = join(import.meta.dirname, 'audit-log.ts');
  const script = `
    import { AuditLog } from ${JSON.stringify(program)};
    import { writeSync } from 'node:fs';
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const audit = await AuditLog.open(process.argv[1], log);
    for (;;) {
      const head = await audit.append({ caller: 'x'.repeat(300), serial: '', peer: '', method: 'm', requestSha256: '', status: 'OK', reason: '' });
      writeSync(1, head.sequence + '\\n');
    }`;
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.length > 400) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const answered = Number(told.split('\n').at(-2));
    await (await AuditLog.open(folder, log)).close();
    const { records, broken } = await read();
    assert.equal(broken, '');
    assert.ok((records.at(-1)?.sequence ?? 0) >= answered);
  }
});

test('a folder that cannot be written refuses records, and says why', async () => {
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  await assert.rejects(AuditLog.open(join(blocked, 'audit'), log), { reason: 'AUDIT_UNAVAILABLE' });
  const audit = await AuditLog.open(join(folder, 'a'), log);
  rmSync(join(folder, 'a'), { recursive: true });
  await assert.rejects(audit.ready(), { reason: 'AUDIT_UNAVAILABLE' });
  await assert.rejects(audit.append(entry('x')), { reason: 'AUDIT_UNAVAILABLE' });
  await audit.close();
  assert.ok(!readdirSync(folder).includes('a'));
});
