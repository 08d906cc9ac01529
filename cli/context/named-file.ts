/** Reading a file that a person named: bounded, and never waiting for something that is no file. */

import { readFileSync, statSync } from 'node:fs';
import { Failure } from '../../proto/failure.ts';

/** A pipe that is open already, as <(...) of a shell makes it. */
const OPEN_PIPE = /^\/(?:dev|proc\/self)\/fd\/\d+$/;

/**
 * The text of a file. Throws BAD_CONFIG where it is longer than `maxBytes` or no file: reading a named pipe waits for ever and
 * a device gives without end, and neither could be interrupted. Throws the system's error where it cannot be read.
 * @param what what the file should be, as in "a contexts file"
 */
export function readNamedFile(path: string, maxBytes: number, what: string): string {
  const found = statSync(path);
  const pipe = found.isFIFO() && OPEN_PIPE.test(path);
  if (!pipe && !found.isFile() && !found.isDirectory())
    throw new Failure('BAD_CONFIG', `${path} is no regular file, so it is not ${what}`);
  if (found.size > maxBytes) throw new Failure('BAD_CONFIG', `${path} is too large to be ${what}`);
  return readFileSync(path, 'utf8');
}
