import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { TargetUse } from '../commands/declaration.ts';
import { chooseTargets, type TargetChoice } from './target.ts';

const NODES = [
  { name: 'web-10', addresses: ['h:1'], labels: { rack: 'b' } },
  { name: 'web-2', addresses: ['h:2'], labels: { rack: 'a' } },
  { name: 'db-1', addresses: ['h:3'], labels: { rack: 'a', role: 'db' } },
];

function chosen(choice: Partial<TargetChoice>, use: TargetUse, nodes = NODES): string[] {
  const whole = { nodes: [], selector: undefined, all: false, ...choice };
  return chooseTargets(nodes, whole, use, 'lab').map(({ name }) => name);
}

/** The failure, as its reason, message and hint. */
function refused(choice: Partial<TargetChoice>, use: TargetUse, nodes = NODES): string {
  try {
    chosen(choice, use, nodes);
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.notEqual(error.hint, '');
    return `${error.reason}: ${error.message}; ${error.hint}`;
  }
  return 'not refused';
}

test('nodes come in the order of their names, however they are chosen', () => {
  assert.deepEqual(chosen({ nodes: ['web-10,db-1', 'web-2'] }, 'read'), ['db-1', 'web-2', 'web-10']);
  assert.deepEqual(chosen({ all: true }, 'mutate'), ['db-1', 'web-2', 'web-10']);
  assert.deepEqual(chosen({ selector: 'rack=a' }, 'mutate'), ['db-1', 'web-2']);
});

test('names and labels narrow each other', () => {
  assert.deepEqual(chosen({ nodes: ['web-[2,10]'], selector: 'rack=a' }, 'read'), ['web-2']);
  assert.deepEqual(chosen({ selector: 'rack=a,role=db' }, 'read'), ['db-1']);
});

test('silence means all only where a command says so, and one node only where there is one', () => {
  assert.equal(chosen({}, 'read-all').length, 3);
  assert.match(refused({}, 'read'), /^NO_TARGET: .*; .*-n.*-l.*--all/);
  assert.match(refused({}, 'mutate'), /^NO_TARGET/);
  const [only] = NODES;
  assert.ok(only);
  assert.deepEqual(chosen({}, 'read', [only]), ['web-10']);
  assert.match(refused({}, 'mutate', [only]), /^NO_TARGET/);
});

test('a node’s name among the arguments is taken for what it was meant as, in the hint', () => {
  assert.match(refused({ words: ['sshd', 'web-2'] }, 'read'), /named with -n: -n web-2$/);
  assert.match(refused({ words: ['sshd'] }, 'read'), /or write --all$/);
});

test('what contradicts itself or finds nothing is an error', () => {
  assert.match(refused({ all: true, nodes: ['db-1'] }, 'read'), /^NO_TARGET: --all and -n contradict/);
  assert.match(refused({ all: true, selector: 'a' }, 'read'), /^NO_TARGET: --all and -l contradict/);
  assert.match(refused({ selector: 'rack=z' }, 'read'), /^NO_TARGET: no node has the labels "rack=z"/);
  assert.match(
    refused({ nodes: ['db-1'], selector: 'rack=b' }, 'read'),
    /^NO_TARGET: no node of those named/,
  );
  assert.match(refused({ all: true }, 'read', []), /^NO_TARGET: the context "lab" has no nodes/);
  assert.match(refused({ nodes: [','] }, 'read'), /^NO_TARGET/);
});

test('an unknown name is an error that names what was meant', () => {
  assert.match(
    refused({ nodes: ['wbe-2'] }, 'read'),
    /^UNKNOWN_NODE: .* no node wbe-2; did you mean "web-2"/,
  );
  assert.match(refused({ nodes: ['x-[1-20],db-1'] }, 'read'), /^UNKNOWN_NODE: .* no node x-\[1-20\]/);
});
