/** A captured machine answers the calls of this room as an agent would. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { openCaptured } from './captured.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-captured-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'web-1/proc'), { recursive: true });

const reason = (expected: string) => (error: unknown) => Failure.from(error).reason === expected;

test('a captured machine is diagnosed, and every check says how it ended', async () => {
  const { node, channel } = await openCaptured(join(folder, 'web-1'));
  assert.equal(node, 'web-1');
  const answer = await channel.unary('nodectl.v1.DiagnosticsService/Diagnose', {});
  const { checks } = await channel.unary('nodectl.v1.DiagnosticsService/ListChecks', {});
  assert.deepEqual(
    answer.checks.map(({ id }) => id),
    checks.map(({ id }) => id).filter((id) => id !== 'system.etcd-fsync'),
    'the one that is made on request alone',
  );
});

test('what is asked wrongly is refused', async () => {
  const { channel } = await openCaptured(join(folder, 'web-1'));
  const diagnose = (request: { areas?: string[]; checks?: string[] }) =>
    channel.unary('nodectl.v1.DiagnosticsService/Diagnose', request);
  await assert.rejects(diagnose({ areas: ['cpu'] }), reason('BAD_ARGUMENT'));
  await assert.rejects(diagnose({ checks: ['nic.nothing'] }), reason('UNKNOWN_CHECK'));
  await assert.rejects(channel.unary('nodectl.v1.SystemService/GetNode', {}), reason('UNKNOWN_METHOD'));
  await assert.rejects(openCaptured(join(folder, 'none')), reason('BAD_ARGUMENT'));
});
