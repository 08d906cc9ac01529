/**
 * Saved texts as the programs printed them, where a web page or a program stands between: tags and entities of HTML, an empty line behind
 * each line, the marks of a line break at the ends of lines, names of files before them.
 */

import { withCommands } from './grepped-files.ts';
import { withLineBreaks } from './lost-line-breaks.ts';
import { plainText } from './plain-text.ts';
import { sadfAsSar } from './sadf-text.ts';

/** A page, or a piece of one that somebody copied. XML, which tools print too, begins otherwise. */
const PAGE = /<(?:pre|code|br|html|tt|samp)\b[^>\n]{0,200}>/i;
const XML = /^\s*<(?:\?xml|lldp|list|node)\b/;
const ENTITY = /&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,5}|#x[\da-f]{1,4});/gi;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
/** Of a text of fewer lines nothing is told from where its empty lines are. */
const MIN_LINES = 6;
/** Of so many of the lines the same is to be true. */
const MOST = 0.9;

/** A saved text without what stands in it because of the way it was copied. */
export function copiedText(text: string): string {
  const plain = withoutQuotes(plainText(text));
  const own = XML.test(plain) ? plain : decoded(PAGE.test(plain) ? withoutTags(plain) : plain);
  return withCommands(evenLines(withoutBold(withoutNotes(withLineBreaks(sadfAsSar(own))))));
}

const QUOTE = /^(?:> ?)+/;

/** A text that a mail's answer quotes as a whole: the marks are before each of its lines. */
function withoutQuotes(text: string): string {
  if (!/^\s{0,40}>/.test(text)) return text;
  const lines = text.split('\n');
  return lines.every((line) => line.trim() === '' || QUOTE.test(line))
    ? lines.map((line) => line.replace(QUOTE, '')).join('\n')
    : text;
}

const NOTE = /[ \t]+(?:<-{2,20}|<={2,20}|<{3,10}|←{1,5})(?:[ \t]+[^<>|\n]{0,100})?[ \t]*$/;

/** What somebody wrote beside a line to show it: "    33861296 packet receive errors    <---- HERE". */
function withoutNotes(text: string): string {
  if (!/[ \t](?:<[-=]{1,20}|<{3,10}|←)/.test(text)) return text;
  // Around a file's name head and tail print such signs themselves.
  return text
    .split('\n')
    .map((line) => (line.length > 400 || line.startsWith('==> ') ? line : line.replace(NOTE, '')))
    .join('\n');
}

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (entity) => {
    const name = entity.slice(1, -1).toLowerCase();
    if (!name.startsWith('#')) return NAMED[name] ?? entity;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code >= 32 && code <= 0xffff ? String.fromCharCode(code) : entity;
  });
}

/**
 * What somebody made bold to show it: "[10/7] **[UUUUUUU___]**", "__Link detected: no__", or several lines at once. A word alone between
 * underscores may be a name.
 */
function withoutBold(text: string): string {
  const plain = text.includes('**')
    ? text
        .replace(/\*\*(?=[^\s*])([^*\n]{1,200})(?<=[^\s*])\*\*/g, '$1')
        .replace(/^([ \t]{0,40})\*\*(?=[^\s*])(?!.*\*\*)/gm, '$1')
        .replace(/^([^*\n]{1,300}(?<=[^\s*]))\*\*(?=[ \t]*$)/gm, '$1')
    : text;
  return plain.includes('__')
    ? plain.replace(
        /(?<![^\s(|])__(?=[^\s_])(?=\w{0,40}[^\w\n])([^\n]{1,200}?)(?<=\S)__(?=$|[\s.,;:)|])/gm,
        '$1',
      )
    : plain;
}

/** A page's blocks of code as those of a document, its lines one below the other. What is no tag of a page stays: "<none>". */
function withoutTags(text: string): string {
  return text
    .replace(/<pre\b[^>\n]{0,200}>\s{0,20}<code\b[^>\n]{0,200}>|<\/code>\s{0,20}<\/pre>/gi, '\n```\n')
    .replace(/<\/?pre\b[^>\n]{0,200}>/gi, '\n```\n')
    .replace(/<(code|tt|samp)\b[^>\n]{0,200}>([^<\n]{0,400})<\/\1>/gi, '`$2`')
    .replace(/<\/?(?:code|tt|samp)\b[^>\n]{0,200}>/gi, '\n```\n')
    .replace(/<br\s{0,4}\/?>(?:[ \t]{0,8}\n)?|<\/(?:div|li|tr|h\d)>(?:[ \t]{0,8}\n)?/gi, '\n')
    .replace(
      /<\/?(?:p|b|i|u|a|em|strong|font|span|div|li|ul|ol|tr|t[dh]|table|tbody|h\d|html|body|head|title|blockquote)\b[^>\n]{0,200}>/gi,
      '',
    );
}

/** A text without the empty line behind each of its lines, or the backslash or blanks that break a line of a document. */
function evenLines(text: string): string {
  const lines = text.split('\n');
  const full = lines.filter((line) => line.trim() !== '').length;
  if (full < MIN_LINES) return text;
  if (lines.filter((line) => line.endsWith('\\')).length >= full * MOST)
    return evenLines(lines.map((line) => line.replace(/\\$/, '')).join('\n'));
  const followed = lines.filter((line, at) => line.trim() !== '' && lines[at + 1]?.trim() === '').length;
  if (followed < full * MOST) return text;
  // The first empty line behind each is the copy's, a second one was there.
  return lines.filter((line, at) => line.trim() !== '' || (lines[at - 1]?.trim() ?? '') === '').join('\n');
}
