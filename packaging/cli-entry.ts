/**
 * The beginning of the packaged command line. Its top level runs once, when the executable is built, and the heap is kept:
 * whatever is imported statically here costs a user's command next to nothing. So what nearly every command needs is
 * made ready here. Nothing here may look at the machine: it would be that of whoever built the package.
 */

import { startupSnapshot } from 'node:v8';
import { parse } from 'yaml';
import { main } from '../cli/main.ts';
import { contractMethod } from '../proto/contract.ts';

/** Methods whose codecs are made, and have run once, before the snapshot is taken: functions that ran stay compiled. */
const READY = ['nodectl.v1.SystemService/GetVersion', 'nodectl.v1.SystemService/GetNode'] as const;

for (const method of READY) {
  const { request, response } = contractMethod(method);
  request.decode(request.encode({}));
  response.decode(response.encode({ node: 'n', version: '0' }));
}
parse('current: a\ncontexts:\n  a:\n    nodes:\n      - { name: n, address: "h:1", labels: { k: v } }\n');

startupSnapshot.setDeserializeMainFunction(() => {
  void main(process.argv.slice(2));
});
