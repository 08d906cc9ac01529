import assert from 'node:assert/strict';
import { createPublicKey, sign, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { testPki } from '../test/support/pki.ts';
import { newKey } from './csr.ts';
import * as der from './der.ts';
import { identityOf } from './identity.ts';
import {
  checkNodeName,
  checkOperatorName,
  checkRole,
  isNodeName,
  isOperatorName,
  parseSubjectUri,
  ROLES,
  subjectUri,
} from './names.ts';

const OTHER = 0;
const EMAIL = 1;
const DNS = 2;
const DIRECTORY = 4;
const URI = 6;
const ADDRESS = 7;

/** A certificate with any alternative names and any common name: what a broken or hostile authority might sign. */
function withNames(names: der.Der[], commonName = 'x', ca = false): X509Certificate {
  const key = newKey();
  const name = der.sequence(der.set(der.sequence(der.oid(der.OID.commonName), der.utf8(commonName))));
  const algorithm = der.sequence(der.oid(der.OID.ecdsaWithSha256));
  const extension = (id: string, value: der.Der) => der.sequence(der.oid(id), der.octets(der.encode(value)));
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer(Uint8Array.of(2))),
    der.integer(Uint8Array.of(0x80, 1)),
    algorithm,
    name,
    der.sequence(der.time(0), der.time(4e12)),
    name,
    der.parsed(createPublicKey(key).export({ type: 'spki', format: 'der' })),
    der.tagged(
      3,
      der.sequence(
        ...(names.length > 0 ? [extension(der.OID.subjectAltName, der.sequence(...names))] : []),
        extension(der.OID.basicConstraints, der.sequence(...(ca ? [der.boolean(true)] : []))),
      ),
    ),
  );
  const signature = der.bits(sign('sha256', der.encode(toBeSigned), key));
  return new X509Certificate(der.encode(der.sequence(toBeSigned, algorithm, signature)));
}

const general = (choice: number, text: string) => der.taggedBytes(choice, Buffer.from(text, 'latin1'));
const ADMIN = 'nodectl://operator/mallory/admin';

test('identities are read from certificates of ours', async () => {
  const pki = testPki();
  try {
    const operator = identityOf(new X509Certificate((await pki.operator('alice', 'admin')).chain));
    assert.deepEqual(
      { kind: operator.kind, name: operator.name, role: operator.role, uri: operator.uri },
      { kind: 'operator', name: 'alice', role: 'admin', uri: 'nodectl://operator/alice/admin' },
    );
    const certificate = new X509Certificate((await pki.node('db.example.org')).chain);
    const node = identityOf(certificate.raw);
    assert.equal(node.name, 'db.example.org');
    assert.equal('role' in node, false);
    assert.equal(node.serial, certificate.serialNumber.toLowerCase());
    assert.equal(node.notAfter, certificate.validToDate.getTime());
  } finally {
    pki.remove();
  }
});

test('a serial number and other names beside the one URI do no harm', () => {
  const found = identityOf(
    withNames([general(DNS, 'a.example'), general(URI, 'nodectl://node/a'), general(EMAIL, 'x@y.z')]),
  );
  assert.equal(found.uri, 'nodectl://node/a');
  assert.equal(found.serial, '8001');
});

test('hostile alternative names name nobody', () => {
  const uri = (text: string) => [general(URI, text)];
  const hostile: Record<string, der.Der[]> = {
    none: [],
    'two of ours': [general(URI, 'nodectl://node/a'), general(URI, ADMIN)],
    'one of ours and another URI': [general(URI, 'https://a.example/'), general(URI, ADMIN)],
    'a DNS name with a comma': [general(DNS, `a, URI:${ADMIN}`)],
    'a DNS name with commas around': [general(DNS, `a, URI:${ADMIN}, b`)],
    'a DNS name that looks like a rendering': [general(DNS, `URI:${ADMIN}`)],
    'a mail address with a comma': [general(EMAIL, `a, URI:${ADMIN}`)],
    'a URI with a comma': uri(`https://a.example/, URI:${ADMIN}`),
    'a URI with a NUL': uri(`${ADMIN}\0.example`),
    'a NUL before it': uri(`\0${ADMIN}`),
    'a line break at the end': uri(`${ADMIN}\n`),
    'a line break inside': uri(`nodectl://node/a\n${ADMIN}`),
    'a quote': uri(`"${ADMIN}"`),
    'a backslash': uri(`nodectl://operator/mal\\u006cory/admin`),
    'percent signs': uri('nodectl://operator/mallor%79/admin'),
    'a slash in percent signs': uri('nodectl://operator/mallory%2Fadmin'),
    'a slash in percent signs inside the name': uri('nodectl://operator/mal%2Flory/admin'),
    'capital letters': uri('NODECTL://operator/mallory/admin'),
    'a capital name': uri('nodectl://node/Web-1'),
    'no role': uri('nodectl://operator/mallory'),
    'an empty role': uri('nodectl://operator/mallory/'),
    'an unknown role': uri('nodectl://operator/mallory/root'),
    'a role of the prototype': uri('nodectl://operator/mallory/constructor'),
    'a role of a node': uri('nodectl://node/web-1/admin'),
    'a longer path': uri(`${ADMIN}/more`),
    'a query': uri(`${ADMIN}?x`),
    'a fragment': uri(`${ADMIN}#x`),
    'a port': uri('nodectl://operator:1/mallory/admin'),
    'a user': uri('nodectl://x@operator/mallory/admin'),
    'an empty name': uri('nodectl://node/'),
    'a name of dots': uri('nodectl://node/..'),
    'a long name': uri(`nodectl://node/${'a'.repeat(64)}`),
    'letters of other scripts': uri('nodectl://node/w\xe9b'),
    'another scheme': uri('spiffe://node/web-1'),
    'an address alone': [der.taggedBytes(ADDRESS, Uint8Array.of(127, 0, 0, 1))],
    'a directory name': [
      der.tagged(
        DIRECTORY,
        der.sequence(der.set(der.sequence(der.oid(der.OID.commonName), der.utf8(`x, URI:${ADMIN}`)))),
      ),
    ],
    'another name': [
      der.tagged(OTHER, der.oid('1.3.6.1.4.1.311.20.2.3'), der.tagged(0, der.utf8(`x, URI:${ADMIN}`))),
    ],
    'an empty URI': uri(''),
  };
  for (const [what, names] of Object.entries(hostile))
    assert.throws(() => identityOf(withNames(names)), { reason: 'WRONG_ISSUER' }, what);
});

test('the common name names nobody, and an authority is no identity', () => {
  assert.throws(() => identityOf(withNames([], ADMIN)), { reason: 'WRONG_ISSUER' });
  assert.throws(() => identityOf(withNames([], `x\nURI:${ADMIN}`)), { reason: 'WRONG_ISSUER' });
  assert.throws(() => identityOf(withNames([general(URI, 'nodectl://node/a')], 'a', true)), {
    reason: 'WRONG_ISSUER',
  });
});

test('URIs of subjects come back as they went in', () => {
  for (const name of ['a', 'web-1', 'db.example.org', 'x'.repeat(63)]) {
    for (const kind of ['node', 'issuer'] as const)
      assert.deepEqual(parseSubjectUri(subjectUri({ kind, name })), { kind, name });
    for (const role of ROLES)
      assert.deepEqual(parseSubjectUri(subjectUri({ kind: 'operator', name, role })), {
        kind: 'operator',
        name,
        role,
      });
  }
});

test('names that could be taken for something else are refused', () => {
  const never = [
    '',
    '.',
    '..',
    '-',
    'a/b',
    'a b',
    'a\n',
    'a\0',
    'A',
    'ä',
    '../a',
    'a'.repeat(64),
    '*',
    'a,b',
    'a:b',
  ];
  for (const name of never) {
    assert.equal(isNodeName(name), false, JSON.stringify(name));
    assert.equal(isOperatorName(name), false, JSON.stringify(name));
    assert.throws(() => checkNodeName(name), { reason: 'BAD_ARGUMENT' });
    assert.throws(() => checkOperatorName(name), { reason: 'BAD_ARGUMENT' });
  }
  for (const name of ['a_b', 'a-', 'a.-b', 'a..b', 'a.']) assert.equal(isNodeName(name), false, name);
  assert.ok(isOperatorName('a_b-c.d'));
  assert.equal(checkRole('reader'), 'reader');
  for (const role of ['', 'root', 'Admin', 'toString', '__proto__'])
    assert.throws(() => checkRole(role), { reason: 'BAD_ARGUMENT', hint: /reader, operator, admin/ });
});

test('long hostile names are judged at once', () => {
  // A pattern that backtracks would take years for these.
  assert.equal(isNodeName(`${'a-'.repeat(200_000)}!`), false);
  assert.equal(parseSubjectUri(`nodectl://node/${'a.'.repeat(200_000)}!`), undefined);
  assert.equal(isNodeName(`${'a-'.repeat(31)}!`), false);
});
