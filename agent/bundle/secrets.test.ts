/** Secrets in texts and files: what is taken out, what is left as it was, and how long it takes at worst. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecretFile } from './secret-files.ts';
import { longWithoutSecrets, withoutSecrets } from './secrets.ts';

/** Texts with a secret, which is always the same so that one sees it. */
const S = 'Zu7kaeP9-hohX3eiqu';
const LINES = [
  `password=${S}`,
  `Password: ${S}`,
  `  wifi.psk = "${S}"`,
  `"client_secret": "${S}",`,
  `{"token":"${S}","x":1}`,
  `api_key: '${S}'`,
  `MYSQL_ROOT_PASSWORD=${S} other=1`,
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${S}\n${S}\n-----END OPENSSH PRIVATE KEY-----`,
  `-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,00\n\n${S}`,
  `Authorization: Bearer ${S}`,
  `authorization: basic ${S}`,
  `curl -H "Authorization: token ${S}"`,
  `https://user:${S}@example.org/path`,
  `proxy=http://svc:${S}@10.0.0.1:3128/`,
  `kubelet --bootstrap-token ${S} --v=2`,
  `agent --token=${S}`,
  `agent\0--api-key\0${S}\0-v`,
  `nctl_${S}`,
  `rd.iscsi.password=${S} quiet`,
  `SecureOn password: ${S}`,
  `snmp community=${S}`,
  `secret-access-key ${'='} ${S}`,
  `root:$6$rounds=5000$abc$${'x'.repeat(20)}${S.replaceAll('-', '')}:19000:0`,
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${S}`,
  `<userPassword>${S}</userPassword>`,
  `hvs.CAESI${S}${S}`,
  `npm_${S.replaceAll('-', '').repeat(3)}`,
  `dckr_pat_${S}-abcd`,
  `sk-ant-${S}-${S}`,
  `ghp_${'a'.repeat(30)}${S.replaceAll('-', '')}`,
  // Proxies, and URLs that are secrets.
  ...[
    `http_proxy=http://user:p@${S}@proxy:3128`,
    `http://user:${S}/x@proxy:80/`,
    `https://${S}@git.example.org/x`,
  ],
  ...[`https://hooks.slack.com/services/T000/B000/${S.replaceAll('-', '')}`, `https://x/c?sv=1&sig=${S}%3D`],
  // Headers, as servers, clients and Go write them.
  ...[
    `Proxy-Authorization: NTLM ${S}`,
    `map[Authorization:[Bearer ${S}]]`,
    `{"authorization":["Basic ${S}"]}`,
  ],
  ...[`Authorization: Digest username="x", response="${S}"`, `Set-Cookie: sid=${S}; Path=/`],
  // Keys of chrony, WireGuard and routers; communities of SNMP.
  ...[`1 SHA256 HEX:${S}`, `25 MD5 ${S}`, `  preshared key: ${S}`, `PrivateKey = ${S}`, `private-key ${S}`],
  ...[`rocommunity ${S} 10.0.0.0/8`, `com2sec local localhost ${S}`, `snmp-server community ${S} RO`],
  ...[`snmpwalk -v3 -u u -A ${S} -X ${S} host`, `snmpget -v2c -c ${S} host`, `createUser admin SHA ${S}`],
  ...[`neighbor 10.0.0.1 password ${S}`, `message-digest-key 1 md5 ${S}`, ` key-string ${S}`],
  // A key in one line, as JSON and YAML have it, and encoded once more.
  `key: "-----BEGIN RSA PRIVATE KEY-----\\n${S}\\n-----END RSA PRIVATE KEY-----\\n"`,
  `-----BEGIN EC PRIVATE KEY----- ${S} -----END EC PRIVATE KEY-----`,
  `LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo${S.replaceAll('-', '')}`,
  // What is typed, and configurations of servers.
  ...[
    `sshpass -p ${S} ssh x`,
    `mysql -uroot -p${S} x`,
    `curl -u admin:${S} https://x`,
    `ipmitool -U a -P ${S} sel`,
  ],
  ...[`echo "root:${S}" | chpasswd`, `MYSQL_PWD=${S}`, `ansible_become_pass: ${S}`, `requirepass ${S}`],
  ...[
    `password for root set to ${S}`,
    `join token is "${S}"`,
    `{"r.io":{"auth":"${S.replaceAll('-', '')}=="}}`,
  ],
  // Arguments as /proc has them, other programs, lists of users.
  ...[`sshpass\0-p\0${S}\0ssh`, `ipmitool -U a -P${S} sel`, `ipmitool\0-P\0${S}\0sel`, `zip -P ${S} x.zip y`],
  ...[`redis-cli -a ${S} ping`, `smbclient //h/s -U ada%${S}`, `openssl rsa -passin pass:${S} -in x`],
  ...[`curl\0-u\0admin:${S}\0https://x`, `chpasswd <<< 'root:${S}'`],
  `chpasswd:\n  expire: false\n  list: |\n    root:${S}\n    ada:${S}\nruncmd:`,
  ...[
    `luks key: ${S}`,
    `Recovery key: ${S}`,
    `authenticated with token ${S}`,
    `joining by abcdef.0123456789abcdef`,
  ],
];

test('a secret is taken out of whatever it stands in', () => {
  for (const line of LINES) {
    const clean = withoutSecrets(`before\n${line}\nafter`);
    for (const secret of [S, S.replaceAll('-', ''), '0123456789abcdef'])
      assert.ok(!clean.includes(secret), `${line} became ${clean}`);
    assert.match(clean, /\[redacted\]/);
    assert.match(clean, /^before\n/);
  }
});

test('taking out again changes nothing, and JSON stays JSON', () => {
  for (const line of LINES) {
    const once = withoutSecrets(line);
    assert.equal(withoutSecrets(once), once);
  }
  const json = JSON.stringify({
    token: 12345,
    password: S,
    list: [`password=${S}`],
    n: { secret: null, x: 'y' },
  });
  assert.deepEqual(JSON.parse(withoutSecrets(json)), {
    ...{ token: '[redacted]', password: '[redacted]', list: ['password=[redacted]'] },
    n: { secret: '[redacted]', x: 'y' },
  });
});

test('what is no secret is left as it was', () => {
  for (const text of [
    'MemTotal:       24684084 kB\nKeyboard: x',
    'BOOT_IMAGE=/vmlinuz root=UUID=0c8a2c4e-6f1b ro quiet mitigations=auto',
    '[    1.2] usb 1-1: New USB device found, idVendor=1d6b, idProduct=0002',
    'e1000e 0000:00:1f.6 eth0: Detected Hardware Unit Hang:\n  TDH                  <0>',
    'commit: d2f7:/a@b http://example.org:8080/x@y',
    'link/ether 02:fc:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0',
    'passive: 1, bypass, tokens_total 5',
    'Failed password for root from 10.0.0.7 port 22 ssh2',
    'http://[::1]:9090/metrics?x=a@b and http://10.0.0.1:8080/x@y',
    'TCP: Possible SYN flooding on port 80. Sending cookies.',
    'ntpd[812]: 1 peers are AES capable',
    // Paths of keys are none.
    'rd.luks.key=/etc/keys/root.key:UUID=0c8a2c4e rd.luks.name=x',
    'cryptsetup open --key-file /etc/keys/data.key /dev/sdb data',
    'gpio-keys: pin: 17, irq pin=512',
    'bash: syntax error near unexpected token done1234567890abcdef',
    'token bucket filter: token rate 1000000 for eth0-queue-1',
    'kernel.randomize_va_space kernel.sched_rt_period_us system.slice',
    'chpasswd was run\n root:x:0:0',
  ])
    assert.equal(withoutSecrets(text), text);
});

test('files that hold secrets are known by their paths', () => {
  for (const path of [
    'etc/shadow',
    'etc/gshadow-',
    'etc/ssh/ssh_host_ed25519_key',
    'etc/kubernetes/admin.conf',
    'var/lib/kubelet/pki/kubelet-client-current.pem',
    'var/lib/nodectl/node.pem',
    'root/.ssh/id_rsa',
    'home/x/.kube/config',
    'proc/1/environ',
    'etc/chrony/chrony.keys',
    'etc/ssl/server.key',
    'var/lib/cloud/instance/user-data.txt',
    'run/cloud-init/instance-data-sensitive.json',
    'etc/systemd/network/wg0.netdev',
    'etc/ipsec.secrets',
    'etc/docker/config.json',
  ])
    assert.ok(isSecretFile(path), path);
  for (const path of [
    'etc/os-release',
    'proc/1/stat',
    'proc/meminfo',
    'etc/chrony/chrony.conf',
    'sys/class/net/eth0/mtu',
  ])
    assert.ok(!isSecretFile(path), path);
});

test('long texts are the same as short ones, and no text takes long', async () => {
  const line = `x password=${S} y\n`;
  const long = await longWithoutSecrets(line.repeat(100_000));
  assert.equal(long, withoutSecrets(line).repeat(100_000));
  const began = process.cpuUsage();
  for (const bad of [
    '-',
    'a',
    '--a',
    'password',
    'token=',
    '://',
    'eyJa.',
    '"\\',
    '-----BEGIN PRIVATE KEY-----',
    'bearer ',
    '$6$',
    'snmp -c ',
    'authorization: [',
    'http://a:b@',
    'chpasswd:\n a:b\n',
    ' a:b\n',
    'token a1',
    'zip -P ',
    'abcdef.',
  ])
    await longWithoutSecrets(bad.repeat(Math.ceil((1 << 20) / bad.length)));
  const { user } = process.cpuUsage(began);
  // A text that is looked at again from each of its characters would take minutes.
  assert.ok(user < 60e6, `${user / 1e6} s`);
});

test('folders of credentials are left out whole, whatever reads in them', () => {
  for (const path of [
    ...[
      'etc/credstore/db',
      'etc/credstore.encrypted/db',
      'etc/chrony/keys.d/lan',
      'etc/netplan/50-wifi.yaml',
    ],
    ...['run/systemd/credentials/x.service/key', 'run/nodectl/token', 'etc/snmp/snmpd.conf'],
    ...['etc/wpa_supplicant/wpa_supplicant.conf', 'sys/firmware/qemu_fw_cfg/by_name/opt/x/raw'],
  ])
    assert.ok(isSecretFile(path), path);
  for (const path of ['etc/chrony/chrony.conf', 'etc/snapper/x', 'run/systemd/system', 'sys/firmware/efi'])
    assert.ok(!isSecretFile(path), path);
});
