import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECT_TIMEOUT_MS, UNARY_TIMEOUT_MS } from '../proto/call/patience.ts';
import { Failure } from '../proto/failure.ts';
import type { CommandSpec } from './commands/declaration.ts';
import { parseFlags } from './commands/flags.ts';
import { COMMANDS } from './commands/table.ts';
import { TARGET_OPTIONS } from './common-options.ts';
import { optionsOf, type ParsedCommand, parseCommandLine } from './program.ts';

const TABLE: readonly CommandSpec[] = [
  {
    name: 'read',
    aliases: ['r'],
    summary: 'Read',
    group: 'Nodes',
    arguments: [
      { name: 'first', description: '', required: true, choices: ['a', 'b'] },
      { name: 'rest', description: '', variadic: true },
    ],
    options: [
      { flags: '--count <N>', description: '', type: 'whole' },
      { flags: '--for <duration>', description: '', type: 'duration' },
      { flags: '--how-long <N>', description: '', needs: '--for' },
      { flags: '-t, --tag <text>', description: '', repeatable: true },
    ],
    targets: 'read',
    output: true,
    foreign: { '-T': 'write --count', '--tally': 'write --count' },
  },
  { name: 'list', summary: 'List', group: 'Nodes', targets: 'read-all' },
  {
    name: 'show',
    summary: 'Show',
    group: 'Nodes',
    output: { formats: ['text', 'json'], default: 'text' },
  },
  {
    name: 'set',
    summary: 'Set',
    group: 'Set-up',
    subcommands: [{ name: 'up', summary: 'Up', group: 'Set-up' }],
  },
  {
    name: 'both',
    summary: 'Both',
    group: 'Nodes',
    arguments: [{ name: 'what', description: '', variadic: true, choices: ['a', 'b', 'sub'] }],
    options: [
      { flags: '--count <N>', description: '' },
      { flags: '--watch [N]', description: '' },
    ],
    targets: 'read',
    subcommands: [
      {
        name: 'sub',
        aliases: ['s'],
        summary: 'Sub',
        group: 'Nodes',
        arguments: [{ name: 'file', description: '' }],
        targets: 'read',
      },
    ],
    load: () => Promise.reject(new Error('not loaded to read a command line')),
  },
];

async function parsed(line: string, env: Record<string, string> = {}): Promise<ParsedCommand> {
  const request = await parseCommandLine(TABLE, line.split(' ').filter(Boolean), env);
  assert.ok(request.kind === 'run', line);
  return request.parsed;
}

async function refused(line: string): Promise<string> {
  try {
    await parseCommandLine(TABLE, line.split(' ').filter(Boolean));
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.reason, 'BAD_ARGUMENT');
    assert.notEqual(error.hint, '');
    return `${error.message}; ${error.hint}`;
  }
  return 'not refused';
}

test('arguments and options', async () => {
  const { path, args, options } = await parsed(
    'read a x y --count 3 -t p -t q -n web-1 -n db-1 -l a=1 -l b=2 -o json',
  );
  assert.equal(path, 'read');
  assert.deepEqual(args, ['a', 'x', 'y']);
  assert.deepEqual(options, {
    count: '3',
    tag: ['p', 'q'],
    node: ['web-1', 'db-1'],
    selector: 'a=1,b=2',
    output: 'json',
  });
});

test('an option of another tool that has a hint is none that the command has', () => {
  const all = (specs: readonly CommandSpec[]): CommandSpec[] =>
    specs.flatMap((spec) => [spec, ...all(spec.subcommands ?? [])]);
  for (const spec of all(COMMANDS)) {
    const own = optionsOf(spec).flatMap(({ flags }) => [parseFlags(flags).short, parseFlags(flags).long]);
    for (const flag of Object.keys(spec.foreign ?? {}))
      assert.ok(!own.includes(flag), `${spec.name} ${flag}`);
  }
});

test('an alias is the command', async () => assert.equal((await parsed('r a')).path, 'read'));

test('common options may stand before the command', async () => {
  const { options, args } = await parsed('--context lab -n web-1 --timeout=5s read a');
  assert.deepEqual(options, { context: 'lab', node: ['web-1'], timeout: '5s' });
  assert.deepEqual(args, ['a']);
  assert.equal((await parsed('--context lab set --config f up')).path, 'set up');
});

test('a command with an action of its own is left only for a command that its first word names', async () => {
  const cases: [line: string, path: string, args: string[], options: Record<string, unknown>][] = [
    ['both', 'both', [], {}],
    ['both a sub', 'both', ['a', 'sub'], {}],
    ['both --count sub', 'both', [], { count: 'sub' }],
    ['both --count=3 --watch', 'both', [], { count: '3', watch: true }],
    ['both -- sub', 'both', ['sub'], {}],
    ['both sub', 'both sub', [], {}],
    ['both s x', 'both sub', ['x'], {}],
    ['both -n web-1 sub x', 'both sub', ['x'], { node: ['web-1'] }],
    ['-n web-1 both sub -', 'both sub', ['-'], { node: ['web-1'] }],
    ['both sub -- sub', 'both sub', ['sub'], {}],
  ];
  for (const [line, path, args, options] of cases) {
    const found = await parsed(line);
    assert.deepEqual([found.path, found.args, found.options], [path, args, options], line);
  }
  assert.match(await refused('both --count 3 sub'), /unknown option "--count"/);
  assert.match(await refused('both sbu'), /did you mean "nodectl both sub"/);
});

test('behind "--" everything is an argument', async () => {
  assert.deepEqual((await parsed('read a -- --count -n')).args, ['a', '--count', '-n']);
});

test('the environment gives what was not written', async () => {
  const env = { NODECTL_CONTEXT: 'lab', NODECTL_OUTPUT: 'yaml', NODECTL_TIMEOUT: '3s' };
  assert.deepEqual((await parsed('read a', env)).options, { context: 'lab', output: 'yaml', timeout: '3s' });
  assert.deepEqual((await parsed('read a -o json --context x', env)).options, {
    context: 'x',
    output: 'json',
    timeout: '3s',
  });
  // A format that a command does not know does not break it.
  assert.equal((await parsed('show', env)).options.output, undefined);
  assert.equal((await parsed('show', { NODECTL_OUTPUT: 'json' })).options.output, 'json');
  await assert.rejects(
    parsed('read a', { NODECTL_TIMEOUT: 'soon' }),
    /NODECTL_TIMEOUT soon is not a duration/,
  );
});

test('what is not valid is refused with a hint', async () => {
  assert.match(await refused('reed a'), /"reed" is not a command; did you mean "nodectl read"/);
  assert.match(
    await refused('set uq'),
    /"uq" is not a command of "nodectl set"; did you mean "nodectl set up"/,
  );
  assert.match(await refused('set'), /needs to know what to do; it knows up/);
  assert.match(
    await refused('read'),
    /missing required argument "first"; write nodectl read <first> \[rest\.\.\.\]/,
  );
  assert.match(await refused('read c'), /"c" is no first; there are a, b/);
  assert.match(await refused('read a --cuont 3'), /unknown option "--cuont"; did you mean --count/);
  assert.match(await refused('read a --tally=3'), /unknown option "--tally.*"; write --count$/);
  assert.match(await refused('read a -T'), /unknown option "-T"; write --count$/);
  assert.match(
    await refused('read a --how-long 5'),
    /--how-long does nothing without --for; write --for too/,
  );
  assert.equal((await parsed('read a --for 5s --how-long 5')).options.howLong, '5');
  assert.match(await refused('read a --count x'), /--count x is not a whole number/);
  assert.match(await refused('read a --count -1'), /--count -1 is not a whole number/);
  assert.match(await refused('read a --for 90'), /--for 90 is not a duration/);
  assert.match(await refused('read a --count'), /argument missing/);
  assert.match(await refused('show x'), /too many arguments.*; write nodectl show; see/);
  assert.match(
    await refused('list web-1'),
    /too many arguments.*; write nodectl list; nodes are named with -n, as in: nodectl list -n web-1$/,
  );
  assert.match(await refused('--frob read a'), /the option --frob is not known before a command/);
  assert.match(await refused('help read x'), /"nodectl read" has no commands of its own/);
});

test('help is asked for in many ways', async () => {
  const kinds: [line: string, kind: string, path?: string][] = [
    ['', 'help', ''],
    ['--help', 'help', ''],
    ['-h', 'help', ''],
    ['help', 'help', ''],
    ['read --help', 'help', 'read'],
    ['read a --count 3 -h', 'help', 'read'],
    ['set --help', 'help', 'set'],
    ['set up --help', 'help', 'set up'],
    ['help set up', 'help', 'set up'],
    ['both --help', 'help', 'both'],
    ['both --count sub -h', 'help', 'both'],
    ['both sub --help', 'help', 'both sub'],
    ['help both sub', 'help', 'both sub'],
    ['help targets', 'topic'],
    // Other names of commands: whoever prints it sees whether it is a topic as well.
    ['help contexts', 'topic'],
    ['--version', 'version'],
    ['-V', 'version'],
    // As the value of an option, or behind "--", it is no request for help.
    ['read a -t --help', 'run'],
    ['read a -- --help', 'run'],
  ];
  for (const [line, kind, path] of kinds) {
    const request = await parseCommandLine(TABLE, line.split(' ').filter(Boolean));
    assert.equal(request.kind, kind, line);
    if (request.kind === 'help') assert.equal(request.path, path, line);
  }
});

test('no two options of a command have the same flags, and every command has code', () => {
  const check = (spec: CommandSpec, path: string) => {
    for (const one of spec.subcommands ?? []) check(one, `${path} ${one.name}`);
    if ((spec.subcommands && !spec.load) || spec.name === 'help') return;
    assert.ok(spec.load, `${path} has no code`);
    const flags = optionFlags(spec);
    assert.deepEqual([...new Set(flags)], flags, path);
  };
  for (const spec of COMMANDS) check(spec, spec.name);
});

function optionFlags(spec: CommandSpec): string[] {
  return optionsOf(spec).flatMap(({ flags }) => {
    const { short, long } = parseFlags(flags);
    return [short, long].filter(Boolean);
  });
}

test('every command’s code can be loaded and exports run', async () => {
  const check = async (spec: CommandSpec): Promise<void> => {
    for (const one of spec.subcommands ?? []) await check(one);
    const module = await spec.load?.();
    if (module) assert.equal(typeof module.run, 'function', spec.name);
  };
  for (const spec of COMMANDS) await check(spec);
});

test('the help of --timeout says how long is waited without it', () => {
  const about = TARGET_OPTIONS.find(({ flags }) => flags.startsWith('--timeout'))?.description ?? '';
  const defaults = [...about.matchAll(/default (\d+)s/g)].map(([, seconds]) => Number(seconds) * 1_000);
  assert.deepEqual(defaults, [CONNECT_TIMEOUT_MS, UNARY_TIMEOUT_MS]);
});
