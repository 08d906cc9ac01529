import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLEET, nodectl } from './testing.ts';

test('what is wrong on the command line is refused before anything is opened', async () => {
  const cases: [string[], RegExp][] = [
    [['logs', '-n', 'wbe-1'], /^UNKNOWN_NODE: .*wbe-1 \| did you mean "web-1"\?$/],
    [['logs'], /^NO_TARGET: /],
    [
      ['logs', '-n', 'web-1', '--since', 'sometime'],
      /^BAD_TIME: "sometime" after --since is not a time \| write 10m/,
    ],
    [['logs', '-n', 'web-1', '--since', '1h', '--until', '2h'], /^BAD_TIME: /],
    [['logs', '-n', 'web-1', '-g', '['], /^BAD_PATTERN: /],
    [['logs', '-n', 'web-1', '-p', 'loud'], /^BAD_ARGUMENT: "loud".*not a priority/],
    [['logs', '-n', 'web-1', '-t', 'web-2'], /^BAD_ARGUMENT: .*nodes are chosen with -n/],
    [['logs', '-n', 'web-1', '-o', 'josn'], /^BAD_ARGUMENT: .* \| did you mean "json"\?$/],
    [['logs', '-n', 'web-1', '--resume', 'xyz'], /^BAD_CURSOR: /],
    [['logs', '-n', 'web-1', '--retry-for', 'long'], /^BAD_ARGUMENT: .*--retry-for/],
    [['logs', '-n', 'web-1', ''], /^BAD_ARGUMENT: "" is not the name of a unit or source/],
    [['logs', '-n', 'web-1', '-b', 'last'], /^BAD_ARGUMENT: .*--boot/],
    [['logs', '-n', 'web-1', '--folow'], /^BAD_ARGUMENT: unknown option .*--folow.*did you mean .*--follow/],
    [['logs', 'sshd', '-n', 'web-1', '--list'], /^BAD_ARGUMENT: --list shows every source/],
    [['logs', '-n', 'web-1', '--list', '-o', 'text'], /^BAD_ARGUMENT: "text" is not an output format/],
    [['dmesg', '-n', 'web-1', '--level', 'err..'], /^BAD_ARGUMENT: .*not a priority/],
    [['dmesg', 'sshd', '-n', 'web-1'], /^BAD_ARGUMENT: /],
  ];
  for (const [argv, expected] of cases) {
    const { status, err, opened } = await nodectl(argv, FLEET);
    assert.equal(status, -1, argv.join(' '));
    assert.match(err, expected);
    assert.equal(opened.length, 0);
  }
});
