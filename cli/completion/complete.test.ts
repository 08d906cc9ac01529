import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandSpec } from '../commands/declaration.ts';
import { type CompletionOptions, complete } from './complete.ts';

const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'logs',
    summary: 'Read logs',
    group: 'Logs',
    arguments: [{ name: 'source', description: '', variadic: true }],
    options: [
      { flags: '-f, --follow', description: 'go on' },
      { flags: '--boot [id]', description: 'a boot' },
      { flags: '--priority <level>', description: 'at least', choices: ['err', 'warning', 'info'] },
      { flags: '--out <file>', description: 'write there', complete: 'file' },
      { flags: '--check <id>', description: 'only this', complete: 'check' },
      { flags: '--explain <id>', description: 'what it is', complete: 'finding' },
    ],
    output: true,
  },
  {
    name: 'nodes',
    summary: 'The list of nodes',
    group: 'Nodes',
    subcommands: [
      { name: 'list', summary: 'List', group: 'Nodes' },
      {
        name: 'remove',
        summary: 'Remove',
        group: 'Nodes',
        arguments: [{ name: 'node', description: '', variadic: true, complete: 'node' }],
      },
    ],
  },
  {
    name: 'diag',
    summary: 'Find troubles',
    group: 'Diagnostics',
    arguments: [{ name: 'area', description: '', variadic: true, choices: ['clock', 'nic'] }],
    subcommands: [{ name: 'scan', summary: 'Scan', group: 'Diagnostics' }],
    load: () => Promise.reject(new Error('not loaded to complete a line')),
  },
  { name: '__complete', summary: '', group: 'Help', hidden: true },
];

let chosen: Readonly<Record<string, string>> = {};
const OPTIONS: CompletionOptions = {
  commands: COMMANDS,
  optionsOf: (spec) => [
    ...(spec?.options ?? []),
    { flags: '-n, --node <names>', description: 'nodes', repeatable: true, complete: 'node' },
    { flags: '-l, --selector <labels>', description: 'labels', complete: 'label' },
    { flags: '-o, --output <format>', description: 'format' },
    { flags: '--context <name>', description: 'context', complete: 'context' },
  ],
  formatsOf: () => ['table', 'json', 'jsonl'],
  sources: (found) => {
    chosen = { ...found };
    return {
      nodes: async () => [{ value: 'web-1', about: 'rack=a' }, { value: 'web-2' }, { value: 'db-1' }],
      contexts: async () => [{ value: 'lab' }, { value: 'prod' }],
      labels: async () =>
        new Map([
          ['rack', new Set(['b', 'a'])],
          ['role', new Set(['db'])],
        ]),
      topics: async () => [],
      checks: async () => [{ value: 'nic.errors', about: 'Errors' }],
      findings: async () => [{ value: 'nic.errors' }, { value: 'known.ice' }],
    };
  },
};

const CASES: [line: string, values: string[]][] = [
  ['', ['logs', 'nodes', 'diag']],
  ['l', ['logs']],
  ['nodes ', ['list', 'remove']],
  ['nodes r', ['remove']],
  ['nodes list ', []],
  ['nodes remove ', ['web-1', 'web-2', 'db-1']],
  ['nodes remove web-1 w', ['web-2']],
  [
    'logs -',
    [
      '--follow',
      '--boot',
      '--priority',
      '--out',
      '--check',
      '--explain',
      '--node',
      '--selector',
      '--output',
      '--context',
    ],
  ],
  ['logs --fo', ['--follow']],
  ['logs --priority ', ['err', 'warning', 'info']],
  ['logs --check ni', ['nic.errors']],
  ['logs --explain ', ['nic.errors', 'known.ice']],
  ['logs --priority=w', ['--priority=warning']],
  ['logs -n w', ['web-1', 'web-2']],
  ['logs -n web-1,', ['web-1,web-2', 'web-1,db-1']],
  ['logs --node=web-1,d', ['--node=web-1,db-1']],
  ['logs -l ', ['rack=', 'role=']],
  ['logs -l rack=', ['rack=a', 'rack=b']],
  ['logs -l role!=db,rack=b', ['role!=db,rack=b']],
  ['logs -l nothing=', []],
  ['logs -o j', ['json', 'jsonl']],
  ['logs -- -', []],
  // An option whose value may be left out takes none from the next word.
  ['logs --boot --fo', ['--follow']],
  ['--context ', ['lab', 'prod']],
  ['--context lab nodes l', ['list']],
  ['unknown ', ['logs', 'nodes', 'diag']],
  ['diag ', ['clock', 'nic', 'scan']],
  ['diag clock ', ['clock', 'nic']],
  ['diag -n web-1 s', ['scan']],
  ['diag -- ', ['clock', 'nic']],
  ['diag clock scan ', ['clock', 'nic']],
  ['diag scan ', []],
];

for (const [line, values] of CASES)
  test(`completes ${JSON.stringify(line)}`, async () => {
    const { candidates } = await complete(line.split(' '), OPTIONS);
    assert.deepEqual(
      candidates.map(({ value }) => value),
      values,
    );
  });

test('paths are left to the shell', async () => {
  assert.equal((await complete(['logs', '--out', 'a'], OPTIONS)).paths, 'file');
});

test('a key of a label has more behind it', async () => {
  assert.equal((await complete(['logs', '-l', 'ra'], OPTIONS)).open, true);
  assert.notEqual((await complete(['logs', '-l', 'rack='], OPTIONS)).open, true);
});

test('the context that the line names is the one that is looked into', async () => {
  await complete(['logs', '--context=prod', '-n', ''], OPTIONS);
  assert.deepEqual(chosen, { context: 'prod' });
});

test('descriptions come along', async () => {
  const { candidates } = await complete(['logs', '-n', 'web-1'], OPTIONS);
  assert.deepEqual(candidates, [{ value: 'web-1', about: 'rack=a' }]);
});
