/**
 * The configuration's file with its thresholds held against the checks that this agent has. Apart from file.ts, since the checks
 * are loaded only where thresholds are set.
 */

import { Failure } from '../../proto/failure.ts';
import { readYaml } from '../../proto/strict-yaml.ts';
import { MOST_BYTES, parseSettings } from './file.ts';
import type { AgentSettings } from './settings.ts';

/**
 * Reads the text of a file; `file` is its name for messages. Throws BAD_CONFIG with what is wrong with it, each with line and column: also
 * a check or threshold that there is not.
 */
export async function checkedSettings(text: string, file: string): Promise<Partial<AgentSettings>> {
  const settings = parseSettings(text, file);
  const thresholds = settings.diagnostics?.thresholds ?? {};
  if (Object.keys(thresholds).length === 0) return settings;
  const [{ CHECKS }, { thresholdLines, THRESHOLDS_HINT }] = await Promise.all([
    import('../diagnostics/registry.ts'),
    import('../diagnostics/settings-problems.ts'),
  ]);
  const { place } = readYaml(text, { file, maxBytes: MOST_BYTES });
  const lines = thresholdLines(thresholds, CHECKS, place);
  if (lines.length === 0) return settings;
  throw new Failure('BAD_CONFIG', lines.join('\n'), { hint: THRESHOLDS_HINT });
}
