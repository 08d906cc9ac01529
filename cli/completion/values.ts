/** Values for completion that stand in the contexts file. A file that is absent or not valid completes nothing, silently. */

import type { Candidate, Chosen, ValueSources } from './complete.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** So many candidates are offered at most: no one looks through more, and a shell takes its time over them. */
const MAX_CANDIDATES = 1_000;

/** Sources that read the contexts file when they are asked. */
export function valueSources(chosen: Chosen, env: Environment): ValueSources {
  const read = async () => {
    const { chosenContext, contextsPath, readContexts } = await import('../context/contexts.ts');
    const file = await readContexts(contextsPath(chosen.config, env));
    return { file, nodes: () => file.contexts[chosenContext(file, chosen.context, env)]?.nodes ?? [] };
  };
  return {
    nodes: () =>
      quietly([], async () =>
        (await read())
          .nodes()
          .slice(0, MAX_CANDIDATES)
          .map(({ name, labels }) => ({
            value: name,
            about: Object.entries(labels)
              .map(([key, value]) => `${key}=${value}`)
              .join(','),
          })),
      ),
    contexts: () =>
      quietly([], async () => {
        const { file } = await read();
        return Object.keys(file.contexts).map((value): Candidate => {
          return { value, about: value === file.current ? 'current' : '' };
        });
      }),
    labels: () =>
      quietly(new Map<string, Set<string>>(), async () => {
        const known = new Map<string, Set<string>>();
        for (const { labels } of (await read()).nodes())
          for (const [key, value] of Object.entries(labels))
            known.set(key, (known.get(key) ?? new Set<string>()).add(value));
        return known;
      }),
    checks: () =>
      quietly([], async () => {
        const { catalogue } = await import('../diag/catalogue.ts');
        return (await catalogue()).map(({ id, title }) => ({ value: id, about: title }));
      }),
    findings: () =>
      quietly([], async () => {
        const { explanations } = await import('../diag/catalogue.ts');
        return (await explanations()).map(({ info: { id, title } }) => ({ value: id, about: title }));
      }),
    topics: async () => {
      const { TOPIC_NAMES } = await import('../help/topics.ts');
      return TOPIC_NAMES.map((value) => ({ value }));
    },
  };
}

/** Whoever presses TAB wants no error in the middle of a line: the command itself will say what is wrong. */
async function quietly<T>(otherwise: T, find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch {
    return otherwise;
  }
}
