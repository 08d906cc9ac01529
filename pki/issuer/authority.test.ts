/** Which authority an issuer signs with: files that change under it, roots that change over, files that do not fit. */

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testPki } from '../../test/support/pki.ts';
import { createRequest, newKey } from '../csr.ts';
import { readPair } from '../pair.ts';
import { certificatesOf } from '../pem.ts';
import { Issuer } from './issuer.ts';

const pki = testPki();
after(() => pki.remove());

let count = 0;
const newIssuer = ({ authorityFolder }: { authorityFolder: string }) =>
  new Issuer({ authorityFolder, stateFolder: join(pki.folder, `state-${count++}`) });
const hints = (key = newKey()) => ({ csr: createRequest(key, 'whatever'), labels: {}, addresses: [] });
const tokenFor = (issuer: Issuer, node: string) => issuer.createToken(node, 0).token;

test('a running issuer goes over to renewed authorities, and stays with the old while files do not fit', async () => {
  const own = testPki();
  const authorityFolder = join(own.folder, 'copy');
  mkdirSync(authorityFolder);
  const copy = (...names: string[]) => {
    for (const name of names) copyFileSync(join(own.store.folder, name), join(authorityFolder, name));
  };
  copy('root.crt', 'nodes.crt', 'nodes.key');
  const issuer = newIssuer({ authorityFolder });
  try {
    const old = own.store.certificate('nodes').fingerprint256;
    const used = () => certificatesOf(issuer.enrol(tokenFor(issuer, 'n'), hints()).chain)[1]?.fingerprint256;
    const [token, request] = [tokenFor(issuer, 'web-1'), hints()];
    const { identity } = issuer.enrol(token, request);
    assert.equal(used(), old);
    await own.store.renewAuthorities(() => '', { plain: true });
    assert.equal(used(), old);
    copy('nodes.key');
    assert.equal(used(), old);
    copy('nodes.crt');
    const renewed = own.store.certificate('nodes').fingerprint256;
    assert.notEqual(renewed, old);
    assert.equal(used(), renewed);
    const { chain, trust } = issuer.renew(identity, hints());
    assert.equal(certificatesOf(chain)[1]?.fingerprint256, renewed);
    assert.equal(trust, own.trust);
    assert.throws(() => issuer.enrol(token, request), { reason: 'TOKEN_USED' });
    writeFileSync(join(authorityFolder, 'nodes.crt'), 'half');
    assert.equal(used(), renewed);
  } finally {
    issuer.close();
    own.remove();
  }
});

test('while roots change over, nodes are given both, and tokens of either are taken', () => {
  const own = testPki();
  const next = testPki();
  const issuer = newIssuer({ authorityFolder: own.store.folder });
  try {
    const early = tokenFor(issuer, 'web-1');
    // The next root comes first once it signs; the one before stays trusted.
    const nextFiles = ['nodes.crt', 'nodes.key'] as const;
    for (const name of nextFiles) copyFileSync(join(next.store.folder, name), join(own.store.folder, name));
    writeFileSync(join(own.store.folder, 'root.crt'), next.trust + own.trust);
    const { trust, chain } = issuer.enrol(early, hints());
    assert.equal(trust, next.trust + own.trust);
    const late = tokenFor(issuer, 'web-2');
    issuer.enrol(late, hints());
    const key = newKey();
    const pem = issuer.enrol(tokenFor(issuer, 'web-3'), hints(key)).chain;
    const text = (key.export({ type: 'pkcs8', format: 'pem' }) as string) + pem;
    assert.equal(readPair(text, trust, 'node').identity.name, 'web-3');
    assert.equal(certificatesOf(chain).length, 2);
  } finally {
    issuer.close();
    own.remove();
    next.remove();
  }
});

test('an issuer does not start on files that do not belong together', () => {
  const own = testPki();
  const folder = join(own.folder, 'bad');
  mkdirSync(folder);
  const start = () => new Issuer({ authorityFolder: folder, stateFolder: join(own.folder, 'state') });
  const put = (name: string, from = own) => copyFileSync(join(from.store.folder, name), join(folder, name));
  try {
    assert.throws(start, { reason: 'PKI_NOT_FOUND', message: /root\.crt/ });
    put('root.crt');
    put('nodes.crt');
    assert.throws(start, { reason: 'PKI_NOT_FOUND', message: /nodes\.key/ });
    copyFileSync(join(own.store.folder, 'root.key'), join(folder, 'nodes.key'));
    assert.throws(start, { reason: 'BAD_CERTIFICATE', message: /does not belong/ });
    put('nodes.key');
    put('root.crt', pki);
    assert.throws(start, { reason: 'WRONG_CA' });
    put('root.crt');
    start().close();
  } finally {
    own.remove();
  }
});
