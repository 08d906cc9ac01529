import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible, visibleBytes, visibleJson, visibleName } from './visible.ts';

test('what could act on a terminal is shown as an escape', () => {
  assert.equal(visible('\x1b[31mred\x1b]0;title\x07'), '\\x1b[31mred\\x1b]0;title\\x07');
  assert.equal(visible('a\tb\nc\rd\b\x7f'), 'a\tb\nc\\rd\\x08\\x7f');
  assert.equal(visible('\u009b31m'), '\\x9b31m');
  assert.equal(
    visible('\u202egnp.exe\u2069 \ufeff\u200b\u{e0041}'),
    '\\u{202e}gnp.exe\\u{2069} \\u{feff}\\u{200b}\\u{e0041}',
  );
  assert.equal(visible('Grüße, 日本, 😀'), 'Grüße, 日本, 😀');
  assert.equal(visibleName('a\nb\tc'), 'a\\nb\\tc');
});

test('bytes that are not UTF-8 are shown one by one, and what is around them stays', () => {
  const bytes = (text: string) => visibleBytes(Buffer.from(text, 'latin1'));
  assert.equal(bytes('a\xffb\xc3\xa9c\xc3'), 'a\\xffbéc\\xc3');
  // Too long, a surrogate, beyond Unicode, cut off, and the C1 control that is a byte in Latin-1.
  assert.equal(
    bytes('\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xf0\x9f\x98 \x9b'),
    '\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xf0\\x9f\\x98 \\x9b',
  );
  assert.equal(bytes('\xff\x1b[0m'), '\\xff\\x1b[0m');
  for (let round = 0; round < 500; round++) {
    const noise = Buffer.from(Array.from({ length: 40 }, () => Math.floor(Math.random() * 256)));
    assert.doesNotMatch(visibleBytes(noise), /[\0-\x08\x0b-\x1f\x7f-\x9f\ufffd]/);
  }
});

test('JSON for a terminal is the same JSON', () => {
  const value = { text: '\x1b[31m\u009b31m\u202e\u{e0041} é 😀', 'k\u2028': 1 };
  const shown = visibleJson(JSON.stringify(value));
  assert.doesNotMatch(shown, /[\0-\x1f\x7f-\x9f\u2028\u202e]/);
  assert.match(shown, /é 😀/);
  assert.deepEqual(JSON.parse(shown), value);
});
