/** The names of the formats that every reading command knows, beside jsonpath=EXPRESSION. */
export const FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml', 'name'] as const;

/** A format's name. */
export type FormatName = (typeof FORMATS)[number];
