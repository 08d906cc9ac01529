/** The agent's own log: JSON lines on stderr, which systemd passes on to the journal. */

import { pino } from 'pino';
import type { LogLevel } from '../settings/settings.ts';

/** A logger that writes at once: a line that is lost in a crash is the one that would have told why. */
export function createLogger(level: LogLevel) {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
