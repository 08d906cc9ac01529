/** Log files that the agent's configuration declares: the sources "file/NAME". */

import { isAbsolute, normalize } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import type { DeclaredFile } from '../types.ts';
import { declaredChain } from './chain.ts';
import { PlainFormat } from './plain.ts';
import { FileSource } from './source.ts';

/** What a declared file may be called. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * The source of a declared file. Opens nothing.
 * @throws Failure BAD_CONFIG when the name or the path is not as it must be
 */
export function declaredFile({ name, path }: DeclaredFile): FileSource {
  if (!NAME.test(name)) {
    throw new Failure('BAD_CONFIG', `a log file is declared with the name "${name}", which is not valid`, {
      hint: 'letters, digits, dot, dash and underscore, at most 63',
    });
  }
  if (!isAbsolute(path) || normalize(path) !== path || path.endsWith('/')) {
    throw new Failure(
      'BAD_CONFIG',
      `the log file "${name}" is declared with the path "${path}", which is not valid`,
      {
        hint: 'an absolute path without . and ..',
      },
    );
  }
  return new FileSource({
    name: `file/${name}`,
    kind: 'FILE',
    description: path,
    chain: declaredChain(path),
    format: (selection) => new PlainFormat(selection),
    missing: `${path} does not exist`,
  });
}
