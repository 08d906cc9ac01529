/** A node in memory that a test can make ill, for the health gate: two network cards, a few services, a clock, a kubelet. */

import { MemoryMachine } from '../../sim/memory-machine.ts';

/** What can be otherwise than well. */
export interface Ills {
  failed?: string[];
  /** States of services that do not run: "failed", "inactive", "gone", "activating". */
  services?: Record<string, 'inactive' | 'activating' | 'gone'>;
  /** How services are enabled where they are not: "static", "disabled". */
  enabled?: Record<string, string>;
  triggered?: Record<string, string>;
  carrier?: Record<string, boolean>;
  speed?: Record<string, number>;
  /** Other names of the cards. */
  names?: Record<string, string>;
  noRoute?: boolean;
  noAddress?: boolean;
  otherAddress?: boolean;
  unsynchronised?: boolean;
  kubelet?: string;
  noKubelet?: boolean;
  etcd?: string;
  availableBlocks?: number;
  systemctl?: 'broken';
}

const SERVICES = ['chrony.service', 'kubelet.service', 'ssh.service', 'user@0.service', 'packagekit.service'];
const CARDS = { eth0: '0000:01:00.0', eth1: '0000:01:00.1' };

/** A node whose ills are what the object says at the moment at which it is looked at. */
export function illNode(ills: Ills = {}): MemoryMachine {
  return new IllMachine(ills);
}

class IllMachine extends MemoryMachine {
  readonly #ills: Ills;

  constructor(ills: Ills) {
    super({ files: new Map() });
    this.#ills = ills;
  }

  #now(): MemoryMachine {
    return machineOf(this.#ills);
  }

  override text(path: string) {
    return this.#now().text(path);
  }

  override list(path: string) {
    return this.#now().list(path);
  }

  override link(path: string) {
    return this.#now().link(path);
  }

  override has(path: string) {
    return this.#now().has(path);
  }

  override async slowFiles(paths: readonly string[]) {
    return this.#now().slowFiles(paths);
  }

  override async run(program: string, args: readonly string[]) {
    if (program === 'systemctl' && args[0] === 'show' && args.includes('--'))
      return { code: 0, stderr: '', stdout: shown(this.#ills, args.slice(args.indexOf('--') + 1)) };
    return this.#now().run(program, args);
  }

  override async probe(target: Parameters<MemoryMachine['probe']>[0]) {
    return this.#now().probe(target);
  }
}

function shown(ills: Ills, units: readonly string[]): string {
  return units
    .map((unit) => {
      const state = ills.services?.[unit] ?? (SERVICES.includes(unit) ? 'active' : 'gone');
      const load = state === 'gone' ? 'not-found' : 'loaded';
      const active = ills.failed?.includes(unit) ? 'failed' : state === 'gone' ? 'inactive' : state;
      return `Id=${unit}\nLoadState=${load}\nActiveState=${active}\nSubState=dead\nUnitFileState=${ills.enabled?.[unit] ?? 'enabled'}\nTriggeredBy=${ills.triggered?.[unit] ?? ''}\n`;
    })
    .join('\n');
}

function machineOf(ills: Ills): MemoryMachine {
  const files = new Map<string, string>([
    ['run/systemd/system/x', ''],
    ['proc/cmdline', 'root=PARTUUID=1 ro nodectl.slot=b nodectl.deploy=42-ab\n'],
    ['proc/net/snmp', 'Tcp: RetransSegs\nTcp: 0\n'],
    [
      'proc/net/route',
      `Iface\tDestination\tGateway\tFlags\n${ills.noRoute ? '' : 'eth0\t00000000\t0101000A\t0003\t0\t0\t0\t00000000\n'}`,
    ],
    ['proc/net/ipv6_route', ''],
    ['proc/self/mountinfo', '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /var rw - ext4 /dev/sda2 rw\n'],
    ['proc/mounts', '/dev/sda1 / ext4 rw 0 0\n/dev/sda2 /var ext4 rw 0 0\n'],
    ...(ills.noKubelet ? [] : [['var/lib/kubelet/config.yaml', 'kind: KubeletConfiguration\n'] as const]),
    ...(ills.etcd === undefined ? [] : [['var/lib/etcd/member/x', ''] as const]),
  ]);
  const links = new Map<string, string>();
  for (const [at, [plain, address]] of Object.entries(CARDS).entries()) {
    const name = ills.names?.[plain] ?? plain;
    const device = `sys/devices/pci0000:00/${address}`;
    links.set(`sys/class/net/${name}`, `../../devices/pci0000:00/${address}/net/${name}`);
    links.set(`${device}/net/${name}/device`, '../..');
    links.set(`${device}/driver`, '../../../bus/pci/drivers/igc');
    const carrier = ills.carrier?.[plain] ?? true;
    files.set(`${device}/vendor`, '0x8086\n').set(`${device}/device`, '0x15f2\n');
    for (const [file, value] of Object.entries({
      ...{ flags: '0x1003', ifindex: `${at + 2}`, type: '1', operstate: 'up', mtu: '1500', uevent: '' },
      ...{
        carrier: carrier ? '1' : '0',
        speed: `${ills.speed?.[plain] ?? 2500}`,
        address: `52:54:00:00:00:0${at}`,
      },
    }))
      files.set(`${device}/net/${name}/${file}`, `${value}\n`);
  }
  const ip = (name: string) => ({
    ifname: ills.names?.[name] ?? name,
    addr_info: ills.noAddress
      ? []
      : [
          {
            family: 'inet',
            local: ills.otherAddress ? '10.0.1.9' : '10.0.1.5',
            prefixlen: 24,
            scope: 'global',
          },
        ],
  });
  const running = SERVICES.filter((unit) => !ills.services?.[unit] && !ills.failed?.includes(unit));
  const tools = new Map<string, string | (() => string)>([
    ['ip -json address show', JSON.stringify([ip('eth0')])],
    [
      'adjtimex --print',
      `mode: 0\noffset: 0\nfrequency: 0\nmaxerror: 1000\nesterror: 10\nstatus: ${ills.unsynchronised ? 64 : 8193}\nreturn value: 0\n`,
    ],
    [
      'stat -f -c %S %b %f %a %c %d %n -- / /var',
      `4096 262144 131072 131072 1 1 /\n4096 262144 131072 ${ills.availableBlocks ?? 131_072} 1 1 /var\n`,
    ],
    ...(ills.kubelet === 'dead' ? [] : [['GET http://127.0.0.1:10248/healthz', 'ok'] as const]),
    ...(ills.etcd === undefined || ills.etcd === 'dead'
      ? []
      : [['GET http://127.0.0.1:2381/health', `{"health":"${ills.etcd}"}`] as const]),
    ...(ills.systemctl === 'broken'
      ? [['systemctl none', ''] as const]
      : [
          [
            'systemctl list-units --failed --all --plain --no-legend',
            (ills.failed ?? []).map((unit) => `${unit} loaded failed failed A unit\n`).join(''),
          ] as const,
          [
            'systemctl show *.service --property=Id,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestampMonotonic',
            running
              .map(
                (unit) => `Id=${unit}\nActiveState=active\nSubState=running\nResult=success\nNRestarts=0\n`,
              )
              .join('\n'),
          ] as const,
        ]),
  ]);
  return new MemoryMachine({ files, links, tools });
}
