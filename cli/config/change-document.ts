/** Commands that change the document that nodes have: fetched from each, changed here, applied to each. */

import { Failure } from '../../proto/failure.ts';
import { fanOut, type Result } from '../fleet/fan-out.ts';
import { reportFailures } from '../output/report.ts';
import { type Session, text } from '../session.ts';
import { planAndApply } from './apply.ts';

/** The documents of the chosen nodes. Revision 0 is the running one; -1 the one before it. */
export async function currentDocuments(session: Session, revision = 0): Promise<Map<string, string>> {
  const targets = await session.targets();
  const results = await fanOut(session, targets, async (channel): Promise<string> => {
    const get = (number: number) =>
      channel.unary('nodectl.v1.ConfigService/GetConfig', { revision: number }, session.limits());
    const running = await get(0);
    if (!running.revision)
      throw new Failure('UNKNOWN_REVISION', 'no document was ever applied', {
        hint: 'nodectl config apply -f FILE',
      });
    if (revision === 0) return running.document;
    const wanted = revision > 0 ? revision : running.revision.parent;
    if (wanted === 0)
      throw new Failure('UNKNOWN_REVISION', 'there is no revision before the running one', {
        hint: 'what it brought goes away with a document that does not name it any more: nodectl config apply',
      });
    return (await get(wanted)).document;
  });
  const failures = results.filter(
    (result): result is Extract<Result<string>, { failure: Failure }> => 'failure' in result,
  );
  // To change some nodes and not others is what the person should decide.
  if (failures.length > 0) {
    reportFailures(session.terminal, failures.slice(1), results.length);
    const [first] = failures;
    if (first) throw first.failure;
  }
  return new Map(
    results.flatMap((result) => ('value' in result ? [[result.node, result.value] as const] : [])),
  );
}

/** Applies changed documents. Gives the exit status. */
export async function applyChanged(
  session: Session,
  documents: ReadonlyMap<string, string>,
  message: string,
): Promise<number> {
  const targets = (await session.targets()).filter(({ name }) => documents.has(name));
  return planAndApply(session, {
    targets,
    textOf: (node) => documents.get(node) ?? '',
    origin: { commit: '', dirty: false, message: text(session, 'message') ?? message },
  });
}
