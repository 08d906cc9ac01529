import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contractMethod } from '../../proto/contract.ts';
import { createLogs } from './domain.ts';
import { logsService } from './service.ts';
import { recordsOf } from './testing/read.ts';
import type { LogBatch } from './types.ts';

test('what the service answers survives the contract’s encoding, negative steps and large numbers included', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-contract-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'x.log');
  writeFileSync(path, '<3>2026-11-24T01:00:05Z later\n2026-11-24T01:00:00Z earlier\n\xff\n', 'latin1');
  const domain = createLogs({
    node: 'n1',
    files: [{ name: 'x', path }],
    journal: false,
    kernel: false,
    pods: false,
  });
  const handlers = logsService(domain);
  const { response, request } = contractMethod('nodectl.v1.LogsService/ReadLogs');
  const call = { signal: new AbortController().signal } as Parameters<typeof handlers.ReadLogs>[1];
  const asked = request.decode(request.encode({ source: 'x' })) as Parameters<typeof handlers.ReadLogs>[0];
  const batches: LogBatch[] = [];
  const names: unknown[] = [];
  for await (const answer of handlers.ReadLogs(asked, call)) {
    const decoded = response.decode(response.encode(answer)) as {
      event: string;
      batch: LogBatch;
      end: { cursor: string };
    };
    names.push(decoded.event);
    if (decoded.event === 'batch') batches.push(decoded.batch);
    if (decoded.event === 'end') assert.match(decoded.end.cursor, /^f\./);
  }
  assert.deepEqual(names, ['start', 'batch', 'end']);
  const [batch] = batches;
  assert.ok(batch);
  const base = Date.UTC(2026, 10, 24, 1) * 1000;
  assert.deepEqual(
    recordsOf(batch).map(({ bytes, usec, priority }) => [bytes.toString('latin1'), usec - base, priority]),
    [
      ['<3>2026-11-24T01:00:05Z later', 5_000_000, 3],
      ['2026-11-24T01:00:00Z earlier', 0, 255],
      ['\xff', 0, 255],
    ],
  );
});
