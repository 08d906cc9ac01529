/** The beginning of the packaged agent. */

import '../agent/main.ts';
