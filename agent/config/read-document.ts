/**
 * Documents as they were read. An apply needs the same two texts at each of its steps, and to read a large one costs more than
 * everything else about it: the last ones are kept for a moment.
 */

import { type Document, parseDocument } from '../../proto/config/document.ts';

/** The new one and the running one, of two nodes of a lab at the same time. */
const KEPT = 4;
const KEPT_MS = 10_000;

const kept = new Map<string, Document>();
let forgetting: NodeJS.Timeout | undefined;

/** The document of a text, which nobody may change. Throws BAD_DOCUMENT. */
export function readDocument(text: string): Document {
  const document = kept.get(text) ?? parseDocument(text).document;
  // The one that was asked for last is the last to go.
  kept.delete(text);
  kept.set(text, document);
  for (const [oldest] of kept) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  forgetting?.refresh();
  forgetting ??= setTimeout(() => kept.clear(), KEPT_MS).unref();
  return document;
}
