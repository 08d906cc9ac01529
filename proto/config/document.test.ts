/** Documents: what one can say, and that each mistake is told with its place. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../failure.ts';
import { documentSchema, parseDocument } from './document.ts';

const HEAD = 'apiVersion: nodectl.dev/v1\nkind: Node\n';

function problems(body: string): string {
  try {
    parseDocument(HEAD + body, 'node.yaml');
    return '';
  } catch (error) {
    const failure = Failure.from(error);
    assert.equal(failure.reason, 'BAD_DOCUMENT');
    return failure.message;
  }
}

test('a document of every section', () => {
  const { document, yaml } = parseDocument(`${HEAD}
hostname: web-1
labels: { rack: 7 }
network:
  interfaces: { eth0: {}, eth1: { mtu: 9000 } }
  bonds:
    bond0: { members: [eth0, eth1], mode: 802.3ad, addresses: [192.0.2.7/24], routes: [{ to: default, via: 192.0.2.1 }] }
  vlans: { bond0.10: { parent: bond0, id: 10, addresses: ['2001:db8::7/64'] } }
time: { servers: [{ address: ntp1.example.org }], makeStep: { thresholdSeconds: 1, limit: 3 }, timezone: Etc/UTC }
kernel: { sysctls: { net.core.somaxconn: 4096 }, modules: { br_netfilter: {} }, commandLine: [quiet, mitigations=auto] }
storage: { mounts: { /data: { source: LABEL=data, type: xfs, options: [noatime] } } }
services: { chrony.service: { enabled: true, dropIns: { limits.conf: "[Service]\\nLimitNOFILE=1024\\n" } } }
files: { /etc/motd: { content: "hello\\n" } }
users: { deploy: { groups: [adm] } }
ssh: { enabled: false }
health: { api: { tcp: '127.0.0.1:6443' } }
upgrades: { confirm: manual }
drift: { policy: correct }
diagnostics: { thresholds: { clock.offset: { warning: 0.01 } } }
`);
  assert.equal(document.labels?.rack, '7');
  assert.equal(document.kernel?.sysctls?.['net.core.somaxconn'], '4096');
  assert.equal(yaml.place(['files', '/etc/motd']), 'document:15:10');
});

test('what is wrong is told with line, column and path', () => {
  assert.match(
    problems('hostnam: a'),
    /^node\.yaml:3:1: .*hostnam.*; there are: apiVersion, kind, hostname,/,
  );
  assert.match(
    problems('time:\n  servers: [{address: ntp.example.org, prefered: true}]'),
    /^node\.yaml:4:40: time\.servers\.0: .*"prefered"; there are: address, iburst, .*prefer, nts$/,
  );
  assert.match(problems('files:\n  etc/motd: {content: a}'), /^node\.yaml:3:1|^node\.yaml:4:3/);
  assert.match(problems('files:\n  /etc/../shadow: {content: a}'), /absolute path|Invalid key/);
  assert.match(
    problems('files:\n  /etc/motd: {}'),
    /^node\.yaml:4:3: files\.\/etc\/motd: write exactly one of/,
  );
  assert.match(
    problems('network:\n  vlans:\n    v1: {parent: eth9, id: 1}'),
    /^node\.yaml:5:10: network\.vlans\.v1\.parent: there is no interface "eth9"/,
  );
  assert.match(problems('kernel: {sysctls: {a.b: "1\\n2"}}'), /single line/);
  assert.match(problems('services: {chrony: {enabled: true}}'), /services/);
  assert.match(problems('health: {a: {tcp: "h:1", unit: a.service}}'), /exactly one/);
  assert.match(problems('a: 1\na: 2'), /^node\.yaml:4:1: "a" is there twice/);
});

test('a threshold that can be none is refused with its place', () => {
  assert.match(
    problems('diagnostics:\n  thresholds:\n    clock.offset: { warning: -1 }'),
    /^node\.yaml:5:\d+: diagnostics\.thresholds\.clock\.offset\.warning: /,
  );
});

test('interfaces: members of two, members of themselves, circles', () => {
  assert.match(
    problems(
      'network: {interfaces: {a: {}}, bonds: {b: {members: [a], mode: active-backup}}, bridges: {c: {members: [a]}}}',
    ),
    /"a" is a member of "b" already/,
  );
  assert.match(problems('network: {bridges: {c: {members: [c]}}}'), /part of itself/);
  assert.match(problems('network: {vlans: {a: {parent: b, id: 1}, b: {parent: a, id: 2}}}'), /circle/);
  assert.match(
    problems('network: {interfaces: {a: {}}, bridges: {a: {members: []}}}'),
    /"a" is in interfaces too/,
  );
});

test('there is a JSON Schema for editors', () => {
  const schema = documentSchema();
  assert.ok(JSON.stringify(schema).includes('"nodectl.dev/v1"'));
});
