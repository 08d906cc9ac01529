import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { MemorySink } from '../testing/run.ts';
import { groupFailures, reportFailure, reportFailures } from './report.ts';
import { Terminal } from './terminal.ts';

function told(report: (terminal: Terminal) => void, columns?: number): string {
  const stderr = new MemorySink(columns);
  report(new Terminal({ stdout: new MemorySink(), stderr, env: {} }));
  return stderr.text;
}

const refused = (address: string) =>
  new Failure('CONNECTION_REFUSED', `nothing listens at ${address}`, { hint: 'is the agent running?' });

test('a failure: what, why, what next, and its code', () => {
  assert.equal(
    told((terminal) => reportFailure(terminal, refused('h:1'))),
    'error: nothing listens at h:1 [CONNECTION_REFUSED]\n hint: is the agent running?\n',
  );
});

test('an error of several lines is one to the eye', () => {
  const failure = new Failure('BAD_DOCUMENT', 'a.yaml:1:1: no\nerror: b.yaml:2:1: neither', { hint: 'c\nd' });
  assert.equal(
    told((terminal) => reportFailure(terminal, failure)),
    'error: a.yaml:1:1: no\n       error: b.yaml:2:1: neither [BAD_DOCUMENT]\n hint: c\n       d\n',
  );
});

test('nodes with the same trouble are told once, the largest group first', () => {
  const failures = [
    { node: 'db-1', failure: new Failure('PERMISSION_DENIED', 'your role does not allow it') },
    ...Array.from({ length: 20 }, (_, index) => ({
      node: `web-${index + 1}`,
      failure: refused(`10.0.0.${index + 1}:7443`),
    })),
  ];
  assert.equal(
    told((terminal) => reportFailures(terminal, failures, 30)),
    [
      'error: web-[1-20] (20 nodes): for example web-1: nothing listens at 10.0.0.1:7443 [CONNECTION_REFUSED]',
      ' hint: is the agent running?',
      'error: db-1: your role does not allow it [PERMISSION_DENIED]',
      '',
    ].join('\n'),
  );
});

test('whoever shows groups in a form of its own says of whom an address is, and only where addresses differ', () => {
  const groups = groupFailures([
    ...['db-2', 'edge-1'].map((node, at) => ({ node, failure: refused(`127.0.0.1:4289${at}`) })),
    ...['web-1', 'web-2'].map((node) => ({ node, failure: new Failure('DRAINING', 'it stops') })),
  ]);
  assert.deepEqual(
    groups.map(({ nodes, failure }) => [...nodes, failure.message, failure.hint]),
    [
      ['db-2', 'edge-1', 'for example db-2: nothing listens at 127.0.0.1:42890', 'is the agent running?'],
      ['web-1', 'web-2', 'it stops', ''],
    ],
  );
});

test('a node that was called alone is not named twice', () => {
  assert.equal(
    told((terminal) =>
      reportFailures(terminal, [{ node: 'a', failure: new Failure('DRAINING', 'it stops') }], 1),
    ),
    'error: it stops [DRAINING]\n',
  );
});

test('a thousand different troubles do not scroll everything away', () => {
  const failures = Array.from({ length: 1_000 }, (_, index) => ({
    node: `n-${index}`,
    failure: new Failure('INTERNAL', `trouble ${'x'.repeat(index)}`),
  }));
  const lines = told((terminal) => reportFailures(terminal, failures, 1_000))
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 21);
  assert.equal(lines.at(-1), 'and 980 other troubles of 980 nodes; -o json has all');
});

test('what a node says cannot move the cursor, also in colour', () => {
  const text = told((terminal) => reportFailure(terminal, new Failure('INTERNAL', 'a\x1b[2Jb')), 80);
  assert.equal(text, '\x1b[31merror:\x1b[0m a\\x1b[2Jb \x1b[2m[INTERNAL]\x1b[0m\n');
});
