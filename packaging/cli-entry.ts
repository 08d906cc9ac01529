/**
 * The beginning of the packaged command line. Its top level runs once, when the executable is built, and the heap is kept:
 * whatever is imported statically here costs a user's command next to nothing. So what nearly every command needs is
 * made ready here. Nothing here may look at the machine: it would be that of whoever built the package.
 */

import { startupSnapshot } from 'node:v8';
import { main } from '../cli/main.ts';
import { rehearse } from './rehearsal.ts';

startupSnapshot.setDeserializeMainFunction(() => {
  // Node reads the public authorities for its first TLS context even where the context names its own, as all of ours do.
  // With --use-openssl-ca (see executable.ts) it asks OpenSSL for them, and OpenSSL finds none here: 10 ms saved.
  process.env.SSL_CERT_FILE = '/dev/null';
  process.env.SSL_CERT_DIR = '/dev/null';
  void main(process.argv.slice(2));
});
void rehearse();
