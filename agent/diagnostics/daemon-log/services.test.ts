/** What load balancers, audit logs, sshd, databases and UPS tell in lines of their own, with what is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const LOG = (program: string, words: string) => `Mar 01 10:00:01 n1 ${program}[912]: ${words}\n`;
const DOWN = LOG(
  'haproxy',
  'Server api/cp2 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.',
);
const NONE = LOG('haproxy', '[ALERT]    (912) : proxy api has no server available!');
const INNODB = (words: string) => `2026-03-01T10:00:01.112236Z 0 [ERROR] [MY-012640] [InnoDB] ${words}\n`;

for (const [what, text, expected] of [
  [
    'no server is left',
    DOWN + NONE,
    ['critical system.log-no-server api', 'warning system.log-server-down api/cp2'],
  ],
  [
    'a server that came back',
    DOWN + NONE + LOG('haproxy', '[WARNING] (912) : Server api/cp2 is UP, reason: Layer4 check passed.'),
    [],
  ],
  ['a server in maintenance', LOG('haproxy', 'Server api/cp2 is going DOWN for maintenance.'), []],
  [
    'no room for the audit log',
    LOG('auditd', 'Audit daemon is suspending logging due to no space left on logging partition.'),
    ['warning disk.log-audit-full'],
  ],
  ['an audit log that turns', LOG('auditd', 'Audit daemon rotating log files'), []],
  ['sshd without its port', LOG('sshd', 'fatal: Cannot bind any address.'), ['warning system.log-sshd']],
  [
    'sshd that was started anew',
    LOG('sshd', 'fatal: Cannot bind any address.') + LOG('sshd', 'Server listening on 0.0.0.0 port 22.'),
    [],
  ],
  [
    'sshd and one that asks for what is too old',
    LOG('sshd', 'fatal: Unable to negotiate with 192.0.2.7: no matching host key type found [preauth]'),
    [],
  ],
  [
    'InnoDB on a full disk',
    INNODB("Error number 28 means 'No space left on device'"),
    ['critical disk.log-full'],
  ],
  ['InnoDB of something else', INNODB('Cannot open table shop/old'), []],
  [
    'zpool events',
    'Mar 01 2026 10:00:01.112233445  ereport.fs.zfs.checksum\nMar 01 2026 10:00:02.112233445  resource.fs.zfs.statechange\n',
    ['warning disk.log-pool-errors'],
  ],
  [
    'zpool events of an import',
    'Mar 01 2026 10:00:01.112233445  sysevent.fs.zfs.config_sync\nMar 01 2026 10:00:02.112233445  sysevent.fs.zfs.pool_import\n',
    [],
  ],
  ['upsc on battery', 'battery.charge: 17\nups.load: 62\nups.status: OB LB\n', ['warning system.log-power']],
  ['upsc on line', 'battery.charge: 97\nups.load: 62\nups.status: OL CHRG\n', []],
  [
    'apcaccess on battery',
    'STATUS   : ONBATT LOWBATT \nBCHARGE  : 9.0 Percent\n',
    ['warning system.log-power'],
  ],
  ['apcaccess on line', 'STATUS   : ONLINE \nBCHARGE  : 99.0 Percent\n', []],
] as const)
  test(`logs: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
