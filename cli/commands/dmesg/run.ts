/** `nodectl dmesg`: shows the kernel's records. */

import { showLogs } from '../../logs/command.ts';
import { FACILITY_FIELD, MONOTONIC_FIELD } from '../../logs/render-text.ts';
import { flag, type Session, text } from '../../session.ts';

/** Runs the command and gives its exit status. */
export function run(session: Session): Promise<number> {
  const sinceBoot = flag(session, 'rawTimes');
  const facility = flag(session, 'decode');
  return showLogs(session, {
    rules: { priorityAlone: 'exactly', followTail: undefined },
    sources: ['kernel'],
    priority: text(session, 'level'),
    textStyle: 'kernel',
    sinceBoot,
    facility,
    neededFields: [...(sinceBoot ? [MONOTONIC_FIELD] : []), ...(facility ? [FACILITY_FIELD] : [])],
  });
}
