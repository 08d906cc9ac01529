/** What stands in a saved file where the program could not do what it was asked for: no check may be taken for made on it. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot } from './saved-testing.ts';
import { reportOf } from './testing.ts';

const NAMES = [
  ...['arcconf_getconfig_1', 'btrfs_device_stats', 'ceph_-s', 'chronyc_-n_sources', 'chronyc_tracking'],
  ...['coredumpctl_list', 'corosync-quorumtool', 'df_-h', 'dmesg', 'dmidecode', 'docker_ps', 'edac-util'],
  ...['ethtool_-S_eth0', 'ethtool_eth1', 'etcdctl_alarm_list', 'findmnt', 'free_-m', 'gluster_peer_status'],
  ...[
    'ibstat',
    'ip_-s_link',
    'ipmi-sel',
    'ipmi-sensors',
    'ipmitool_sdr',
    'ipmitool_sel_list',
    'iscsiadm_-m_session',
  ],
  ...['journalctl_-k', 'kubectl_get_nodes', 'lldpcli_show_neighbors', 'lsblk', 'lscpu', 'lsmod', 'lspci_-vv'],
  ...[
    'lvs',
    'mcelog',
    'mdadm_--detail_md0',
    'MegaCli_-PDList',
    'mount',
    'multipath_-ll',
    'netstat_-s',
    'nstat_-az',
  ],
  ...[
    'ntpq_-p',
    'numastat',
    'nvidia-smi',
    'nvme_list',
    'nvme_list-subsys',
    'nvme_smart-log_nvme0',
    'pcs_status',
  ],
  ...['perfquery', 'pmc', 'proc_interrupts', 'proc_mdstat', 'proc_meminfo', 'proc_swaps', 'pvs', 'rdma_link'],
  ...[
    'sar_-n_EDEV',
    'sas3ircu_0_display',
    'sensors',
    'showmount',
    'smartctl_-a_sda',
    'ss_-s',
    'ssacli_ctrl_all_show_status',
  ],
  ...['storcli_c0_show_all', 'sysctl_-a', 'systemctl_--failed', 'systemctl_list-units', 'systemctl_status'],
  ...[
    'systemd-analyze',
    'tc_-s_qdisc',
    'timedatectl',
    'top_-b_-n1',
    'uptime',
    'vgs',
    'vmstat_1',
    'zpool_status',
  ],
];

/** The checks that were made on a machine whose saved files all hold the same text. */
async function made(text: string): Promise<string[]> {
  const root = newRoot();
  for (const name of NAMES)
    writeFileSync(join(root, `${name}.txt`), text.replaceAll('PROGRAM', name.split('_')[0] ?? ''));
  const { checks, findings } = await reportOf(CHECKS, new CapturedMachine(root));
  assert.deepEqual(findings, []);
  return checks.filter(({ status }) => status === 'ok' || status === 'findings').map(({ id }) => id);
}

for (const [what, text] of [
  ['nothing', ''],
  ['empty lines', '\n\n'],
  ['a shell that does not find the program', 'bash: line 1: PROGRAM: command not found\n'],
  ['another shell', '/bin/sh: 1: PROGRAM: not found\n'],
  ['sudo that asks', 'sudo: a terminal is required to read the password\nsudo: a password is required\n'],
  ['a user who may not', 'You must be root to run this program.\n'],
  ['a time that was over', 'timeout: sending signal TERM to command ‘PROGRAM’\n'],
  [
    'a help text',
    'Usage: PROGRAM [options]\n  -h, --help     display this help and exit\n  -V, --version  output version information\n',
  ],
  ['a version', 'PROGRAM version 2.0\nCopyright (C) 2020 Somebody\n'],
  ['a crash', 'Segmentation fault (core dumped)\n'],
  [
    'a page of a web server',
    '<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n',
  ],
  ['words', 'some words that nobody knows\nand more of them 12 34\n'],
  ['dots', '[...]\n'],
] as const)
  test(`no check is made on ${what}`, async () => assert.deepEqual(await made(text), []));

/** The status of one check on a machine with one saved file. */
async function statusOf(name: string, text: string, check: string): Promise<string | undefined> {
  const root = newRoot();
  writeFileSync(join(root, name), text);
  const { checks } = await reportOf(CHECKS, new CapturedMachine(root));
  return checks.find(({ id }) => id === check)?.status;
}

for (const [name, text, check] of [
  ['proc_mdstat', 'Personalities : [raid1] \nunused devices: <none>\n', 'disk.md-degraded'],
  ['proc_swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n', 'memory.swap-full'],
  ['iscsiadm_-m_session', 'iscsiadm: No active sessions.\n', 'disk.iscsi-session'],
  ['systemctl_list-units_--failed', '0 loaded units listed.\n', 'system.unit-failed'],
  ['systemctl_list-units_--failed_--all_--plain_--no-legend', '', 'system.unit-failed'],
  ['lldpcli_show_neighbors', `${'-'.repeat(79)}\nLLDP neighbors:\n${'-'.repeat(79)}\n`, 'nic.switch-port'],
  ['ipmi-sensors', 'ID | Name | Type | Reading | Units | Event\n', 'system.board-sensor'],
  ['lsmod', 'Module                  Size  Used by\n', 'kernel.blacklisted-module-loaded'],
  ['lvs', '  LV VG Attr LSize Pool\n', 'disk.lvm-attention'],
] as const)
  test(`what ${name} prints where there is nothing to list is judged`, async () =>
    assert.equal(await statusOf(name, text, check), 'ok'));

test('sessions of iSCSI whose states are not told are not judged', async () => {
  const listed = 'tcp: [1] 192.0.2.4:3260,1 iqn.2017-01.example:db (non-flash)\n';
  assert.notEqual(await statusOf('iscsiadm_-m_session', listed, 'disk.iscsi-session'), 'ok');
});

test('tables of LVM without their letters are not judged', async () => {
  const listed = '  LV   VG   LSize\n  root pool 20.00g\n';
  for (const check of ['disk.lvm-missing', 'disk.lvm-attention'])
    assert.notEqual(await statusOf('lvs', listed, check), 'ok');
});

test('sandboxes of pods that are not ready are told as not judged', async () => {
  const heading = 'POD ID         CREATED        STATE     NAME      NAMESPACE    ATTEMPT  RUNTIME\n';
  for (const [state, named] of [
    ['NotReady', true],
    ['Ready', false],
  ] as const) {
    const root = newRoot();
    const row = `0a1b2c3d4e5f6  3 minutes ago  ${state}  etcd-cp1  kube-system  12  (default)\n`;
    writeFileSync(join(root, 'note.txt'), `# crictl pods\n${heading}${row}`);
    const machine = new CapturedMachine(root);
    await reportOf(CHECKS, machine);
    assert.equal([...machine.savedFiles().reasons.values()].join().includes('sandboxes'), named);
  }
});
