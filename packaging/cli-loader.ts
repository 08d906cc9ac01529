/**
 * The script that the packaged command line is made of: it loads the program's parts (bundle.ts), each when it is first
 * required. While the executable is built they are files, and those that are needed then stay in the snapshot; the others are
 * in the executable as they were written, and cost a command that does not need them nothing.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getAsset } from 'node:sea';
import { startupSnapshot } from 'node:v8';
import { compileFunction } from 'node:vm';
import { FIRST_PART, PARTS_VARIABLE } from './parts.ts';

interface Part {
  exports: unknown;
}

const loaded = new Map<string, Part>();

/** The text of a part. Throws an Error where there is none of that name. */
function textOf(name: string): string {
  if (!startupSnapshot.isBuildingSnapshot()) return getAsset(name, 'utf8');
  return readFileSync(join(process.env[PARTS_VARIABLE] ?? '', name), 'utf8');
}

/** What a part, or a module of Node, exports. */
function load(id: string): unknown {
  if (!id.startsWith('./')) return process.getBuiltinModule(id);
  const name = id.slice(2);
  const known = loaded.get(name);
  if (known) return known.exports;
  const part: Part = { exports: {} };
  loaded.set(name, part);
  const run = compileFunction(textOf(name), ['exports', 'require', 'module'], { filename: name });
  run(part.exports, load, part);
  return part.exports;
}

load(`./${FIRST_PART}`);
