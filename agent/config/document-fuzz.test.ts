/** Documents that were changed by chance: parsing and compiling them ends with a document or with a reason, and never otherwise. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openValue, type SealKey, sealIdOf } from '../../proto/config/seal.ts';
import { Failure } from '../../proto/failure.ts';
import { compile } from './compile.ts';

const COUNT = 10_000;
const EXAMPLE = readFileSync(join(import.meta.dirname, 'testing', 'every-section.yaml'), 'utf8');
/** What parsers and programs have stumbled over. */
const PARTS = [
  ...[
    '[',
    ']',
    '{',
    '}',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!binary ',
    '!!set ',
    '|\n',
    '>-\n',
    '"',
    "'",
    '#',
    '\\',
    '\t',
  ],
  ...[
    '\n',
    '\r\n',
    '\0',
    '\u0085',
    '\u2028',
    '\ud800',
    '\x1b[2J',
    '<<: *a',
    '__proto__: {}',
    'constructor: 1',
    '~',
    'null',
  ],
  ...[
    '1e999',
    '-0',
    '0x10',
    '2001-01-01',
    'yes',
    '../',
    '/proc/self/mem',
    '%n',
    '$(x)',
    '`x`',
    ';',
    '=',
    'sealed:v1:',
  ],
  ...[
    'sealed:v1:0123456789abcdef:'.padEnd(80, 'A'),
    'a'.repeat(5_000),
    '9'.repeat(400),
    '\ufeff',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
  ],
];

/** Numbers that look like chance and are the same in every run (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function mutated(text: string, below: (n: number) => number): string {
  let changed = text;
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(changed.length + 1);
    const to = Math.min(changed.length, at + below(40));
    switch (below(6)) {
      case 0:
        changed = changed.slice(0, at) + changed.slice(to);
        break;
      case 1:
        changed = changed.slice(0, at) + (PARTS[below(PARTS.length)] ?? '') + changed.slice(at);
        break;
      case 2:
        changed = changed.slice(0, at) + (PARTS[below(PARTS.length)] ?? '') + changed.slice(to);
        break;
      case 3:
        changed = changed.slice(0, at) + changed.slice(at, to) + changed.slice(at);
        break;
      case 4:
        changed = changed.slice(0, at) + String.fromCharCode(below(256)) + changed.slice(at + 1);
        break;
      default: {
        // A line of it elsewhere.
        const lines = changed.split('\n');
        const [line = ''] = lines.splice(below(lines.length), 1);
        lines.splice(below(lines.length + 1), 0, line);
        changed = lines.join('\n');
      }
    }
  }
  return changed;
}

test(`${COUNT} documents`, async () => {
  const key: SealKey = { id: '0123456789abcdef', key: Buffer.alloc(32), nodes: ['web-1'] };
  const sealKey = {
    unsealer: async () => (sealed: string, place: string) => {
      sealIdOf(sealed, place);
      return place.startsWith('/users') ? Buffer.from('$6$x') : openValue(key, place, sealed);
    },
  };
  const below = chance(7);
  const ends = { compiled: 0, refused: 0, slowest: 0 };
  for (let count = 0; count < COUNT; count++) {
    const text = mutated(EXAMPLE, below);
    const { user } = process.cpuUsage();
    try {
      const resources = await compile(text, { sealKey, has: () => count % 2 === 0 });
      assert.equal(new Set(resources.map(({ id }) => id)).size, resources.length);
      ends.compiled++;
    } catch (error) {
      const known = error instanceof Failure && ['BAD_DOCUMENT', 'SEAL_NOT_OPENED'].includes(error.reason);
      assert.ok(known, `${(error as Error).stack}\n${JSON.stringify(text)}`);
      ends.refused++;
    }
    ends.slowest = Math.max(ends.slowest, process.cpuUsage().user - user);
  }
  assert.ok(ends.compiled > 100 && ends.refused > 1_000, JSON.stringify(ends));
});
