/** Whom a node trusts is said by its token and never by the issuer: one that was taken over cannot make itself a root. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testPki } from '../test/support/pki.ts';
import { enrolNode, type IssuerAnswer, renewNode } from './enrol.ts';
import { Issuer } from './issuer/issuer.ts';
import { loadNodeFolder } from './pair-file.ts';

const pki = testPki();
const stranger = testPki();
const issuerOf = (of: typeof pki) =>
  new Issuer({ authorityFolder: join(of.folder, 'pki'), stateFolder: join(of.folder, 'state') });
const issuer = issuerOf(pki);
const foreign = issuerOf(stranger);
after(() => {
  issuer.close();
  foreign.close();
  pki.remove();
  stranger.remove();
});

const hints = (csr: Buffer) => ({ csr, addresses: [], labels: {} });
const answer = ({ chain, trust }: { chain: string; trust: string }): IssuerAnswer => ({
  certificateChain: chain,
  trustBundle: trust,
});
const folder = (name: string) => join(pki.folder, name);

test('roots beyond that of the token are not taken at enrolment', async () => {
  const { token } = issuer.createToken('web-1', 0);
  await enrolNode(folder('web-1'), token, async (csr) => {
    const { chain, trust } = issuer.enrol(token, hints(csr));
    return answer({ chain, trust: stranger.trust + trust + stranger.trust });
  });
  assert.equal(loadNodeFolder(folder('web-1'))?.trust, pki.trust);
});

test('a renewal changes no root', async () => {
  const before = loadNodeFolder(folder('web-1'));
  assert.ok(before);
  const { identity } = before.pair;
  const pair = await renewNode(folder('web-1'), 'web-1', async (csr) => {
    const { chain, trust } = issuer.renew(identity, hints(csr));
    return answer({ chain, trust: trust + stranger.trust });
  });
  assert.notEqual(pair.identity.serial, identity.serial);
  const now = loadNodeFolder(folder('web-1'));
  assert.equal(now?.trust, pki.trust);
  assert.equal(now?.pair.identity.serial, pair.identity.serial);
});

test('a renewal whose certificate is of another root is refused, and the old pair stays', async () => {
  const before = loadNodeFolder(folder('web-1'));
  const { token } = foreign.createToken('web-1', 0);
  await assert.rejects(
    renewNode(folder('web-1'), 'web-1', async (csr) => answer(foreign.enrol(token, hints(csr)))),
    { reason: 'WRONG_CA' },
  );
  assert.deepEqual(loadNodeFolder(folder('web-1')), before);
});

test('an enrolment at an issuer of another root is refused, and the key kept for the next try', async () => {
  const { token } = issuer.createToken('web-2', 0);
  const { token: theirs } = foreign.createToken('web-2', 0);
  await assert.rejects(
    enrolNode(folder('web-2'), token, async (csr) => answer(foreign.enrol(theirs, hints(csr)))),
    { reason: 'WRONG_CA' },
  );
  // Nor does the right root help a certificate of the wrong one.
  await assert.rejects(
    enrolNode(folder('web-2'), token, async (csr) => ({
      ...answer(foreign.enrol(theirs, hints(csr))),
      trustBundle: pki.trust + stranger.trust,
    })),
    { reason: 'WRONG_CA' },
  );
  assert.deepEqual(readdirSync(folder('web-2')), ['enrol.key']);
  await enrolNode(folder('web-2'), token, async (csr) => answer(issuer.enrol(token, hints(csr))));
  assert.ok(!existsSync(join(folder('web-2'), 'enrol.key')));
});

test('an answer that was lost is given again, and one for another name is refused', async () => {
  const { token } = issuer.createToken('web-3', 0);
  let first = '';
  const lost = enrolNode(folder('web-3'), token, async (csr) => {
    first = issuer.enrol(token, hints(csr)).identity.serial;
    throw new Error('the line went dead');
  });
  await assert.rejects(lost, /went dead/);
  const other = issuer.createToken('web-4', 0).token;
  await assert.rejects(
    enrolNode(folder('web-3'), token, async (csr) => answer(issuer.enrol(other, hints(csr)))),
    { reason: 'WRONG_NODE' },
  );
  const { pair } = await enrolNode(folder('web-3'), token, async (csr) =>
    answer(issuer.enrol(token, hints(csr))),
  );
  assert.equal(pair.identity.serial, first);
});
