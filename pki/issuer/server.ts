/**
 * A running issuer: one port for nodes that enrol and have no certificate yet, one over mutual TLS for renewals and for
 * operators. `nodectl pki serve` runs it on a workstation or server, an agent that holds the nodes' authority beside itself.
 */

import type { ListenOptions } from 'node:net';
import { join } from 'node:path';
import { AuditLog } from '../../proto/serve/audit-log/audit-log.ts';
import type { Service } from '../../proto/serve/handlers.ts';
import { healthService } from '../../proto/serve/health.ts';
import type { Log } from '../../proto/serve/log.ts';
import { reflectionServices } from '../../proto/serve/reflection.ts';
import { Server } from '../../proto/serve/server.ts';
import { retryDelay } from '../renewal.ts';
import { Issuer, type IssuerOptions } from './issuer.ts';
import { enrolmentService, issuerService } from './service.ts';

/** What a running issuer is made of. */
export interface IssuerServerOptions extends IssuerOptions {
  /** The name in its certificate. */
  name: string;
  /** Where nodes and operators call, over mutual TLS. */
  listen: ListenOptions;
  /** Where nodes without a certificate call. */
  enrolListen: ListenOptions;
  /** "HOST:PORT" that nodes are told for renewals; by default the host of `listen` and its port. */
  renewalAddress?: string;
  log: Log;
}

/** A running issuer. */
export interface IssuerServer {
  readonly issuer: Issuer;
  /** "HOST:PORT" of the port over mutual TLS, and of the enrolment port. */
  readonly address: string;
  readonly enrolAddress: string;
  /** Ends open calls in bounded time and releases the folder. */
  close(): Promise<void>;
}

/** The issuer's own certificate is renewed at this share of its life. */
const RENEW_SHARE = 2 / 3;
/** setTimeout takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Starts an issuer. Throws where its folder is in use, its authority is not there, or a port is taken. */
export async function startIssuer(options: IssuerServerOptions): Promise<IssuerServer> {
  const issuer = new Issuer(options);
  const servers: Server[] = [];
  let timer: NodeJS.Timeout | undefined;
  const close = async () => {
    clearTimeout(timer);
    await Promise.all(servers.map((server) => server.drain()));
    await audit?.close();
    issuer.close();
  };
  let audit: AuditLog | undefined;
  try {
    audit = await AuditLog.open(join(options.stateFolder, 'audit'), options.log);
    const { log } = options;
    let pair = issuer.servingPair(options.name);
    const material = () => ({ key: pair.key, chain: pair.chain, trust: issuer.trust });
    let renewalAddress = options.renewalAddress ?? '';
    const withHealth = (...services: Service[]): Service[] => [
      ...services,
      healthService(() => server as Server),
      ...reflectionServices(() => (server as Server).services),
    ];
    const server: Server = new Server({
      material: material(),
      services: withHealth(issuerService(issuer)),
      audit,
      log,
    });
    const enrolment = new Server({
      material: material(),
      services: [enrolmentService(issuer, () => renewalAddress)],
      callers: 'anyone',
      audit,
      log,
    });
    servers.push(server, enrolment);
    const host = (where: ListenOptions) => where.host ?? '0.0.0.0';
    const address = `${host(options.listen)}:${await server.listen(options.listen)}`;
    const enrolAddress = `${host(options.enrolListen)}:${await enrolment.listen(options.enrolListen)}`;
    renewalAddress ||= address;
    const schedule = (wait: number) => {
      timer = setTimeout(renew, Math.min(wait, MAX_TIMER_MS)).unref();
    };
    let failures = 0;
    const renew = () => {
      try {
        pair = issuer.servingPair(options.name);
        for (const one of servers) one.reload(material());
        failures = 0;
        schedule((pair.notAfter - Date.now()) * RENEW_SHARE);
      } catch (err) {
        failures++;
        log.error({ err, failures }, 'the issuer could not renew its own certificate; it tries again');
        schedule(retryDelay(failures, pair, Date.now()));
      }
    };
    schedule((pair.notAfter - Date.now()) * RENEW_SHARE);
    log.info({ address, enrolAddress, renewalAddress }, 'the issuer serves');
    return { issuer, address, enrolAddress, close };
  } catch (error) {
    await close();
    throw error;
  }
}
