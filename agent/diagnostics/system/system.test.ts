/** The system: what each check says of a machine in trouble, and that a healthy one is left in peace. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import { diagnose } from '../diagnose.ts';
import { found, machineOf, type Parts, pastOf, reportOf, statuses } from '../testing.ts';
import { SYSTEM_CHECKS } from './checks.ts';
import { SYSTEM_SAMPLER } from './samples.ts';
import { systemTraits } from './traits.ts';

const HOUR = 3_600_000;
const calm = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=10\n';
const SHOW =
  'systemctl show --property=SystemState,Version,Tainted,NJobs,FirmwareTimestampMonotonic,UserspaceTimestampMonotonic,FinishTimestampMonotonic';
const SERVICES =
  'systemctl show *.service --property=Id,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestampMonotonic';
const FAILED = 'systemctl list-units --failed --all --plain --no-legend';
const DAEMON = 'journalctl -t systemd-journald --since=-24h -n 1000 -o cat -q --no-pager';

const stat = (values: string, blocked = 0) =>
  `cpu  ${values}\ncpu0 1 1 1 1\ncpu1 1 1 1 1\ncpu2 1 1 1 1\ncpu3 1 1 1 1\nprocs_running 1\nprocs_blocked ${blocked}\n`;
const cpu = 'sys/devices/system/cpu';
const healthy = {
  files: {
    'proc/loadavg': '0.50 0.40 0.30 1/200 4242\n',
    'proc/stat': stat('1000 10 500 90000 100 0 10 5 0 0'),
    'proc/uptime': '864000.00 1.00\n',
    'proc/pressure/cpu': calm,
    'proc/pressure/memory': calm,
    'proc/pressure/io': calm,
    'proc/interrupts':
      '           CPU0       CPU1\n  0:  1  2  timer\nTHR:  0  0  Threshold APIC interrupts\nDFR: 0 0 Deferred\nMCE:          0          0   Machine check exceptions\nMCP:        500        500   Machine check polls\n',
    'proc/sys/kernel/hostname': 'web-1\n',
    'proc/sys/net/netfilter/nf_conntrack_count': '1200\n',
    'proc/sys/net/netfilter/nf_conntrack_max': '262144\n',
    'proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
    'proc/net/sockstat':
      'sockets: used 300\nTCP: inuse 20 orphan 0 tw 30 alloc 25 mem 2\nUDP: inuse 3 mem 1\n',
    'proc/1/stat': '1 (systemd) S 0 1 1 0 -1 4194560\n',
    'proc/200/stat': '200 (a (b) c) R 1 200 200 0 -1 4194560\n',
    [`${cpu}/online`]: '0-3\n',
    [`${cpu}/present`]: '0-3\n',
    [`${cpu}/cpu0/cpufreq/scaling_governor`]: 'powersave\n',
    [`${cpu}/cpu0/cpufreq/scaling_driver`]: 'intel_pstate\n',
    [`${cpu}/cpu0/cpufreq/scaling_max_freq`]: '3500000\n',
    [`${cpu}/cpu0/cpufreq/cpuinfo_max_freq`]: '3500000\n',
    [`${cpu}/cpu0/thermal_throttle/core_throttle_count`]: '0\n',
    [`${cpu}/cpu0/thermal_throttle/package_throttle_count`]: '0\n',
    'sys/class/hwmon/hwmon0/name': 'coretemp\n',
    'sys/class/hwmon/hwmon0/temp1_input': '86000\n',
    'sys/class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
    'sys/class/hwmon/hwmon0/temp1_max': '84000\n',
    'sys/class/hwmon/hwmon0/temp1_crit': '100000\n',
    'sys/class/hwmon/hwmon1/name': 'nvme\n',
    'sys/class/hwmon/hwmon1/temp1_input': '38850\n',
    'sys/class/hwmon/hwmon1/temp1_max': '65261850\n',
    'sys/class/hwmon/hwmon1/temp1_crit': '84850\n',
    'sys/class/hwmon/hwmon2/name': 'nct6779\n',
    'sys/class/hwmon/hwmon2/fan1_input': '1200\n',
    'sys/class/hwmon/hwmon2/fan1_min': '600\n',
    'sys/class/hwmon/hwmon2/fan2_input': '0\n',
    'sys/class/hwmon/hwmon2/fan2_min': '0\n',
    'sys/class/thermal/thermal_zone0/type': 'acpitz\n',
    'sys/class/thermal/thermal_zone0/temp': '27800\n',
    'sys/class/thermal/thermal_zone0/trip_point_0_type': 'critical\n',
    'sys/class/thermal/thermal_zone0/trip_point_0_temp': '119000\n',
    'etc/machine-id': '0123456789abcdef0123456789abcdef\n',
    'etc/os-release': 'PRETTY_NAME="Example Linux 12"\nSUPPORT_END=2099-01-01\n',
    'etc/resolv.conf': 'nameserver 192.0.2.53\nsearch example.org\n',
    'run/systemd/system/x': '',
    'var/log/journal/0123/system.journal': '',
    'var/lib/systemd/coredump/readme': '',
  } as Record<string, string>,
  tools: {
    [FAILED]: '',
    [SHOW]:
      'Version=257.9\nTainted=unmerged-usr-is-no-word-of-ours\nSystemState=running\nNJobs=0\nUserspaceTimestampMonotonic=3511498\nFinishTimestampMonotonic=12485805\n',
    [SERVICES]:
      'Id=ssh.service\nActiveState=active\nSubState=running\nResult=success\nNRestarts=0\nActiveEnterTimestampMonotonic=8000000\n',
    'journalctl --disk-usage': 'Archived and active journals take up 1.2G in the file system.\n',
    [DAEMON]: 'Journal started\n',
  } as Record<string, string>,
} satisfies Parts;

const sick = (more: Parts, history?: Parameters<typeof found>[2]) =>
  found(
    SYSTEM_CHECKS,
    { files: { ...healthy.files, ...more.files }, tools: { ...healthy.tools, ...more.tools } },
    history,
  );
const files = (of: Record<string, string>, history?: Parameters<typeof found>[2]) =>
  sick({ files: of }, history);

test('a healthy machine has no findings, and what it does not have does not apply', async () => {
  const report = await reportOf(SYSTEM_CHECKS, healthy);
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.problems, []);
  const ended = statuses(report);
  assert.deepEqual(
    [
      'system.unit-failed',
      'system.temperature',
      'system.kubelet-unhealthy',
      'system.etcd-no-leader',
      'system.etcd-fsync',
    ].map((id) => ended[id]),
    ['ok', 'ok', 'not-applicable', 'not-applicable', undefined],
  );
});

test('processors: load, pressure, steal, throttling, governor, cap, offline, machine checks', async () => {
  assert.deepEqual(await files({ 'proc/loadavg': '9.00 9.00 8.40 1/200 1\n' }), ['warning system.load-high']);
  assert.deepEqual(
    await files({ 'proc/pressure/cpu': 'some avg10=90.00 avg60=80.00 avg300=71.00 total=1\n' }),
    ['warning system.cpu-pressure'],
  );
  assert.deepEqual(await files({ 'proc/stat': stat('1000 10 500 9000 100 0 10 2500 0 0') }), [
    'warning system.cpu-steal',
  ]);
  const throttle = { [`${cpu}/cpu0/thermal_throttle/core_throttle_count`]: '9000\n' };
  assert.deepEqual(await files(throttle), ['warning system.cpu-throttled']);
  const quiet = pastOf({
    'system/cpu/throttles': [
      [HOUR / 2, 9000],
      [0, 9000],
    ],
  });
  assert.deepEqual(await files(throttle, quiet), []);
  assert.deepEqual(await files({ [`${cpu}/cpu0/cpufreq/scaling_driver`]: 'acpi-cpufreq\n' }), [
    'info system.cpu-powersave',
  ]);
  assert.deepEqual(await files({ [`${cpu}/cpu0/cpufreq/scaling_max_freq`]: '1200000\n' }), [
    'info system.cpu-capped',
  ]);
  assert.deepEqual(await files({ [`${cpu}/online`]: '0-2\n' }), ['warning system.cpu-offline']);
  assert.deepEqual(await files({ [`${cpu}/online`]: '0,2\n' }), []);
  assert.deepEqual(await files({ 'proc/interrupts': 'MCE: 0 2  Machine check exceptions\n' }), [
    'critical system.machine-check',
  ]);
  assert.deepEqual(
    await files({ 'proc/interrupts': 'THR: 0 7 Threshold\nMCE: 0 0  Machine check exceptions\n' }),
    ['warning system.machine-check'],
  );
  const history = pastOf({
    'system/cpu/total_ticks': [
      [HOUR / 4, 0],
      [0, 360_000],
    ],
    'system/cpu/idle_ticks': [
      [HOUR / 4, 0],
      [0, 3_600],
    ],
    'system/cpu/iowait_ticks': [
      [HOUR / 4, 0],
      [HOUR / 8, 0],
      [0, 1],
    ],
    'system/cpu/steal_ticks': [
      [HOUR / 4, 0],
      [0, 72_000],
    ],
  });
  assert.deepEqual(await files({}, history), ['info system.cpu-busy', 'warning system.cpu-steal']);
  const still: [number, number][] = [
    [HOUR / 4, 7],
    [0, 7],
  ];
  const standing = pastOf({ 'system/cpu/total_ticks': still, 'system/cpu/idle_ticks': still });
  assert.deepEqual(await files({}, standing), []);
  const waits = pastOf({
    'system/cpu/total_ticks': [
      [HOUR / 7, 0],
      [0, 100_000],
    ],
    'system/cpu/idle_ticks': [
      [HOUR / 7, 0],
      [0, 30_000],
    ],
    'system/cpu/iowait_ticks': [
      [HOUR / 7, 0],
      [0, 55_000],
    ],
  });
  assert.deepEqual(await files({}, waits), ['warning system.iowait']);
});

test('environment: heat, fans, voltages, power, the board’s controller', async () => {
  const chip = 'sys/class/hwmon/hwmon0';
  assert.deepEqual(await files({ [`${chip}/temp1_input`]: '101000\n' }), [
    'critical system.temperature coretemp Package id 0',
  ]);
  assert.deepEqual(await files({ [`${chip}/temp1_input`]: '96000\n' }), [
    'warning system.temperature coretemp Package id 0',
  ]);
  assert.deepEqual(await files({ [`${chip}/temp1_crit_alarm`]: '1\n' }), [
    'critical system.temperature coretemp Package id 0',
  ]);
  assert.deepEqual(await files({ [`${chip}/temp1_fault`]: '1\n' }), [
    'info system.sensor-fault coretemp Package id 0',
  ]);
  assert.deepEqual(await files({ 'sys/class/hwmon/hwmon1/temp1_max': '35000\n' }), [
    'warning system.temperature nvme temp1',
  ]);
  assert.deepEqual(await files({ 'sys/class/thermal/thermal_zone0/temp': '118000\n' }), [
    'warning system.temperature acpitz zone',
  ]);
  assert.deepEqual(await files({ 'sys/class/hwmon/hwmon2/fan1_input': '0\n' }), [
    'info system.fan-stopped nct6779 fan1',
  ]);
  const psu = 'sys/class/hwmon/hwmon3';
  assert.deepEqual(
    await files({
      [`${psu}/name`]: 'pmbus\n',
      [`${psu}/fan1_input`]: '0\n',
      [`${psu}/fan1_alarm`]: '1\n',
      [`${psu}/in1_input`]: '180000\n',
      [`${psu}/in1_label`]: 'vin\n',
      [`${psu}/in1_alarm`]: '1\n',
    }),
    ['warning system.fan-stopped pmbus fan1', 'warning system.voltage-alarm pmbus vin'],
  );
  // Before Linux 3.x the files of a chip were in its device's folder.
  assert.deepEqual(
    await files({
      'sys/class/hwmon/hwmon4/device/name': 'w83627\n',
      'sys/class/hwmon/hwmon4/device/in0_alarm': '1\n',
      'sys/class/hwmon/hwmon4/device/in1_alarm': '1\n',
    }),
    ['info system.voltage-alarm w83627'],
  );
  const supply = 'sys/class/power_supply';
  const battery = {
    [`${supply}/UPS/type`]: 'UPS\n',
    [`${supply}/UPS/status`]: 'Discharging\n',
    [`${supply}/AC/type`]: 'Mains\n',
  };
  assert.deepEqual(await files({ ...battery, [`${supply}/AC/online`]: '0\n' }), [
    'warning system.power-supply AC',
  ]);
  assert.deepEqual(await files({ ...battery, [`${supply}/AC/online`]: '1\n' }), []);
  assert.deepEqual(
    await files({ [`${supply}/BAT0/type`]: 'Battery\n', [`${supply}/BAT0/health`]: 'Dead\n' }),
    ['warning system.power-supply BAT0'],
  );
  assert.deepEqual(
    await sick({
      files: { 'dev/ipmi0': '' },
      tools: {
        'ipmitool chassis status':
          'System Power         : on\nPower Overload       : false\nMain Power Fault     : true\nCooling/Fan Fault    : true\nFront Panel Light    : off\n',
        'ipmitool sel info': 'SEL Information\nEntries          : 512\nPercent Used     : 100%\n',
      },
    }),
    [
      'critical system.chassis-fault Cooling/Fan Fault',
      'critical system.chassis-fault Main Power Fault',
      'info system.board-log-full',
    ],
  );
});

test('parts of the board are named where its controller reports a fault, and not asked for where it does not', async () => {
  const elist = [
    'FAN1             | 41h | ok  | 29.1 | 5300 RPM',
    'FAN2             | 42h | lcr | 29.2 | 0 RPM',
    'Inlet Temp       | 04h | unc |  7.1 | 43 degrees C',
    'VBAT             | 33h | ns  |  7.1 | No Reading',
    'PS1 Status       | C8h | ok  | 10.1 | Presence detected',
    'PS2 Status       | C9h | ok  | 10.2 | Presence detected, Power Supply AC lost',
    'PS Redundancy    | CAh | ok  |  7.1 | Redundancy Lost',
    'Drive 3          | D3h | ok  |  4.3 | Drive Present, Predictive Failure',
    'not a line of it',
  ].join('\n');
  const tools = (fault: boolean) => ({
    'ipmitool chassis status': `System Power         : on\nCooling/Fan Fault    : ${fault}\n`,
    'ipmitool sel info': 'Percent Used : 1%\n',
    'ipmitool sdr elist': elist,
  });
  assert.deepEqual(await sick({ files: { 'dev/ipmi0': '' }, tools: tools(true) }), [
    'critical system.board-sensor FAN2',
    'critical system.board-sensor PS Redundancy',
    'critical system.board-sensor PS2 Status',
    'critical system.chassis-fault Cooling/Fan Fault',
    'warning system.board-sensor Drive 3',
    'warning system.board-sensor Inlet Temp',
  ]);
  assert.deepEqual(await sick({ files: { 'dev/ipmi0': '' }, tools: tools(false) }), []);
});

test('services: failed, restarted, starting, slow, tainted; core dumps; the journal', async () => {
  const tool = (line: string, output: string) => sick({ tools: { [line]: output } });
  assert.deepEqual(
    await tool(
      FAILED,
      'nginx.service loaded failed failed A web server\nmnt-nas.mount loaded failed failed /mnt/nas\n',
    ),
    ['warning system.unit-failed mnt-nas.mount', 'warning system.unit-failed nginx.service'],
  );
  const many = Array.from({ length: 14 }, (_, at) => `a${at}.service loaded failed failed x\n`).join('');
  assert.equal((await tool(FAILED, many)).length, 11);
  const service = (sub: string, restarts: number, since: number) =>
    `Id=a.service\nActiveState=active\nSubState=running\nNRestarts=0\n\nId=b.service\nActiveState=activating\nSubState=${sub}\nResult=exit-code\nNRestarts=${restarts}\nActiveEnterTimestampMonotonic=${since}\n`;
  assert.deepEqual(await tool(SERVICES, service('auto-restart', 7, 0)), [
    'warning system.unit-restarts b.service',
  ]);
  assert.deepEqual(await tool(SERVICES, service('running', 7, 863_900_000_000)), [
    'warning system.unit-restarts b.service',
  ]);
  assert.deepEqual(await tool(SERVICES, service('running', 7, 3_900_000_000)), []);
  const show = (more: string) => tool(SHOW, `Version=257\n${more}`);
  assert.deepEqual(await show('SystemState=maintenance\n'), ['critical system.maintenance']);
  assert.deepEqual(await show('SystemState=starting\nNJobs=3\n'), ['warning system.maintenance']);
  assert.deepEqual(await show('UserspaceTimestampMonotonic=3000000\nFinishTimestampMonotonic=700000000\n'), [
    'info system.boot-slow',
  ]);
  assert.deepEqual(await show('Tainted=cgroupsv1:support-ended:local-hwclock\n'), [
    'info system.systemd-tainted',
  ]);
  const dump = (at: number, program = 'nginx') =>
    `var/lib/systemd/coredump/core.${program}.0.0123456789abcdef0123456789abcdef.77.${Math.round(at * 1_000)}.zst`;
  const now = Date.now();
  assert.deepEqual(
    await files({
      [dump(now - HOUR)]: '',
      [dump(now - 2 * HOUR)]: '',
      [dump(now - 3 * HOUR)]: '',
      [dump(now - 48 * HOUR)]: '',
    }),
    ['warning system.core-dumps nginx'],
  );
  assert.deepEqual(await files({ [dump(now - HOUR, 'my\\x20app')]: '' }), ['info system.core-dumps my app']);
  assert.deepEqual(
    await tool(
      DAEMON,
      'Suppressed 4000 messages from nginx.service\nSuppressed 800 messages from /system.slice/nginx.service\nSuppressed 4 messages from b.service\nMissed 12 kernel messages\n',
    ),
    ['info system.journal-suppressed', 'info system.journal-suppressed nginx.service'],
  );
  assert.deepEqual(await tool('journalctl --disk-usage', 'Journals take up 20.5G on disk.\n'), [
    'info system.journal-large',
  ]);
  const { 'var/log/journal/0123/system.journal': _, ...without } = healthy.files;
  const volatile = { files: { ...without, 'run/log/journal/0123/system.journal': '' }, tools: healthy.tools };
  assert.deepEqual(await found(SYSTEM_CHECKS, volatile), ['info system.journal-volatile']);
});

test('processes and tables: stuck ones, zombies, connections, ports', async () => {
  const process = (pid: number, state: string, parent = 1, switches = '5') => ({
    [`proc/${pid}/stat`]: `${pid} (worker ${pid}) ${state} ${parent} 1 1\n`,
    [`proc/${pid}/status`]: `Name:\tworker\nvoluntary_ctxt_switches:\t${switches}\n`,
    [`proc/${pid}/wchan`]: 'rpc_wait_bit_killable',
  });
  const several = (count: number, state: string, parent = 1) =>
    Object.assign(
      {},
      ...Array.from({ length: count }, (_, at) => process(1_000 + at, state, parent)),
    ) as Record<string, string>;
  assert.deepEqual(await files(several(6, 'D')), ['warning system.processes-stuck']);
  assert.deepEqual(await files(several(1, 'D')), []);
  const long = pastOf({
    'system//processes_blocked': [
      [4.9 * 60_000, 1],
      [3 * 60_000, 2],
      [60_000, 1],
      [0, 1],
    ],
  });
  assert.deepEqual(await files(several(1, 'D'), long), ['warning system.processes-stuck']);
  assert.deepEqual(await files(several(60, 'Z', 200)), ['warning system.zombies']);
  const net = 'proc/sys/net/netfilter';
  assert.deepEqual(await files({ [`${net}/nf_conntrack_count`]: '200000\n' }), [
    'warning system.conntrack-full',
  ]);
  assert.deepEqual(await files({ [`${net}/nf_conntrack_count`]: '262100\n' }), [
    'critical system.conntrack-full',
  ]);
  assert.deepEqual(
    await files({ 'proc/net/sockstat': 'TCP: inuse 900 orphan 0 tw 25000 alloc 25 mem 2\n' }),
    ['warning system.ports-exhausted'],
  );
});

test('a process that works between the two looks is not stuck', async () => {
  let looks = 0;
  const parts = new Map<string, string | (() => string)>(Object.entries(healthy.files));
  for (let pid = 1_000; pid < 1_008; pid++) {
    parts.set(`proc/${pid}/stat`, `${pid} (dd) D 1 1 1\n`);
    parts.set(`proc/${pid}/status`, () => `voluntary_ctxt_switches:\t${looks++}\n`);
  }
  const { MemoryMachine } = await import('../../sim/memory-machine.ts');
  const machine = new MemoryMachine({ files: parts, tools: new Map(Object.entries(healthy.tools)) });
  assert.deepEqual(await found(SYSTEM_CHECKS, machine), []);
  assert.ok(looks >= 16);
});

test('identity, names, support', async () => {
  assert.deepEqual(await files({ 'etc/machine-id': 'uninitialized\n' }), ['warning system.machine-id']);
  assert.deepEqual(await files({ 'etc/machine-id': '\n' }), ['warning system.machine-id']);
  assert.deepEqual(await files({ 'proc/sys/kernel/hostname': 'localhost.localdomain\n' }), [
    'warning system.hostname',
  ]);
  assert.deepEqual(await files({ 'etc/resolv.conf': '# nothing\n' }), ['warning system.resolver']);
  assert.deepEqual(await files({ 'etc/resolv.conf': 'nameserver 127.0.0.53\n' }), [
    'warning system.resolver',
  ]);
  assert.deepEqual(
    await files({ 'etc/resolv.conf': 'nameserver 127.0.0.53\n', 'run/systemd/resolve/stub-resolv.conf': '' }),
    [],
  );
  assert.deepEqual(
    await files({ 'etc/resolv.conf': 'nameserver 1\nnameserver 2\nnameserver 3\nnameserver 4\n' }),
    ['info system.resolver'],
  );
  assert.deepEqual(await files({ 'etc/os-release': 'NAME=Old\nSUPPORT_END=2020-01-01\n' }), [
    'warning system.support-ended',
  ]);
});

test('nonsense is told, never taken for health', async () => {
  const report = await reportOf(SYSTEM_CHECKS, {
    files: { 'proc/loadavg': 'x\n', 'proc/stat': '\0\0', 'run/systemd/system/x': '' },
    tools: { [SHOW]: 'nonsense', [FAILED]: 'nonsense\n', [SERVICES]: '=\n\n=\n' },
  });
  const ended = statuses(report);
  assert.deepEqual(
    ['system.load-high', 'system.cpu-steal', 'system.maintenance'].map((id) => ended[id]),
    ['skipped', 'skipped', 'skipped'],
  );
  assert.deepEqual(report.problems.map(({ what, kind }) => `${what} ${kind}`).sort(), [
    'system.cpu-time nonsense',
    'system.load nonsense',
    'system.manager nonsense',
  ]);
});

test('samples', async () => {
  const read = await SYSTEM_SAMPLER.read(machineOf(healthy), new AbortController().signal);
  const samples = new Map(read.map(({ series, value }) => [series, value]));
  assert.equal(samples.get('system/cpu/steal_ticks'), 5);
  assert.equal(samples.get('system/cpu/total_ticks'), 91_625);
  assert.equal(samples.get('system/cpu/throttles'), 0);
  assert.equal(samples.get('system//conntrack_entries'), 1_200);
  assert.equal(samples.get('system//time_wait_sockets'), 30);
});

test('traits', async () => {
  const machine = machineOf({ files: { ...healthy.files, 'etc/kubernetes/kubelet.conf': '' } });
  const { signal } = new AbortController();
  const { traits } = await diagnose({ machine, signal, checks: [], traits: [systemTraits] });
  assert.deepEqual(
    traits.map(({ name, value }) => `${name}=${value}`),
    ['kubernetes=worker', 'cpus=4', 'governor=powersave'],
  );
});

test('this machine', async () => {
  const report = await reportOf(SYSTEM_CHECKS, new LiveMachine());
  const ended = statuses(report);
  for (const id of ['system.load-high', 'system.processes-stuck', 'system.zombies', 'system.ports-exhausted'])
    assert.notEqual(ended[id], 'skipped', id);
  assert.deepEqual(
    report.problems.filter(({ kind }) => kind === 'nonsense'),
    [],
  );
});
