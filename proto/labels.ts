/**
 * Labels of nodes: what one may be called and may hold, wherever it is written. As in Kubernetes, whose users know them, but
 * values may hold spaces, colons, plus signs, at signs and slashes too.
 */

/** The characters of a label's value; any number of them. For those who read values inside of something larger. */
export const LABEL_CHARACTERS = '[A-Za-z0-9._ :+@/-]';

/** How labels are written, for hints. */
export const LABEL_HINT =
  'write NAME=VALUE, each of at most 63 letters, digits, dots, hyphens, underscores and slashes';

/** Labels that one node may have. */
export const MAX_LABELS = 64;

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$/;
const VALUE = new RegExp(`^${LABEL_CHARACTERS}{0,63}$`);

/** Whether a text can be a label's name. */
export function isLabelName(text: string): boolean {
  return NAME.test(text);
}

/** Whether a text can be a label's value. It may be empty. */
export function isLabelValue(text: string): boolean {
  return VALUE.test(text);
}
