/** Attribution measured: fleets with a planted cause, in which it must be named, and fleets without, in which nothing may be. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MadeNode, madeFinding, madeNodes, madeReport, random } from '../testing.ts';
import { attribute } from './attribute.ts';
import type { NodeReport, TraitValue } from './model.ts';
import { TraitTable } from './trait-table.ts';

const SIZES = [12, 16, 24, 50, 100, 300, 1_000];
const CHECK = 'nic.tx-timeouts';

const has = ({ traits, labels }: MadeNode, { name, value }: TraitValue): boolean =>
  traits.some((one) => one.name === name && one.value === value) ||
  labels[name.replace('label.', '')] === value;

/** Values that between a fifth and a half of the nodes have, and at least four: a trouble of fewer is no fleet's trouble. */
function possibleCauses(nodes: readonly MadeNode[]): TraitValue[] {
  const counts = new Map<string, { trait: TraitValue; count: number }>();
  for (const { traits, labels } of nodes)
    for (const trait of [
      ...traits,
      ...Object.entries(labels).map(([name, value]) => ({ name: `label.${name}`, value })),
    ]) {
      const key = `${trait.name}\0${trait.value}`;
      const entry = counts.get(key) ?? { trait, count: 0 };
      counts.set(key, entry);
      entry.count++;
    }
  return [...counts.values()]
    .filter(({ count }) => count >= Math.max(4, nodes.length * 0.2) && count <= nodes.length * 0.5)
    .map(({ trait }) => trait);
}

function reports(nodes: readonly MadeNode[], isSick: (node: MadeNode) => boolean): NodeReport[] {
  return nodes.map((node) => madeReport(node, isSick(node) ? [madeFinding({ id: CHECK })] : [], [CHECK]));
}

function answer(nodes: readonly MadeNode[], isSick: (node: MadeNode) => boolean) {
  const all = reports(nodes, isSick);
  const sick = all.filter(({ answer }) => answer.findings.length > 0);
  const members = sick.map(({ node, answer }) => ({
    node,
    finding: answer.findings[0] ?? madeFinding({ id: CHECK }),
    nowUsec: 0,
  }));
  const healthy = all.filter((one) => !sick.includes(one)).map(({ node }) => node);
  return attribute({ table: new TraitTable(all), members, healthy });
}

/** How clear the cause is: of the nodes that have it so many have the trouble, and so many of the others. */
const REGIMES = [
  { about: 'sharp', penetrance: 1, background: 0 },
  { about: 'noisy', penetrance: 0.9, background: 0.02 },
];

for (const { about, penetrance, background } of REGIMES)
  for (const size of SIZES)
    test(`a ${about} cause is named first on ${size} nodes`, (t) => {
      const wanted = size >= 300 ? 50 : 200;
      let [runs, right, wrong] = [0, 0, 0];
      for (let seed = 1; runs < wanted; seed++) {
        const nodes = madeNodes(size, seed * 7 + size);
        const next = random(seed * 31 + size);
        const causes = possibleCauses(nodes);
        const cause = causes[Math.floor(next() * causes.length)];
        if (!cause) continue;
        runs++;
        const [first] = answer(
          nodes,
          (node) => next() < (has(node, cause) ? penetrance : background),
        ).distinctions;
        if (!first) continue;
        const named = [...first.traits, ...first.same].some(
          ({ name, value }) => name === cause.name && value === cause.value,
        );
        if (named) right++;
        else wrong++;
      }
      t.diagnostic(`right ${right}, wrong ${wrong}, of ${runs}`);
      // What is named must be right; where a few nodes are all the evidence, noise may leave nothing to be named.
      assert.ok(right >= 0.92 * (right + wrong), 'wrong causes are named');
      assert.ok(right >= (about === 'sharp' || size >= 50 ? 0.92 : 0.5) * runs, 'causes are not named');
    });

for (const size of SIZES)
  test(`no cause is made up on ${size} nodes`, (t) => {
    const runs = size >= 300 ? 100 : 300;
    let named = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const nodes = madeNodes(size, seed * 11 + size);
      const next = random(seed * 17 + size);
      const share = 0.1 + next() * 0.4;
      if (answer(nodes, () => next() < share).distinctions.length > 0) named++;
    }
    t.diagnostic(`named ${named} of ${runs}`);
    assert.ok(named <= 0.03 * runs);
  });

test('two values that are the cause only together are named as a pair', (t) => {
  const runs = 60;
  let [right, wrong] = [0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const next = random(seed);
    const nodes = madeNodes(200, seed + 5_000);
    const value = (share: number, name: string) => (node: MadeNode) => {
      const on = next() < share;
      node.traits.push({ name, value: on ? 'bad' : 'good' });
      return on;
    };
    const [isKernel, isDriver] = [value(0.5, 'kernel.build'), value(0.4, 'nic.build')];
    const sick = new Set(nodes.filter((node) => [isKernel(node), isDriver(node)].every(Boolean)));
    const [first] = answer(nodes, (node) => sick.has(node)).distinctions;
    const names = first?.traits.map(({ name }) => name).sort();
    if (names?.join() === 'kernel.build,nic.build') right++;
    else if (names) wrong++;
  }
  t.diagnostic(`right ${right}, wrong ${wrong}, of ${runs}`);
  assert.ok(right >= 0.92 * runs);
});
