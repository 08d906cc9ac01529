/**
 * The beginning of the packaged command line. Its top level runs once, when the executable is built, and the heap is kept:
 * whatever is imported statically here costs a user's command next to nothing. So what nearly every command needs is
 * made ready here. Nothing here may look at the machine: it would be that of whoever built the package.
 */

import { startupSnapshot } from 'node:v8';
import { main } from '../cli/main.ts';
import { rehearse } from './rehearsal.ts';

startupSnapshot.setDeserializeMainFunction(() => {
  void main(process.argv.slice(2));
});
void rehearse();
