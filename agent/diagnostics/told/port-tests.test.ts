import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const SELF = (result: string, loopback: number) =>
  `The test result is ${result}\nThe test extra info:\nRegister test  (offline)\t 0\nLoopback test  (offline)\t ${loopback}\nLink test   (on/offline)\t 0\n`;
const CABLE = (b: string, more = '') =>
  `Cable test started for device eth0.\nCable test completed for device eth0.\nPair A code OK\nPair B code ${b}\n${more}Pair C code OK\n`;
/** Boots that lasted so many minutes each, two minutes apart. */
const BOOTS = (minutes: readonly number[]) => {
  let now = Date.UTC(2026, 10, 2, 8);
  const at = () => `Mon ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const rows = minutes.map((lasted, index) => {
    const from = at();
    now += lasted * 60_000;
    const row = `${String(index - minutes.length + 1).padStart(3)} ${String(index).repeat(32)} ${from} ${at()}\n`;
    now += 120_000;
    return row;
  });
  return `IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY\n${rows.join('')}`;
};
const NM = (rows: string) =>
  `DEVICE  TYPE      STATE         CONNECTION \n${rows}lo      loopback  unmanaged     --\n`;

for (const [what, text, expected] of [
  [
    'a self test that failed',
    `# ethtool -t eth3 offline\n${SELF('FAIL', 13)}`,
    ['warning nic.port-tests eth3'],
  ],
  ['a self test that failed, without its command', SELF('FAIL', 13), ['warning nic.port-tests']],
  ['a self test that passed', `# ethtool -t eth3\n${SELF('PASS', 0)}`, []],
  [
    'a pair of a cable that is open',
    `# ethtool --cable-test eth0\n${CABLE('Open Circuit', 'Pair B, fault length: 24.00m\n')}`,
    ['warning nic.port-tests eth0'],
  ],
  [
    'a pair of a cable that is short, without its command',
    CABLE('Short within Pair'),
    ['warning nic.port-tests eth0'],
  ],
  ['a cable that is well', CABLE('OK'), []],
  ['a pair whose test gave no result', CABLE('Unspecified'), []],
  [
    'mii-tool of half duplex',
    '# mii-tool\neth0: negotiated 100baseTx-HD, link ok\neth1: negotiated 1000baseT-FD flow-control, link ok\neth2: no link\n',
    ['info nic.port-tests eth2', 'warning nic.port-tests eth0'],
  ],
  [
    'mii-tool of a link that was set',
    'eth0: 100 Mbit, half duplex, link ok\n',
    ['warning nic.port-tests eth0'],
  ],
  ['mii-tool of links that are well', 'eth0: negotiated 1000baseT-FD flow-control, link ok\n', []],
  [
    'nmcli of a port that waits for its address',
    NM(
      'eno1    ethernet  connected     eno1       \neno2    ethernet  connecting (getting IP configuration)  storage\n',
    ),
    ['warning nic.network-manager eno2'],
  ],
  [
    'nmcli of the only port without a carrier',
    NM('eno1    ethernet  unavailable   --\n'),
    ['info nic.network-manager eno1'],
  ],
  [
    'nmcli of a free port',
    NM('eno1    ethernet  connected     eno1\neno2    ethernet  unavailable   --\n'),
    [],
  ],
  [
    'boots one soon after the other',
    `$ journalctl --list-boots\n${BOOTS([12, 11, 12, 10])}`,
    ['warning kernel.boots-told'],
  ],
  ['two short boots among long ones', BOOTS([12, 55, 12, 10]), []],
  [
    'sessions that ended in a crash',
    'reboot   system boot  5.15.0-91-generi Mon Nov  2 08:41   still running\nroot     pts/0        10.0.0.9         Mon Nov  2 08:30 - crash  (00:11)\n',
    ['warning kernel.boots-told'],
  ],
  [
    'boots after shutdowns',
    '$ last -x\nreboot   system boot  5.15.0-91-generi Mon Nov  2 08:41   still running\nshutdown system down  5.15.0-91-generi Mon Nov  2 08:39 - 08:41  (00:01)\nroot     pts/0        10.0.0.9         Mon Nov  2 08:30 - down   (00:09)\n',
    [],
  ],
  [
    'kept rows of lspci of one device whose link is degraded',
    '# lspci -vv -s 3b:00.0 | grep -E "LnkCap:|LnkSta:"\n\t\tLnkCap:\tPort #0, Speed 8GT/s, Width x16, ASPM not supported\n\t\tLnkSta:\tSpeed 2.5GT/s (downgraded), Width x4 (downgraded)\n',
    ['warning system.pcie-link 3b:00.0'],
  ],
  [
    'kept rows of lspci of one device whose link is well',
    '# lspci -vv -s 3b:00.0 | grep -E "LnkCap:|LnkSta:"\n\t\tLnkCap:\tPort #0, Speed 8GT/s, Width x16, ASPM not supported\n\t\tLnkSta:\tSpeed 8GT/s, Width x16\n',
    [],
  ],
  [
    'a row of lspci about ASPM is no failure of it',
    '# lspci -vv | grep LnkCap:\n\t\tLnkCap:\tPort #0, Speed 8GT/s, Width x16, ASPM not supported\n',
    [],
  ],
] as const)
  test(`of ${what}`, async () => assert.deepEqual(await troubles(text), expected));
