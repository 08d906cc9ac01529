/** What grep prints of files that people named after the commands in them: `sos_commands/networking/ethtool_-S_em1:     rx_crc_errors: 12`. */

import { headingOf } from './section-starts.ts';

/** Folders, the file's name without its ending, and a line of it. */
const ROW = /^((?:\.{0,2}\/)?(?:[\w.@+-]{1,80}\/){0,12})([a-z][\w.@+-]{2,80}?)(\.(?:txt|out|log))?:(.*)$/;
/** Folders of the kernel and of settings, and what programs print of themselves: "/usr/sbin/ethtool: bad command line argument". */
const OTHERS = /^\/?(?:proc|sys|etc|dev|run)\/|(?:^|\/)s?bin\/$/;
/** Most texts have none of it: a name that tells that it is no word of a sentence. */
const LIKELY = /^(?:\S{0,300}\/|\S{0,80}[_-]\S{0,80}|\S{1,80}\.(?:txt|out|log)):/m;

/** A text in which such lines stand below their commands; the text as it is where it has none, or where they are of several machines. */
export function withCommands(text: string): string {
  if (!LIKELY.test(text) && !/^\S{0,300}\/\S{1,80}:/m.test(text)) return text;
  const folders = new Map<string, string>();
  const commands = new Map<string, string>();
  const out: string[] = [];
  let last = '';
  let found = false;
  for (const line of text.split('\n')) {
    const [, folder = '', base = '', ending = '', rest = ''] = (line.length < 1_000 && ROW.exec(line)) || [];
    const command = base === '' ? '' : commandOf(commands, folder, base, ending);
    if (command !== '') {
      // The same file in two folders: of two machines.
      if ((folders.get(base) ?? folder) !== folder) return text;
      folders.set(base, folder);
      if (command !== last) out.push(`$ ${command}`);
      found = true;
    }
    out.push(command === '' ? line : rest);
    last = command;
  }
  return found ? out.join('\n') : text;
}

/** The command that a file's name tells; empty where it tells none. */
function commandOf(known: Map<string, string>, folder: string, base: string, ending: string): string {
  const named = folder !== '' || ending !== '' || /_-|[a-z]-[a-zA-Z]-/.test(base);
  if (!named || OTHERS.test(folder)) return '';
  const before = known.get(base);
  if (before !== undefined) return before;
  const words = base
    .replaceAll('_', ' ')
    .replace(/^([a-z]{2,20})-(?=[a-zA-Z](?:-|$))/, '$1 -')
    .replace(/^([a-z]{2,20} -[a-zA-Z])-/, '$1 ');
  const command = headingOf(`$ ${words}`)?.command ?? '';
  if (known.size < 1_000) known.set(base, command);
  return command;
}
