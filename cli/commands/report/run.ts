/** `nodectl report`. */

import { checkPlace, writeFileAtomic } from '../../../pki/atomic-file.ts';
import { Failure } from '../../../proto/failure.ts';
import { gatherReport } from '../../diag/report/gather.ts';
import { reportPage } from '../../diag/report/page.ts';
import { counted } from '../../diag/text/footer.ts';
import { parseDuration } from '../../duration.ts';
import { orNotWritten } from '../../not-written.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { reportFailures } from '../../output/report.ts';
import { type Session, text } from '../../session.ts';

const DAY_MS = 86_400_000;
/** The page is for whoever it is given to, unlike what is secret. */
const MODE = 0o644;

export async function run(session: Session): Promise<number> {
  const file = text(session, 'html');
  if (!file)
    throw new Failure('BAD_ARGUMENT', 'the command does not say where the page goes', {
      hint: 'write --html FILE, or --html - for stdout',
    });
  // Before a whole fleet is asked for a page that has no place.
  if (file !== '-') orNotWritten(file, () => checkPlace(file));
  const since = text(session, 'since');
  const data = await gatherReport(
    session,
    (since === undefined ? undefined : parseDuration(since)) ?? DAY_MS,
  );
  const { terminal } = session;
  const { failures, fleet, asked } = data;
  reportFailures(terminal, failures, asked);
  const status = exitOfAll(
    failures.map(({ failure }) => failure),
    fleet.answered.length,
  );
  // A page about nothing would take the place of one that is worth something.
  if (fleet.answered.length === 0) return status;
  const page = reportPage(data);
  if (file === '-') await terminal.write(page);
  else {
    orNotWritten(file, () => writeFileAtomic(file, page, MODE));
    terminal.note(`${file}: ${counted(fleet.answered.length, 'node')}, ${Math.ceil(page.length / 1_000)} kB`);
  }
  return status;
}
