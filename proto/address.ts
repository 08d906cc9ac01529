/** Addresses of peers as people write them: "HOST:PORT", IPv6 in brackets. Loads no network: files of addresses are read too. */

import { Failure } from './failure.ts';

/** An address in its parts. */
export interface Address {
  /** A host name or an IP address, IPv6 without its brackets. */
  host: string;
  port: number;
}

/** Where agents listen if nothing else is said. */
export const AGENT_PORT = 7443;

/** How an address is written, for hints. */
export const ADDRESS_HINT = 'write HOST:PORT, for example 10.0.0.7:7443 or [fd00::7]:7443';

/**
 * A host name, an IPv4 address, or an IPv6 address in brackets that may name its interface; nothing that a terminal or a
 * shell would take for more. 253 characters are a DNS name's most (RFC 1035), 15 an interface name's (netdevice(7)).
 */
const FORM = /^(?:\[([0-9a-fA-F:.]{2,45}(?:%[A-Za-z0-9._-]{1,15})?)\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})$/;

/**
 * The parts of "HOST:PORT" or "[IPV6]:PORT", or undefined where the text is neither.
 * @param lowestPort 0 for addresses to listen on, where it stands for any free port
 */
export function parseAddress(text: string, lowestPort: 0 | 1 = 1): Address | undefined {
  const match = FORM.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port >= lowestPort && port <= 65_535 ? { host, port } : undefined;
}

/** The parts of an address to call. Throws BAD_ARGUMENT where it is not one. */
export function splitAddress(text: string): Address {
  const address = parseAddress(text);
  if (address) return address;
  throw new Failure('BAD_ARGUMENT', `"${text.slice(0, 100)}" is not an address`, { hint: ADDRESS_HINT });
}

/** The text of an address; the reverse of parseAddress. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * A host as people name it, with the agents' port where it has none; everything else as it is. IPv6 needs its brackets: without them
 * "fd00::7:7443" is an address as a whole.
 */
export function withAgentPort(text: string): string {
  return /^(?:[^:[\]]+|\[[^\]]*\])$/.test(text) ? `${text}:${AGENT_PORT}` : text;
}
