/** Processors, memory and services of a simulated server. */

import type { MachineParts } from './memory-machine.ts';
import type { SimulatedServer } from './server.ts';

/** What the agent asks systemd for, as it stands on its command line. */
const MANAGER =
  'SystemState,Version,Tainted,NJobs,FirmwareTimestampMonotonic,UserspaceTimestampMonotonic,FinishTimestampMonotonic';
const SERVICE = 'Id,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestampMonotonic';
const MEMORY_KB = 263_741_328;
const CPUS = 32;
/** Each processor's share; nobody looks at more than that it is there. */
const TIMES = Array.from(
  { length: CPUS },
  (_, cpu) => `cpu${cpu} 28500 37 12500 52500000 650 0 280 0 0 0\n`,
).join('');
const CALM = 'avg10=0.00 avg60=0.00 avg300=0.00';

/** Files, and what systemd says. */
export function systemParts({ index }: SimulatedServer): MachineParts {
  const cpu =
    'processor\t: N\nvendor_id\t: GenuineIntel\nmodel name\t: Example CPU @ 2.80GHz\nmicrocode\t: 0xd0003e7\n\n';
  return {
    files: new Map([
      ['proc/loadavg', '1.20 1.10 1.00 2/1204 99999\n'],
      [
        'proc/meminfo',
        `MemTotal:       ${MEMORY_KB} kB\nMemFree:        201203100 kB\nMemAvailable:   240112044 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n`,
      ],
      ['proc/pressure/cpu', `some ${CALM} total=1021\nfull ${CALM} total=0\n`],
      ['proc/pressure/memory', `some ${CALM} total=0\nfull ${CALM} total=0\n`],
      ['proc/pressure/io', `some ${CALM} total=31201\nfull ${CALM} total=20110\n`],
      ['proc/cpuinfo', Array.from({ length: CPUS }, (_, at) => cpu.replace('N', String(at))).join('')],
      ['proc/sys/fs/file-nr', '4096\t0\t9223372036854775807\n'],
      [
        'proc/stat',
        `cpu  912000 1200 401000 1680000000 21000 0 9000 0 0 0\n${TIMES}procs_running 2\nprocs_blocked 0\n`,
      ],
      ['proc/vmstat', 'pgmajfault 40122\npswpin 0\npswpout 0\noom_kill 0\n'],
      ['proc/swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'],
      ['proc/net/sockstat', 'sockets: used 412\nTCP: inuse 38 orphan 0 tw 21 alloc 44 mem 9\n'],
      ['proc/sys/net/ipv4/ip_local_port_range', '32768\t60999\n'],
      ['sys/devices/system/cpu/online', `0-${CPUS - 1}\n`],
      ['sys/devices/system/cpu/present', `0-${CPUS - 1}\n`],
      ['sys/class/hwmon/hwmon0/name', 'coretemp\n'],
      ['sys/class/hwmon/hwmon0/temp1_label', 'Package id 0\n'],
      ['sys/class/hwmon/hwmon0/temp1_input', `${41 + (index % 9)}000\n`],
      ['sys/class/hwmon/hwmon0/temp1_crit', '96000\n'],
      ['run/systemd/system', ''],
      ['etc/resolv.conf', 'nameserver 192.0.2.53\nnameserver 192.0.2.54\n'],
    ]),
    tools: new Map([
      ['systemctl list-units --failed --all --plain --no-legend', ''],
      [
        `systemctl show --property=${MANAGER}`,
        'SystemState=running\nVersion=252 (252.39-1~deb12u1)\nTainted=\nNJobs=0\nUserspaceTimestampMonotonic=4100000\nFinishTimestampMonotonic=19800000\n',
      ],
      [
        `systemctl show *.service --property=${SERVICE}`,
        'Id=ssh.service\nActiveState=inactive\nSubState=dead\nResult=success\nNRestarts=0\nActiveEnterTimestampMonotonic=0\n',
      ],
    ]),
  };
}
