import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { Meter } from '../output/meter.ts';
import { Terminal } from '../output/terminal.ts';
import { MemorySink } from '../testing/run.ts';
import { progressLine, progressView } from './progress.ts';

const upgrade = (state: string, more: object = {}) =>
  ({ id: 'u', state: `UPGRADE_STATE_${state}`, why: '', waitingFor: '', progress: null, ...more }) as Upgrade;

test('a line has a bar, amounts, the rate and the time left', () => {
  let now = 0;
  const meter = new Meter(() => now);
  meter.add(0);
  now = 1_000;
  meter.add(5 * 2 ** 20);
  const progress = { part: 'root', doneBytes: 5 * 2 ** 20, totalBytes: 20 * 2 ** 20, wireBytes: 2 ** 20 };
  assert.equal(
    progressLine(upgrade('TRANSFERRING', { progress }), meter),
    'receives (root)  [#####...............]  25 %  5.0 MiB/s  3s left  5.0 MiB of 20.0 MiB  1.0 MiB sent',
  );
});

test('what has no measure is said, and what has ended with its reason', () => {
  const meter = new Meter();
  assert.equal(progressLine(upgrade('REBOOTING'), meter), 'reboots');
  assert.equal(
    progressLine(upgrade('TESTING', { waitingFor: 'waits for the node' }), meter),
    'tests its health, waits for the node',
  );
  assert.equal(progressLine(upgrade('FELL_BACK', { why: 'it panicked' }), meter), 'fell-back: it panicked');
});

test('on a terminal the block is drawn anew in its place, and taken away at the end', async () => {
  const stderr = new MemorySink(60);
  const view = progressView(new Terminal({ stdout: new MemorySink(60), stderr, env: {} }), false);
  const { upgrade: tell, silent } = view.of('web-1');
  tell(upgrade('REBOOTING'));
  view.note(
    'web-2',
    'waits for a pod with a \x1b[31mname that goes on and on beyond the edge of the terminal',
  );
  await new Promise((resolve) => setTimeout(resolve, 250));
  silent(5_000, new Failure('CONNECTION_REFUSED', 'nobody'));
  await new Promise((resolve) => setTimeout(resolve, 250));
  view.end();
  assert.match(stderr.text, /web-1 {2}reboots\n/);
  assert.match(stderr.text, /web-1 {2}does not answer, for 5s now\n/);
  assert.ok(!stderr.text.includes('\x1b[31m'), 'nothing of a name is obeyed');
  assert.match(stderr.text, /\x1b\[2A\r\x1b\[J$/);
  for (const line of stderr.text.split(/\n|\x1b\[\d*[AJ]|\r/)) assert.ok(line.length < 60, line);
});

test('a terminal that cannot draw anew gets a line for each change, and nothing that only grows', () => {
  const stderr = new MemorySink(60);
  const view = progressView(
    new Terminal({ stdout: new MemorySink(60), stderr, env: { TERM: 'dumb' } }),
    false,
  );
  const { upgrade: tell, silent } = view.of('web-1');
  for (const doneBytes of [0, 500, 1_000])
    tell(upgrade('VERIFYING', { progress: { part: 'root', doneBytes, totalBytes: 1_000 } }));
  tell(upgrade('REBOOTING'));
  for (const ms of [100, 4_000, 5_000]) silent(ms, new Failure('CONNECTION_REFUSED', 'nobody'));
  tell(upgrade('TESTING', { waitingFor: 'waits for \x1b[31mhealth' }));
  view.rollout({ nodes: 2, armed: 1, well: 1, bad: 0, stopped: 0 });
  view.end();
  assert.deepEqual(stderr.text.split('\n'), [
    'web-1: reads back',
    'web-1: reboots',
    'web-1: does not answer',
    'web-1: tests its health, waits for \\x1b[31mhealth',
    '1 of 2 nodes done, 1 more have the image',
    '',
  ]);
});
