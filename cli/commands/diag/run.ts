/** `nodectl diag`. */

import { Failure } from '../../../proto/failure.ts';
import { flag, type Session, text } from '../../session.ts';
import { refuseOtherAreas } from './areas.ts';

export async function run(session: Session): Promise<number> {
  const { watch } = session.options;
  const modes = [
    flag(session, 'list') && '--list',
    text(session, 'explain') !== undefined && '--explain',
    watch !== undefined && '--watch',
  ].filter((one) => one !== false);
  if (modes.length > 1)
    throw new Failure('BAD_ARGUMENT', `${modes.join(' and ')} contradict each other`, {
      hint: 'write one of them',
    });
  switch (modes[0]) {
    case '--list':
      return (await import('./list.ts')).listChecks(session);
    case '--explain':
      return (await import('./explain.ts')).explainCheck(session, text(session, 'explain') ?? '');
    case '--watch':
      await refuseOtherAreas(session);
      return (await import('./watch.ts')).watchFleet(session, watch === true ? undefined : String(watch));
    default:
      await refuseOtherAreas(session);
      return (await import('./once.ts')).diagnoseOnce(session);
  }
}
