/** Bridges and the state of their ports (Documentation/ABI/testing/sysfs-class-net, net/bridge/br_sysfs_*.c). */

import { type Machine, number } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nicInterfaces } from './interfaces.ts';
import { interfaceFolder } from './paths.ts';

/** States of a port (include/uapi/linux/if_bridge.h). */
const STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'] as const;

/** A port of a bridge. */
export interface BridgePort {
  readonly name: string;
  readonly state?: (typeof STATES)[number];
}

/** A bridge. */
export interface Bridge {
  readonly name: string;
  /** Whether the spanning tree protocol runs. */
  readonly spanningTree: boolean;
  readonly topologyChange: boolean;
  readonly ports: readonly BridgePort[];
}

function readBridge(machine: Machine, name: string): Bridge {
  const folder = interfaceFolder(machine, name);
  return {
    name,
    spanningTree: (number(machine, `${folder}/bridge/stp_state`) ?? 0) > 0,
    topologyChange: number(machine, `${folder}/bridge/topology_change`) === 1,
    ports: machine
      .list(`${folder}/brif`)
      .slice(0, 1_024)
      .map((port) => {
        const state = STATES[number(machine, `${folder}/brif/${port}/state`) ?? -1];
        return { name: port, ...(state ? { state } : {}) };
      }),
  };
}

/** All bridges. */
export const nicBridges = fact({
  id: 'nic.bridges',
  reads: ['/sys/class/net/*/bridge', '/sys/class/net/*/brif'],
  limitMs: 4_000,
  read: async (reading): Promise<readonly Bridge[]> => {
    const bridges = (await reading.get(nicInterfaces)).filter(({ kind }) => kind === 'bridge');
    if (bridges.length === 0) throw new Unavailable('absent', 'this machine has no bridge');
    return bridges.slice(0, 64).map(({ name }) => readBridge(reading.machine, name));
  },
});
