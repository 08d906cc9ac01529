/** Values as YAML. Imported when some are written: the library is larger than most commands. */

import { stringify } from 'yaml';

/** A value as YAML, with no line folded and nothing referred to by an alias. */
export function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
