/** The context whose entry in the contexts file a command changes. */

import { type ContextEntry, chosenContext } from '../../context/contexts.ts';
import { type Session, text } from '../../session.ts';

/** The file's path, the context's name, and its entry as it is now. Throws NO_CONTEXT. */
export async function chosenEntry(
  session: Session,
): Promise<{ path: string; name: string; entry: ContextEntry }> {
  const file = await session.contexts();
  const name = chosenContext(file, text(session, 'context'), session.env);
  const entry = file.contexts[name] ?? { trust: '', credential: '', issuer: '', nodes: [] };
  return { path: file.path, name, entry };
}
