import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { LOGS } from '../commands/logs/command.ts';
import { COMMON_OPTIONS, TARGET_OPTIONS } from '../common-options.ts';
import { resumeCommand } from './command-line.ts';

test('the command that goes on is the one that was typed, in words that a shell gives back', () => {
  const line = resumeCommand(
    {
      path: 'logs',
      args: ['sshd', 'file/a b'],
      options: {
        follow: true,
        tail: '5',
        grep: "it's $HOME `x`",
        prefix: false,
        node: ['web-[1-3]', 'db'],
        showCursor: true,
        resume: 'old',
        color: true,
        list: false,
        context: 'lab',
        config: '/x',
      },
      specs: [...(LOGS.options ?? []), ...TARGET_OPTIONS, ...COMMON_OPTIONS],
      env: { NODECTL_CONFIG: '/x' },
    },
    'abc_-9',
    true,
  );
  assert.equal(
    line,
    `nodectl logs sshd 'file/a b' --follow --grep 'it'\\''s $HOME \`x\`' --no-prefix --node 'web-[1-3]' --node db --context lab --resume abc_-9`,
  );
  const shown = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
  assert.deepEqual(shown.slice(3, 6), ['file/a b', '--follow', '--grep']);
  assert.equal(shown[6], "it's $HOME `x`");
});
