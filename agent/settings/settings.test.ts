/** The configuration: what files and flags say, and how what is wrong is told. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { parseSettings } from './file.ts';
import { type Invocation, mergeSettings, parseFlags } from './flags.ts';

const WHOLE = `
name: web-1
listen: 0.0.0.0:7443
state: /var/lib/nodectl
labels: { role: web, zone: a }
addresses: ["10.0.0.7:7443"]
logs:
  files:
    - { name: nginx, path: /var/log/nginx/access.log }
  journal: { directory: /var/log/journal }
  pods: false
enrolment:
  issuer: issuer.example:7444
  tokenFile: /run/token
limits: { connections: 100 }
logLevel: warn
`;

function serving(args: string[]): Extract<Invocation, { do: 'serve' }> {
  const invocation = parseFlags(args);
  assert.equal(invocation.do, 'serve');
  return invocation as Extract<Invocation, { do: 'serve' }>;
}

function problems(text: string): string {
  try {
    parseSettings(text, 'agent.yaml');
  } catch (error) {
    assert.ok(error instanceof Failure && error.reason === 'BAD_CONFIG');
    return error.message;
  }
  return assert.fail('the text was taken');
}

test('a whole file is understood, and an empty one is too', () => {
  const config = mergeSettings(parseSettings(WHOLE, 'agent.yaml'), {});
  assert.deepEqual(config.listen, ['0.0.0.0:7443']);
  assert.deepEqual(config.logs.files, [{ name: 'nginx', path: '/var/log/nginx/access.log' }]);
  assert.equal(config.logs.pods, false);
  assert.equal(config.enrolment.issuer, 'issuer.example:7444');
  assert.equal(config.limits.connections, 100);
  assert.deepEqual(mergeSettings(parseSettings('', 'agent.yaml'), {}).listen, ['[::]:7443']);
});

test('what is wrong is told with line and column, all of it at once', () => {
  const text =
    'name: Web_1\nlisten: nowhere\nlogs:\n  files:\n    - { name: x, path: relative }\n  colour: red\n';
  const found = problems(text).split('\n');
  assert.match(found.join('\n'), /^agent\.yaml:1:1: name: a name is a DNS name/m);
  assert.match(found.join('\n'), /^agent\.yaml:2:1: listen: /m);
  assert.match(found.join('\n'), /^agent\.yaml:5:18: logs\.files\.0\.path: write an absolute path/m);
  assert.match(found.join('\n'), /^agent\.yaml:6:3: logs: .*colour/m);
  assert.match(problems('name: a\nname: b\n'), /^agent\.yaml:2:1: "name" is there twice/);
  assert.match(problems('labels: [a'), /^agent\.yaml:1:\d+: /);
  assert.match(problems('token: secret'), /token/);
});

test('labels and addresses are those that the register takes', () => {
  assert.deepEqual(parseSettings('labels: { rack: 7, spare: true }', 'agent.yaml').labels, {
    rack: '7',
    spare: 'true',
  });
  for (const text of [
    'labels: { "a b": c }',
    'labels: { a: "b,c" }',
    'addresses: ["10.0.0.7:0"]',
    'addresses: [x]',
  ])
    assert.match(problems(text), /^agent\.yaml:1:\d+: /, text);
  for (const args of [
    ['--label', 'a b=c'],
    ['--announce', 'web-1'],
    ['--issuer', 'pki.example.org'],
  ])
    assert.throws(() => parseFlags(args), { reason: 'BAD_ARGUMENT', hint: /^write / }, args.join(' '));
});

test('references that blow up are refused', () => {
  const levels = Array.from(
    { length: 9 },
    (_, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1},`.repeat(9)}]`,
  );
  assert.match(problems(levels.join('\n')), /^agent\.yaml: .*alias/);
});

test('flags override the file, and labels add up', () => {
  const { overrides } = serving([
    '--label',
    'zone=b',
    '--label',
    'tier=1',
    '--listen',
    '[::1]:9000',
    '--token',
    'nctl_x',
    '--log-file',
    'app=/tmp/app.log',
    '--journal',
    'none',
  ]);
  const config = mergeSettings(parseSettings(WHOLE, 'agent.yaml'), overrides);
  assert.deepEqual(config.labels, { role: 'web', zone: 'b', tier: '1' });
  assert.deepEqual(config.listen, ['[::1]:9000']);
  assert.deepEqual(config.enrolment, {
    issuer: 'issuer.example:7444',
    tokenFile: '/run/token',
    token: 'nctl_x',
  });
  assert.deepEqual(config.logs.files, [{ name: 'app', path: '/tmp/app.log' }]);
  assert.equal(config.logs.journal, false);
});

test('a wrong command line is told, with where to find help', () => {
  for (const args of [
    ['--colour'],
    ['start'],
    ['--label', 'x'],
    ['--log-level', 'loud'],
    ['check-config'],
    ['--listen'],
    ['health'],
    ['--gate'],
    ['health', '--gate', '--timeout', 'soon'],
    ['health', '--gate', '--timeout', '90000'],
    ['--timeout', '5'],
  ])
    assert.throws(
      () => parseFlags(args),
      { reason: 'BAD_ARGUMENT', hint: 'nodectl-agent --help' },
      args.join(' '),
    );
  assert.throws(() => parseFlags(['--sate', '/x']), { message: 'unknown flag "--sate"' });
  assert.deepEqual(parseFlags(['--help']), { do: 'help' });
  assert.deepEqual(parseFlags(['check-config', 'x.yaml']), { do: 'check', file: 'x.yaml' });
  assert.deepEqual(parseFlags(['health', '--gate', '--timeout', '5', '--state', '/x']), {
    ...{ do: 'gate', state: '/x', timeoutSeconds: 5 },
  });
});
