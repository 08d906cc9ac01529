/** Documents that say what no node should do, and what could cut a node off. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { compile } from './compile.ts';
import type { Resource } from './resource.ts';

const sealKey = { unsealer: async () => () => Buffer.from('secret') };
const resources = (body: object): Promise<readonly Resource[]> =>
  compile(JSON.stringify({ apiVersion: 'nodectl.dev/v1', kind: 'Node', ...body }), {
    sealKey,
    has: () => false,
  });
const refused = (body: object, why: RegExp) =>
  assert.rejects(
    () => resources(body),
    (error) => Failure.from(error).reason === 'BAD_DOCUMENT' && why.test(Failure.from(error).message),
    JSON.stringify(body),
  );

test('files of the kernel, paths with dots, control characters', async () => {
  for (const path of ['/proc/sysrq-trigger', '/sys/power/state', '/dev/sda', '/dev', '/proc'])
    await refused({ files: { [path]: { content: '' } } }, /files of the kernel/);
  for (const path of [
    'etc/x',
    '/etc/../x',
    '/etc//x',
    '/etc/x/',
    '/etc/./x',
    '/',
    '/etc/\x1b[2J',
    '/etc/a\nb',
    '/etc/\x7f',
    `/${'x'.repeat(5_000)}`,
  ])
    await refused({ files: { [path]: { content: '' } } }, /path|Too big/);
  // Names that only begin like it.
  assert.equal((await resources({ files: { '/process': { content: '' } } })).length, 5);
});

test('sysctls stay below /proc/sys', async () => {
  for (const name of [
    '..',
    '../x',
    'net/../../x',
    'net..x',
    '/etc/passwd',
    'net.core.',
    'net.core/../x',
    'a',
    'kernel.x y',
    'net.\n.x',
  ])
    await refused({ kernel: { sysctls: { [name]: '1' } } }, /sysctls/);
  for (const value of ['1\n2', 'a\rb', 'x\0'])
    await refused({ kernel: { sysctls: { 'vm.swappiness': value } } }, /sysctls/);
  const paths = (
    await resources({
      kernel: { sysctls: { 'net.ipv4.conf.eth0/100.forwarding': 1, 'net/ipv4/conf/eth0.1/rp_filter': 0 } },
    })
  ).map(({ id }) => id);
  assert.ok(paths.includes('sysctl/net.ipv4.conf.eth0/100.forwarding'));
});

test('the agent does not stop or restart itself', async () => {
  await refused({ services: { 'nodectl-agent.service': { started: false } } }, /agent/);
  await refused({ files: { '/etc/x': { content: '', restarts: ['nodectl-agent.service'] } } }, /agent/);
});

test('units: names that lead elsewhere, and texts in which a percent sign is one', async () => {
  for (const name of [
    '../x.service',
    'a/b.service',
    'x',
    'x.conf',
    `${'x'.repeat(300)}.service`,
    'a b.service',
    '%n.service',
    '-x',
  ])
    await refused({ services: { [name]: { enabled: true } } }, /services/);
  await refused({ services: { 'a.service': { dropIns: { '../../x': '[Service]\n' } } } }, /plain file name/);
  await refused({ services: { 'a.service': { unit: 'no section' } } }, /section/);
  await refused({ storage: { mounts: { '/data': { source: 'a\nb', type: 'ext4' } } } }, /source/);
  await refused(
    { storage: { mounts: { '/data': { source: 'x', type: 'ext4', options: ['a,b'] } } } },
    /options/,
  );
});

test('one thing is decided on once', async () => {
  await refused(
    { hostname: 'a', files: { '/etc/hostname': { content: 'b' } } },
    /two sections.*\/etc\/hostname/,
  );
  await refused({ ssh: { enabled: true }, services: { 'ssh.service': { started: false } } }, /two sections/);
  await refused({ files: { '/etc/a': { content: '' }, '/etc/a/b': { content: '' } } }, /makes a file/);
  await refused(
    {
      network: { interfaces: { eth0: {} } },
      files: { '/etc/systemd/network/10-nodectl-eth0.network': { content: '' } },
    },
    /two sections/,
  );
});

test('what could cut the connection is known as such', async () => {
  const risky = async (body: object) =>
    (await resources({ ssh: { enabled: true }, ...body }))
      .filter(({ risksConnection }) => risksConnection)
      .map(({ id }) => id);
  for (const [body, id] of [
    [{ files: { '/etc/nftables.conf': { content: '' } } }, 'file//etc/nftables.conf'],
    [{ files: { '/etc/nodectl/agent.yaml': { content: '' } } }, 'file//etc/nodectl/agent.yaml'],
    [{ files: { '/etc/x': { content: '', restarts: ['nftables.service'] } } }, 'file//etc/x'],
    [{ services: { 'systemd-networkd.service': { started: false } } }, 'unit/systemd-networkd.service'],
    [{ kernel: { sysctls: { 'net.ipv4.conf.all.rp_filter': 1 } } }, 'sysctl/net.ipv4.conf.all.rp_filter'],
  ] as const)
    assert.ok((await risky(body)).includes(id), id);
  assert.deepEqual(
    await risky({
      files: { '/etc/motd': { content: '' } },
      kernel: { sysctls: { 'net.core.somaxconn': 1 } },
    }),
    [],
  );
});
