/** A machine is described, the description is valid, and secrets are not in it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveMachine } from '../host/live-machine.ts';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { capture } from './capture.ts';

const net = (name: string, more: Record<string, string> = {}) =>
  Object.entries({ mtu: '1500\n', ...more }).map(
    ([file, text]) => [`sys/class/net/${name}/${file}`, text] as const,
  );
const address = (ifname: string, local: string, prefixlen: number, more = {}) => ({
  ifname,
  addr_info: [{ local, prefixlen, scope: 'global', ...more }],
});

const machine = new MemoryMachine({
  files: new Map([
    ['etc/hostname', 'Web-1\n'],
    [
      'etc/chrony/chrony.conf',
      'server ntp1.example.org iburst\npool pool.example.org\nmakestep 1 3\nrtcsync\n',
    ],
    ['etc/sysctl.d/local.conf', '# ours\nvm.swappiness = 10\n-net.core.somaxconn=4096\n'],
    ['etc/modules-load.d/x.conf', 'br_netfilter\n# no\n'],
    [
      'etc/fstab',
      'UUID=1 / ext4 defaults 0 1\nLABEL=data /data xfs defaults,noatime 0 2\n//nas/x /mnt cifs user=a,password=hunter2 0 0\n',
    ],
    ['etc/passwd', 'root:x:0:0::/root:/bin/sh\ndeploy:x:1000:1000::/home/deploy:/bin/bash\n'],
    ['etc/group', 'adm:x:4:deploy\n'],
    ['etc/shadow', 'deploy:$6$secret:1::::::\n'],
    ['home/deploy/.ssh/authorized_keys', `ssh-ed25519 ${'A'.repeat(40)} me\n`],
    ...net('lo'),
    ...net('eth0', { 'device/vendor': '0x1' }),
    ...net('eth1', { 'device/vendor': '0x1' }),
    ...net('bond0', { mtu: '9000\n', 'bonding/slaves': 'eth0 eth1\n', 'bonding/mode': '802.3ad 4\n' }),
    ...net('bond0.10'),
    ...net('docker0', { 'bridge/stp_state': '0', 'brif/veth1': '' }),
    ['proc/net/vlan/config', 'VLAN Dev name    | VLAN ID\nName-Type: x\nbond0.10       | 10  | bond0\n'],
  ]),
  links: new Map([['etc/localtime', '/usr/share/zoneinfo/Etc/UTC']]),
  tools: new Map([
    [
      'ip -json address show',
      JSON.stringify([
        address('bond0', '192.0.2.7', 24),
        address('bond0.10', '198.51.100.9', 24, { dynamic: true }),
      ]),
    ],
    [
      'ip -json route show',
      JSON.stringify([
        { dst: 'default', gateway: '192.0.2.1', dev: 'bond0', protocol: 'static' },
        { dst: '192.0.2.0/24', dev: 'bond0', protocol: 'kernel' },
      ]),
    ],
    ['ip -json -6 route show', ''],
    [
      'systemctl list-unit-files --no-legend --no-pager --state=enabled,masked --type=service,timer,socket',
      'chrony.service enabled enabled\nsystemd-resolved.service enabled enabled\nfoo.service masked enabled\nssh.service enabled enabled\n',
    ],
    ['systemctl is-enabled -- ssh.service', 'enabled\n'],
  ]),
});

test('a machine of every section', async () => {
  const { document, leftOut } = await capture(machine);
  assert.deepEqual(document, {
    apiVersion: 'nodectl.dev/v1',
    kind: 'Node',
    hostname: 'web-1',
    network: {
      interfaces: { eth0: {}, eth1: {} },
      bonds: {
        bond0: {
          members: ['eth0', 'eth1'],
          mode: '802.3ad',
          mtu: 9000,
          addresses: ['192.0.2.7/24'],
          routes: [{ to: 'default', via: '192.0.2.1' }],
        },
      },
      vlans: { 'bond0.10': { parent: 'bond0', id: 10, dhcp: 'yes' } },
    },
    time: {
      servers: [{ address: 'ntp1.example.org' }],
      pools: [{ address: 'pool.example.org', iburst: false }],
      makeStep: { thresholdSeconds: 1, limit: 3 },
      timezone: 'Etc/UTC',
    },
    kernel: {
      sysctls: { 'vm.swappiness': '10', 'net.core.somaxconn': '4096' },
      modules: { br_netfilter: {} },
    },
    storage: { mounts: { '/data': { source: 'LABEL=data', type: 'xfs', options: ['noatime'] } } },
    services: { 'chrony.service': { enabled: true }, 'foo.service': { masked: true } },
    users: {
      deploy: {
        ...{ uid: 1000, shell: '/bin/bash', home: '/home/deploy', groups: ['adm'] },
        sshKeys: [`ssh-ed25519 ${'A'.repeat(40)} me`],
      },
    },
    ssh: { enabled: true },
  });
  assert.doesNotMatch(JSON.stringify([document, leftOut]), /hunter2|secret/);
  assert.equal(leftOut.filter((one) => /docker0|password/.test(one)).length, 2);
});

test('this machine can be described', async () => {
  const { document } = await capture(new LiveMachine());
  assert.equal(document.kind, 'Node');
});
