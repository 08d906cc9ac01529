/** The contexts file read by a whole YAML parser: for what is beyond plain YAML, and to say where a mistake is. */

import { LineCounter, parseDocument } from 'yaml';
import { Failure } from '../../proto/failure.ts';
import type { ContextsFile } from './contexts.ts';
import { checkContexts, ShapeError } from './shape.ts';

/** More aliases than any hand-written file has, and far fewer than a bomb needs. */
const MAX_ALIASES = 100;

/** The content of a contexts file. Throws BAD_CONFIG with line and column. */
export function parseWholeContexts(source: string, path: string): Pick<ContextsFile, 'current' | 'contexts'> {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const wrong = document.errors[0];
  if (wrong)
    throw new Failure('BAD_CONFIG', `${at(wrong.pos[0])}: this is not YAML: ${wrong.message}`, {
      hint: 'mend the file there, or put it aside and add the contexts anew',
    });
  try {
    return checkContexts(document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {});
  } catch (error) {
    if (!(error instanceof ShapeError))
      throw new Failure('BAD_CONFIG', `${path} cannot be read: ${(error as Error).message}`, {
        cause: error,
      });
    // The place itself, or the nearest one around it that is there.
    let offset: number | undefined;
    for (let keys = error.keys; offset === undefined && keys.length > 0; keys = keys.slice(0, -1))
      offset = (document.getIn(keys, true) as { range?: [number, number, number] } | undefined)?.range?.[0];
    throw new Failure(
      'BAD_CONFIG',
      `${offset === undefined ? path : at(offset)}: ${error.keys.join('.') || 'the file'} ${error.message}`,
      { hint: 'nodectl help contexts shows what the file looks like' },
    );
  }
}
