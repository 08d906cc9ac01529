/** Ports of RDMA adapters as /sys/class/infiniband tells of them (Documentation/ABI/stable/sysfs-class-infiniband), of captured machines. */

import { line, type Machine, number } from '../../host/machine.ts';
import type { IbCounters, IbPort, Infiniband } from './infiniband.ts';

const ROOT = 'sys/class/infiniband';
const MAX_PORTS = 512;
const MAX_COUNTERS = 200;

/** Counters that perfquery names otherwise than the kernel. */
const NAMES: Readonly<Record<string, string>> = {
  symbol_error: 'SymbolErrorCounter',
  link_error_recovery: 'LinkErrorRecoveryCounter',
  link_downed: 'LinkDownedCounter',
  port_rcv_errors: 'PortRcvErrors',
  port_rcv_remote_physical_errors: 'PortRcvRemotePhysicalErrors',
  local_link_integrity_errors: 'LocalLinkIntegrityErrors',
  excessive_buffer_overrun_errors: 'ExcessiveBufferOverrunErrors',
  port_xmit_discards: 'PortXmitDiscards',
};

/** What files of ports tell; all empty where there are none. */
export function sysfsInfiniband(machine: Machine): Infiniband {
  const ports: IbPort[] = [];
  const counters: IbCounters[] = [];
  const hardware: IbCounters[] = [];
  for (const adapter of machine.list(ROOT))
    for (const port of machine.list(`${ROOT}/${adapter}/ports`)) {
      if (ports.length + counters.length + hardware.length > MAX_PORTS) break;
      const at = `${ROOT}/${adapter}/ports/${port}`;
      const name = `${adapter} port ${port}`;
      // "4: ACTIVE", "5: LinkUp".
      const word = (file: string) => line(machine, `${at}/${file}`)?.replace(/^\d+: ?/, '') ?? '';
      const state = word('state') || (/^(?:Polling|Disabled|Sleep)$/i.test(word('phys_state')) ? 'Down' : '');
      if (state !== '') ports.push({ name, state, physical: word('phys_state'), layer: word('link_layer') });
      const own = countersIn(machine, `${at}/counters`, (file) => NAMES[file] ?? file);
      if (own.size > 0) counters.push({ name, counters: own });
      const driver = countersIn(machine, `${at}/hw_counters`, (file) => file);
      if (driver.size > 0) hardware.push({ name, counters: driver });
    }
  return { ports, counters, hardware };
}

function countersIn(machine: Machine, folder: string, nameOf: (file: string) => string): Map<string, number> {
  return new Map(
    machine
      .list(folder)
      .slice(0, MAX_COUNTERS)
      .flatMap((file) => {
        const value = number(machine, `${folder}/${file}`);
        return value === undefined ? [] : [[nameOf(file), value] as const];
      }),
  );
}
