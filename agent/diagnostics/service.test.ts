/** DiagnosticsService: who may have checks run that write, and what many callers at once cost. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiagnoseResponse } from '../../proto/gen/types/nodectl/v1/DiagnoseResponse.ts';
import { ANYONE, type CallContext, type Caller } from '../../proto/serve/handlers.ts';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { DiagnosticsDomain } from './domain.ts';
import { diagnosticsService } from './service.ts';

const silent = () => undefined;
const call = (identity: Caller, signal = new AbortController().signal): CallContext => ({
  ...{ method: '', identity, peer: '', deadline: undefined, signal },
  log: { debug: silent, info: silent, warn: silent, error: silent },
});
const operator = (role: 'reader' | 'operator' | 'admin'): Caller => ({
  ...{ ...ANYONE, kind: 'operator', name: 'alice', role },
});
const machine = () => new MemoryMachine({ files: new Map([['proc/version', 'Linux\n']]) });
const request = (checks: string[]) => ({ areas: [], checks }) as never;

test('checks that write run for operators and admins; a reader is refused, and reads all others', async () => {
  const domain = new DiagnosticsDomain({ node: 'web-1', machine: machine() });
  const { Diagnose } = diagnosticsService(domain);
  const writing = domain.checks.filter(({ onRequest }) => onRequest).map(({ id }) => id);
  assert.ok(writing.length > 0);
  for (const id of writing) {
    await assert.rejects(async () => Diagnose(request(['clock.offset', id]), call(operator('reader'))), {
      reason: 'PERMISSION_DENIED',
    });
    for (const role of ['operator', 'admin'] as const) await Diagnose(request([id]), call(operator(role)));
  }
  const { checks = [] } = (await Diagnose(request([]), call(operator('reader')))) as DiagnoseResponse;
  assert.ok(checks.length > 100);
  assert.ok(!checks.some(({ id }) => writing.includes(id ?? '')));
});

test('fifty callers at once cost a few runs, and each has a whole answer', async () => {
  const inner = machine();
  let asked = 0;
  const { text } = inner;
  inner.text = (path) => {
    if (path === 'proc/version') asked++;
    return text.call(inner, path);
  };
  const { Diagnose } = diagnosticsService(new DiagnosticsDomain({ node: 'web-1', machine: inner }));
  await Diagnose(request([]), call(ANYONE));
  const once = asked;
  assert.ok(once > 0);
  asked = 0;
  const answers = (await Promise.all(
    Array.from({ length: 50 }, () => Diagnose(request([]), call(ANYONE))),
  )) as DiagnoseResponse[];
  assert.ok(asked <= 3 * once, `${asked} reads in place of ${once}`);
  for (const { checks = [] } of answers) assert.equal(checks.length, answers[0]?.checks?.length);
});
