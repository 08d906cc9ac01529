import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { parsePlainYaml } from './plain-yaml.ts';

const PLAIN = [
  '',
  '# nothing\n',
  'current: lab\n',
  'current: lab # the one here\ncontexts:\n  lab:\n    trust: a/b.crt\n',
  'a:\n  - b: 1\n    c: [x, "y z", 127.0.0.1:7443]\n  - b: 2\n    c:\n      - q\n',
  'a:\n- b\n- c\nd: e\n',
  'a: {b: c, d: "e: f"}\nb: []\nc: {}\nd:\n',
  'a: \'it # is\'\nb: "x: y" # z\n',
  'trust: |\n  -----BEGIN CERTIFICATE-----\n  MIIB+/=\n  -----END CERTIFICATE-----\nnext: 1\n',
  'a:\n    b:\n        c: d\n    # in between\n    e: f\n',
  'a: 007a\nb: v1.2.3\nc: 1:2\nd: truely\ne: nullable\nf: 10.0.0.7:7443\n',
  'a:\n  -   b: c\n      d: e\n',
];

for (const source of PLAIN)
  test(`plain: ${JSON.stringify(source)}`, () => assert.deepEqual(parsePlainYaml(source), parse(source)));

/** These must be left to the whole parser, whether it takes them or not. */
const BEYOND = [
  'a: &x b\nc: *x\n',
  'a: true\nb: null\nc: ~\n',
  'a: 1.5\n',
  'a: 0x1f\nb: 1e3\nc: 007\n',
  'a: b c\n',
  'a: b\n c\n',
  'a: "x\\n"\n',
  'a: >\n  b\n',
  'a: b\na: c\n',
  'a: {b: [c]}\n',
  '--- \na: b\n',
  'a:\tb\n',
  'a: b\r\n',
  'a: ü\n',
  'a: !!str b\n',
  'a: b:\n',
  '- - a\n',
  'a: [b, c\n',
  'a: b\n  c: d\n',
  '"a": b\n',
  '__proto__: {a: b}\n',
  'a: |\n  b\n\n  c\n',
];

for (const source of BEYOND)
  test(`beyond: ${JSON.stringify(source)}`, () => assert.equal(parsePlainYaml(source), undefined));

test('for any text made of YAML’s pieces it gives what the whole parser gives, or nothing', () => {
  const pieces = [
    'a',
    'b:',
    'c: d',
    '- ',
    '-',
    '  ',
    '    ',
    '\n',
    '\n',
    '\n',
    ' # x',
    '#',
    ': ',
    '"q"',
    "'s'",
    '[x, y]',
  ];
  pieces.push(
    '{k: v}',
    '|',
    '1',
    '0',
    '01',
    'true',
    'web-1',
    '127.0.0.1:1',
    'x: y',
    '~',
    '.',
    '/',
    '%',
    'null: x',
  );
  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  let plain = 0;
  for (let round = 0; round < 20_000; round++) {
    const source = Array.from({ length: 1 + random(14) }, () => pieces[random(pieces.length)]).join('');
    const found = parsePlainYaml(source);
    if (found === undefined) continue;
    plain++;
    let expected: unknown;
    assert.doesNotThrow(() => {
      expected = parse(source);
    }, JSON.stringify(source));
    assert.deepEqual(found, expected, JSON.stringify(source));
  }
  assert.ok(plain > 500, `only ${plain} of the texts were plain`);
});

test('what the YAML library writes of a contexts file is plain', () => {
  const contexts = {
    current: 'lab',
    contexts: {
      lab: {
        trust: '/home/a/root.crt',
        credential: '-----BEGIN X-----\nab+/=\n-----END X-----\n',
        nodes: [{ name: 'web-1', addresses: ['10.0.0.7:7443', 'h.example:1'], labels: { rack: 'a', n: 7 } }],
      },
    },
  };
  assert.deepEqual(parsePlainYaml(stringify(contexts)), contexts);
});
