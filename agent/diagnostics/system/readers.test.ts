/** Readers of the system: outputs of several versions, sensors that hang, certificates, etcd, the kubelet, the measured disk. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecond } from 'node:http2';
import { createServer as createPlain, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { CapturedMachine } from '../../host/captured-machine.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import { parseUptime } from '../memory/meminfo.ts';
import { found, machineOf, reportOf, statuses } from '../testing.ts';
import { SYSTEM_ENVIRONMENT_CHECKS } from './checks-environment.ts';
import { SYSTEM_IDENTITY_CHECKS } from './checks-identity.ts';
import { SYSTEM_KUBERNETES_CHECKS } from './checks-kubernetes.ts';
import { SYSTEM_SERVICE_CHECKS } from './checks-services.ts';
import { SYSTEM_TABLE_CHECKS } from './checks-tables.ts';
import { parseEtcd, quantile } from './etcd.ts';
import { parseDd } from './fsync.ts';
import { parseResolvConf } from './identity.ts';
import { parseDiskUsage, parseSuppressed } from './journal.ts';
import { parseSensors } from './power.ts';
import { parseProcess, parsePs } from './processes.ts';
import { parseCpuList, parseStat } from './processors.ts';
import { parseFailedUnits, parseProperties } from './units.ts';

const root = mkdtempSync(join(tmpdir(), 'nodectl-system-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  rmSync(root, { recursive: true });
});

/** A machine of real files below a folder of its own. */
function onDisk(name: string, files: Record<string, string>): LiveMachine {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return new LiveMachine(join(root, name));
}

test('units: legends, marks, columns of all versions', () => {
  const old =
    '  UNIT              LOAD   ACTIVE SUB    DESCRIPTION\n● nginx.service     loaded failed failed A web server\n* a@b.service loaded failed failed x\n× mnt.mount not-found failed failed /mnt\n\nLOAD   = Reflects whether the unit definition was properly loaded.\n3 loaded units listed. Pass --all to see loaded but inactive units, too.\n';
  assert.deepEqual(
    parseFailedUnits(old).map(({ name, load, description }) => [name, load, description]),
    [
      ['nginx.service', 'loaded', 'A web server'],
      ['a@b.service', 'loaded', 'x'],
      ['mnt.mount', 'not-found', '/mnt'],
    ],
  );
  assert.deepEqual(parseFailedUnits('  UNIT LOAD ACTIVE SUB DESCRIPTION\n0 loaded units listed.\n'), []);
  assert.deepEqual(
    parseProperties('A=1\nB=x=y\n\n\nA=2\r\nnonsense\nC=\n').map((block) => Object.fromEntries(block)),
    [
      { A: '1', B: 'x=y' },
      { A: '2', C: '' },
    ],
  );
});

test('small formats', () => {
  assert.deepEqual(parseCpuList('0-2,8,x,10-9\n'), [0, 1, 2, 8]);
  assert.equal(parseCpuList('0-999999').length, 8_192);
  // Before Linux 2.6.11 there was no time of steal.
  assert.equal(parseStat('cpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4\n').total, 28);
  assert.deepEqual(parseProcess('12 (a) b (c)) D 1 2'), { name: 'a) b (c)', state: 'D', parent: 1 });
  assert.equal(parseProcess('nonsense'), undefined);
  assert.equal(parseDiskUsage('Archived and active journals take up 256.0M on disk.\n'), 256 * 2 ** 20);
  assert.equal(parseDiskUsage('No journal files were found.\n'), undefined);
  assert.deepEqual(parseSuppressed('Suppressed 12 messages from unit a.service\n').suppressed, [
    { unit: 'a.service', messages: 12 },
  ]);
  assert.equal(
    parseDd('1+0 records in\n1+0 records out\n2048 bytes (2.0 kB, 2.0 KiB) copied, 0.00123 s, 1.7 MB/s\n'),
    1.23,
  );
  assert.equal(parseDd('2048 bytes (2.0 kB, 2.0 KiB) copied, 9.1e-05 s, 22 MB/s\n')?.toFixed(3), '0.091');
  assert.equal(parseDd('dd: failed to open'), undefined);
  assert.deepEqual(parseResolvConf('search a b\nnameserver 1.1.1.1 # x\n;nameserver 2\ndomain c\n'), {
    servers: ['1.1.1.1'],
    search: ['c'],
  });
  assert.deepEqual(
    parseSensors(
      'Temp | 38.000 | degrees C | ok | na\nPSU1 Volt | 0.000 | Volts | cr | 180\nFan1 | na | | ns |\n',
    ),
    [{ name: 'PSU1 Volt', state: 'cr', value: '0.000 Volts' }],
  );
  assert.deepEqual(
    [
      ' 19:23:40 up 25 min,  1 user,  load average: 0.83, 0.73, 0.76',
      '10:00:00 up 3 days,  2:05,  0 users,  load average: 1, 1, 1',
      '10:00:00 up 1 day, 10 min, load average: 1, 1, 1',
      '10:00:00 up 2:03, load average: 1, 1, 1',
      'nonsense',
    ].map(parseUptime),
    [1_500, 266_700, 87_000, 7_380, undefined],
  );
});

test('ps of a captured machine, in the forms of sosreport and of people', async () => {
  const l =
    'F   UID     PID    PPID PRI  NI    VSZ   RSS WCHAN  STAT TTY        TIME COMMAND\n4     0       1       0  20   0 105868 13604 ep_pol Ss   ?          0:22 /sbin/init\n0     0      77       1  20   0      0     0 rpc_wa D    ?          0:00 [kworker/u8:1+nfsiod]\n0     0      78      77  20   0      0     0 -      Zs   ?          0:00 [sh] <defunct>\n';
  const parsed = parsePs(l);
  assert.deepEqual(parsed?.stuck, [{ pid: 77, name: 'kworker/u8:1+nfsiod', parent: 1, where: 'rpc_wa' }]);
  assert.equal(parsed?.zombies[0]?.pid, 78);
  const u =
    'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot           1  1.4  0.3 105868 13604 ?        Ss   18:58   0:22 /sbin/init\n';
  assert.equal(parsePs(u)?.total, 1);
  assert.equal(parsePs('nonsense\n1 2\n'), undefined);
  const at = join(root, 'ps/sos_commands/process');
  mkdirSync(at, { recursive: true });
  const stuck = Array.from(
    { length: 9 },
    (_, n) => `root  ${100 + n}  0.0  0.0  0  0 ?  D  18:58  0:00 [x]\n`,
  ).join('');
  writeFileSync(join(at, 'ps_auxwww'), u + stuck);
  assert.deepEqual(await found(SYSTEM_TABLE_CHECKS, new CapturedMachine(join(root, 'ps'))), [
    'warning system.processes-stuck',
  ]);
});

test('a sosreport’s systemd', async () => {
  const at = join(root, 'sos/sos_commands/systemd');
  mkdirSync(at, { recursive: true });
  writeFileSync(
    join(at, 'systemctl_list-units_--failed'),
    '  UNIT LOAD ACTIVE SUB DESCRIPTION\n● a.service loaded failed failed x\n',
  );
  writeFileSync(
    join(at, 'systemctl_show_--all'),
    'Version=245.4\nTainted=local-hwclock\nUserspaceTimestampMonotonic=3511498\nFinishTimestampMonotonic=900485805\n',
  );
  writeFileSync(
    join(at, 'systemctl_show_service_--all'),
    'Type=simple\nId=b.service\nSubState=auto-restart\nActiveState=activating\nNRestarts=99\n',
  );
  assert.deepEqual(await found(SYSTEM_SERVICE_CHECKS, new CapturedMachine(join(root, 'sos'))), [
    'info system.boot-slow',
    'info system.systemd-tainted',
    'warning system.unit-failed a.service',
    'warning system.unit-restarts b.service',
  ]);
});

test('a sensor that hangs is told, and hides no other', async () => {
  const machine = onDisk('sensors', {
    'sys/class/hwmon/hwmon0/name': 'hangs\n',
    'sys/class/hwmon/hwmon1/name': 'drivetemp\n',
    'sys/class/hwmon/hwmon1/temp1_input': '61000\n',
    'sys/class/hwmon/hwmon1/temp1_crit': '60000\n',
  });
  execFileSync('mkfifo', [join(root, 'sensors/sys/class/hwmon/hwmon0/temp1_input')]);
  const report = await reportOf(SYSTEM_ENVIRONMENT_CHECKS, machine);
  assert.deepEqual(
    report.problems.map(({ what, kind }) => `${what} ${kind}`),
    ['sensors timeout'],
  );
  assert.match(report.problems[0]?.why ?? '', /hwmon0\/temp1_input/);
  assert.deepEqual(report.findings.map(({ id }) => id).sort(), ['system.reader-hung', 'system.temperature']);
});

/** A certificate that ends in so many days, made by openssl as kubeadm's are in form. */
function certificate(days: number, name: string): string {
  const key = join(root, 'key.pem');
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
  ];
  return execFileSync('openssl', [...args, '-subj', `/O=system:nodes/CN=${name}`, '-days', String(days)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}

const openssl = spawnSync('openssl', ['version']).status === 0;
test('certificates: in files and in kubeconfigs, ended and soon; keys beside them are never told', {
  skip: openssl ? false : 'openssl is not there',
}, async () => {
  const soon = certificate(20, 'system:node:n1');
  const fine = certificate(300, 'etcd-ca');
  const urgent = certificate(3, 'kubernetes-admin');
  const machine = onDisk('certificates', {
    'var/lib/kubelet/pki/kubelet-client-current.pem': `${soon}-----BEGIN EC PRIVATE KEY-----\nSECRET\n-----END EC PRIVATE KEY-----\n`,
    'var/lib/kubelet/pki/kubelet-client-2020-01-01-00-00-00.pem': urgent,
    'etc/kubernetes/pki/etcd/ca.crt': fine,
    'etc/kubernetes/pki/broken.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    'etc/kubernetes/admin.conf': `users:\n- user:\n    client-certificate-data: ${Buffer.from(urgent).toString('base64')}\n    client-key-data: U0VDUkVU\n`,
    'etc/hostname': 'n1\n',
    'etc/resolv.conf': 'nameserver 192.0.2.1\n',
  });
  const report = await reportOf(SYSTEM_IDENTITY_CHECKS, machine);
  assert.deepEqual(report.findings.map(({ severity, subject }) => `${severity} ${subject.name}`).sort(), [
    'critical /etc/kubernetes/admin.conf',
    'warning /var/lib/kubelet/pki/kubelet-client-current.pem',
  ]);
  assert.match(report.findings[0]?.evidence[0] ?? '', /kubernetes-admin/);
  assert.deepEqual(
    report.problems.map(({ what, kind }) => `${what} ${kind}`),
    ['/etc/kubernetes/pki/broken.crt nonsense'],
  );
  assert.doesNotMatch(JSON.stringify(report), /SECRET|U0VDUkVU|PRIVATE/);
});

const METRICS = `# HELP etcd_disk_wal_fsync_duration_seconds The latency distributions of fsync called by WAL.
# TYPE etcd_disk_wal_fsync_duration_seconds histogram
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 100
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.002"} 900
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.016"} 980
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.032"} 1000
etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 1000
etcd_disk_wal_fsync_duration_seconds_count 1000
etcd_disk_backend_commit_duration_seconds_bucket{le="0.008"} 100
etcd_disk_backend_commit_duration_seconds_bucket{le="+Inf"} 100
etcd_mvcc_db_total_size_in_bytes 1.9e+09
etcd_mvcc_db_total_size_in_use_in_bytes 3e+08
etcd_server_quota_backend_bytes 2.147483648e+09
etcd_server_has_leader 0
etcd_server_leader_changes_seen_total 90
process_start_time_seconds 1000
`;

test('etcd: quantiles, leader, quota, and what is not etcd', async () => {
  const one = parseEtcd(METRICS, 87_400_000);
  assert.equal(one.fsyncP99?.toFixed(4), '0.0240');
  assert.equal(one.commitP99?.toFixed(5), '0.00792');
  assert.deepEqual([one.hasLeader, one.seconds, one.fsyncs], [false, 86_400, 1000]);
  assert.equal(quantile(new Map([['x_bucket{le="+Inf"}', 5]]), 'x', 0.99), 0);
  assert.equal(quantile(new Map(), 'x', 0.99), undefined);
  const files = { 'var/lib/etcd/member/wal/x': '' };
  const running = METRICS.replace('seconds 1000\n', `seconds ${Date.now() / 1_000 - 86_400}\n`);
  assert.deepEqual(
    await found(SYSTEM_KUBERNETES_CHECKS, { files, tools: { 'GET http://127.0.0.1:2381/metrics': running } }),
    [
      'critical system.etcd-no-leader',
      'warning system.etcd-database-full',
      'warning system.etcd-elections',
      'warning system.etcd-slow-disk',
    ].map((text) => (text.includes('etcd-') ? `${text} etcd` : text)),
  );
  const other = await reportOf(SYSTEM_KUBERNETES_CHECKS, {
    files,
    tools: { 'GET http://127.0.0.1:2381/metrics': 'go_goroutines 3\n' },
  });
  assert.equal(statuses(other)['system.etcd-no-leader'], 'skipped');
  const closed = await reportOf(SYSTEM_KUBERNETES_CHECKS, { files });
  assert.equal(statuses(closed)['system.etcd-no-leader'], 'skipped');
});

async function listen(server: Server, where: string | number): Promise<number> {
  servers.push(server);
  const { promise, resolve } = Promise.withResolvers<void>();
  if (typeof where === 'string') server.listen(where, resolve);
  else server.listen(where, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('a real kubelet’s port and real sockets: well, not well, gone, standing still', async () => {
  let well = true;
  const kubelet = createServer((_, response) => {
    response.statusCode = well ? 200 : 500;
    response.end(well ? 'ok' : '[+]ping ok\n[-]syncloop failed: reason withheld\nhealthz check failed\n');
  });
  const port = await listen(kubelet, 0);
  const machine = onDisk('kube', {
    'var/lib/kubelet/config.yaml': `apiVersion: kubelet.config.k8s.io/v1beta1\nhealthzBindAddress: 127.0.0.1\nhealthzPort: ${port}\n`,
    'run/containerd/x': '',
  });
  await listen(createSecond(), join(root, 'kube/run/containerd/containerd.sock'));
  assert.deepEqual(await found(SYSTEM_KUBERNETES_CHECKS, machine), []);
  well = false;
  const report = await reportOf(SYSTEM_KUBERNETES_CHECKS, machine);
  assert.deepEqual(
    report.findings.map(({ severity, id }) => `${severity} ${id}`),
    ['critical system.kubelet-unhealthy'],
  );
  assert.match(report.findings[0]?.evidence[0] ?? '', /\[-\]syncloop failed/);
  kubelet.close();
  kubelet.closeAllConnections();
  await listen(createPlain(), join(root, 'kube/run/docker.sock'));
  assert.deepEqual(await found(SYSTEM_KUBERNETES_CHECKS, machine), [
    'critical system.kubelet-unhealthy kubelet',
    'critical system.runtime-dead Docker',
  ]);
  assert.deepEqual(
    await found(
      SYSTEM_KUBERNETES_CHECKS,
      machineOf({ files: { 'var/lib/kubelet/config.yaml': 'healthzPort: 0\n' } }),
    ),
    [],
  );
});

test('the disk is measured where it is asked for, and nothing is left behind', async () => {
  // The programs are this machine's and write to its own folders, so the machine stands in with what they would say.
  const dd = '2048 bytes (2.0 kB, 2.0 KiB) copied, 0.0123 s, 1.7 MB/s\n';
  const real = new LiveMachine();
  const file = join(root, 'probe');
  const first = await real.run('dd', [
    'if=/dev/zero',
    `of=${file}`,
    'bs=2048',
    'count=40',
    'conv=excl,fsync',
  ]);
  assert.equal(first.code, 0, first.stderr);
  const again = await real.run('dd', [
    'if=/dev/zero',
    `of=${file}`,
    'bs=2048',
    'count=1',
    'seek=3',
    'conv=notrunc,nocreat',
    'oflag=dsync,nofollow',
  ]);
  assert.ok(again.code === 0 && parseDd(again.stderr) !== undefined, again.stderr);
  assert.equal(readFileSync(file).length, 40 * 2_048);
  assert.notEqual(
    (await real.run('dd', ['if=/dev/zero', `of=${file}`, 'bs=2048', 'count=1', 'conv=excl,fsync'])).code,
    0,
  );
  const calls: string[] = [];
  const base = machineOf({ files: { 'var/lib/etcd/member/x': '' } });
  const machine = Object.assign(Object.create(base) as typeof base, {
    run: async (program: string, args: readonly string[]) => {
      calls.push([program, ...args].join(' '));
      return { code: 0, stdout: '', stderr: dd };
    },
    has: (path: string) => base.has(path),
    text: (path: string) => base.text(path),
    list: (path: string) => base.list(path),
    now: () => Date.now(),
  });
  const { diagnose } = await import('../diagnose.ts');
  const report = await diagnose({
    ...{ machine, signal: new AbortController().signal, checks: SYSTEM_KUBERNETES_CHECKS, traits: [] },
    ids: ['system.etcd-fsync'],
  });
  assert.deepEqual(
    report.findings.map(({ severity, parameters }) => [severity, parameters.p99Ms]),
    [['warning', 12.3]],
  );
  assert.equal(calls.length, 43);
  assert.equal(calls.at(-1), 'rm -f -- /var/lib/etcd/.nodectl-fsync-probe');
  assert.ok(calls.every((line) => line.includes('/var/lib/etcd/.nodectl-fsync-probe')));
});
