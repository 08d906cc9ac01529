/** Addresses of peers as people write them. Apart from connecting, since reading a file of addresses must load no network. */

import { Failure } from '../failure.ts';

/** An address in its parts. Throws a Failure when it is not "HOST:PORT" or "[IPV6]:PORT". */
export function splitAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (!host || !(port > 0 && port < 65_536))
    throw new Failure('BAD_ARGUMENT', `"${address.slice(0, 100)}" is not an address`, {
      hint: 'write HOST:PORT, for example 10.0.0.7:7443 or [fd00::7]:7443',
    });
  return { host, port };
}
