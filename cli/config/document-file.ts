/** Reading a config document that a person named. */

import { MAX_DOCUMENT_BYTES } from '../../proto/config/document.ts';
import { readNamedFile } from '../context/named-file.ts';

/** The text of a document, or of a layer of one; see readNamedFile for what it throws. @param what what the file should be */
export function readDocumentFile(path: string, what = 'a config document'): string {
  return readNamedFile(path, MAX_DOCUMENT_BYTES, what);
}
