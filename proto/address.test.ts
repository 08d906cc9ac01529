/** Addresses: what is one, what is not, and the way back to text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressText, parseAddress, splitAddress, withAgentPort } from './address.ts';
import { Failure } from './failure.ts';

test('host names and addresses of both kinds come apart and together again', () => {
  for (const [text, host, port] of [
    ['web-1:7443', 'web-1', 7443],
    ['web-1.example.org:1', 'web-1.example.org', 1],
    ['10.0.0.7:65535', '10.0.0.7', 65_535],
    ['[fd00::7]:7443', 'fd00::7', 7443],
    ['[fe80::1%eth0]:7443', 'fe80::1%eth0', 7443],
    ['[::ffff:10.0.0.7]:7443', '::ffff:10.0.0.7', 7443],
  ] as const) {
    assert.deepEqual(splitAddress(text), { host, port });
    assert.equal(addressText({ host, port }), text);
  }
});

test('a host without a port is where agents listen; nothing else is guessed at', () => {
  for (const [text, whole] of [
    ['web-1', 'web-1:7443'],
    ['10.0.0.7', '10.0.0.7:7443'],
    ['[fd00::7]', '[fd00::7]:7443'],
  ] as const)
    assert.equal(withAgentPort(text), whole);
  for (const text of ['web-1:1', '[fd00::7]:1', 'fd00::7:7443', 'web-1:', 'web-1:99999', ''])
    assert.equal(withAgentPort(text), text);
});

test('what is no address is refused with a hint', () => {
  for (const text of [
    ...['', 'web-1', 'web-1:', ':7443', 'fd00::7:7443', '[fd00::7]', '[]:1', 'web-1:65536', 'web-1:0'],
    ...['web-1:7443 ', 'web 1:7443', 'web/1:7443', '$(id):7443', 'web-1:7443\n', '[::1%]:1', 'web\x1b:1'],
    `${'a'.repeat(254)}:1`,
  ]) {
    assert.equal(parseAddress(text), undefined, JSON.stringify(text));
    assert.throws(
      () => splitAddress(text),
      (error) => error instanceof Failure && error.reason === 'BAD_ARGUMENT' && /HOST:PORT/.test(error.hint),
    );
  }
});

test('port 0 is an address to listen on and none to call', () => {
  assert.deepEqual(parseAddress('[::]:0', 0), { host: '::', port: 0 });
  assert.equal(parseAddress('[::]:0'), undefined);
});
