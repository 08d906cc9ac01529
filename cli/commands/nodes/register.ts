/** The issuer's register, as commands use it. */

import type { Channel } from '../../../proto/call/channel.ts';
import { Failure } from '../../../proto/failure.ts';
import type { RegisteredNode__Output as RegisteredNode } from '../../../proto/gen/types/nodectl/v1/RegisteredNode.ts';
import type { Session } from '../../session.ts';

const PAGE = 1_000;
/** An issuer that gives a page after the other for ever is not followed for ever. */
const MAX_PAGES = 1_000;

/** Works with the context's issuer over a channel that is closed afterwards. Throws NO_CONTEXT where it names none. */
export async function withIssuer<T>(session: Session, work: (channel: Channel) => Promise<T>): Promise<T> {
  const { issuer, trust, credential, name } = await session.context();
  if (!issuer)
    throw new Failure('NO_CONTEXT', `the context "${name}" names no issuer`, {
      hint: `add one: nodectl context add ${name} --replace --issuer HOST:PORT`,
    });
  const channel = await session.open(
    { address: issuer, expect: { kind: 'issuer' }, trust, credential },
    session.signal,
  );
  try {
    return await work(channel);
  } finally {
    channel.close();
  }
}

/** All nodes of the register, sorted by name. */
export async function registeredNodes(session: Session, channel: Channel): Promise<RegisteredNode[]> {
  const all: RegisteredNode[] = [];
  let pageToken = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const request = { pageSize: PAGE, pageToken };
    const answer = await channel.unary('nodectl.v1.IssuerService/ListNodes', request, session.limits());
    all.push(...answer.nodes);
    pageToken = answer.nextPageToken;
    if (pageToken === '') return all;
  }
  throw new Failure('INTERNAL', `the issuer's register does not end after ${all.length} nodes`);
}
