import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { compilePattern } from './pattern.ts';

const matches = (pattern: string, text: string | Buffer, ignoreCase = false): boolean => {
  const bytes = Buffer.from(text as string);
  return compilePattern(pattern, ignoreCase).test(bytes, 0, bytes.length);
};

/** A small repeatable generator of numbers below n. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function randomPattern(roll: (n: number) => number, depth: number): string {
  const atoms = [
    'a',
    'b',
    'k',
    'S',
    'é',
    'ß',
    '😀',
    '.',
    '\\d',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '[a-c]',
    '[^ab]',
    '[^é]',
    '\\u{1F600}',
    'I',
    'ı',
    '[k-ſ]',
  ];
  const parts: string[] = [];
  const count = 1 + roll(4);
  for (let i = 0; i < count; i++) {
    const kind = roll(depth > 0 ? 10 : 7);
    if (kind === 0) parts.push(['^', '$', '\\b', '\\B'][roll(4)] ?? '');
    else {
      const group = `(?:${kind > 7 ? randomPattern(roll, depth - 1) : atoms[roll(atoms.length)]}${kind === 9 ? `|${randomPattern(roll, depth - 1)}` : ''})`;
      parts.push(`${group}${['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?'][roll(10)]}`);
    }
  }
  return parts.join(roll(8) === 0 ? '|' : '');
}

test('a pattern matches exactly where the engine’s own RegExp with the u flag does', () => {
  const roll = dice(7);
  const alphabet = [
    'a',
    'b',
    'A',
    'k',
    'K',
    'K',
    's',
    'ſ',
    'S',
    'é',
    'É',
    'ß',
    'ẞ',
    '😀',
    '😁',
    ' ',
    '1',
    '_',
    '\n',
    'i',
    'ı',
    'İ',
    '\u2028',
    '.',
  ];
  let hits = 0;
  for (let round = 0; round < 4000; round++) {
    const source = randomPattern(roll, 2);
    const fold = roll(3) === 0;
    // Word boundaries beside the two letters from outside ASCII that fold into it are documented as different.
    if (fold && /\\[bB]/.test(source)) continue;
    const own = compilePattern(source, fold);
    const theirs = new RegExp(source, fold ? 'iu' : 'u');
    for (let i = 0; i < 12; i++) {
      const text = Array.from({ length: roll(8) }, () => alphabet[roll(alphabet.length)]).join('');
      // The engine finds \\B also between the two halves of a character beyond the first 65,536.
      if (source.includes('\\B') && /[\u{10000}-\u{10FFFF}]/u.test(text)) continue;
      const bytes = Buffer.from(text);
      const expected = theirs.test(text);
      if (expected) hits++;
      assert.equal(
        own.test(bytes, 0, bytes.length),
        expected,
        `/${source}/${fold ? 'i' : ''} on ${JSON.stringify(text)}`,
      );
    }
  }
  assert.ok(hits > 5000, `the texts must match often enough to say something: ${hits}`);
});

test('lines are found in a chunk just where each line alone would match', () => {
  const roll = dice(11);
  for (let round = 0; round < 500; round++) {
    const source = randomPattern(roll, 2);
    const matcher = compilePattern(source, false);
    const alphabet = ['a', 'b', 'c', 'é', ' ', '1', '\n', '\n'];
    const bytes = Buffer.concat([
      Buffer.from(`${Array.from({ length: roll(60) }, () => alphabet[roll(alphabet.length)]).join('')}`),
      Buffer.from(roll(3) === 0 ? [0xe9, 0x61, 0x0a] : [0x0a]),
    ]);
    const expected: number[] = [];
    const found: number[] = [];
    for (let line = 0; line < bytes.length; line = bytes.indexOf(10, line) + 1) {
      if (matcher.test(bytes, line, bytes.indexOf(10, line))) expected.push(line);
    }
    for (let at = 0; at < bytes.length; ) {
      const line = matcher.findLine(bytes, at);
      if (line === bytes.length) break;
      found.push(line);
      at = bytes.indexOf(10, line) + 1;
    }
    assert.deepEqual(found, expected, `/${source}/ on ${JSON.stringify(bytes.toString('latin1'))}`);
  }
});

test('catastrophic patterns stay linear', () => {
  for (const [pattern, text] of [
    ['(a+)+$', `${'a'.repeat(60_000)}b`],
    ['(x|x)*y', 'x'.repeat(60_000)],
    ['(a*)*(b*)*(a*)*c', `${'ab'.repeat(30_000)}`],
    ['(.*)(.*)(.*)(.*)(.*)[^a]$', 'a'.repeat(60_000)],
    ['(?:a?){50}a{50}b', 'a'.repeat(60_000)],
    ['((((a{1,5}){1,5}){1,5}){1,2})+$', `${'a'.repeat(60_000)}b`],
  ] as const) {
    const bytes = Buffer.from(text);
    const matcher = compilePattern(pattern, false);
    assert.equal(matcher.test(bytes, 0, bytes.length), /c^/.test(''), pattern);
  }
});

test('a table that overflows is emptied and the answer stays right', () => {
  // The states of [ab]*a[ab]{18} are all the sets of places where an a was seen: more than are kept.
  const matcher = compilePattern('a[ab]{18}$', false);
  const roll = dice(3);
  for (let round = 0; round < 30; round++) {
    const text = Array.from({ length: 3000 }, () => 'ab'[roll(2)]).join('');
    assert.equal(matcher.test(Buffer.from(text), 0, text.length), text.at(-19) === 'a');
  }
});

test('what cannot be bounded is refused with a position and a hint', () => {
  for (const [pattern, position, why] of [
    ['a(?=b)', '2', /look-ahead/],
    ['(?<!a)b', '1', /look-behind/],
    ['(a)\\1', '4', /back-references/],
    ['ab(', '3', /never closed/],
    ['ab)', '3', /closes nothing/],
    ['[a', '1', /never closed/],
    ['[z-a]', '3', /out of order/],
    ['*a', '1', /nothing to repeat/],
    ['a**', '3', /nothing to repeat/],
    ['a{5000}', '2', /too large/],
    ['a{2,1}', '2', /out of order/],
    ['\\p{Nope}', '1', /not known/],
    ['\\y', '1', /not known/],
    ['a\\', '2', /ends in a backslash/],
    ['😀(', '3', /never closed/],
  ] as const) {
    assert.throws(
      () => compilePattern(pattern, false),
      (error: unknown) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.reason, 'BAD_PATTERN');
        assert.match(error.message, why);
        assert.equal(error.facts.position, position, pattern);
        assert.notEqual(error.hint, '');
        return true;
      },
    );
  }
});

test('repeats that multiply, deep nesting and long patterns are refused, not run', () => {
  for (const pattern of [
    '((a{100}){100}){100}',
    '('.repeat(500),
    'a'.repeat(1025),
    '(?:(?:\\p{L}{50}){50})',
  ]) {
    assert.throws(() => compilePattern(pattern, false), { reason: 'BAD_PATTERN' }, pattern.slice(0, 30));
  }
  assert.ok(matches('^[0-9a-f]{32}$', '0123456789abcdef0123456789abcdef'));
  assert.ok(matches('^.{300}$', 'é'.repeat(300)));
});

test('case is ignored on request, also outside of ASCII and in part of a pattern', () => {
  assert.ok(matches('ÄRGER', 'größter ärger', true));
  assert.ok(matches('(?i:error): X', 'ERROR: X'));
  assert.ok(!matches('(?i:error): X', 'ERROR: x'));
  assert.ok(matches('\\p{Lu}\\p{L}+', 'Ärger'));
});

test('bytes that are not UTF-8 count as the replacement character', () => {
  assert.ok(matches('caf. au', Buffer.from('caf\xe9 au lait', 'latin1')));
  assert.ok(matches('au', Buffer.from('caf\xe9 au lait', 'latin1')));
});

test('the texts that every match holds are found, and none that a match may lack', () => {
  const required = (pattern: string, fold = false) => compilePattern(pattern, fold).required;
  assert.deepEqual(required('needle')?.anyOf, ['needle']);
  assert.deepEqual(required('foo.*barbaz')?.anyOf, ['barbaz']);
  assert.deepEqual(required('error|fail(ed|ure)')?.anyOf, ['error', 'failed', 'failure']);
  assert.deepEqual(required('(?:abc)+x?')?.anyOf, ['abc']);
  assert.equal(required('a?b*'), undefined);
  assert.equal(required('error|.'), undefined);
  assert.deepEqual(required('timeout', true), { anyOf: ['timeout'], fold: true });
  assert.equal(required('ok', true), undefined, 'k folds into a letter outside of ASCII');
});
