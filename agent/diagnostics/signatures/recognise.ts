/** Troubles in what was logged as events for the history. */

import type { LoggedEvent } from '../../history/events.ts';
import { catalogue } from './catalogue.ts';
import { LineScanner } from './line-scanner.ts';
import { ownDevice } from './signature.ts';

/** The events in whole lines of a kernel's log. @param referenceMs ms since the epoch; see ScanOptions */
export function recognised(logged: Buffer, referenceMs: number): LoggedEvent[] {
  const events: LoggedEvent[] = [];
  const scanner = new LineScanner(catalogue(), {
    referenceMs,
    hit: ({ signature, device, uptime, times }) => {
      const named = ownDevice(signature, device);
      events.push({ signature: { id: signature.id }, device: named, uptime, times });
    },
  });
  scanner.push(logged);
  scanner.end();
  return events;
}
