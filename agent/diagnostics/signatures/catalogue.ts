/** All signatures, in the order in which they are tried: what is special before what is general. */

import { CRASHES } from './catalogue/crashes.ts';
import { compileForScan } from './line-scanner.ts';
import type { Recogniser } from './recogniser.ts';
import type { Signature } from './signature.ts';

/** Every signature. */
export const SIGNATURES: readonly Signature[] = [...CRASHES];

let compiled: Recogniser | undefined;

/** The catalogue, compiled when it is first asked for. */
export function catalogue(): Recogniser {
  compiled ??= compileForScan(SIGNATURES);
  return compiled;
}
