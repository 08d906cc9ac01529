/** What a caller is told of a call whose time was over before it had ended. */

import { Failure } from '../failure.ts';

/** The failure, by the method's full name. */
export function overtime(method: string): Failure {
  return new Failure('DEADLINE_EXCEEDED', `${method} did not end within its time limit`, {
    hint: 'the node may be busy or hang: a longer --timeout waits for it, nodectl check shows how far it answers',
  });
}
