/**
 * Makes troubles.json, which the agent loads, from troubles.yaml, which people write: part of `npm run gen`. With --check it
 * writes nothing and fails where the committed file is not what the source gives.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { YamlProblems } from '../../../proto/strict-yaml.ts';
import { parseTroubles } from './schema.ts';

const SOURCE = 'agent/diagnostics/known/troubles.yaml';
const source = join(import.meta.dirname, 'troubles.yaml');
const target = join(import.meta.dirname, 'troubles.json');

try {
  const made = `${JSON.stringify(parseTroubles(readFileSync(source, 'utf8'), SOURCE), null, 1)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(target, made);
  else if (readFileSync(target, 'utf8') !== made) {
    process.stderr.write(
      'agent/diagnostics/known/troubles.json is not what troubles.yaml gives: npm run gen\n',
    );
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof YamlProblems)) throw error;
  process.stderr.write(`${error.problems.join('\n')}\n`);
  process.exitCode = 1;
}
