import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { parseSelector } from './selector.ts';

const LABELS = { rack: 'a', env: 'prod', 'zone.example/x': '1', empty: '' };

const CASES: [selector: string, met: boolean][] = [
  ['rack=a', true],
  ['rack==a', true],
  ['rack = a', true],
  ['rack=b', false],
  ['rack!=b', true],
  ['missing!=b', true],
  ['rack', true],
  ['missing', false],
  ['!missing', true],
  ['!rack', false],
  ['env in (prod,stage)', true],
  ['env in ( stage , test )', false],
  ['env notin (stage)', true],
  ['missing notin (x)', true],
  ['missing in (x)', false],
  ['rack=a,env=prod', true],
  ['rack=a,env=test', false],
  ['env in (prod,stage),rack!=b,!x', true],
  ['zone.example/x=1', true],
  ['empty=', true],
  // What every object inherits is no label.
  ['constructor', false],
  ['!constructor', true],
  ['toString in (a)', false],
];

for (const [selector, met] of CASES)
  test(`${selector} is ${met}`, () => assert.equal(parseSelector(selector)(LABELS), met));

for (const selector of ['', 'rack=a,', '=a', 'a b', 'a in b', 'a in (b', 'a=b=c', 'rack=~a', '(a)'])
  test(`"${selector}" is refused`, () => {
    assert.throws(
      () => parseSelector(selector),
      (error) => error instanceof Failure && error.reason === 'BAD_ARGUMENT' && error.hint !== '',
    );
  });
