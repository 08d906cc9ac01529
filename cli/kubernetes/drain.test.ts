/** Draining and uncordoning by a real kubectl, against an API that is made up. NODECTL_TEST_KUBECTL names another kubectl. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type DrainEvent, type DrainOptions, drain, uncordon } from './drain.ts';
import { FakeCluster, type FakePod } from './testing.ts';

const program = process.env.NODECTL_TEST_KUBECTL ?? 'kubectl';
const missing = [program, 'openssl'].find(
  (one) =>
    spawnSync(one, one === 'openssl' ? ['version'] : ['version', '--client'], { stdio: 'ignore' }).status !==
    0,
);
const { signal } = new AbortController();
const NOTE = 'nodectl.dev/cordoned';

describe('with kubectl', { skip: missing ? `${missing} is not there` : false }, () => {
  let cluster: FakeCluster;
  let events: string[];
  const options = (more: Partial<DrainOptions> = {}): DrainOptions => ({
    ...{ program, kubeconfig: cluster.kubeconfig, timeoutMs: 60_000 },
    // kubectl keeps what it learns of an API in its home.
    env: { PATH: process.env.PATH, HOME: cluster.folder },
    ...more,
  });
  const told = (event: DrainEvent) => {
    const { kind, ...rest } = event;
    events.push([kind, ...Object.values(rest)].join(' '));
  };
  const pod = (name: string, more: Partial<FakePod> = {}): FakePod => ({
    ...{ namespace: 'default', name, node: 'web-1' },
    ...more,
  });

  beforeEach(async () => {
    events = [];
    cluster = new FakeCluster();
    await cluster.start();
    cluster.nodes = { 'web-1': {}, 'web-2': {} };
  });
  afterEach(() => cluster.stop());

  test('pods leave, those of daemon sets and of other nodes stay, and the node is as it was in the end', async () => {
    cluster.pods = [
      pod('app-1'),
      pod('app-2', { namespace: 'shop' }),
      pod('log-1', { owner: 'DaemonSet' }),
      pod('app-3', { node: 'web-2' }),
    ];
    const drained = await drain('web-1', options(), signal, told);
    assert.deepEqual(drained, { kubernetesNode: 'web-1', cordonedBefore: false });
    assert.deepEqual(cluster.pods.map(({ name }) => name).sort(), ['app-3', 'log-1']);
    assert.equal(cluster.nodes['web-1']?.unschedulable, true);
    assert.ok(cluster.nodes['web-1']?.annotations?.[NOTE]);
    assert.deepEqual(events.toSorted(), [
      'cordoned web-1 false',
      'drained web-1',
      'evicted app-1',
      'evicted app-2',
      'evicting default/app-1',
      'evicting shop/app-2',
    ]);
    assert.equal(events.at(-1), 'drained web-1');
    assert.equal(await uncordon(drained, options(), signal), true);
    assert.deepEqual(cluster.nodes['web-1'], { unschedulable: false, annotations: {} });
    // Cordon and note come in one request: a kill between the two would leave a cordon that is nobody's.
    assert.deepEqual(
      cluster.changes.filter((one) => one.startsWith('PATCH')),
      ['PATCH nodes/web-1', 'PATCH nodes/web-1'],
    );
  });

  test('a budget holds a pod: it is named at once and in the end, and the node is uncordoned', async () => {
    cluster.pods = [pod('app-1'), pod('db-0', { labels: { app: 'db' } })];
    cluster.budgets = [
      { namespace: 'default', name: 'other', matchLabels: { app: 'other' }, allowed: 0 },
      { namespace: 'default', name: 'db', matchLabels: { app: 'db' }, allowed: 0 },
    ];
    await assert.rejects(drain('web-1', options({ timeoutMs: 7_000 }), signal, told), {
      reason: 'DRAIN_BLOCKED',
      message:
        'web-1 was not drained within 7s: pod default/db-0 is held by the PodDisruptionBudget default/db',
    });
    assert.ok(events.includes('blocked default/db-0 default/db'), events.join('\n'));
    assert.deepEqual(
      cluster.pods.map(({ name }) => name),
      ['db-0'],
    );
    assert.deepEqual(cluster.nodes['web-1'], { unschedulable: false, annotations: {} });
  });

  test('a budget that lets go later only delays it', async () => {
    cluster.pods = [pod('db-0', { labels: { app: 'db' } })];
    cluster.budgets = [{ namespace: 'default', name: 'db', matchLabels: { app: 'db' }, allowed: 0 }];
    await drain('web-1', options(), signal, (event) => {
      told(event);
      if (event.kind === 'blocked') for (const budget of cluster.budgets) budget.allowed = 1;
    });
    assert.deepEqual(cluster.pods, []);
    assert.ok(events.includes('blocked default/db-0 default/db'));
  });

  test('a pod that does not end is told as such', async () => {
    cluster.pods = [pod('app-1', { clings: true })];
    await assert.rejects(drain('web-1', options({ timeoutMs: 3_000 }), signal, told), {
      reason: 'DRAIN_BLOCKED',
      message: /pod default\/app-1 is ending and has not ended/,
    });
  });

  test('a node that was cordoned before stays so, drained or not', async () => {
    cluster.nodes = { 'web-1': { unschedulable: true } };
    cluster.pods = [pod('app-1')];
    const drained = await drain('web-1', options(), signal, told);
    assert.equal(drained.cordonedBefore, true);
    assert.equal(await uncordon(drained, options(), signal), false);
    cluster.pods = [pod('app-1', { owner: '' })];
    await assert.rejects(drain('web-1', options(), signal, told), { reason: 'DRAIN_REFUSED' });
    assert.deepEqual(cluster.nodes['web-1'], { unschedulable: true });
  });

  test('a cordon of a command that was killed is taken back by the next one', async () => {
    cluster.nodes = {
      'web-1': { unschedulable: true, annotations: { [NOTE]: '2026-01-01T00:00:00Z' } },
    };
    const drained = await drain('web-1', options(), signal, told);
    assert.equal(drained.cordonedBefore, false);
    await uncordon(drained, options(), signal);
    assert.deepEqual(cluster.nodes['web-1'], { unschedulable: false, annotations: {} });
  });

  test('what is not evicted without being told so is left alone, and evicted where it was told', async () => {
    cluster.pods = [pod('app-1'), pod('cache-1', { emptyDir: true }), pod('bare', { owner: '' })];
    await assert.rejects(drain('web-1', options({ force: true }), signal, told), {
      reason: 'DRAIN_REFUSED',
      message: /cache-1/,
      hint: /--drain-delete-emptydir-data/,
    });
    await assert.rejects(drain('web-1', options({ deleteEmptydirData: true }), signal, told), {
      reason: 'DRAIN_REFUSED',
      message: /default\/bare/,
      hint: /--drain-force/,
    });
    assert.equal(cluster.pods.length, 3);
    assert.equal(cluster.nodes['web-1']?.unschedulable, false);
    await drain('web-1', options({ force: true, deleteEmptydirData: true }), signal, told);
    assert.deepEqual(cluster.pods, []);
  });

  test('the Kubernetes node is found by its label, by a flag, or by its name', async () => {
    cluster.nodes = { 'ip-10-0-0-1': { labels: { 'nodectl.dev/node': 'web-1' } }, other: {} };
    assert.equal((await drain('web-1', options(), signal, told)).kubernetesNode, 'ip-10-0-0-1');
    const named = await drain('web-1', options({ kubernetesNode: 'other' }), signal, told);
    assert.equal(named.kubernetesNode, 'other');
    await assert.rejects(drain('web-9', options(), signal, told), {
      reason: 'KUBERNETES_NODE_UNKNOWN',
      hint: /kubectl label node .* nodectl\.dev\/node=web-9/,
    });
    await assert.rejects(drain('web-1', options({ kubernetesNode: '--all' }), signal, told), {
      reason: 'KUBERNETES_NODE_UNKNOWN',
    });
    cluster.nodes = {
      a: { labels: { 'nodectl.dev/node': 'web-1' } },
      b: { labels: { 'nodectl.dev/node': 'web-1' } },
    };
    await assert.rejects(drain('web-1', options(), signal, told), {
      reason: 'KUBERNETES_NODE_UNKNOWN',
      message: /a, b/,
    });
  });

  test('an interruption ends kubectl and takes the cordon back', async () => {
    cluster.pods = [pod('db-0', { labels: { app: 'db' } })];
    cluster.budgets = [{ namespace: 'default', name: 'db', matchLabels: { app: 'db' }, allowed: 0 }];
    const stop = new AbortController();
    await assert.rejects(
      drain('web-1', options(), stop.signal, ({ kind }) => {
        if (kind === 'blocked') stop.abort();
      }),
      { reason: 'CANCELLED' },
    );
    assert.deepEqual(cluster.nodes['web-1'], { unschedulable: false, annotations: {} });
  });

  test('an API that fails is told in its words, and where the cordon cannot be taken back that is said too', async () => {
    cluster.broken = { path: /\/pods$/, status: 500 };
    await assert.rejects(drain('web-1', options(), signal, told), {
      reason: 'KUBECTL_FAILED',
      message: /it is broken/,
    });
    assert.equal(cluster.nodes['web-1']?.unschedulable, false);
    await assert.rejects(
      drain('web-1', options(), signal, (event) => {
        if (event.kind === 'cordoned') cluster.broken = { path: /./, status: 500 };
      }),
      { reason: 'KUBECTL_FAILED', message: /stays cordoned/, hint: 'kubectl uncordon web-1' },
    );
  });
});

test('without kubectl, and with one that talks nonsense, it is said what is wrong', async () => {
  const cluster = new FakeCluster();
  const options = { env: { PATH: cluster.folder }, timeoutMs: 1_000 };
  try {
    await assert.rejects(
      drain('web-1', options, signal, () => undefined),
      { reason: 'KUBECTL_FAILED', hint: /install kubectl/ },
    );
    for (const [script, message] of [
      ['echo "{}"', /unforeseen/],
      ['echo nonsense', /unforeseen/],
      ['echo "it is not so" >&2; exit 3', /it is not so/],
    ] as const) {
      const fake = join(cluster.folder, 'kubectl');
      writeFileSync(fake, `#!/bin/sh\n${script}\n`);
      chmodSync(fake, 0o755);
      await assert.rejects(
        drain('web-1', { ...options, program: fake }, signal, () => undefined),
        { reason: 'KUBECTL_FAILED', message },
      );
    }
  } finally {
    await cluster.stop();
  }
});
