/**
 * What people save of tools that a running machine is not asked with, or in forms of which they keep a piece: troubles in it are found,
 * healthy ones raise nothing. Each sample is a text in a file whose name tells nothing.
 */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { reportOf } from './testing.ts';

const CONDITION = (type: string, status: string, reason: string) =>
  `  ${type.padEnd(16)} ${status.padEnd(7)} Mon, 02 Feb 2026 10:00:12 +0000   Mon, 02 Feb 2026 09:55:00 +0000   ${reason}   words of the kubelet\n`;
const DESCRIBED = `Name:               n7\nConditions:\n  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason   Message\n`;
const DETAIL = (state: string, active: number) =>
  `/dev/md5:\n           Version : 1.2\n        Raid Level : raid1\n      Raid Devices : 2\n             State : ${state}\n    Active Devices : ${active}\n\n    Number   Major   Minor   RaidDevice State\n       0       8        1        0      active sync   /dev/sda1\n`;

for (const [what, text, expected] of [
  [
    'etcdctl endpoint health',
    '10.0.0.1:2379 is healthy: successfully committed proposal: took = 3.1ms\nhttps://10.0.0.2:2379 is unhealthy: failed to commit proposal: context deadline exceeded\n10.0.0.3:2379 is healthy: successfully committed proposal: took = 1.92s\nError: unhealthy cluster\n',
    [
      'critical system.etcd-unhealthy etcd https://10.0.0.2:2379',
      'warning system.etcd-unhealthy etcd 10.0.0.3:2379',
    ],
  ],
  [
    'etcdctl endpoint status as a table',
    '+---+---+\n| ENDPOINT | ID | DB SIZE | IS LEADER | ERRORS |\n+---+---+\n| a:2379 | 1f | 2.1 GB | false | alarm:NOSPACE |\n| b:2379 | 2f | 2.1 GB | false |  |\n| c:2379 | 3f | 2.1 GB | false |  |\n+---+---+\n',
    ['critical system.etcd-alarm etcd', 'critical system.etcd-leader-missing etcd'],
  ],
  [
    'etcdctl cluster-health',
    'member 8e9e05c52164694d is unreachable: [http://10.0.0.4:2379] are all unreachable\nmember 91bc3c398fb3c146 is healthy: got healthy result from http://10.0.0.5:2379\ncluster is degraded\n',
    ['critical system.etcd-unhealthy etcd 8e9e05c52164694d', 'critical system.etcd-unhealthy etcd cluster'],
  ],
  [
    'etcd that is well',
    '$ etcdctl endpoint health\n10.0.0.1:2379 is healthy: successfully committed proposal: took = 13.1ms\n',
    [],
  ],
  [
    'processes behind a prompt with an instance of a group',
    `cell/7f3a02bc-1133:~# uptime\n 13:26:07 up 26 days,  3:08,  1 user,  load average: 2.00, 1.89, 1.09\n\ncell/7f3a02bc-1133:~# ps -eLo pid,tid,ppid,user:11,comm,state,wchan | grep "D "\n    PID     TID    PPID USER        COMMAND         S WCHAN\n${[141, 674, 849, 850, 851, 852].map((pid) => `${pid} ${pid} 2 root        loop0           D xfs_reclaim_inodes_ag\n`).join('')}`,
    ['warning system.processes-stuck'],
  ],
  [
    'kubectl get nodes',
    'NAME   STATUS                     ROLES    AGE    VERSION\nn1     Ready                      <none>   265d   v1.30.1\nn2     NotReady                   <none>   265d   v1.30.1\nn3     Ready,SchedulingDisabled   <none>   265d   v1.30.1\n',
    ['critical system.kubernetes-node n2'],
  ],
  [
    'kubectl describe node',
    `${DESCRIBED}${CONDITION('DiskPressure', 'True', 'KubeletHasDiskPressure')}${CONDITION('EtcdIsVoter', 'True', 'MemberNotLearner')}${CONDITION('Ready', 'Unknown', 'NodeStatusUnknown')}`,
    ['critical system.kubernetes-node n7', 'warning system.kubernetes-node n7'],
  ],
  [
    'a node that is well',
    `${DESCRIBED}${CONDITION('MemoryPressure', 'False', 'KubeletHasSufficientMemory')}${CONDITION('Ready', 'True', 'KubeletReady')}Addresses:\n  InternalIP:  10.0.0.7\n`,
    [],
  ],
  [
    'edac-util',
    'mc0: 0 Uncorrected Errors with no DIMM info\nmc0: csrow0: DIMM_A1: 0 Corrected Errors\nmc0: csrow1: DIMM_B1: 7305 Corrected Errors\n',
    ['warning memory.corrected-errors DIMM_B1'],
  ],
  [
    'ras-mc-ctl --error-count',
    'Label               \tCE\tUE\nmc#0csrow#2channel#1\t40\t3\n',
    [
      'critical memory.uncorrected-errors mc#0csrow#2channel#1',
      'warning memory.corrected-errors mc#0csrow#2channel#1',
    ],
  ],
  ['ras-mc-ctl without errors', 'No Memory errors.\n\nNo PCIe AER errors.\n\nNo MCE errors.\n', []],
  [
    'mcelog',
    'Hardware event. This is not a software error.\nMCE 0\nCPU 4 BANK 8\nMCi status:\nUncorrected error\nMCA: MEMORY CONTROLLER RD_CHANNEL0_ERR\n',
    ['critical memory.uncorrected-errors memory'],
  ],
  [
    'ipmitool sel list',
    '   1 | 04/02/2023 | 11:16:42 | Memory #0x02 | Uncorrectable ECC | Asserted\n   2 | 04/03/2023 | 01:02:03 | Power Supply #0x63 | Power Supply AC lost | Asserted\n   3 | 04/03/2023 | 01:04:03 | Power Supply #0x63 | Power Supply AC lost | Deasserted\n   4 | 04/03/2023 | 01:05:03 | OS Boot | C: boot completed | Asserted\n',
    ['critical system.board-event uncorrectable memory errors'],
  ],
  [
    'ipmitool sensor list',
    'CPU1 Temp        | 96.000     | degrees C  | cr    | 0.000     | 0.000     | 0.000     | 90.000    | 95.000    | 100.000   \nFAN1             | 3400.000   | RPM        | ok    | 300.000   | 500.000   | 700.000   | 25300.000 | 25400.000 | 25500.000 \nFAN2             | na         |            | na    | na        | na        | na        | na        | na        | na        \n',
    ['critical system.board-sensor CPU1 Temp'],
  ],
  [
    'ipmitool sdr elist',
    'PSU1 Status      | C8h | ok  | 10.1 | Presence detected, Failure detected\nPSU2 Status      | C9h | ok  | 10.2 | Presence detected\nVRM Temp         | 2Ah | ns  |  7.1 | No Reading\n',
    ['critical system.board-sensor PSU1 Status'],
  ],
  [
    'a log of ptp4l and phc2sys',
    'ptp4l[12.250]: port 1: UNCALIBRATED to SLAVE on MASTER_CLOCK_SELECTED\nptp4l[13.250]: port 2: LISTENING to FAULTY on FAULT_DETECTED (FT_UNSPECIFIED)\nphc2sys[14.101]: CLOCK_REALTIME phc offset 37000012345 s0 freq  -12001 delay    502\n',
    [
      'warning clock.ptp-not-locked phc2sys',
      'warning clock.ptp-not-locked port 2',
      'warning clock.ptp-offset phc2sys',
    ],
  ],
  [
    'a log of ptp4l that is locked',
    'Feb  2 10:00:00 n1 ptp4l[812]: [12.250] port 1: UNCALIBRATED to SLAVE on MASTER_CLOCK_SELECTED\nFeb  2 10:00:01 n1 ptp4l[812]: [13.250] rms  394 max  714 freq  -5490 +/- 441 delay   229 +/-   0\n',
    [],
  ],
  ['mdadm --detail of one that is degraded', DETAIL('clean, degraded', 1), ['critical disk.md-degraded md5']],
  ['mdadm --detail of one that is whole', DETAIL('active', 2), []],
  [
    'a piece of smartctl for NVMe',
    'SMART/Health Information (NVMe Log 0x02)\nCritical Warning:              0x04\nTemperature:                   28 Celsius\nAvailable Spare:               100%\nAvailable Spare Threshold:     10%\nPercentage Used:               12%\nMedia and Data Integrity Errors: 0\n',
    ['critical disk.nvme-critical-warning disk1'],
  ],
  [
    'a file of /proc below a prompt',
    '[root@n1 ~]# cat /proc/net/bonding/bond0\nEthernet Channel Bonding Driver: v5.15\n\nBonding Mode: fault-tolerance (active-backup)\nCurrently Active Slave: eth0\nMII Status: up\nMII Polling Interval (ms): 100\n\nSlave Interface: eth0\nMII Status: up\nSpeed: 1000 Mbps\nDuplex: full\nLink Failure Count: 0\n\nSlave Interface: eth1\nMII Status: down\nLink Failure Count: 1\n',
    ['warning nic.bond-member-down eth1'],
  ],
  [
    'lspci -vv of a NIC and the port above it',
    '00:01.0 PCI bridge: Maker Root Port (rev 02)\n\tBus: primary=00, secondary=01, subordinate=01, sec-latency=0\n\t\tLnkCap:\tPort #2, Speed 8GT/s, Width x8, ASPM L1\n01:00.0 Ethernet controller: Maker 10G (rev 01)\n\t\tLnkCap:\tPort #0, Speed 8GT/s, Width x8, ASPM L0s\n\t\tLnkSta:\tSpeed 8GT/s, Width x4 (downgraded)\n\t\tUESta:\tDLP- SDES- TLP- FCP- CmpltTO+ UnsupReq+ ACSViol-\n\t\tCESta:\tRxErr- BadTLP- AdvNonFatalErr+\n',
    ['warning system.pcie-errors 01:00.0', 'warning system.pcie-link 01:00.0'],
  ],
  [
    'lspci -vv of what is as it should be',
    '0000:01:00.0 Non-Volatile memory controller: Maker SSD\n\t\tLnkCap:\tPort #0, Speed 16GT/s, Width x4, ASPM L1\n\t\tLnkSta:\tSpeed 16GT/s, Width x4\n\t\tUESta:\tDLP- CmpltTO- UnsupReq+\n0000:02:00.0 VGA compatible controller: Maker GPU\n\t\tLnkCap:\tPort #0, Speed 16GT/s, Width x16\n\t\tLnkSta:\tSpeed 2.5GT/s (downgraded), Width x16\n',
    [],
  ],
  [
    'lspci -vv of a device whose slot has no more',
    '0001:00:01.0 PCI bridge: Maker Root Port\n\tBus: primary=00, secondary=01, subordinate=01\n\t\tLnkCap:\tPort #2, Speed 5GT/s, Width x2\n\n0001:01:00.0 Non-Volatile memory controller: Maker SSD\n\t\tLnkCap:\tPort #0, Speed 16GT/s, Width x4\n\t\tLnkSta:\tSpeed 5GT/s (downgraded), Width x2 (downgraded)\n',
    ['info system.pcie-link 0001:01:00.0'],
  ],
  [
    '/proc/mdstat whose lines a mail program broke',
    '> Personalities : [raid6] [raid5] [raid4]\n> md7 : active raid5 sdc1[1] sdd1[2]\n> sde1[3](S)\n>       27348203008 blocks super 1.2 level 5, 512k chunk, algorithm 2\n> [3/2] [_UU]\n>\n> unused devices: <none>\n',
    ['critical disk.md-degraded md7'],
  ],
  [
    'sensors',
    'coretemp-isa-0000\nAdapter: ISA adapter\nPackage id 0:  +99.0°C  (high = +80.0°C, crit = +100.0°C)\nCore 0:        +52.0°C  (high = +80.0°C, crit = +100.0°C)\n\ndell_smm-virtual-0\nAdapter: Virtual device\nfan1:           0 RPM  (min =  600 RPM)  ALARM\nfan2:        1200 RPM\nin0:          +1.02 V  (min =  +0.00 V, max =  +1.74 V)\n',
    ['warning system.fan-stopped dell_smm fan1', 'warning system.temperature coretemp Package id 0'],
  ],
  [
    'a command with a variable before it, and one that was only quoted',
    'sudo cat /proc/mdstat\nls /dev\n\n# confirm\n$ ETCDCTL_API=3 etcdctl alarm list\nmemberID:13803658152347727308 alarm:NOSPACE\n\nPersonalities : [raid1]\nmd0 : active raid1 sda1[0]\n      1000 blocks [2/1] [U_]\n\nunused devices: <none>\n',
    ['critical disk.md-degraded md0', 'critical system.etcd-alarm etcd'],
  ],
  [
    'a bond without a command above it',
    'Ethernet Channel Bonding Driver: v5.15\n\nBonding Mode: load balancing (round-robin)\nMII Status: up\nMII Polling Interval (ms): 100\n\nSlave Interface: eth0\nMII Status: up\nSpeed: 1000 Mbps\nDuplex: full\n\nSlave Interface: eth1\nMII Status: down\n',
    ['warning nic.bond-member-down eth1'],
  ],
  ['a table of chronyc with nonsense in it', 'MS Name/IP address\n=====\n^^^^\n', []],
  [
    'netstat -s',
    'Ip:\n    9000000 total packets received\nTcp:\n    8000000 segments received\n    7000000 segments sent out\n    400000 segments retransmitted\nUdp:\n    100000 packets received\n    9000 packet receive errors\n    9000 receive buffer errors\n',
    ['warning nic.tcp-retransmits', 'warning nic.udp-buffer-errors'],
  ],
  [
    'nstat -a of a machine that is well',
    '#kernel\nTcpInSegs                       8000000            0.0\nTcpOutSegs                      7000000            0.0\nTcpRetransSegs                  120                0.0\n',
    [],
  ],
  [
    'ip -s link of one interface, which has errors',
    '# ip -s link show eth1-04\n7: eth1-04: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:aa:bb:cc brd ff:ff:ff:ff:ff:ff\n    RX:  bytes packets errors dropped  missed   mcast\n    812736482 6012002  90122       0       0     120\n    TX:  bytes packets errors dropped carrier collsns\n    51273648  412002       0       0       0       0\n',
    ['warning nic.receive-errors eth1-04'],
  ],
  [
    'ip -s link of what a container has',
    '2: eth0@if9: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n    link/ether 02:00:00:aa:bb:cc brd ff:ff:ff:ff:ff:ff\n    RX:  bytes packets errors dropped  missed   mcast\n    812736482 6012002  90122       0       0     120\n',
    [],
  ],
  [
    'resets of an ENA by their reasons',
    '# ethtool -i ens5\ndriver: ena\nversion: 2.12.0g\nfirmware-version: \nbus-info: 0000:00:05.0\n# ethtool -S ens5\nNIC statistics:\n     total_resets: 4\n     missing_tx_cmpl: 3\n     admin_to: 1\n     queue_0_rx_cnt: 9300271\n',
    ['warning nic.resets ens5'],
  ],
  [
    'counters of functions that an interface lends out, which are not its own',
    '7: ens1f1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n    link/ether 02:00:00:aa:bb:cc brd ff:ff:ff:ff:ff:ff\n    RX: bytes  packets  errors  dropped missed  mcast\n    17496609   257835   0       67      0       792\n    vf 0     link/ether 02:00:00:aa:bb:cd brd ff:ff:ff:ff:ff:ff, spoof checking on\n    RX: bytes  packets  mcast   bcast   dropped\n    14069717   192865   0       192865  192865\n',
    [],
  ],
  [
    'conntrack -S of a node whose names are resolved late',
    'root@n1 ~ # conntrack -S\ncpu=0  searched=630 found=150 new=13 invalid=34 insert=134 insert_failed=92 drop=0 early_drop=0 error=0 search_restart=0\ncpu=1  searched=846 found=281 new=19 invalid=74 insert=192 insert_failed=107 drop=0 early_drop=0 error=0 search_restart=0\n',
    ['warning system.conntrack-drops'],
  ],
  [
    'conntrack -S that counts what is no loss',
    'cpu=0  found=96 invalid=336 ignore=2185350 insert=0 insert_failed=3 drop=0 early_drop=0 error=1 search_restart=403\n',
    [],
  ],
  [
    'ss -s with the ports of a busy proxy',
    'Total: 31022\nTCP:   30210 (estab 900, closed 29100, orphaned 12, timewait 29050)\n\nTransport Total     IP        IPv6\nTCP       1110      1100      10\n',
    ['warning system.ports-exhausted'],
  ],
  [
    'ss -s of an older iproute2',
    'Total: 2991 (kernel 7497)\nTCP:   32 (estab 8, closed 5, orphaned 0, synrecv 0, timewait 4/0), ports 0\n',
    [],
  ],
  [
    'mlxlink of a link with a bad cable',
    '# mlxlink -d mlx5_0 -p 1\n\nOperational Info\n----------------\nState                           : Polling\nPhysical state                  : ETH_AN_FSM_ENABLE\n\nTroubleshooting Info\n--------------------\nStatus Opcode                   : 15\nRecommendation                  : Bad signal integrity.\n',
    ['warning nic.mlxlink-advice mlx5_0 port 1'],
  ],
  [
    'devlink health of a card whose firmware has an error, and of one that recovered from its own',
    '$ devlink health show\npci/0000:07:00.0:\n  reporter fw\n    state error error 7 recover 0\npci/0000:08:00.0/1:\n  reporter tx\n    state healthy error 2 recover 2 grace_period 500 auto_recover true auto_dump true\n',
    ['info nic.devlink-health pci/0000:08:00.0/1 tx', 'warning nic.devlink-health pci/0000:07:00.0 fw'],
  ],
  [
    'devlink health of cards that are well, as text without its command',
    'pci/0000:00:0a.0:\n  reporter fw\n    state healthy error 0 recover 0 auto_dump true\npci/0000:00:0a.0/1:\n  reporter tx\n    state healthy error 0 recover 0 grace_period 500 auto_recover true auto_dump true\n',
    [],
  ],
  [
    'devlink health as JSON',
    '$ devlink -j health show\n{"health":{"pci/0000:82:00.0":[{"reporter":"fw_fatal","state":"error","error":1,"recover":0,"grace_period":60000,"auto_recover":true}]}}\n',
    ['warning nic.devlink-health pci/0000:82:00.0 fw_fatal'],
  ],
  [
    'mlxlink of a link that is well, and of a port without a cable',
    '$ mlxlink -d mlx5_1\nOperational Info\n----------------\nState : Active\nTroubleshooting Info\nRecommendation : No issue was observed.\nEffective Physical Errors : 3\nEffective Physical BER : 15E-255\n$ mlxlink -d mlx5_2\nOperational Info\n----------------\nState : Disable\nRecommendation : Cable is unplugged.\n',
    [],
  ],
  [
    'numastat -m of a machine of which one node is used up',
    'Per-node system memory usage (in MBs):\n                          Node 0          Node 1           Total\n                 --------------- --------------- ---------------\nMemTotal                64215.30        64508.11       128723.41\nMemFree                   120.55        60100.20        60220.75\nActive(file)               10.00         2000.00         2010.00\nInactive(file)             12.00         1000.00         1012.00\n',
    ['warning memory.node-exhausted node0'],
  ],
  [
    'df alone, with options that nobody thought of',
    '$ df -h -t xfs\nFilesystem   Size   Used   Avail   Use%   Mounted   on\n/dev/rbd13   2.9G   2.9G   21M   100%   /bitnami/etcd\n/dev/sda2     20G    5G    15G    25%   /\n',
    ['critical disk.filesystem-full /bitnami/etcd'],
  ],
  [
    'mdadm --examine of a member whose array lacks another',
    "/dev/sdb1:\n          Magic : a92b4efc\n     Array UUID : 7c1ab85f:1f1d2b3d:3c6b2f4a:0f7fdd7e\n           Name : nas:0\n     Raid Level : raid6\n   Raid Devices : 6\n          State : clean\n         Events : 93413\n   Device Role : Active device 1\n    Array State : .AAAAA ('A' == active, '.' == missing, 'R' == replacing)\n/dev/sdc1:\n          Magic : a92b4efc\n     Array UUID : 7c1ab85f:1f1d2b3d:3c6b2f4a:0f7fdd7e\n           Name : nas:0\n     Raid Level : raid6\n         Events : 120\n    Array State : AAAAAA ('A' == active)\n",
    ['critical disk.md-degraded nas:0'],
  ],
  [
    'nvme list-subsys with a path that is lost',
    '# nvme list-subsys\nnvme-subsys8 - NQN=nqn.2014-08.org.nvmexpress:uuid:1\n\\\n +- nvme8 tcp traddr=192.0.2.1 trsvcid=4421 live \n +- nvme9 tcp traddr=192.0.2.1 trsvcid=4420 connecting \nnvme-subsys1 - NQN=nqn.1988-11.com.example:2\n\\\n +- (null) tcp traddr=192.0.2.2,trsvcid=4420 (null)\nnvme-subsys2 - NQN=nqn.1988-11.com.example:3\n\\\n +- nvme1 tcp traddr=192.0.2.3,trsvcid=4420 live non-optimized\n +- nvme2 pcie 0000:01:00.0 live\n',
    ['critical disk.nvme-path-down nvme-subsys1', 'warning disk.nvme-path-down nvme-subsys8'],
  ],
  [
    'nvme error-log, of which only errors of the medium count',
    'Error Log Entries for device:nvme1 entries:2\n.................\n Entry[ 0]   \nerror_count     : 812\nstatus_field    : 0x281(Unrecovered Read Error: The read data could not be recovered from the media)\n Entry[ 1]   \nstatus_field    : 0x2002(INVALID_FIELD: A reserved coded value or an unsupported value in a defined field)\n',
    ['warning disk.nvme-error-log nvme1'],
  ],
  [
    'crictl ps -a of a node whose etcd does not start',
    '$ sudo crictl ps -a\nCONTAINER           IMAGE               CREATED              STATE               NAME                ATTEMPT             POD ID              POD\nd74dba5631b89       a9e7e6b294baf       About a minute ago   Exited              etcd                16                  94622ba881744       etcd-n1\n471d75b135b5b       90e50eece96ef       9 days ago           Running             kube-proxy          39                  d2dd84f8db754       kube-proxy-n1\n',
    ['warning system.container-restarts etcd-n1/etcd'],
  ],
  [
    'crictl info of a node without a network plugin',
    '# crictl info\n{\n  "status": {\n    "conditions": [\n      {\n        "type": "RuntimeReady",\n        "status": true,\n        "reason": "",\n        "message": ""\n      },\n      {\n        "type": "NetworkReady",\n        "status": false,\n        "reason": "NetworkPluginNotReady",\n        "message": "cni plugin not initialized"\n      }\n    ]\n  }\n}\n',
    ['critical system.runtime-not-ready container runtime'],
  ],
  [
    'systemctl status of services, of which one failed',
    '● state-reporter.service - reports a level\n   Loaded: loaded (/usr/lib/systemd/system/state-reporter.service; enabled; vendor preset: disabled)\n   Active: failed (Result: exit-code) since Thu 2022-01-13 14:41:57 UTC; 6 days ago\n  Process: 14849 ExecStart=/usr/bin/python3 (code=exited, status=1/FAILURE)\n\n● docker.service - Docker\n   Active: active (running) since Wed 2020-06-10 11:03:49 CDT; 2 months ago\n',
    ['warning system.unit-failed state-reporter.service'],
  ],
  [
    'systemctl list-units below the prompt of a host with a long name',
    '[centos@envnewydd-cluster|worker|ip-10-99-42-67 ~]$ systemctl list-units --state=failed\n  UNIT            LOAD   ACTIVE SUB    DESCRIPTION\n● network.service loaded failed failed LSB: Bring up/down networking\n',
    ['warning system.unit-failed network.service'],
  ],
  [
    'storcli of a controller with a drive that failed',
    'CLI Version = 007.1017\nController = 0\nStatus = Success\nController Status = Optimal\nDG/VD TYPE  State Access Consist Cache Cac sCC       Size Name\n0/0   RAID1 Dgrd  RW     Yes     RWBD  -   ON  278.875 GB OS\n1/1   RAID6 Optl  RW     Yes     RWBD  -   ON    9.094 TB\nEID:Slt DID State DG       Size Intf Med SED PI SeSz Model\n252:0     9 Onln   0 278.875 GB SAS  HDD N   N  512B ST300\n252:1    10 Offln  0 278.875 GB SAS  HDD N   N  512B ST300\n252:2    11 GHS    - 278.875 GB SAS  HDD N   N  512B ST300\n',
    ['critical disk.raid-degraded 0/0', 'warning disk.raid-drive 252:1'],
  ],
  [
    'MegaCli of drives of which one is predicted to fail',
    'Adapter #0\nEnclosure Device ID: 32\nSlot Number: 3\nMedia Error Count: 12\nPredictive Failure Count: 4\nFirmware state: Online, Spun Up\nEnclosure Device ID: 32\nSlot Number: 4\nMedia Error Count: 0\nPredictive Failure Count: 0\nFirmware state: Online, Spun Up\nBBU status for Adapter: 0\nBattery State: Optimal\n  Battery Replacement required            : Yes\n',
    ['warning disk.raid-controller adapter 0', 'warning disk.raid-drive 32:3'],
  ],
  [
    'ssacli of an array without redundancy',
    'Smart Array P410i in Slot 0 (Embedded)\n   Controller Status: OK\n   Cache Status: OK\n   Battery/Capacitor Status: Failed (Replace Batteries)\n   array A\n      logicaldrive 1 (279.4 GB, RAID 1, Interim Recovery Mode)\n      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS, 300 GB, OK)\n      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS, 300 GB, Failed)\n',
    [
      'critical disk.raid-degraded logicaldrive 1',
      'warning disk.raid-controller Smart Array P410i in Slot 0 (Embedded)',
      'warning disk.raid-drive physicaldrive 1I:1:2',
    ],
  ],
  [
    'arcconf of an array that is well',
    'Controllers found: 1\nController information\n   Controller Status : Optimal\nLogical device information\nLogical device number 0\n   Status of logical device : Optimal\nPhysical Device information\n      Device #0\n         Device is a Hard drive\n         State : Online\n         S.M.A.R.T. warnings : 0\n',
    [],
  ],
  [
    'lvs of a thin pool that is full and of a RAID that lacks a member',
    '# lvs -a\n  LV                       VG    Attr       LSize    Pool    Origin Data%  Meta%  Move Log Cpy%Sync Convert\n  lvol                     lvmr5 Vwi-aotz-- 1010.00g thin_vg        52.70\n  thin_vg                  lvmr5 twi-aotz--  630.00g                97.50  11.35\n  [thin_vg_tdata]          lvmr5 Rwi-aor-p-  630.00g                                       99.05\n  root                     vg0   -wi-ao----   20.00g\n',
    ['critical disk.lvm-raid-degraded lvmr5/thin_vg_tdata', 'critical disk.thin-pool-full lvmr5/thin_vg'],
  ],
  [
    'lvs of volumes that are well, as pairs',
    "LVM2_LV_NAME='pool'|LVM2_VG_NAME='d'|LVM2_LV_ATTR='twi-a-t---'|LVM2_DATA_PERCENT='12.50'|LVM2_METADATA_PERCENT='3.10'\nLVM2_LV_NAME='root'|LVM2_VG_NAME='d'|LVM2_LV_ATTR='-wi-ao----'\n",
    [],
  ],
  [
    'btrfs device stats alone',
    '[/dev/sdb].write_io_errs    0\n[/dev/sdb].read_io_errs     118\n[/dev/sdb].flush_io_errs    0\n[/dev/sdb].corruption_errs  4\n[/dev/sdb].generation_errs  0\n[/dev/sdc].write_io_errs    0\n[/dev/sdc].read_io_errs     0\n[/dev/sdc].flush_io_errs    0\n[/dev/sdc].corruption_errs  0\n[/dev/sdc].generation_errs  0\n',
    ['critical disk.btrfs-errors btrfs device /dev/sdb'],
  ],
  [
    'counters of a stmmac whose driver counts packets by "rx_pkt_n"',
    '$ ethtool -S eth0\nNIC statistics:\n     mmc_rx_crc_error: 120\n     dribbling_bit: 7\n     rx_pkt_n: 900000\n     tx_pkt_n: 800000\n',
    ['warning nic.crc-errors eth0'],
  ],
  [
    'pmc of a clock that follows none and leads none',
    'sending: GET TIME_STATUS_NP\n\tmaster_offset              0\n\tgmPresent                  false\n\tgmIdentity                 000000.0000.000000\n',
    ['warning clock.ptp-not-locked ptp4l'],
  ],
  [
    'pmc of a clock that leads',
    'sending: GET TIME_STATUS_NP\n\tmaster_offset              0\n\tgmPresent                  false\n\tgmIdentity                 020000.fffe.000001\n',
    ['info clock.ptp-not-locked 020000.fffe.000001'],
  ],
  [
    'timedatectl of a machine whose time zone no file names',
    '$ timedatectl\n      Local time: Mon 2026-02-02 10:00:00 UTC\n  Universal time: Mon 2026-02-02 10:00:00 UTC\n        RTC time: Mon 2026-02-02 10:00:00\n       Time zone: n/a (UTC, +0000)\nSystem clock synchronized: yes\n     NTP service: active\n RTC in local TZ: no\n',
    [],
  ],
  [
    'a bond of which one member is listed that is not in the aggregator in use',
    '$ cat /proc/net/bonding/bond0\nEthernet Channel Bonding Driver: v5.15.0\n\nBonding Mode: IEEE 802.3ad Dynamic link aggregation\nMII Status: up\n\n802.3ad info\nActive Aggregator Info:\n\tAggregator ID: 4\n\tNumber of ports: 1\n\tPartner Mac Address: 02:00:00:00:00:6e\n\nSlave Interface: eth0\nMII Status: up\nSpeed: 1000 Mbps\nDuplex: full\nAggregator ID: 3\n',
    ['info nic.bond-one-member bond0', 'warning nic.lacp-aggregators bond0'],
  ],
  [
    'ipmitool over the network, of the machine that the text is kept with',
    '[root@n1 ~]# ipmitool -I lanplus -H 192.0.2.7 -p 623 -U ops -P secret -L OPERATOR sdr list full\nFAN1 | 0 RPM | cr\nFAN2 | 3400 RPM | ok\n',
    ['critical system.board-sensor FAN1'],
  ],
  [
    'hwclock --verbose of a machine whose battery is empty',
    '# hwclock --show --verbose\nhwclock from util-linux 2.37.2\nSystem Time: 1709812345.645123\nTrying to open: /dev/rtc0\nAssuming hardware clock is kept in UTC time.\n...got clock tick\nTime read from Hardware Clock: 2024/03/07 11:51:25\n2024-03-07 12:51:24.645123+01:00\n',
    ['warning clock.rtc-offset'],
  ],
  [
    'netstat -i of an interface that drops what it receives',
    'Kernel Interface table\nIface       MTU Met    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\neth0       1500   0   422518  90000      0      0     1703      0      0      0 BMRU\nlo        65536   0        0      0      0      0        0      0      0      0 LRU\n',
    ['critical nic.receive-errors eth0'],
  ],
  [
    'flags of a module without its values',
    '$ ethtool -m eth4 | grep -e Identifier -e Vendor -e "On$"\n\tIdentifier                                : 0x03 (SFP)\n\tVendor name                               : MAKER\n\tLaser rx power low alarm                  : On\n\tLaser rx power low warning                : On\n',
    ['warning nic.module-rx-power eth4'],
  ],
  [
    'flags of a module that says everything at once',
    '$ ethtool -m eth4\n\tIdentifier                                : 0x03 (SFP)\n\tVendor name                               : MAKER\n\tLaser rx power high alarm                 : On\n\tLaser rx power low alarm                  : On\n\tModule temperature high alarm             : On\n\tModule temperature low alarm              : On\n',
    [],
  ],
] as const)
  test(`what is found in ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

test('what could not be understood is no word of health: checks on it could not run, and say why', async () => {
  for (const [name, text, check, why] of [
    [
      'ntpq_-p.txt',
      'localhost: timed out, nothing received\n',
      'clock.not-synchronised',
      /nothing tells whether the clock is set/,
    ],
    [
      'ras-mc-ctl_--summary.txt',
      'ERROR: rasdaemon is not running\n',
      'memory.uncorrected-errors',
      /not in the captured/,
    ],
    [
      'mdadm_--detail_md0.txt',
      'mdadm: must be super-user to perform this action\n',
      'disk.md-degraded',
      /mdadm failed: .*super-user|not in the captured/,
    ],
    [
      'ipmitool_sensor.txt',
      'Could not open device at /dev/ipmi0\n',
      'system.board-sensor',
      /not in the captured/,
    ],
    [
      'etcdctl_endpoint_health.txt',
      'etcdctl: command not found\n',
      'system.etcd-unhealthy',
      /etcdctl failed: .*not found/,
    ],
    [
      'kubectl_get_nodes.txt',
      'The connection to the server was refused\n',
      'system.kubernetes-node',
      /kubectl failed: The connection/,
    ],
  ] as const) {
    const root = newRoot();
    writeFileSync(join(root, name), text);
    const { findings, checks } = await reportOf(CHECKS, new CapturedMachine(root));
    assert.deepEqual(findings, [], name);
    const is = checks.find(({ id }) => id === check);
    assert.notEqual(is?.status, 'ok', name);
    assert.match(is?.reason ?? '', why, name);
  }
});
