/**
 * Nodes that are not to be trusted: each answers every call with messages that the contract allows and no honest agent sends.
 * No command may obey what they write on a terminal, none may end as a defect of ours, and the page of a report runs nothing.
 */

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import protobuf from 'protobufjs/light.js';
import { contractMethod } from '../proto/contract.ts';
import contract from '../proto/gen/contract.json' with { type: 'json' };
import { FakeFleet, type FakeNode } from './testing/fleet.ts';
import { runCli } from './testing/run.ts';

const EVIL = `a\x1b]0;owned\x07\x1b[2J\u202e\x9b31m\r\n</title><script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

/** What stands in fields: by the type of the field, or undefined where it is left out. */
type Fill = (type: string) => unknown;

const numbers =
  (text: string, double: number, signed: string, unsigned: string): Fill =>
  (type) => {
    if (type === 'string') return text;
    if (type === 'bytes') return Buffer.from(text);
    if (type === 'bool') return true;
    if (/double|float/.test(type)) return double;
    const short = /32$/.test(type);
    if (type.startsWith('u') || type.startsWith('f')) return short ? Number(unsigned) % 2 ** 32 : unsigned;
    return short ? Number(signed) | 0 : signed;
  };

const FILLS: Readonly<Record<string, Fill>> = {
  'escape sequences and markup': numbers(EVIL, 1, '1', '1'),
  'no numbers': numbers('x', Number.NaN, '-1000000000000000', '9007199254740991'),
  'infinite numbers': numbers('', Number.POSITIVE_INFINITY, '-9223372036854775808', '18446744073709551615'),
  'negative numbers': numbers('-1', -1.7e308, '-1', '0'),
  'long texts and large numbers': numbers('W'.repeat(20_000), 1.7e308, '9223372036854775807', '4294967295'),
  'nothing at all': () => undefined,
};

const ROOT = protobuf.Root.fromJSON(contract as protobuf.INamespace);

function made(type: protobuf.Type, fill: Fill, name: string, depth = 0): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const field of type.fieldsArray.map((one) => one.resolve())) {
    if (field.partOf && field.partOf.oneof[0] !== field.name) continue;
    const one = (): unknown => {
      if (field.resolvedType instanceof protobuf.Type)
        return depth > 5 ? undefined : made(field.resolvedType, fill, name, depth + 1);
      // A value that this version does not know.
      if (field.resolvedType instanceof protobuf.Enum) return fill('bool') === undefined ? undefined : 97;
      return fill(field.type);
    };
    const value = one();
    if (value === undefined) continue;
    if (field.map) message[field.name] = { [name]: value, constructor: value };
    else message[field.name] = field.repeated ? [value, one(), one()] : value;
  }
  return message;
}

function answersOf(fill: Fill): FakeNode['answers'] {
  const services = (ROOT.lookup('nodectl.v1') as protobuf.Namespace).nestedArray;
  const name = fill('string') === EVIL ? EVIL : 'k';
  return Object.fromEntries(
    services.flatMap((service) =>
      service instanceof protobuf.Service
        ? service.methodsArray.map((method) => {
            const { response, responseStream } = contractMethod(
              `${service.fullName.slice(1)}/${method.name}`,
            );
            const type = ROOT.lookupType(response.name);
            return [
              method.name,
              () => {
                const answer = response.decode(response.encode(made(type, fill, name)));
                return responseStream ? [answer, answer] : answer;
              },
            ];
          })
        : [],
    ),
  );
}

const COMMANDS = [
  ...[
    'diag',
    'diag --verbose',
    'diag -o wide',
    'diag -o json',
    'diag -o yaml',
    'diag -o jsonl',
    'diag --list',
  ],
  ...['diag --explain nic.errors', 'nic', 'nic eth0', 'nic eth0 -n n1', 'nic -o wide', 'nic -o json'],
  ...['clock', 'clock -n n1', 'clock -o wide', 'clock -o json', 'clock --skew', 'kernel', 'kernel -n n1'],
  ...['kernel -o json', 'history', 'history *', 'history * --values', 'history * -o json', 'metrics -n n1'],
];
/** What acts on a terminal, but for our own colours and wiping of a line. */
const ACTS = /\x1b(?!\[[0-9;]*m|\[K)|[\x07\x9b\u202e]/;
/** How a defect of ours shows. */
const DEFECT = /INTERNAL|is not a function|Cannot read|call stack|\[object|undefined/;

for (const [what, fill] of Object.entries(FILLS))
  test(`nodes that answer with ${what}`, async () => {
    const fleet = new FakeFleet({
      n1: { answers: answersOf(fill) ?? {} },
      n2: { answers: answersOf(fill) ?? {} },
    });
    try {
      for (const command of COMMANDS)
        for (const columns of [80, undefined]) {
          const { stdout, stderr } = await runCli(command.split(' '), {
            ...{ open: fleet.connect, env: fleet.env },
            ...(columns ? { columns } : {}),
          });
          const all = stdout + stderr;
          const defect = DEFECT.exec(all);
          assert.equal(
            defect && all.slice(Math.max(0, defect.index - 80), defect.index + 160),
            null,
            command,
          );
          assert.doesNotMatch(columns ? all : stderr, ACTS, command);
        }
      const page = join(fleet.folder, 'page.html');
      const { stderr } = await runCli(['report', '--html', page], { open: fleet.connect, env: fleet.env });
      assert.doesNotMatch(stderr, DEFECT);
      const text = readFileSync(page, 'utf8');
      assert.doesNotMatch(text, /<script>alert|<img src=x/);
      const noNumber = /.{0,80}(?:[a-z]="|[MLHV ,])(?:NaN|-?Infinity)/.exec(
        text.slice(text.indexOf('</style>')),
      );
      assert.equal(noNumber?.[0], undefined);
    } finally {
      rmSync(fleet.folder, { recursive: true, force: true });
    }
  });
