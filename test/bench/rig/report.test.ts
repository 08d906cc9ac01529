import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asMarkdown, atMost, type Section, show } from './report.ts';

const section = (name: string, value: number): Section => ({
  ...{ name, title: `what ${name} takes` },
  outcome: { figures: [atMost('a | b', value, 2, show.ratio)], notes: ['of one run'] },
});
const ORDER = ['first', 'second', 'third'];
const into = (page: string, one: Section, when: string) => asMarkdown(page, ORDER, one, ['2 cores'], when);
const headings = (page: string) => [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name);

test('a section replaces the one of its name; the others stay as they were, in the order of the suite', () => {
  const third = into('', section('third', 1), 'Monday.');
  const both = into(third, section('first', 3), 'Tuesday.');
  const again = into(both, section('third', 3), 'Wednesday.');
  assert.deepEqual(headings(again), ['first', 'third']);
  assert.match(again, /What first takes\. Tuesday\./);
  assert.match(again, /What third takes\. Wednesday\./);
  assert.doesNotMatch(again, /Monday/);
  assert.match(again, /\| a \\\| b \| 3\.00 \| <= 2\.00 \| MISSED \|/);
  assert.equal(into(again, section('third', 3), 'Wednesday.'), again);
});

test('what no benchmark measures any more goes, and what was skipped says why', () => {
  const old = into('', section('first', 1), '').replace('## first', '## former');
  const page = into(old, { name: 'second', title: 'what', outcome: { skipped: 'no pssh' } }, '');
  assert.deepEqual(headings(page), ['second']);
  assert.match(page, /Skipped: no pssh\./);
});
