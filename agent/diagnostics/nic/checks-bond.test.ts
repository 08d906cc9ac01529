/** Checks of bonds, and of the switch behind them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from '../testing.ts';
import { NIC_CHECKS } from './checks.ts';
import { bonding, nicMachine } from './testing.ts';
import { LACP, lacp, lldp, only, run, TWO, UP } from './testing-checks.ts';

test('bonds', async () => {
  const fine = { eth0: [...UP, 'Aggregator ID: 1'], eth1: [...UP, 'Aggregator ID: 1'] };
  assert.deepEqual(await run(TWO, lacp(fine)), []);
  assert.deepEqual(await run(TWO, lacp({ ...fine, eth1: ['MII Status: down', 'Speed: Unknown'] })), [
    'warning nic.bond-member-down eth1',
  ]);
  assert.deepEqual(
    await only('bond', TWO, lacp({ eth0: ['MII Status: down'], eth1: ['MII Status: down'] })),
    ['critical nic.bond-member-down bond0'],
  );
  assert.deepEqual(await run(TWO, lacp({ eth0: fine.eth0 })), ['info nic.bond-one-member bond0']);
  assert.deepEqual(
    await run(
      TWO,
      lacp({ ...fine, eth1: ['MII Status: up', 'Speed: 10000 Mbps', 'Duplex: full', 'Aggregator ID: 1'] }),
    ),
    ['warning nic.bond-speeds-differ bond0'],
  );
  assert.deepEqual(
    await run(TWO, lacp(fine, [...LACP.slice(0, 4), 'Partner Mac Address: 00:00:00:00:00:00'])),
    ['critical nic.lacp-no-partner bond0'],
  );
  // What the kernel tells of nobody, and what it tells only root.
  const untold = [...LACP.slice(0, 2), 'bond bond0 has no active aggregator'];
  const none = { eth0: [...UP, 'Aggregator ID: N/A'], eth1: [...UP, 'Aggregator ID: N/A'] };
  const zeros = [
    'Aggregator ID: 1',
    'details partner lacp pdu:',
    '    system mac address: 00:00:00:00:00:00',
  ];
  for (const silent of [
    lacp(none, untold),
    lacp(fine, untold),
    lacp(none, LACP.slice(0, 2)),
    lacp({ eth0: [...UP, ...zeros], eth1: [...UP, ...zeros] }, LACP.slice(0, 2)),
  ])
    assert.deepEqual(await run(TWO, silent), ['critical nic.lacp-no-partner bond0']);
  assert.deepEqual(await run(TWO, lacp(fine, LACP.slice(0, 4))), []);
  assert.deepEqual(await run(TWO, lacp({ ...fine, eth1: [...UP, 'Aggregator ID: N/A'] })), [
    'warning nic.lacp-aggregators bond0',
  ]);
  // An excerpt that ends above its members.
  assert.deepEqual(await only('bond', TWO, lacp({}, LACP)), []);
  assert.deepEqual(await only('bond', TWO, lacp({}, LACP.slice(0, 2))), [
    'warning nic.bond-one-member bond0',
  ]);
  assert.deepEqual(await run(TWO, lacp({ ...fine, eth1: [...UP, 'Aggregator ID: 2'] })), [
    'warning nic.lacp-aggregators bond0',
  ]);
  assert.deepEqual(
    await run(TWO, lacp({ ...fine, eth1: [...UP, 'Aggregator ID: 1', 'Partner Churn State: churned'] })),
    ['warning nic.lacp-churn eth1'],
  );
  assert.deepEqual(await run(TWO, lacp(fine, [...LACP, 'Min links: 4'])), [
    'critical nic.bond-min-links bond0',
  ]);
  assert.deepEqual(
    await run(
      TWO,
      lacp({ ...fine, eth1: [...UP.slice(0, 3), 'Link Failure Count: 40', 'Aggregator ID: 1'] }),
    ),
    ['info nic.bond-failures eth1', 'warning nic.link-flaps eth1'],
  );
  assert.ok(
    (
      await run(
        TWO,
        lacp({ ...fine, eth1: [...UP.slice(0, 3), 'Link Failure Count: 71524', 'Aggregator ID: 1'] }),
      )
    ).includes('warning nic.bond-failures eth1'),
  );
  const unwatched = {
    files: {
      'proc/net/bonding/bond0': bonding(
        'fault-tolerance (active-backup)',
        ['MII Status: up', 'MII Polling Interval (ms): 0'],
        { eth0: UP, eth1: UP },
      ),
    },
  };
  assert.deepEqual(await run(TWO, unwatched), ['warning nic.bond-unwatched bond0']);
});

test('the switch: one for all, VLANs that it lacks, frames that it does not take', async () => {
  const fine = lacp({ eth0: [...UP, 'Aggregator ID: 1'], eth1: [...UP, 'Aggregator ID: 1'] });
  const apart = lldp({ eth0: { id: 'a', port: '1' }, eth1: { id: 'b', port: '1' } });
  assert.deepEqual(await run(TWO, { ...fine, tools: apart }), []);
  const together = lldp({ eth0: { id: 'a', port: '1' }, eth1: { id: 'a', port: '2' } });
  assert.deepEqual(await run(TWO, { ...fine, tools: together }), ['info nic.bond-one-switch bond0']);
  const native = lldp({
    eth0: { id: 'a', port: '1', vlans: [{ id: 1, native: true }] },
    eth1: { id: 'b', port: '1', vlans: [{ id: 7, native: true }] },
  });
  assert.deepEqual(await run(TWO, { ...fine, tools: native }), ['warning nic.vlan-native-differs bond0']);
  const config = 'VLAN Dev name | VLAN ID\nName-Type: X\nbond0.100 | 100 | bond0\nbond0.200 | 200 | bond0\n';
  const lacking = lldp({ eth0: { id: 'a', port: '1', vlans: [{ id: 1, native: true }, { id: 100 }] } });
  const { findings } = await reportOf(
    NIC_CHECKS,
    nicMachine(TWO, { files: { ...fine.files, 'proc/net/vlan/config': config }, tools: lacking }),
  );
  assert.deepEqual(
    findings.map(({ id, subject, parameters }) => `${id} ${subject.name} ${parameters.vlans}`),
    ['nic.vlan-missing eth0 200'],
  );
  assert.equal(findings[0]?.subject.attributes?.switch, 'sw-a');
  assert.deepEqual(
    await run({ eth0: { mtu: 9_000 } }, { tools: lldp({ eth0: { id: 'a', port: '1', mfs: 1_522 } }) }),
    ['warning nic.mtu-switch eth0'],
  );
  assert.deepEqual(
    await run({ eth0: { mtu: 9_000 } }, { tools: lldp({ eth0: { id: 'a', port: '1', mfs: 9_216 } }) }),
    [],
  );
});
