/** `nodectl config get`. */

import { fanOut } from '../../fleet/fan-out.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { reportFailures } from '../../output/report.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  const { terminal } = session;
  const revision = Number(text(session, 'revision') ?? 0);
  const targets = await session.targets();
  const results = await fanOut(session, targets, (channel) =>
    channel.unary('nodectl.v1.ConfigService/GetConfig', { revision }, session.limits()),
  );
  for (const result of results) {
    if ('failure' in result) continue;
    if (!result.value.revision) terminal.note(`${result.node}: no document was ever applied`);
    // Several documents are one stream of YAML, each with its node in front.
    else if (targets.length > 1)
      await terminal.write(`---\n# ${result.node}\n${terminal.safe(result.value.document)}`);
    else await terminal.write(terminal.safe(result.value.document));
  }
  const failures = results.filter((result) => 'failure' in result);
  reportFailures(terminal, failures, results.length);
  return exitOfAll(
    failures.map(({ failure }) => failure),
    results.length - failures.length,
  );
}
