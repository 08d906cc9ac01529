/** HTML as tagged templates: every value is escaped, so that what nodes send can be no markup. */

import { visibleName } from '../../output/visible.ts';

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in a template. Nothing is written for undefined and false. */
export type Value = Markup | string | number | undefined | false | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or an attribute in quotes. Control characters and bidirectional overrides are made visible. */
function escaped(text: string): string {
  return visibleName(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function written(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (value === undefined || value === false) return '';
  return typeof value === 'object' ? value.map(written).join('') : escaped(String(value));
}

/** Markup from a template whose values are escaped, but for those that are markup. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(parts.map((part, at) => part + written(values[at])).join(''));
}
