/** Where the agent listens: addresses of its configuration, or sockets that systemd opened for it (sd_listen_fds(3)). */

import { type Address, addressText, parseAddress } from '../../proto/address.ts';
import { Failure } from '../../proto/failure.ts';

/** A place to listen, as node:net takes it. */
export type ListenPlace = Address | { fd: number };

/** The first descriptor that systemd hands over. */
const FIRST_FD = 3;
/** The name of an enrolment socket (FileDescriptorName= of the socket unit). */
const ENROLMENT = 'enrolment';

/** An address to listen on: as one to dial, but the port may be 0. Throws BAD_CONFIG. */
export function listenPlace(address: string): ListenPlace {
  const place = parseAddress(address, 0);
  if (place) return place;
  throw new Failure('BAD_CONFIG', `"${address}" is no address to listen on`, {
    hint: 'write HOST:PORT, for example 0.0.0.0:7443 or [::]:7443',
  });
}

/** "HOST:PORT" of a place, with the port that it got. */
export function placeName(place: ListenPlace, port: number): string {
  if ('fd' in place) return `fd ${place.fd}, port ${port}`;
  return addressText({ host: place.host, port });
}

/** The sockets that systemd handed to this process, by what they are for. Empty where it handed over none. */
export function handedOver(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): { main: ListenPlace[]; enrolment: ListenPlace[] } {
  const count = Number(env.LISTEN_FDS);
  if (Number(env.LISTEN_PID) !== pid || !(count > 0)) return { main: [], enrolment: [] };
  const names = (env.LISTEN_FDNAMES ?? '').split(':');
  const all = Array.from({ length: count }, (_, at) => ({ fd: FIRST_FD + at, name: names[at] ?? '' }));
  const pick = (enrolment: boolean) =>
    all.filter(({ name }) => (name === ENROLMENT) === enrolment).map(({ fd }) => ({ fd }));
  return { main: pick(false), enrolment: pick(true) };
}

/** Lets a server listen, and gives the port. Throws BAD_CONFIG. */
export async function listenOn(
  server: { listen(place: ListenPlace): Promise<number> },
  place: ListenPlace,
): Promise<number> {
  try {
    return await server.listen(place);
  } catch (cause) {
    throw new Failure(
      'BAD_CONFIG',
      `cannot listen on ${placeName(place, 'port' in place ? place.port : 0)}: ${(cause as Error).message}`,
      {
        hint: 'is another agent running, or the address not of this machine?',
        cause,
      },
    );
  }
}
