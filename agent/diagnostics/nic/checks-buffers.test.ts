/** Checks of buffers, queues and interrupts. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastOf, reportOf } from '../testing.ts';
import { NIC_CHECKS } from './checks.ts';
import { counters, nicMachine } from './testing.ts';
import { HOUR, only, run, SOFTNET } from './testing-checks.ts';

test('buffers: a ring below its maximum is named, the NIC’s own buffer, the backlog and its budget', async () => {
  const small =
    'P:\nPre-set maximums:\nRX:\t4096\nTX:\t4096\nCurrent hardware settings:\nRX:\t512\nTX:\t512\n';
  const nic = { eth0: { statistics: { rx_missed_errors: 500 }, ethtool: { '-g': small } } };
  const { findings } = await reportOf(NIC_CHECKS, nicMachine(nic));
  const [one] = findings;
  assert.deepEqual(
    [one?.id, one?.severity, one?.parameters.ring, one?.parameters.ringMaximum],
    ['nic.ring-overflow', 'warning', 512, 4_096],
  );
  assert.match(one?.remedy.text ?? '', /ethtool -G eth0 rx 4096/);
  assert.match(one?.title ?? '', /could be longer/);
  const full = (await reportOf(NIC_CHECKS, nicMachine({ eth0: { statistics: { rx_missed_errors: 500 } } })))
    .findings[0];
  assert.doesNotMatch(full?.title ?? '', /could be longer/);
  assert.deepEqual(
    await run({ eth0: { driver: 'mlx5_core', ethtool: counters({ rx_discards_phy: 400 }) } }),
    ['warning nic.buffer-overflow eth0'],
  );
  const softnet = (dropped: number, squeezed: number) =>
    run({ eth0: {} }, { files: { 'proc/net/softnet_stat': SOFTNET(dropped, squeezed) } });
  assert.deepEqual(await softnet(0, 10), []);
  assert.deepEqual(await softnet(5_000, 20_000), ['info nic.softnet-squeezed', 'warning nic.softnet-drops']);
  const past = pastOf({
    'nic//softnet_dropped': [
      [HOUR, 5_000],
      [1, 5_000],
    ],
    'nic//softnet_squeezed': [
      [HOUR, 0],
      [1, 20_000],
    ],
  });
  assert.deepEqual(
    await run({ eth0: {} }, { files: { 'proc/net/softnet_stat': SOFTNET(5_000, 20_000) } }, past),
    ['warning nic.softnet-squeezed'],
  );
  const trend = pastOf({
    'nic/eth0/rx_missed_errors': [
      [24 * HOUR, 0],
      [HOUR, 100],
      [1, 50_100],
    ],
  });
  assert.deepEqual(await only('ring-overflow-rising', { eth0: {} }, {}, trend), [
    'info nic.ring-overflow-rising eth0',
  ]);
});

test('queues and interrupts', async () => {
  const single = 'P:\nPre-set maximums:\nCombined:\t8\nCurrent hardware settings:\nCombined:\t1\n';
  const cpus = 'CPU0 CPU1 CPU2 CPU3';
  const irqs = (first: number, others: number) =>
    `           ${cpus}\n${[24, 25, 26].map((irq) => ` ${irq}: ${first} ${others} ${others} ${others} PCI-MSI ${irq}-edge eth0-TxRx-${irq}`).join('\n')}\n`;
  assert.deepEqual(
    await only(
      'single-queue',
      { eth0: { ethtool: { '-l': single } } },
      { files: { 'proc/interrupts': irqs(9, 9) } },
    ),
    ['warning nic.single-queue eth0'],
  );
  assert.deepEqual(await run({ eth0: {} }, { files: { 'proc/interrupts': irqs(900_000, 800_000) } }), []);
  assert.deepEqual(await run({ eth0: {} }, { files: { 'proc/interrupts': irqs(900_000, 10) } }), [
    'warning nic.interrupts-one-cpu eth0',
  ]);
  const nodes = {
    'sys/devices/system/node/node0/cpulist': '0\n',
    'sys/devices/system/node/node1/cpulist': '1-3\n',
  };
  assert.deepEqual(
    await only('numa-remote', { eth0: {} }, { files: { ...nodes, 'proc/interrupts': irqs(10, 900_000) } }),
    ['info nic.numa-remote eth0'],
  );
  const tc =
    '[{"kind":"fq_codel","dev":"eth0","root":true,"packets":10000,"drops":2000,"overlimits":0,"requeues":0,"qlen":9}]';
  assert.deepEqual(await only('queue-drops', { eth0: {} }, { tools: { 'tc -s -j qdisc show': tc } }), [
    'warning nic.queue-drops eth0',
  ]);
  assert.deepEqual(await run({ eth0: { queueLength: 10 } }), ['info nic.short-queue eth0']);
});
