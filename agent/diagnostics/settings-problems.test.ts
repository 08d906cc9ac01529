import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { DiagnosticsDomain, type ThresholdSettings } from './domain.ts';
import { CHECKS } from './registry.ts';
import { isThreshold, settingsProblems } from './settings-problems.ts';

const problems = async (settings: ThresholdSettings) => {
  const machine = new MemoryMachine({ files: new Map([['proc/version', 'Linux\n']]) });
  const domain = new DiagnosticsDomain({ node: 'web-1', machine, thresholds: () => settings });
  const report = await domain.diagnose({ areas: ['clock'], ids: [] }, new AbortController().signal);
  return report.problems.filter(({ what }) => what === 'thresholds of the configuration');
};

test('what a configuration sets in vain is told with each run', async () => {
  const { id, thresholds } = CHECKS.find(
    (one) => Object.keys(one.thresholds).length > 0,
  ) as (typeof CHECKS)[0];
  const [name = ''] = Object.keys(thresholds);
  assert.deepEqual(await problems({ [id]: { [name]: 5 } }), []);
  const [misspelt] = await problems({ 'clock.ofset': { warnSeconds: 1 }, [id]: { nothing: 1, [name]: -1 } });
  assert.match(misspelt?.why ?? '', /clock\.ofset \(no such check\)/);
  assert.match(misspelt?.why ?? '', /\.nothing \(the check has no such threshold\)/);
  assert.match(misspelt?.why ?? '', /\(-1 is below 0 or no number\)/);
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`x.${at}`, {}]));
  assert.match(settingsProblems(many, CHECKS)[0]?.why ?? '', /and 4 more$/);
});

test('no threshold of a check is one that could not be set', () => {
  for (const { id, thresholds } of CHECKS)
    for (const [name, { value }] of Object.entries(thresholds))
      assert.ok(isThreshold(value), `${id}.${name}`);
});
