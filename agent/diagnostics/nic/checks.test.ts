/** Checks of the area: what each says of itself, and errors and events of interfaces. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedMachine } from '../../sim/server.ts';
import { pastOf, reportOf, statuses } from '../testing.ts';
import { NIC_CHECKS } from './checks.ts';
import { COPPER, counters, type FakeNic } from './testing.ts';
import { HOUR, only, run } from './testing-checks.ts';

test('ids are of the area and unique, every check explains itself, every threshold has a source', () => {
  assert.ok(NIC_CHECKS.length >= 80, `${NIC_CHECKS.length} checks`);
  assert.equal(new Set(NIC_CHECKS.map(({ id }) => id)).size, NIC_CHECKS.length);
  for (const { id, area, title, about, thresholds } of NIC_CHECKS) {
    assert.match(id, /^nic\.[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.equal(area, 'nic');
    assert.ok(title.length > 10 && about.length > 60, id);
    for (const [name, { source }] of Object.entries(thresholds))
      assert.ok(source.length > 10, `${id} ${name}`);
  }
});

test('what is healthy has no findings, and every check could be made', async () => {
  assert.deepEqual(await run({ eth0: {}, eth1: { ethtool: { '': COPPER }, speed: 1_000 } }), []);
  const report = await reportOf(NIC_CHECKS, simulatedMachine({ name: 'n', rack: 'a', index: 0, faults: [] }));
  assert.deepEqual(report.findings, []);
  assert.ok(
    !Object.values(statuses(report)).includes('skipped'),
    JSON.stringify(report.checks.filter(({ status }) => status === 'skipped')),
  );
});

test('CRC errors: by share of a lifetime, by rate with a past, and none where they are long past', async () => {
  const nic = {
    eth0: {
      driver: 'mlx5_core',
      statistics: { rx_errors: 20_000 },
      ethtool: counters({ rx_crc_errors_phy: 20_000 }),
    },
  };
  assert.deepEqual(await run(nic), ['critical nic.crc-errors eth0', 'warning nic.receive-errors eth0']);
  const few = { eth0: { statistics: { rx_crc_errors: 20, rx_packets: 5_000_000 } } };
  assert.deepEqual(await run(few), ['info nic.crc-errors eth0']);
  const packets = [
    [HOUR, 0],
    [60_000, 900_000],
  ] as const;
  const rising = pastOf({
    'nic/eth0/rx_packets': packets,
    'nic/eth0/rx_crc_errors': [
      [HOUR, 10],
      [500_000, 11],
      [60_000, 20],
    ],
  });
  assert.deepEqual(await run(few, {}, rising), ['warning nic.crc-errors eth0']);
  const quiet = pastOf({
    'nic/eth0/rx_packets': packets,
    'nic/eth0/rx_crc_errors': [
      [HOUR, 20],
      [60_000, 20],
    ],
  });
  // What is long past is told as past.
  assert.deepEqual(await run(few, {}, quiet), ['info nic.errors-past eth0']);
  assert.deepEqual(await run(few), ['info nic.crc-errors eth0']);
  const little = { eth0: { statistics: { rx_crc_errors: 9, rx_packets: 5_000_000 } } };
  assert.deepEqual(await run(little, {}, quiet), []);
});

test('errors of other kinds', async () => {
  const of = (values: Record<string, number>, more: FakeNic = {}) =>
    run({ eth0: { ...more, ethtool: { ...more.ethtool, ...counters(values) } } });
  assert.deepEqual(await of({ rx_symbol_errors: 2_000 }), ['warning nic.symbol-errors eth0']);
  assert.deepEqual(await of({ rx_align_errors: 200 }), ['warning nic.alignment-errors eth0']);
  const frames = (rx_frame_errors: number) =>
    run({ eth0: { statistics: { rx_frame_errors, rx_packets: 12_312_312 } } });
  assert.deepEqual(await frames(91_231), ['warning nic.alignment-errors eth0']);
  assert.deepEqual(await frames(9), []);
  assert.deepEqual(await of({ rx_long_length_errors: 5_000 }), ['warning nic.length-errors eth0']);
  assert.deepEqual(await of({ tx_abort_late_coll: 50 }), ['warning nic.late-collisions eth0']);
  assert.deepEqual(await of({ rx_csum_offload_errors: 600 }), ['info nic.checksum-errors eth0']);
  assert.deepEqual(await of({ alloc_rx_buff_failed: 500 }), ['warning nic.allocation-failures eth0']);
  assert.deepEqual(await run({ eth0: { statistics: { tx_errors: 20_000 } } }), [
    'warning nic.transmit-errors eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { tx_carrier_errors: 2_000 } } }), [
    'warning nic.carrier-errors eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { tx_fifo_errors: 200 } } }), [
    'warning nic.transmit-underruns eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { rx_dropped: 30_000 } } }), [
    'warning nic.receive-drops eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { tx_dropped: 30_000 } } }), [
    'warning nic.transmit-drops eth0',
  ]);
  // A backup member of a bond drops what is flooded to it.
  assert.deepEqual(
    await only('receive-drops', {
      eth0: { master: 'bond0', statistics: { rx_dropped: 30_000, tx_packets: 5 } },
    }),
    [],
  );
});

test('events that should not happen', async () => {
  const of = (values: Record<string, number>, driver = 'ixgbe') =>
    run({ eth0: { driver, ethtool: counters(values) } });
  assert.deepEqual(await of({ tx_timeout_count: 1 }), ['warning nic.transmit-timeouts eth0']);
  assert.deepEqual(await of({ wd_expired: 4 }, 'ena'), ['warning nic.resets eth0']);
  assert.deepEqual(await of({ ena_admin_q_no_completion: 1 }, 'ena'), ['warning nic.firmware-silent eth0']);
  assert.deepEqual(await of({ pps_allowance_exceeded: 3 }, 'ena'), ['warning nic.allowance-exceeded eth0']);
  assert.deepEqual(await of({ tx_dma_failed: 50 }), ['warning nic.dma-errors eth0']);
  assert.deepEqual(await of({ rx_pci_signal_integrity: 5_000 }, 'mlx5_core'), ['info nic.pcie-errors eth0']);
  assert.deepEqual(await of({ 'port.mac_remote_faults': 40 }, 'i40e'), ['info nic.link-faults eth0']);
  assert.deepEqual(await of({ tx_pause_storm_error_events: 1 }, 'mlx5_core'), [
    'warning nic.pause-storm eth0',
  ]);
  assert.deepEqual(await of({ module_high_temp: 1 }, 'mlx5_core'), ['warning nic.module-events eth0']);
  assert.deepEqual(await of({ eee_wakeup_errors: 300 }, 'mvneta'), ['info nic.eee-errors eth0']);
  assert.deepEqual(await of({ rx_fec_uncorrectable_blocks: 300 }, 'bnxt_en'), [
    'warning nic.fec-uncorrectable eth0',
  ]);
  const all = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, 0xffff_ffff]));
  assert.deepEqual(
    await only('device-gone', { eth0: { ethtool: counters({ ...all, rx_packets: 0xffff_ffff }) } }),
    ['critical nic.device-gone eth0'],
  );
});
