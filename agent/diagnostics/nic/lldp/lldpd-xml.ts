/**
 * `lldpcli -f xml` (lldpd 0.5 to 1.0.19). Elements become lists of objects with their attributes and their text as "value", which is
 * the shape of `-f json0`: so one reader serves both. Only what lldpd writes is read: elements, attributes, text, five entities.
 */

import { Unavailable } from '../../../host/unavailable.ts';

const MAX_DEPTH = 12;
const MAX_ELEMENTS = 200_000;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const NUMBERED = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i;

type Element = { [name: string]: string | Element[] };

function plain(text: string): string {
  return text.replaceAll(/&([a-z]{2,4}|#x?[0-9a-f]{1,7});/gi, (whole, name: string) => {
    const [, hex, decimal] = NUMBERED.exec(name) ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return ENTITIES[name] ?? (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole);
  });
}

/** Gives the JSON text that `-f json0` would have printed. @throws Unavailable nonsense */
export function json0OfXml(text: string): string {
  const top: Element = {};
  const open: { readonly name: string; readonly element: Element }[] = [{ name: '', element: top }];
  let elements = 0;
  const nonsense = () => new Unavailable('nonsense', 'the XML of lldpcli is broken');
  for (const match of text.matchAll(
    /<(\/?)([\w-]{1,64})((?:\s+[\w:-]{1,64}="[^"<]{0,4000}")*)\s*(\/?)>([^<]*)/g,
  )) {
    const [, ends, name = '', attributes = '', empty, behind = ''] = match;
    if (++elements > MAX_ELEMENTS) throw nonsense();
    if (ends) {
      if (open.pop()?.name !== name || open.length === 0) throw nonsense();
      continue;
    }
    const parent = open.at(-1)?.element;
    if (!parent || open.length > MAX_DEPTH) throw nonsense();
    const element: Element = Object.create(null) as Element;
    for (const [, key = '', value = ''] of attributes.matchAll(/([\w:-]{1,64})="([^"]*)"/g))
      element[key] = plain(value);
    const value = plain(behind).trim();
    if (value !== '' && !empty) element.value = value;
    const list = parent[name];
    // An attribute of the same name gives way: lldpd has none.
    if (Array.isArray(list)) list.push(element);
    else parent[name] = [element];
    if (!empty) open.push({ name, element });
  }
  if (open.length !== 1 || !('lldp' in top)) throw nonsense();
  return JSON.stringify(top);
}
