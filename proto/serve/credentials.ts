/**
 * The credentials that grpc-js makes its HTTP/2 server with. Its stock ones accept TLS 1.2, and with the file-watching ones a
 * torn write drops every new connection; a subclass may give any option of node:http2 and decides when a reload happens.
 */

import { ServerCredentials } from '@grpc/grpc-js';
import type { ServeLimits } from './limits.ts';
import { type Callers, type ServerMaterial, secureContext, serverOptions } from './trust.ts';

/** TLS 1.3 with callers' certificates, or without where nobody has one yet. */
export class MutualTls extends ServerCredentials {
  readonly #callers: Callers;

  constructor(material: ServerMaterial, callers: Callers, limits: ServeLimits) {
    super(serverOptions(callers, limits), secureContext(material, callers));
    this.#callers = callers;
  }

  /** Takes new material into use for new connections. Throws, and changes nothing, where OpenSSL does not take it. */
  reload(material: ServerMaterial): void {
    this.updateSecureContextOptions(secureContext(material, this.#callers));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
