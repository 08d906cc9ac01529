/**
 * The agent that is killed: the whole agent, with its certificate, port, audit log and upgrade engine, on a node that is a folder. Only
 * the node is simulated: what runs stands in a file, and a restart is asked for by a line of the log.
 */

import { readFileSync } from 'node:fs';
import { startAgent } from '../../agent/server/agent.ts';
import { createLogger } from '../../agent/server/logger.ts';
import { mergeSettings } from '../../agent/settings/flags.ts';
import type { AgentSettings } from '../../agent/settings/settings.ts';
import { MemoryMachine } from '../../agent/sim/memory-machine.ts';
import { SlotMachine } from '../../agent/sim/upgrade-host.ts';
import type { RunningSlot } from '../../agent/upgrade/boot/running-slot.ts';

/** What the program is told by the file that its argument names. */
export interface VictimOrder {
  readonly settings: Partial<AgentSettings>;
  /** A folder that stands in for the machine's files. */
  readonly host: string;
  /** A file with a BootRecord. */
  readonly boot: string;
}

/** What is true of one boot of the node. */
export interface BootRecord {
  readonly bootId: string;
  readonly running: RunningSlot;
}

/** The line of the log that asks for a restart of the node. */
export const RESTART = 'the node is to restart';

if (import.meta.main) {
  const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as VictimOrder;
  const log = createLogger('info');
  const { bootId, running } = JSON.parse(readFileSync(order.boot, 'utf8')) as BootRecord;
  const agent = await startAgent(mergeSettings(order.settings, {}), {
    ...{ log, signal: new AbortController().signal, token: () => undefined },
    machine: new MemoryMachine({ files: new Map() }),
    upgrades: {
      ...{ machine: new SlotMachine(order.host), settleMs: 0, running: () => running },
      boot: {
        bootId: () => bootId,
        reboot: async () => log.info({}, RESTART),
        previousLog: async () => [],
      },
    },
  });
  process.once('SIGTERM', async () => {
    await agent.stop();
    process.exit(0);
  });
}
