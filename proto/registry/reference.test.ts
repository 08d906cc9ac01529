import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, parseReference, referenceText } from './reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test('references that are valid come out as they went in', () => {
  for (const text of [
    'oci://registry.example/os:1',
    'oci://registry.example:5000/a/b-c/d__e/f.g/h---i:v1.2_3-x',
    `oci://127.0.0.1:5000/os@${DIGEST}`,
    'oci://[::1]:5000/os:1',
    'oci://[fd00::12]/os:_',
    'oci://localhost/os:1',
    'oci://a1/os:1',
    `oci://h/${'a'.repeat(255)}:${'t'.repeat(128)}`,
  ])
    assert.equal(referenceText(parseReference(text)), text);
});

test('everything else is refused with what is wrong', () => {
  const wrong: [text: string, why: RegExp][] = [
    ['registry.example/os:1', /begin with oci:/],
    ['docker://registry.example/os:1', /begin with oci:/],
    ['OCI://registry.example/os:1', /begin with oci:/],
    ['oci://registry.example', /repository is missing/],
    ['oci:///os:1', /no host/],
    ['oci://Registry.example/os:1', /no host/],
    ['oci://user:secret@registry.example/os:1', /no host/],
    ['oci://registry.example:0/os:1', /no host/],
    ['oci://registry.example:65536/os:1', /no host/],
    ['oci://registry.example:05/os:1', /no host/],
    ['oci://registry..example/os:1', /no host/],
    ['oci://-registry/os:1', /no host/],
    ['oci://127.1/os:1', /no host/],
    ['oci://0177.0.0.1/os:1', /no host/],
    ['oci://0x7f000001/os:1', /no host/],
    ['oci://2130706433/os:1', /no host/],
    ['oci://300.1.1.1/os:1', /no host/],
    ['oci://[::1/os:1', /no host/],
    ['oci://[12345::]/os:1', /no host/],
    ['oci://[::1]x/os:1', /no host/],
    ['oci://registry.example#/os:1', /no host/],
    ['oci://registry.example/Os:1', /no name of a repository/],
    ['oci://registry.example/../os:1', /no name of a repository/],
    ['oci://registry.example/a//b:1', /no name of a repository/],
    ['oci://registry.example/a/:1', /no name of a repository/],
    ['oci://registry.example/a_-b:1', /no name of a repository/],
    ['oci://registry.example/a?x=1:1', /no name of a repository/],
    [`oci://h/${'a'.repeat(256)}:1`, /no name of a repository/],
    ['oci://registry.example/os', /neither a tag nor a digest/],
    ['oci://registry.example/os:', /no tag/],
    ['oci://registry.example/os:-x', /no tag/],
    ['oci://registry.example/os:1:2', /no tag/],
    [`oci://h/os:${'t'.repeat(129)}`, /no tag/],
    ['oci://registry.example/os@sha256:12', /no digest/],
    [`oci://registry.example/os@${DIGEST.toUpperCase()}`, /no digest/],
    [`oci://registry.example/os@sha512:${'0'.repeat(128)}`, /no digest/],
    [`oci://registry.example/os:1@${DIGEST}`, /both a tag and a digest/],
    [`oci://h/${'a/'.repeat(400)}:1`, /longer than/],
    ['oci://registry.example/os:1\n', /no tag/],
  ];
  for (const [text, message] of wrong)
    assert.throws(() => parseReference(text), { reason: 'BAD_ARGUMENT', message }, text);
});

test('what is on this machine', () => {
  for (const text of ['localhost', 'localhost:5000', '127.0.0.1:5000', '127.9.9.9', '[::1]:5000'])
    assert.ok(isLoopback(text), text);
  for (const text of ['127.example', 'localhost.example', '128.0.0.1', '[::2]', '127.0.0.1.example:80'])
    assert.ok(!isLoopback(text), text);
});
