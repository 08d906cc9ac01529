/**
 * An issuer as a server: one port over mutual TLS where nodes renew and operators keep the register, and one where nodes that
 * have no certificate yet enrol. `nodectl pki serve` runs both; an agent that is an issuer runs the second beside its own.
 */

import type { ListenOptions } from 'node:net';
import { join } from 'node:path';
import { AuditLog } from '../../proto/serve/audit-log/audit-log.ts';
import type { Service } from '../../proto/serve/handlers.ts';
import { healthService } from '../../proto/serve/health.ts';
import { MAX_TIMER_MS } from '../../proto/serve/limits.ts';
import type { Log } from '../../proto/serve/log.ts';
import { reflectionServices } from '../../proto/serve/reflection.ts';
import { type ServeOptions, Server } from '../../proto/serve/server.ts';
import { renewalTime } from '../renewal.ts';
import type { Issuer } from './issuer.ts';
import { LiveDenylist } from './live-denylist.ts';
import { enrolmentService, issuerService } from './service.ts';

/** Where to listen. */
export type ListenAt = ListenOptions & { fd?: number };

/** What an issuer's server needs. */
export interface IssuerServerOptions {
  readonly issuer: Issuer;
  /** The issuer's name in its own certificate: a DNS name, for example the host's. */
  readonly name: string;
  /** The port over mutual TLS. */
  readonly listen: ListenAt;
  /** The port for nodes without a certificate. */
  readonly enrolmentListen: ListenAt;
  /** What nodes are told as the place to renew ("HOST:PORT"), from the first port's number. */
  readonly renewalAddress: (port: number) => string;
  /** The folder of the audit log. */
  readonly auditFolder: string;
  /** The file of the denylist; see denylistOf. */
  readonly denylist: string;
  readonly log: Log;
}

/** A running issuer. */
export interface IssuerServer {
  /** The port over mutual TLS. */
  readonly port: number;
  readonly enrolmentPort: number;
  /** Stops both ports, and waits at most ten seconds for open calls. */
  stop(): Promise<void>;
}

/** Starts an issuer with a key and certificate of its own, made anew each time and renewed while it runs. */
export async function startIssuer(options: IssuerServerOptions): Promise<IssuerServer> {
  const { issuer, name, log } = options;
  const denylist = new LiveDenylist(options.denylist, log);
  const audit = await AuditLog.open(options.auditFolder, log);
  warn(issuer, audit, log);
  const serving = new ServingPair(issuer, name);
  const main: Server = new Server({
    material: serving.material,
    denied: (caller) => denylist.reasonFor(caller),
    audit,
    log,
    services: [issuerService(issuer), healthService(() => main), ...reflectionServices(() => main.services)],
  });
  let port = 0;
  const enrolment = enrolmentServer(issuer, () => options.renewalAddress(port), { audit, log }, serving);
  try {
    port = await main.listen(options.listen);
    const enrolmentPort = await enrolment.listen(options.enrolmentListen);
    serving.keepFresh([main, enrolment], log);
    const stop = async () => {
      serving.stop();
      await Promise.all([main.drain(), enrolment.drain()]);
      await audit.close();
    };
    return { port, enrolmentPort, stop };
  } catch (error) {
    await Promise.all([main.drain(0), enrolment.drain(0)]);
    await audit.close();
    throw error;
  }
}

/** Says what an issuer has lost: a fleet whose register is gone runs on until the first certificates end. */
function warn(issuer: Issuer, audit: AuditLog, log: Log): void {
  if (issuer.problem) log.error({ why: issuer.problem }, 'the register was not whole');
  if (issuer.isNew && audit.head.sequence > 0)
    log.error(
      { hint: 'restore register.jsonl from your backup: nodes that it does not know cannot renew' },
      'the register is empty, although this issuer has worked before',
    );
}

/** The server of an enrolment port, not listening yet. Its certificate comes from `serving`. */
export function enrolmentServer(
  issuer: Issuer,
  renewalAddress: () => string,
  common: Pick<ServeOptions, 'audit' | 'log'>,
  serving: ServingPair,
): Server {
  const services: Service[] = [enrolmentService(issuer, renewalAddress)];
  return new Server({ ...common, callers: 'anyone', material: serving.material, services });
}

/** The shortest wait between two renewals of an issuer's own certificate. */
const MIN_WAIT_MS = 60_000;

/** An issuer's own key and certificate, and their renewal. */
export class ServingPair {
  readonly #issuer: Issuer;
  readonly #name: string;
  #pair: ReturnType<Issuer['servingPair']>;
  #timer: NodeJS.Timeout | undefined;

  constructor(issuer: Issuer, name: string) {
    this.#issuer = issuer;
    this.#name = name;
    this.#pair = issuer.servingPair(name);
  }

  get material() {
    return { key: this.#pair.key, chain: this.#pair.chain, trust: this.#issuer.trust };
  }

  /** Makes a new pair at two thirds of the life of the present one and gives it to the servers. */
  keepFresh(servers: readonly Server[], log: Log): void {
    const now = Date.now();
    const due = renewalTime({ notBefore: now, notAfter: this.#pair.notAfter }) - now;
    // Where the authority has ended, or is about to, the next one is looked for now and then, not without pause.
    const wait = Math.min(Math.max(due, MIN_WAIT_MS), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.#renew(servers, log), wait).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #renew(servers: readonly Server[], log: Log): void {
    try {
      this.#pair = this.#issuer.servingPair(this.#name);
      for (const server of servers) server.reload(this.material);
    } catch (err) {
      log.error({ err }, 'the issuer could not renew its own certificate');
    }
    this.keepFresh(servers, log);
  }
}

/** Where an issuer's audit log is, below its state folder. */
export function auditFolderOf(stateFolder: string): string {
  return join(stateFolder, 'audit');
}
