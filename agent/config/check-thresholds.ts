/** Holds the thresholds of a document against the checks that this agent has, which are loaded only where a document sets any. */

import { parseDocument } from '../../proto/config/document.ts';
import { Failure } from '../../proto/failure.ts';
import { heededOf } from './heeded.ts';

/**
 * To be asked before a document is applied. One that runs already is heeded as far as it can be: it may be of a newer agent.
 * @throws Failure BAD_DOCUMENT with the place of each threshold that no check of this agent has
 */
export async function checkThresholds(text: string): Promise<void> {
  const { thresholds } = heededOf(text);
  if (Object.keys(thresholds).length === 0) return;
  const [{ CHECKS }, { thresholdLines, THRESHOLDS_HINT }] = await Promise.all([
    import('../diagnostics/registry.ts'),
    import('../diagnostics/settings-problems.ts'),
  ]);
  const lines = thresholdLines(thresholds, CHECKS, parseDocument(text).yaml.place);
  if (lines.length > 0) throw new Failure('BAD_DOCUMENT', lines.join('\n'), { hint: THRESHOLDS_HINT });
}
