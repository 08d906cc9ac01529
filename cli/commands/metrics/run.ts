/** `nodectl metrics`. */

import { Failure } from '../../../proto/failure.ts';
import { askMachines } from '../../diag/ask.ts';
import { list, type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  // Two nodes' metrics in one text would be series that are there twice.
  const count = list(session, 'from').length || (await session.targets()).length;
  if (count !== 1)
    throw new Failure('BAD_ARGUMENT', `metrics are of one node, and these are ${count}`, {
      hint: 'name one: nodectl metrics -n NODE',
    });
  const format =
    text(session, 'format') === 'prometheus' ? 'METRICS_FORMAT_PROMETHEUS' : 'METRICS_FORMAT_OPENMETRICS';
  const [result] = await askMachines(session, (channel) =>
    channel.unary('nodectl.v1.MetricsService/GetMetrics', { format }, session.limits()),
  );
  if (!result) throw new Failure('INTERNAL', 'no machine was asked');
  if ('failure' in result) throw result.failure;
  await session.terminal.write(session.terminal.safe(result.value.text));
}
