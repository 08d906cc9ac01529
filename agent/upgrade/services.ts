/** The upgrades of an agent: its service, and the engine behind it, loaded only where the agent is configured for upgrades. */

import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { HealthChecks } from '../../proto/health-check.ts';
import type { Service } from '../../proto/serve/handlers.ts';
import { lazyService } from '../../proto/serve/lazy.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { Machine } from '../host/machine.ts';
import { uptimeMs } from '../host/uptime.ts';
import type { UpgradeSettings } from '../settings/settings.ts';
import type { RunningSlot } from './boot/running-slot.ts';
import type { UpgradeEngine } from './engine.ts';
import type { PeerAnswer } from './health/confirm.ts';
import type { BootControl } from './hooks.ts';
import type { UpgradePolicy } from './policy.ts';

/** The upgrades of an agent. */
export interface UpgradeRoom {
  readonly service: Service;
  /** Troubles that a person should know of, each one sentence. */
  readonly warnings: string[];
  /** What is being tried by a restart, a sentence; undefined where nothing is. */
  readonly trial: string | undefined;
  /** Ends or goes on with what was under way: to be called when the agent serves. Never rejects. */
  open(): Promise<void>;
  /** Stops what the node does by itself; the next agent goes on with it. */
  close(): Promise<void>;
}

/** What a simulated node has in place of a machine's boot loader and restarts. */
export interface SimulatedUpgrades {
  readonly machine: Machine;
  readonly boot: BootControl;
  /** How long a node has to have been well, in ms: simulated ones do not change. */
  readonly settleMs: number;
  /** What runs, where the machine has no command line and no mounted root that would tell. */
  readonly running?: () => RunningSlot;
}

/** What the room needs of the agent. */
export interface UpgradeRoomParts {
  readonly node: string;
  /** Undefined where the agent is not configured for upgrades. */
  readonly settings: UpgradeSettings | undefined;
  /** The agent's state folder. */
  readonly state: string;
  readonly machine: Machine;
  readonly log: Log;
  readonly policy: () => UpgradePolicy;
  /** Whether a config document is being tried or put back. */
  readonly configTrial: () => boolean;
  /** `health` of the config document that runs. */
  readonly checks: () => HealthChecks | undefined;
  /** Calls this agent's own port over mutual TLS. Rejects where it does not answer. */
  readonly call: (signal: AbortSignal) => Promise<void>;
  /** Asks the peer at an address to call this agent back. Rejects where the peer does not answer. */
  readonly askPeer: (address: string, signal: AbortSignal) => Promise<PeerAnswer>;
  readonly simulated?: SimulatedUpgrades;
}

/** The room of an agent. */
export function upgradeRoom(parts: UpgradeRoomParts): UpgradeRoom {
  const { node, log } = parts;
  // Releases of the agent are taken with keys alone.
  const settings = parts.settings?.compatible ? parts.settings : undefined;
  let loading: Promise<UpgradeEngine> | undefined;
  let engine: UpgradeEngine | undefined;
  let trouble: string | undefined;
  const load = (wanted: UpgradeSettings) => {
    loading ??= openEngine(parts, wanted)
      .then((opened) => {
        engine = opened;
        trouble = undefined;
        return opened;
      })
      .catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
    return loading;
  };
  return {
    service: lazyService('nodectl.v1.UpgradeService', async () => {
      if (!settings)
        throw new Failure('UPGRADE_NOT_CONFIGURED', `the agent of ${node} is not configured for upgrades`, {
          hint: 'docs/upgrades.md says what "upgrades" in agent.yaml takes: keys, and what the node is compatible with',
        });
      const { upgradeService } = await import('./service.ts');
      return upgradeService(node, await load(settings));
    }),
    get warnings() {
      return [...(trouble === undefined ? [] : [trouble]), ...(engine?.warnings ?? [])];
    },
    get trial() {
      return engine?.trial;
    },
    open: async () => {
      if (!settings) return;
      // A node whose boot loader cannot be read must be reached all the more.
      await load(settings).catch((err: unknown) => {
        log.error({ err }, 'upgrades are not possible');
        trouble = `upgrades are not possible: ${Failure.from(err).message}`;
      });
    },
    close: async () => {
      await loading?.catch(() => undefined);
      await engine?.close();
    },
  };
}

/** Loads the engine and has it look at what became of the last upgrade. @throws Failure UPGRADE_NO_BACKEND */
async function openEngine(parts: UpgradeRoomParts, settings: UpgradeSettings): Promise<UpgradeEngine> {
  const { state, log, simulated } = parts;
  const [
    { UpgradeEngine: Engine },
    { openBackend },
    { SlotRecords },
    { SlotDevices },
    { slotOpener },
    health,
    { bootControl },
  ] = await Promise.all([
    import('./engine.ts'),
    import('./boot/detect.ts'),
    import('./boot/slot-records.ts'),
    import('./boot/slot-store.ts'),
    import('./slot-handle.ts'),
    import('./health/gate.ts'),
    import('./boot-control.ts'),
  ]);
  const [{ UpgradeDeadline }, { knownTroublesOf }, { trustedKeys }, { PeerSight }, { madeWith }] =
    await Promise.all([
      import('./health/deadline.ts'),
      import('./preflight-known.ts'),
      import('../release/keys.ts'),
      import('./health/confirm.ts'),
      import('./made-with.ts'),
    ]);
  const machine = simulated?.machine ?? parts.machine;
  const folder = join(state, 'upgrade');
  const { slots = { a: 'PARTLABEL=nodectl-a', b: 'PARTLABEL=nodectl-b' }, bootFolder } = settings;
  const devices = new SlotDevices(slots, machine);
  const records = new SlotRecords(join(folder, 'slots'));
  const backend = openBackend({
    ...{ backend: settings.backend ?? 'auto', machine, devices, records },
    ...(bootFolder === undefined ? {} : { folder: bootFolder }),
    ...(simulated?.running ? { running: simulated.running } : {}),
  });
  const warn = (message: string) => log.warn({}, message);
  const engine = new Engine({
    ...{ folder, backend, slots: slotOpener(devices), log, policy: parts.policy },
    boot: simulated?.boot ?? bootControl(machine),
    gate: new health.NodeHealthGate({
      ...{ machine: parts.machine, stateFolder: state, selfCall: parts.call, documentChecks: parts.checks },
      ...(simulated ? { settleMs: simulated.settleMs } : {}),
    }),
    deadline: new UpgradeDeadline(folder, machine, warn),
    peers: new PeerSight({ node: parts.node, ask: parts.askPeer }),
    troubles: { against: (image, signal) => knownTroublesOf(image, parts.machine, signal) },
    trust: {
      keyring: () => trustedKeys(settings.keys),
      threshold: settings.threshold ?? 1,
      compatible: settings.compatible ?? [],
    },
    configTrial: parts.configTrial,
    freeBytes: () => {
      const { bavail, bsize } = statfsSync(state);
      return bavail * bsize;
    },
    now: () => parts.machine.now(),
    // A simulated node restarts, and the machine below it does not.
    ...(simulated ? {} : { uptimeMs: () => uptimeMs(machine), madeWith: () => madeWith(machine) }),
  });
  await engine.open();
  return engine;
}
