/** What the agent says of its own certificate, and how it gets the first one. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Issuer } from '../../pki/issuer/issuer.ts';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import { type TestPki, testPki } from '../../test/support/pki.ts';
import { memoryLog } from '../../test/support/serve.ts';
import { ownIssuer } from './issuer-client.ts';
import { NodeCertificate } from './node-certificate.ts';

const HOUR_MS = 3_600_000;
let pki: TestPki;
before(() => {
  pki = testPki();
});
after(() => pki.remove());

async function opened(name: string, from: number) {
  const folder = join(pki.folder, name);
  makeFolder(folder);
  const { key, chain } = await pki.node(name, 24 * HOUR_MS, from);
  saveNodeFolder(folder, key, chain, pki.trust);
  const log = memoryLog();
  const refuse = async () => assert.fail('nobody is asked');
  const certificate = await NodeCertificate.open({
    ...{ folder, log, source: { enrol: refuse, renew: refuse } },
    token: () => undefined,
    hints: () => ({ addresses: [], labels: {} }),
    signal: new AbortController().signal,
  });
  certificate.start(() => undefined);
  certificate.stop();
  return { certificate, log };
}

test('a clock that is before the certificate is told, in the log and among the warnings', async () => {
  const { certificate, log } = await opened('web-1', Date.now() + 100 * HOUR_MS);
  assert.match(certificate.warnings.join(), /^this clock is before the certificate began/);
  assert.match(String(log.lines[0]?.why), /nobody is let in until it is set/);
});

test('nothing is said of a certificate that is in order', async () => {
  const { certificate, log } = await opened('web-2', Date.now());
  assert.deepEqual([certificate.warnings, log.lines], [[], []]);
});

test('an issuer that is too slow is asked again, and answers the same', async (t) => {
  const issuer = new Issuer({ authorityFolder: pki.store.folder, stateFolder: join(pki.folder, 'issuer') });
  t.after(() => issuer.close());
  const own = ownIssuer(issuer);
  const answers: string[] = [];
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const log = memoryLog();
  const certificate = await NodeCertificate.open({
    folder: join(pki.folder, 'web-3'),
    source: {
      ...own,
      enrol: async (...asked) => {
        const answer = await own.enrol(...asked);
        answers.push(answer.certificateChain);
        if (answers.length === 1) throw new Failure('DEADLINE_EXCEEDED', 'the issuer did not answer in time');
        return answer;
      },
    },
    token: () => issuer.createToken('web-3', 0).token,
    hints: () => ({ addresses: [], labels: {} }),
    log: {
      ...log,
      warn: (...said) => {
        log.warn(...said);
        // It waits from the end of this turn on.
        setImmediate(() => t.mock.timers.tick(60_000));
      },
    },
    signal: new AbortController().signal,
  });
  assert.deepEqual(
    log.lines.filter(({ level }) => level === 'warn').map(({ reason }) => reason),
    ['DEADLINE_EXCEEDED'],
  );
  assert.equal(answers[0], answers[1]);
  assert.equal(certificate.pair.chain, answers[1]);
});

/** A folder whose pair and copy are damaged, and an issuer that answers a token once, after `failures` of another kind. */
async function enrolled(name: string, given: { token?: string; failures?: Failure[]; damage?: boolean }) {
  const folder = join(pki.folder, name);
  makeFolder(folder);
  if (given.damage) {
    writeFileSync(join(folder, 'trust.pem'), pki.trust);
    for (const file of ['node.pem', 'node.pem.good']) writeFileSync(join(folder, file), 'no certificate');
  }
  const issuer = new Issuer({
    authorityFolder: pki.store.folder,
    stateFolder: join(pki.folder, `issuer-of-${name}`),
  });
  const made = issuer.createToken(name, 0).token;
  const log = memoryLog();
  const failures = [...(given.failures ?? [])];
  const signal = AbortSignal.timeout(600_000);
  try {
    const certificate = await NodeCertificate.open({
      ...{ folder, log, signal, pauseMs: 1 },
      source: {
        enrol: async (token, csr, _pin, hints) => {
          const failure = failures.shift();
          if (failure) throw failure;
          const { chain, trust } = issuer.enrol(token, { csr, ...hints });
          return { certificateChain: chain, trustBundle: trust, renewalAddress: '' };
        },
        renew: async () => assert.fail('nothing is renewed'),
      },
      token: () => (given.token === 'none' ? undefined : (given.token ?? made)),
      hints: () => ({ addresses: [], labels: {} }),
    });
    return { name: certificate.pair.identity.name, told: log.lines };
  } finally {
    issuer.close();
  }
}

test('a node whose pair and its copy are damaged enrols anew with a token, and only with one', async () => {
  assert.equal((await enrolled('db-3', { damage: true })).name, 'db-3');
  await assert.rejects(enrolled('db-4', { damage: true, token: 'none' }), {
    reason: 'BAD_CERTIFICATE',
    message: /node\.pem cannot be used: the file holds no certificate/,
  });
  const used = new Failure('TOKEN_USED', 'the token was used before');
  await assert.rejects(enrolled('db-5', { damage: true, failures: [used] }), { reason: 'BAD_CERTIFICATE' });
  await assert.rejects(enrolled('db-6', { failures: [used] }), { reason: 'TOKEN_USED' });
  await assert.rejects(enrolled('db-7', { token: 'none' }), { reason: 'NO_CERTIFICATE' });
});

test('a node that boots in the past enrols when its clock has been set', async () => {
  const early = new Failure('CERTIFICATE_NOT_YET_VALID', 'the certificate of the issuer begins later');
  const away = new Failure('CONNECTION_REFUSED', 'nothing listens there');
  const { name, told } = await enrolled('db-8', { failures: [away, early, early] });
  assert.equal(name, 'db-8');
  assert.deepEqual(
    told.map(({ reason, message }) => reason ?? message),
    ['CONNECTION_REFUSED', 'CERTIFICATE_NOT_YET_VALID', 'CERTIFICATE_NOT_YET_VALID', 'enrolled'],
  );
});
