/** What sections make of a document: texts of files, names of units, values in the kernel. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { HostFiles } from '../../host/host-files.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import type { ToolOutput } from '../../host/machine.ts';
import { compile } from '../compile.ts';
import { makePlan } from '../plan.ts';
import type { ConfigHost } from '../resource.ts';
import { NodeSealKey } from '../seal-key.ts';
import { sysctlPath } from './host.ts';
import { escapedPath } from './services.ts';

const root = mkdtempSync(join(tmpdir(), 'nodectl-sections-'));
after(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The folder as a machine, whose systemd has units of a few names and remembers what it was told. */
class Host extends LiveMachine {
  readonly told: string[] = [];
  readonly units = new Map([
    ['chrony.service', { file: 'disabled', active: 'inactive' }],
    ['ssh.service', { file: 'enabled', active: 'active' }],
  ]);

  override async run(program: string, args: readonly string[]): Promise<ToolOutput> {
    const words = args.filter((one) => !one.startsWith('--'));
    const [verb = '', name = ''] = words;
    const unit = this.units.get(name);
    if (verb === 'show') {
      const load = unit ? 'loaded' : 'not-found';
      const stdout = `LoadState=${load}\nActiveState=${unit?.active ?? 'inactive'}\nUnitFileState=${unit?.file ?? ''}\n`;
      return { code: 0, stdout, stderr: '' };
    }
    this.told.push([program, ...words].join(' '));
    if (program === 'useradd')
      put(
        'etc/passwd',
        `root:x:${process.getuid?.()}:0::/:/bin/sh\n${words.at(-1)}:x:${process.getuid?.()}:1::/home/${words.at(-1)}:/usr/sbin/nologin\n`,
      );
    if (program === 'useradd')
      put(
        'etc/group',
        `root:x:${process.getgid?.()}:\n${words.at(-1)}:x:${process.getgid?.()}:\nadm:x:4:${words.at(-1)}\n`,
      );
    // networkd makes the devices of its files, and takes none away that it is not told to.
    if (program === 'networkctl' && verb === 'reload')
      for (const file of this.list('etc/systemd/network')) {
        const made = /^10-nodectl-(.+)\.netdev$/.exec(file)?.[1];
        if (made) put(`sys/class/net/${made}/mtu`, '1500\n');
      }
    if (unit && verb === 'enable') unit.file = 'enabled';
    if (unit && verb === 'start') unit.active = 'active';
    if (unit && verb === 'mask') Object.assign(unit, { file: 'masked', active: 'inactive' });
    return { code: 0, stdout: '', stderr: '' };
  }
}

const machine = new Host(root);
const host: ConfigHost = { machine, files: new HostFiles(root) };
const sealKey = new NodeSealKey(join(root, 'seal.key'), 'web-1');
const context = { sealKey, has: (path: string) => machine.has(path.slice(1)) };
const resources = (body: object) =>
  compile(JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', ...body }), context);

async function apply(body: object): Promise<string[]> {
  const { changes } = await makePlan(await resources(body), host);
  for (const { resource } of changes) await resource.apply(host);
  const named = changes
    .flatMap(({ resource }) => resource.activates)
    .find(({ id }) => id === 'networkd/reload');
  await named?.run(host, new AbortController().signal);
  const left = await makePlan(await resources(body), host);
  assert.deepEqual(
    left.changes.map(({ resource }) => resource.id),
    [],
  );
  return changes.map(({ resource }) => resource.id);
}

put('etc/passwd', `root:x:${process.getuid?.()}:0::/:/bin/sh\n`);
put('etc/group', `root:x:${process.getgid?.()}:\n`);
put('proc/sys/kernel/hostname', 'localhost\n');
put('proc/sys/net/ipv4/tcp_rmem', '4096\t131072\t6291456\n');
put('proc/sys/net/core/somaxconn', '128\n');
put('sys/module/br_netfilter/refcnt', '0\n');
for (const name of ['eth0', 'eth1', 'lo']) put(`sys/class/net/${name}/mtu`, '1500\n');

test('hostname and sysctls: the file for the next boot, and the kernel now', async () => {
  machine.units.delete('ssh.service');
  const body = {
    hostname: 'web-1',
    kernel: {
      sysctls: { 'net.ipv4.tcp_rmem': '4096 131072 6291456', 'net.core.somaxconn': 4096 },
      modules: { br_netfilter: {} },
    },
  };
  const changed = await apply(body);
  assert.ok(changed.includes('sysctl/net.core.somaxconn'));
  // Blanks and tabs are the same to the kernel.
  assert.ok(!changed.includes('sysctl/net.ipv4.tcp_rmem'));
  assert.equal(readFileSync(join(root, 'proc/sys/net/core/somaxconn'), 'utf8'), '4096\n');
  assert.match(
    readFileSync(join(root, 'etc/sysctl.d/90-nodectl.conf'), 'utf8'),
    /^net\.core\.somaxconn = 4096$/m,
  );
  assert.equal(readFileSync(join(root, 'etc/hostname'), 'utf8'), 'web-1\n');
});

test('the command line: words of what kernel-install reads, added and taken away again, or GRUB’s own file', async () => {
  const body = (...commandLine: string[]) => ({ kernel: { commandLine } });
  const [grub] = await resources(body('quiet'));
  assert.equal(grub?.id, 'file//etc/default/grub.d/90-nodectl.cfg');
  put('etc/kernel/cmdline', '# of the image\nroot=LABEL=root ro quiet\n');
  put('lib/modules/6.1.0-1/modules.dep', '');
  put('boot/vmlinuz-6.1.0-1', '');
  const text = () => readFileSync(join(root, 'etc/kernel/cmdline'), 'utf8');
  const wanted = body('quiet', 'mitigations=auto', 'panic=5');
  const { changes, effect } = await makePlan(await resources(wanted), host);
  const added = changes.filter(({ resource }) => resource.id.startsWith('command-line/'));
  assert.deepEqual(
    [effect, added.map(({ resource }) => resource.id)],
    ['reboot', ['command-line/mitigations=auto', 'command-line/panic=5']],
  );
  for (const { resource } of added) await resource.apply(host);
  assert.equal(text(), '# of the image\nroot=LABEL=root ro quiet mitigations=auto panic=5\n');
  const { signal } = new AbortController();
  for (const one of added[0]?.resource.activates ?? []) await one.run(host, signal);
  assert.equal(machine.told.at(-1), 'kernel-install add 6.1.0-1 /boot/vmlinuz-6.1.0-1');
  for (const { resource, before } of added) await resource.restore(host, before);
  assert.equal(text(), '# of the image\nroot=LABEL=root ro quiet\n');
  rmSync(join(root, 'etc/kernel/cmdline'));
});

test('sshd is masked where the document says nothing of it, and left alone where it is wanted', async () => {
  machine.units.set('ssh.service', { file: 'enabled', active: 'active' });
  assert.deepEqual(await apply({}), ['unit/ssh.service']);
  assert.ok(machine.told.some((line) => line.startsWith('systemctl mask ssh.service')));
  machine.units.set('ssh.service', { file: 'enabled', active: 'active' });
  assert.deepEqual(await apply({ ssh: { enabled: true } }), []);
});

test('services and their drop-ins, time, mounts', async () => {
  const body = {
    ssh: { enabled: true },
    services: {
      'chrony.service': {
        enabled: true,
        started: true,
        dropIns: { limits: '[Service]\nLimitNOFILE=1024\n' },
      },
    },
    time: { servers: [{ address: '192.0.2.11', nts: true }], makeStep: { thresholdSeconds: 0.5, limit: -1 } },
  };
  const changed = await apply(body);
  assert.deepEqual(changed.sort(), [
    'file//etc/chrony/chrony.conf',
    'file//etc/systemd/system/chrony.service.d/limits.conf',
    'unit/chrony.service',
  ]);
  const chrony = readFileSync(join(root, 'etc/chrony/chrony.conf'), 'utf8');
  assert.match(chrony, /^server 192\.0\.2\.11 iburst nts$/m);
  assert.match(chrony, /^makestep 0\.5 -1$/m);
});

test('network: files of networkd, and what takes them up', async () => {
  machine.units.set('systemd-networkd.service', { file: 'enabled', active: 'active' });
  const changed = await apply({
    ssh: { enabled: true },
    network: {
      interfaces: { eth0: { match: { macAddress: '02:00:5e:00:00:01' } }, eth1: { mtu: 9000 } },
      bonds: {
        bond0: {
          members: ['eth0', 'eth1'],
          mode: '802.3ad',
          addresses: ['192.0.2.7/24'],
          routes: [{ to: 'default', via: '192.0.2.1' }],
        },
      },
      vlans: { 'bond0.10': { parent: 'bond0', id: 10, dhcp: 'ipv4' } },
      dns: { servers: ['192.0.2.53'], search: ['example.org'] },
    },
  });
  assert.ok(changed.includes('network//etc/systemd/network/10-nodectl-bond0.netdev'));
  // A bond that was not there goes when it is put back: networkd takes none away by itself.
  const bond = (
    await resources({
      network: { bonds: { bond0: { members: ['eth0'], mode: '802.3ad' } }, interfaces: { eth0: {} } },
    })
  ).find(({ id }) => id === 'netdev/bond0');
  await bond?.restore(host, false);
  assert.ok(machine.told.includes('networkctl delete bond0'));
  const read = (name: string) =>
    readFileSync(join(root, 'etc/systemd/network', `10-nodectl-${name}`), 'utf8').split('\n');
  assert.deepEqual(read('eth0.link').slice(2), [
    '[Match]',
    'MACAddress=02:00:5e:00:00:01',
    '',
    '[Link]',
    'Name=eth0',
    '',
  ]);
  assert.ok(read('eth1.network').includes('Bond=bond0') && read('eth1.network').includes('MTUBytes=9000'));
  assert.ok(
    read('bond0.network').includes('VLAN=bond0.10') && read('bond0.network').includes('Address=192.0.2.7/24'),
  );
  assert.ok(
    read('bond0.network').includes('Gateway=192.0.2.1') &&
      read('bond0.network').includes('Destination=0.0.0.0/0'),
  );
  assert.ok(read('bond0.10.netdev').includes('Id=10'));
  assert.match(readFileSync(join(root, 'etc/resolv.conf'), 'utf8'), /^nameserver 192\.0\.2\.53$/m);
  await assert.rejects(
    apply({ network: { interfaces: { eth7: {} } } }),
    /no interface "eth7"; it has .*eth0, eth1/,
  );
  machine.units.set('NetworkManager.service', { file: 'enabled', active: 'active' });
  await assert.rejects(apply({ network: { interfaces: { eth1: {} } } }), /NetworkManager runs/);
  machine.units.delete('NetworkManager.service');
});

test('users: the account, and its keys in a file of its own', async () => {
  const key = `ssh-ed25519 ${'A'.repeat(60)}= me`;
  const changed = await apply({
    ssh: { enabled: true },
    users: { deploy: { groups: ['adm'], sshKeys: [key] } },
  });
  assert.deepEqual(changed, ['user/deploy', 'file//home/deploy/.ssh/authorized_keys']);
  assert.ok(machine.told.some((line) => /^useradd .*adm deploy$/.test(line)));
  assert.equal(readFileSync(join(root, 'home/deploy/.ssh/authorized_keys'), 'utf8'), `${key}\n`);
});

test('names of sysctls and of mount units', (t) => {
  assert.equal(sysctlPath('net.ipv4.conf.eth0/100.forwarding'), 'net/ipv4/conf/eth0.100/forwarding');
  assert.equal(sysctlPath('net/ipv4/conf/eth0.100/forwarding'), 'net/ipv4/conf/eth0.100/forwarding');
  const paths = ['/', '/data', '/srv/my data', '/a-b/.c', '/ü', '/.x'];
  const { status, stdout } = spawnSync('systemd-escape', ['--path', ...paths], { encoding: 'utf8' });
  if (status !== 0) return t.skip('systemd-escape is not there');
  assert.deepEqual(paths.map(escapedPath), stdout.trim().split(' '));
});

test('what the agent heeds itself changes nothing on the machine', async () => {
  const heeded = { upgrades: { confirm: 'manual' }, drift: { policy: 'report' }, labels: { rack: 'a' } };
  const ids = async (document: object) => (await resources(document)).map(({ id }) => id);
  assert.deepEqual(await ids(heeded), await ids({}));
});
