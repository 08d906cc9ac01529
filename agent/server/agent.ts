/** The agent, assembled: certificate, audit log, denylist, services, ports; and its orderly end. */

import { join } from 'node:path';
import { Denylist } from '../../pki/denylist.ts';
import { Failure } from '../../proto/failure.ts';
import { AuditLog } from '../../proto/serve/audit-log/audit-log.ts';
import { healthService } from '../../proto/serve/health.ts';
import { lazyService } from '../../proto/serve/lazy.ts';
import type { Log } from '../../proto/serve/log.ts';
import { reflectionServices } from '../../proto/serve/reflection.ts';
import { Server } from '../../proto/serve/server.ts';
import { VERSION } from '../../proto/version.ts';
import { accessService } from '../access/service.ts';
import type { ConfigHost } from '../config/resource.ts';
import { configRoom } from '../config/services.ts';
import { diagnosticsServices } from '../diagnostics/services.ts';
import { HostFiles } from '../host/host-files.ts';
import { LiveMachine } from '../host/live-machine.ts';
import type { Machine } from '../host/machine.ts';
import type { OwnMemory } from '../host/own-memory.ts';
import { SystemReader } from '../host/system.ts';
import { metricsLoader } from '../metrics/load.ts';
import { type LaunchedAs, releaseRoom } from '../release/room.ts';
import type { AgentSettings } from '../settings/settings.ts';
import { systemService } from '../system/service.ts';
import { type SimulatedUpgrades, upgradeRoom } from '../upgrade/services.ts';
import { capabilitiesOf } from './capabilities.ts';
import { GivingBack } from './giving-back.ts';
import { callHealth } from './health-call.ts';
import { ownIssuer, remoteIssuer } from './issuer-client.ts';
import { LazyShipping, logsOf, logsServiceOf } from './lazy-logs.ts';
import { type ListenPlace, listenOn, listenPlace, placeName } from './listen.ts';
import { NodeCertificate, renewalAddress } from './node-certificate.ts';
import { openHistory, startExporter } from './observing.ts';
import { issuerServiceOf, openIssuer, startEnrolment } from './own-issuer.ts';
import { Settling } from './settle.ts';
import { takeStateFolder } from './state-folder.ts';

/** What stands around an agent. */
export interface AgentSurroundings {
  readonly log: Log;
  /** Ends the waiting for an issuer at the start. */
  readonly signal: AbortSignal;
  /** The enrolment token, asked for only where there is no certificate in force. */
  readonly token: () => string | undefined;
  /** The machine that the agent is on; "/" for this one. */
  readonly root?: string;
  /** What is diagnosed in place of that machine: a simulated one in the lab. */
  readonly machine?: Machine;
  /** What config documents change in place of that machine: a folder in the lab. */
  readonly configHost?: ConfigHost;
  /** How this program was launched; undefined where it cannot be replaced by another release of it. */
  readonly launched?: LaunchedAs | undefined;
  /** What is upgraded in place of that machine: files in the lab. */
  readonly upgrades?: SimulatedUpgrades;
  /** The memory of this process, where it is the agent's alone and may be given back. */
  readonly memory?: (() => OwnMemory) | undefined;
  /** Sockets that were handed over, in place of the configured addresses. */
  readonly sockets?: { main: ListenPlace[]; enrolment: ListenPlace[] };
}

/** A running agent. */
export interface Agent {
  /** The node's name. */
  readonly node: string;
  /** Where it listens, "HOST:PORT". */
  readonly addresses: string[];
  /** Where nodes enrol, or undefined where the agent is no issuer. */
  readonly enrolmentAddress: string | undefined;
  /** The server of the main port. */
  readonly server: Server;
  readonly certificate: NodeCertificate;
  /** Takes labels and addresses of a changed configuration into use. */
  reconfigure(config: AgentSettings): void;
  /** Ends streams with DRAINING, lets calls end for at most ten seconds, then stops. Says whether force was not needed. */
  stop(): Promise<boolean>;
}

/** Starts an agent. Throws a Failure that says what is missing or wrong. */
export async function startAgent(config: AgentSettings, around: AgentSurroundings): Promise<Agent> {
  const { log, root = '/', machine = new LiveMachine(root) } = around;
  const ending: (() => unknown)[] = [];
  try {
    const letGo = takeStateFolder(config.state);
    ending.push(letGo);
    let current = config;
    const hints = () => ({ addresses: announced(current), labels: current.labels });
    const issuer = config.issuer ? await openIssuer(config, config.issuer.authority) : undefined;
    if (issuer) ending.push(() => issuer.close());
    const certificate = await NodeCertificate.open({
      folder: config.state,
      source: issuer
        ? ownIssuer(issuer)
        : remoteIssuer(
            config.enrolment.issuer,
            () => config.enrolment.renewal ?? renewalAddress(config.state),
          ),
      token: () => (issuer ? issuer.createToken(ownName(config), 0).token : around.token()),
      ...{ hints, log, signal: around.signal },
    });
    ending.push(() => certificate.stop());
    const node = certificate.pair.identity.name;
    if (config.name !== undefined && config.name !== node)
      throw new Failure(
        'BAD_CONFIG',
        `the configuration names this node "${config.name}", its certificate "${node}"`,
        {
          hint: `correct the name, or remove the certificate from ${config.state} and enrol anew`,
        },
      );
    const audit = await AuditLog.open(join(config.state, 'audit'), log);
    ending.push(() => audit.close());
    const denylist = Denylist.open(join(config.state, 'denylist.json'));
    if (denylist.problem) log.error({ why: denylist.problem.message }, 'the denylist was not whole');
    const logs = logsOf(node, config.logs);
    const shipping = new LazyShipping(async () => {
      const { Shipping: ShippingClass } = await import('../shipping/shipping.ts');
      return new ShippingClass(logs, join(config.state, 'shipping'), log);
    });
    ending.push(() => shipping.stop());
    const configs = await configRoom({
      heed: (heeded) => shipping.set(heeded.shipping),
      ...{ node, log, audit, folder: join(config.state, 'config') },
      upgradeTrial: () => upgrades.trial,
      host: around.configHost ?? { machine, files: new HostFiles(root, [config.state]) },
      // A simulated node has no systemd that could start this program in its place.
      ...(around.configHost ? {} : { revertCommand: revertCommand(config.state, node, around.launched) }),
    });
    ending.push(() => configs.close());
    const releases = await releaseRoom(node, around.launched, config.upgrades, log);
    const upgrades = upgradeRoom({
      ...{ node, log, machine, settings: config.upgrades, state: config.state },
      policy: () => configs.heeded?.upgrades ?? {},
      configTrial: () => configs.underWay,
      checks: () => configs.heeded?.health,
      call: (signal) =>
        callHealth({
          ...{ address: addresses[0] ?? '', node, credential: () => certificate },
          ...{ timeoutMs: HEALTH_CALL_MS, signal },
        }),
      askPeer: async (address, signal) => {
        const { askPeer } = await import('./peers.ts');
        const port = Number(/\d+$/.exec(addresses[0] ?? '')?.[0]);
        return askPeer({ node, credential: () => certificate }, address, port, signal);
      },
      ...(around.upgrades ? { simulated: around.upgrades } : {}),
    });
    ending.push(() => upgrades.close());
    const capabilities = capabilitiesOf(config, root);
    const history = await openHistory(config, machine, {
      // Simulated machines are many in one process, and their logs are short.
      apart: around.machine === undefined,
      settle: (left) => (left === 'much' ? settling.soon() : settling.young()),
    });
    if (history) ending.push(() => history.stop());
    const warnings = () => [
      ...certificate.warnings,
      ...audit.warnings,
      ...(denylist.problem ? [denylist.problem.message] : []),
      ...(issuer?.problem ? [issuer.problem] : []),
      ...(history?.warnings ?? []),
      ...configs.warnings,
      ...releases.warnings,
      ...shipping.warnings,
      ...upgrades.warnings,
    ];
    const labels = () => ({ ...current.labels, ...configs.heeded?.labels });
    const diagnosed = {
      ...{ node, machine },
      thresholds: () => ({ ...config.diagnostics.thresholds, ...configs.heeded?.thresholds }),
      ...(history ? { history: history.view, ring: history.source } : {}),
    };
    const metrics = metricsLoader(diagnosed, () => ({
      certificateNotAfter: certificate.pair.identity.notAfter,
      ...{ warnings: warnings().length, openCalls: server.calls.size, historyAt: history?.sampledAt },
    }));
    const settling = new Settling(
      () => server.calls.size === 0,
      around.memory && new GivingBack(log, around.memory),
    );
    ending.push(() => settling.stop());
    const server: Server = new Server({
      material: { key: certificate.pair.key, chain: certificate.pair.chain, trust: certificate.trust },
      ...{ self: node, audit, log, limits: config.limits, onEmpty: () => settling.soon() },
      denied: (caller) => denylist.reasonFor(caller),
      services: [
        systemService(node, new SystemReader(machine), () => ({
          ...{ labels: labels(), running: releases.running },
          certificateNotAfter: certificate.pair.identity.notAfter,
          capabilities,
          warnings: warnings(),
        })),
        accessService({
          ...{ node, denylist, auditFolder: audit.folder, calls: () => server.calls },
          changeTrust: (statement, validateOnly) => certificate.changeTrust(statement, validateOnly),
        }),
        logsServiceOf(logs),
        configs.service,
        releases.service,
        upgrades.service,
        ...diagnosticsServices({ ...diagnosed, metrics }),
        ...(issuer ? [await issuerServiceOf(issuer)] : []),
        lazyService('nodectl.v1.PeerService', async () => {
          const { peerService } = await import('./peers.ts');
          return peerService({ node, credential: () => certificate });
        }),
        healthService(() => server),
        ...reflectionServices(() => server.services),
      ],
    });
    ending.push(() => server.drain(0));
    const places = around.sockets?.main.length ? around.sockets.main : config.listen.map(listenPlace);
    const addresses: string[] = [];
    for (const place of places) addresses.push(placeName(place, await listenOn(server, place)));
    const enrolment = issuer
      ? await startEnrolment(issuer, config, around.sockets?.enrolment[0], {
          audit,
          log,
          node,
          main: addresses[0] ?? '',
        })
      : undefined;
    if (enrolment) ending.push(() => enrolment.stop());
    const exporter = config.metrics
      ? await startExporter(config.metrics, metrics, { certificate, denylist, log })
      : undefined;
    if (exporter) ending.push(() => exporter.server.stop());
    certificate.start(({ pair, trust }) => {
      const material = { key: pair.key, chain: pair.chain, trust };
      server.reload(material);
      exporter?.server.reload(material);
    });
    history?.start();
    settling.soon();
    // A boot is good when the agent serves.
    void upgrades.open();
    log.info(
      {
        ...{ node, version: VERSION, addresses, enrolment: enrolment?.address, capabilities },
        metrics: exporter?.address,
      },
      'serving',
    );
    return {
      ...{ node, addresses, server, certificate },
      enrolmentAddress: enrolment?.address,
      reconfigure: (next) => {
        current = { ...current, labels: next.labels, addresses: next.addresses };
      },
      stop: async () => {
        certificate.stop();
        settling.stop();
        configs.close();
        // Before the port is closed: a stream that carries an image ends with what was flushed.
        await upgrades.close();
        const ended = [enrolment?.stop(), history?.stop(), exporter?.server.stop(), shipping.stop()];
        const [quiet] = await Promise.all([server.drain(), ...ended]);
        await audit.close();
        issuer?.close();
        letGo();
        return quiet;
      },
    };
  } catch (error) {
    for (const end of ending.toReversed()) await end();
    throw error;
  }
}

/** A call to an agent on this machine or beside it. */
const HEALTH_CALL_MS = 5_000;

/** How this program is started to put back a config in the place of a dead agent. This release may be gone by then. */
function revertCommand(state: string, node: string, launched: LaunchedAs | undefined): string[] {
  const [program = process.execPath, script = ''] = process.argv;
  const command = launched?.command ?? [program, ...process.execArgv, script];
  return [...command, 'revert-config', '--state', state, '--name', node];
}

/** What the register is told: the configured addresses, else those that are listened on, as far as others can dial them. */
function announced({ addresses, listen }: AgentSettings): string[] {
  return addresses.length > 0 ? addresses : listen.filter((one) => !/^(\[::\]|0\.0\.0\.0):|:0$/.test(one));
}

function ownName(config: AgentSettings): string {
  if (config.name) return config.name;
  throw new Failure(
    'BAD_CONFIG',
    'an agent that is an issuer makes its own certificate, and so needs a name',
    {
      hint: 'give --name NAME, or name in the configuration',
    },
  );
}
