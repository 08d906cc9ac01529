/** What people print of several devices or files at once: a loop of the shell, a pattern of files, `grep` over what they saved before. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const BOND = (members: string, aggregator = 2) =>
  `Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011)\n\nBonding Mode: IEEE 802.3ad Dynamic link aggregation\nTransmit Hash Policy: layer3+4 (1)\nMII Status: up\nMII Polling Interval (ms): 100\n\n802.3ad info\nLACP rate: slow\nMin links: 0\nSystem MAC address: **:**:**:**:**:ad\nActive Aggregator Info:\n        Aggregator ID: ${aggregator}\n        Number of ports: 1\n        Partner Mac Address: **:**:**:**:**:6e\n\n${members}`;
const MEMBER = (name: string, churn: string, aggregator = 2, status = 'up') =>
  `Slave Interface: ${name}\nMII Status: ${status}\nSpeed: 1000 Mbps\nDuplex: full\nLink Failure Count: 0\nPermanent HW addr: **:**:**:**:**:67\nSlave queue ID: 0\nAggregator ID: ${aggregator}\nActor Churn State: ${churn}\nPartner Churn State: ${churn}\nActor Churned Count: 1\nPartner Churned Count: 1\n\n`;
const SICK = BOND(MEMBER('enp7s0', 'churned', 1) + MEMBER('enp6s0', 'none'));
const WELL = BOND(MEMBER('enp8s0', 'none') + MEMBER('enp9s0', 'none'));

test('Bonds of a pattern of files are judged, each of them', async () => {
  const told = await troubles(`# cat /proc/net/bonding/*\n${SICK}`);
  assert.ok(
    told.some((one) => /^warning nic\.lacp-\w+ enp7s0|^warning nic\.lacp-\w+ unnamed/.test(one)),
    told.join(),
  );
  for (const both of [`${SICK}${WELL}`, `${WELL}${SICK}`])
    assert.deepEqual(
      (await troubles(`$ sudo cat /proc/net/bonding/bond*\n${both}`)).map((one) =>
        one.replace('unnamed2', 'unnamed'),
      ),
      told,
    );
  assert.deepEqual(await troubles(`# cat /proc/net/bonding/*\n${WELL}${WELL.replaceAll('enp', 'ens')}`), []);
  // The same one again, later: without a pattern it is one bond.
  assert.deepEqual(
    await troubles(`${SICK}\nafter:\n\n${SICK.replaceAll('churned', 'none').replace('ID: 1', 'ID: 2')}`),
    [],
  );
});
