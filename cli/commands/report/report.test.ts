import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import { faultyFleet } from '../../diag/testing-faults.ts';
import { FakeFleet, type FakeNode, nodeAnswer } from '../../testing/fleet.ts';
import { runCli } from '../../testing/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-report-'));
after(() => rmSync(folder, { recursive: true }));

/** What a node answers whose clock is so far ahead. */
function exchange(aheadMs: number) {
  const now = Math.round((performance.timeOrigin + performance.now() + aheadMs) * 1_000);
  return { receiveUsec: now, transmitUsec: now };
}

/** Nodes with planted troubles. The clock of one is 250 ms ahead, and all keep a past of one counter. */
const nodes = Object.fromEntries(
  faultyFleet(12, 4).map(({ node, labels, answer }): [string, FakeNode] => [
    node,
    {
      labels: { ...labels },
      answers: {
        Diagnose: () => answer,
        GetNode: () => nodeAnswer(node, { machineId: node }),
        ExchangeTime: () => exchange(node === 'web-3' ? 250 : 0),
        ReadHistory: () => [
          { node, series: [] },
          {
            series: [
              {
                name: 'nic/eth7/rx_errors',
                timeDeltas: [1e12, 6e4, 6e4],
                values: [5, 5, 65],
                growth: 60,
                lows: [],
                highs: [],
              },
            ],
          },
        ],
      },
    },
  ]),
);
const fleet = new FakeFleet(nodes);
after(() => fleet.remove());
const run = (...argv: string[]) => runCli(['report', ...argv], { env: fleet.env, open: fleet.connect });

test('a page is written', async () => {
  const file = join(folder, 'fleet.html');
  const { status, stdout, stderr } = await run('--html', file);
  assert.deepEqual([status, stdout], [0, '']);
  assert.match(stderr, /fleet\.html: 12 nodes, \d+ kB\n$/);
  assert.equal(statSync(file).mode & 0o777, 0o644);
  const page = readFileSync(file, 'utf8');
  assert.match(page, /<title>fleet: /);
  assert.match(page, /1 of 12 clocks is off by more than 50 ms/);
  assert.match(page, /against the median of all/);
  // 60 errors in two minutes.
  assert.match(page, /eth7<\/td><td class="num">1,800<\/td><td class="num">0<\/td>/);
});

test('- is stdout', async () => {
  const { stdout, stderr } = await run('--html', '-');
  assert.match(stdout, /^<!doctype html>.*<\/html>\n$/s);
  assert.equal(stderr, '');
});

test('a page about nothing takes the place of none', async () => {
  const file = join(folder, 'none.html');
  const failure = new Failure('CONNECTION_REFUSED', 'nothing listens there');
  const silent = new FakeFleet({ a: { unreachable: failure } });
  try {
    const { status, stderr } = await runCli(['report', '--html', file], {
      env: silent.env,
      open: silent.connect,
    });
    assert.equal(status, 5);
    assert.match(stderr, /nothing listens there/);
    assert.ok(!existsSync(file));
  } finally {
    silent.remove();
  }
});

test('without a file, and with one that cannot be, nothing is written', async () => {
  assert.equal((await run()).status, 2);
  const { status, stderr } = await run('--html', join(folder, 'no', 'such', 'folder.html'));
  assert.equal(status, 2);
  assert.match(stderr, /cannot be written/);
});

test('a place that cannot be is told before any node is asked', async () => {
  let asked = 0;
  const fleet = new FakeFleet({
    a: {
      answers: {
        Diagnose: () => {
          asked++;
          throw new Failure('PERMISSION_DENIED', 'no');
        },
      },
    },
  });
  try {
    const to = (file: string) => runCli(['report', '--html', file], { env: fleet.env, open: fleet.connect });
    await to(join(folder, 'asked.html'));
    assert.ok(asked > 0, 'a place that can be');
    asked = 0;
    for (const [file, why] of [
      [join(folder, 'no', 'x.html'), /there is no such folder/],
      [folder, /there is a folder of that name/],
      ['/dev/null', /no plain file/],
    ] as const) {
      const { status, stderr } = await to(file);
      assert.deepEqual([status, asked], [2, 0]);
      assert.match(stderr, why);
    }
  } finally {
    fleet.remove();
  }
});
