/**
 * The command line run from its source. Stripping types from a hundred files costs more than most commands, so what was
 * stripped and compiled is kept in node_modules; where that cannot be written, Node goes without.
 */

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'nodectl'));
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
