/** Which nodes of a lab are sick, and of what. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS } from '../../agent/sim/server.ts';
import { labNodes } from './nodes.ts';

/** Names of the nodes with a fault. */
function sick(count: number, fault: (typeof FAULTS)[number]): string[] {
  return labNodes(count).flatMap(({ name, server }) => (server.faults.includes(fault) ? [name] : []));
}

test('in a dozen one node has every fault and eleven are healthy', () => {
  for (const fault of FAULTS) assert.deepEqual(sick(12, fault), ['db-1']);
});

test('in larger labs no fault stands for another, nor for a role or rack', () => {
  for (const count of [24, 60, 240]) {
    const sets = FAULTS.map((fault) => sick(count, fault));
    for (const [at, names] of sets.entries()) {
      assert.equal(names.length, count / 12);
      for (const other of sets.slice(at + 1)) {
        const shared = names.filter((name) => other.includes(name)).length;
        assert.ok(shared <= names.length / 2, `${count}: ${shared} of ${names.length}`);
      }
    }
  }
  const nodes = labNodes(240);
  for (const fault of FAULTS)
    for (const label of ['role', 'rack'])
      assert.ok(
        new Set(nodes.flatMap(({ labels, server }) => (server.faults.includes(fault) ? [labels[label]] : [])))
          .size > 1,
        `${fault} ${label}`,
      );
});
