/** The command line run from its source. */

import { main } from './main.ts';

await main(process.argv.slice(2));
