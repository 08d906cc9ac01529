/**
 * YAML that a program printed. It stands in a file of its own so that the library is loaded where there is some: a build cannot split
 * a package off that is no ES module, but what imports it.
 */

import { parse } from 'yaml';

/** What the text says. Throws an Error where it is no YAML. */
export function parseSavedYaml(text: string): unknown {
  return parse(text);
}
