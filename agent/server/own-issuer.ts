/** An agent that is an issuer too: the issuer beside it, its service, and the port where other nodes enrol. */

import { join } from 'node:path';
import type { Issuer } from '../../pki/issuer/issuer.ts';
import type { AuditLog } from '../../proto/serve/audit-log/audit-log.ts';
import type { Service } from '../../proto/serve/handlers.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { AgentSettings } from '../settings/settings.ts';
import { type ListenPlace, listenOn, listenPlace, placeName } from './listen.ts';

/** The issuer, loaded only where the agent is one: most agents are not. Throws where its folders cannot be used. */
export async function openIssuer(config: AgentSettings, authorityFolder: string): Promise<Issuer> {
  const { Issuer: IssuerClass } = await import('../../pki/issuer/issuer.ts');
  return new IssuerClass({ authorityFolder, stateFolder: join(config.state, 'issuer') });
}

/** The issuer's service, for the agent's own port. */
export async function issuerServiceOf(issuer: Issuer): Promise<Service> {
  const { issuerService } = await import('../../pki/issuer/service.ts');
  return issuerService(issuer);
}

/**
 * Opens the port where nodes enrol with this agent, with a certificate of the issuer's own.
 * @param handedOver a socket that systemd has opened, in place of the configured address
 * @param own the agent's: where it audits and logs to, the node's name, its main address
 */
export async function startEnrolment(
  issuer: Issuer,
  config: AgentSettings,
  handedOver: ListenPlace | undefined,
  own: { audit: AuditLog; log: Log; node: string; main: string },
): Promise<{ address: string; stop: () => Promise<unknown> }> {
  const { enrolmentServer, ServingPair } = await import('../../pki/issuer/server.ts');
  const renewal = config.issuer?.renewal ?? config.addresses[0] ?? own.main;
  const serving = new ServingPair(issuer, own.node);
  const server = enrolmentServer(issuer, () => renewal, { audit: own.audit, log: own.log }, serving);
  const place = handedOver ?? listenPlace(config.issuer?.listen ?? '');
  const port = await listenOn(server, place);
  serving.keepFresh([server], own.log);
  const stop = () => {
    serving.stop();
    return server.drain();
  };
  return { address: placeName(place, port), stop };
}
