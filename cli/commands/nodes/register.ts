/** The issuer's register, as commands use it. */

import type { Channel } from '../../../proto/call/channel.ts';
import { Failure } from '../../../proto/failure.ts';
import type { RegisteredNode__Output as RegisteredNode } from '../../../proto/gen/types/nodectl/v1/RegisteredNode.ts';
import type { Session } from '../../session.ts';

const PAGE = 1000;

/** Works with the context's issuer over a channel that is closed afterwards. Throws NO_CONTEXT where it names none. */
export async function withIssuer<T>(session: Session, work: (channel: Channel) => Promise<T>): Promise<T> {
  const { issuer, trust, credential, name, nodes } = await session.context();
  if (!issuer)
    throw new Failure('NO_CONTEXT', `the context "${name}" names no issuer`, {
      hint: `add one: nodectl context add ${name} --issuer HOST:PORT --replace …`,
    });
  // An agent can be the issuer: then it shows its node's certificate, and the name in it must be that of the address.
  const agent = nodes.find(({ addresses }) => addresses.includes(issuer));
  const expect = agent ? ({ kind: 'node', name: agent.name } as const) : ({ kind: 'issuer' } as const);
  const channel = await session.open({ address: issuer, expect, trust, credential }, session.signal);
  try {
    return await work(channel);
  } finally {
    channel.close();
  }
}

/** All nodes of the register. */
export async function registeredNodes(session: Session, channel: Channel): Promise<RegisteredNode[]> {
  const all: RegisteredNode[] = [];
  let pageToken = '';
  do {
    const request = { pageSize: PAGE, pageToken };
    const page = await channel.unary('nodectl.v1.IssuerService/ListNodes', request, session.limits());
    all.push(...page.nodes);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return all;
}
