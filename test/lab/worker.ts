/**
 * A process of a lab: hosts a share of its nodes, each a whole agent with its own certificate, port and folder. A node that restarts
 * ends its agent and starts another in its place.
 */

import { join } from 'node:path';
import pino from 'pino';
import { type Agent, startAgent } from '../../agent/server/agent.ts';
import type { AgentSettings } from '../../agent/settings/settings.ts';
import { simulatedConfigHost } from '../../agent/sim/config-host.ts';
import { type SimulatedServer, simulatedMachine } from '../../agent/sim/server.ts';
import { simulatedUpgradeHost } from '../../agent/sim/upgrade-host.ts';

/** A node to host: how its agent is configured, and the server that it pretends to be. */
export interface NodeOrder {
  config: AgentSettings;
  server: SimulatedServer;
}

/** What a worker is told: the nodes to host. */
export interface WorkerOrder {
  nodes: NodeOrder[];
  /** Where the agents' own logs go. */
  logFile: string;
  /** The folder of the keys that images are trusted by. */
  keys: string;
}

/** What a worker answers: where a node serves, or why one could not be started. */
export type WorkerReport =
  | { ready: { name: string; address: string } }
  | { failed: { name: string; message: string } };

/** More handshakes at once only wait for each other. */
const AT_ONCE = 4;

/** By node. */
const agents = new Map<string, Agent>();
const ending = new AbortController();
/** Nodes that are going down, or coming up. */
const restarts = new Set<Promise<void>>();

async function host({ config, server }: NodeOrder, { logFile, keys }: WorkerOrder): Promise<void> {
  const name = config.name ?? '';
  try {
    const log = pino(
      { base: { node: name }, level: config.logLevel },
      pino.destination({ dest: logFile, sync: true }),
    );
    const token = () => config.enrolment.token;
    const machine = simulatedMachine(server);
    const configHost = simulatedConfigHost(name, join(config.state, 'root'), machine);
    const upgrades = await simulatedUpgradeHost(join(config.state, 'machine'), config.state, keys, () => {
      const restarting = restart().catch((error: Error) =>
        report({ failed: { name, message: error.message } }),
      );
      restarts.add(restarting);
      void restarting.finally(() => restarts.delete(restarting));
    });
    const start = (settings: AgentSettings) =>
      startAgent(
        { ...settings, upgrades: upgrades.settings },
        { log, token, machine, configHost, upgrades: upgrades.simulated, signal: ending.signal },
      );
    const agent = await start(config);
    const { addresses } = agent;
    const restart = async () => {
      await agents.get(name)?.stop();
      agents.delete(name);
      await upgrades.boot();
      // Where it was: the fleet knows its address.
      if (!ending.signal.aborted) agents.set(name, await start({ ...config, listen: addresses }));
    };
    agents.set(name, agent);
    report({ ready: { name, address: agent.addresses[0] ?? '' } });
  } catch (error) {
    report({ failed: { name, message: (error as Error).message } });
  }
}

function report(what: WorkerReport): void {
  if (process.connected) process.send?.(what);
}

async function stop(): Promise<void> {
  process.off('disconnect', stop);
  ending.abort();
  await Promise.all(restarts);
  await Promise.all([...agents.values()].map((agent) => agent.stop()));
  if (process.connected) process.disconnect?.();
}

process.once('message', async (order: WorkerOrder) => {
  const waiting = [...order.nodes];
  const lane = async () => {
    for (let node = waiting.shift(); node; node = waiting.shift()) await host(node, order);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
});
process.once('SIGTERM', stop);
// Ctrl-C reaches the whole group; the lab itself says when to stop.
process.on('SIGINT', () => {});
process.once('disconnect', stop);
