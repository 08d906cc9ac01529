/** `nodectl check`: walks the way to a node step by step and says where it ends. */

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { identityOf } from '../../../pki/identity.ts';
import { splitAddress } from '../../../proto/call/connect.ts';
import { Failure } from '../../../proto/failure.ts';
import { formatDuration } from '../../duration.ts';
import type { Target } from '../../fleet/target.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { reportFailure } from '../../output/report.ts';
import type { Session } from '../../session.ts';

/** etcd's prober warns from a second on; certificates of a few minutes' age are refused from five on. */
const SKEW_WORTH_SAYING_MS = 1_000;

export async function run(session: Session): Promise<number> {
  const targets = await session.targets();
  const context = await session.context();
  const own = identityOf(
    context.credential.chain === '' ? new Uint8Array() : pemBytes(context.credential.chain),
  );
  const left = own.notAfter - Date.now();
  await step(
    session,
    left > 0,
    `your certificate: ${own.uri}, ${left > 0 ? `valid for ${formatDuration(left)}` : 'EXPIRED'}`,
  );
  const failures: Failure[] = [];
  for (const target of targets) {
    await session.terminal.line(session.terminal.style('bold', target.name));
    try {
      await walk(session, target);
    } catch (error) {
      const failure = Failure.from(error);
      failures.push(failure);
      reportFailure(session.terminal, failure);
    }
  }
  return exitOfAll(failures, targets.length - failures.length);
}

async function walk(session: Session, target: Target): Promise<void> {
  const context = await session.context();
  let last: Failure | undefined;
  for (const address of target.addresses) {
    const { host } = splitAddress(address);
    if (isIP(host) === 0) {
      const found = await lookup(host, { all: true }).catch(() => []);
      await step(
        session,
        found.length > 0,
        `name: ${host} is ${found.map((one) => one.address).join(', ') || 'unknown'}`,
      );
    }
    const started = performance.now();
    try {
      const expect = { kind: 'node', name: target.name } as const;
      const { trust, credential } = context;
      const channel = await session.open({ address, expect, trust, credential }, session.signal);
      try {
        await step(
          session,
          true,
          `${address}: TLS 1.3 as node "${target.name}" in ${Math.round(performance.now() - started)} ms`,
        );
        const asked = Date.now();
        const node = await channel.unary('nodectl.v1.SystemService/GetNode', {}, session.limits());
        const answered = Date.now();
        const me = await channel.unary('nodectl.v1.AccessService/WhoAmI', {}, session.limits());
        await step(session, true, `it takes you for ${me.name}, role ${me.role}`);
        const skew = node.nowUsec / 1000 - (asked + answered) / 2;
        const bound = (answered - asked) / 2;
        const off = Math.abs(skew) - bound > SKEW_WORTH_SAYING_MS;
        await step(
          session,
          !off,
          `its clock: ${skew >= 0 ? '+' : ''}${Math.round(skew)} ms, within ${Math.ceil(bound)} ms`,
        );
        for (const warning of node.warnings) session.terminal.warn(warning);
        return;
      } finally {
        channel.close();
      }
    } catch (error) {
      last = Failure.from(error);
      await step(session, false, `${address}: ${last.message}`);
    }
  }
  throw last ?? new Failure('BAD_CONFIG', `${target.name} has no address`);
}

async function step(session: Session, good: boolean, text: string): Promise<void> {
  const mark = good ? session.terminal.style('green', 'ok  ') : session.terminal.style('red', 'FAIL');
  await session.terminal.line(`  ${mark} ${text}`);
}

function pemBytes(pem: string): Buffer {
  return Buffer.from(
    pem.replace(/-----END CERTIFICATE-----[\s\S]*/, '').replace(/-----BEGIN CERTIFICATE-----/, ''),
    'base64',
  );
}
