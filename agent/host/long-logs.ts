/** The machines of a collector's log that is too long to be held as a text: it is read piece by piece, and its lines are kept by machine as bytes. */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogMachines } from './hosts-in-texts.ts';
import { fileLog } from './kernel-log.ts';
import { logHost, namesOf } from './log-hosts.ts';
import { outputsIn } from './saved-sections.ts';

/** At so many places of a file, so many bytes each, it is seen whether it is of several machines. */
const SAMPLES = 8;
const SAMPLE = 64 << 10;
/** So many machines are told apart; lines of more are not judged. */
const MAX_HOSTS = 500;
/** In longer texts of one machine it is not looked beforehand whether something can be judged. */
const MAX_LOOKED = 64 << 10;

/** The machines whose lines are in a long log; undefined where it is of one, or none can be told. @throws where it may not be read */
export function machinesInLongLog(root: string, path: string): LogMachines | undefined {
  if (!hasSeveral(join(root, path))) return undefined;
  const log = fileLog(root, path);
  if (!log) return undefined;
  const kept = new Map<string, Buffer[]>();
  const others = new Set<string>();
  let rest = '';
  let host: string | undefined;
  try {
    for (let ended = false; !ended; ) {
      const piece = log.read();
      ended = piece.length === 0;
      const lines = `${rest}${piece.toString('latin1')}`.split('\n');
      rest = ended ? '' : (lines.pop() ?? '').slice(0, SAMPLE);
      const own = new Map<string, string[]>();
      for (const line of lines) {
        host = logHost(line) ?? host;
        if (host === undefined) continue;
        const before = own.get(host);
        if (before) before.push(line);
        else own.set(host, [line]);
      }
      for (const [name, all] of own) {
        if (!kept.has(name) && kept.size >= MAX_HOSTS) {
          others.add(name);
          continue;
        }
        const pieces = kept.get(name) ?? [];
        kept.set(name, pieces);
        pieces.push(Buffer.from(`${all.join('\n')}\n`, 'latin1'));
      }
    }
  } finally {
    log.close();
  }
  const names = namesOf([...kept.keys()]);
  const texts = new Map<string, string>();
  for (const [name, all] of Map.groupBy(kept, ([raw]) => names.get(raw) ?? raw)) {
    const text = Buffer.concat(all.flatMap(([, pieces]) => pieces)).toString();
    if (text.length > MAX_LOOKED || outputsIn(text, '', new Set(), false).length > 0) texts.set(name, text);
    else others.add(name);
  }
  return texts.size < 2 ? undefined : { texts, others: [...others], lost: log.lost };
}

/** Whether lines of several machines are in a file, as far as some places of it show. */
function hasSeveral(path: string): boolean {
  const { size } = statSync(path);
  const hosts: string[] = [];
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < SAMPLES; at++) {
      const bytes = Buffer.alloc(SAMPLE);
      const length = readSync(file, bytes, 0, SAMPLE, Math.floor(((size - SAMPLE) * at) / (SAMPLES - 1)));
      const text = bytes.toString('latin1', 0, length);
      if (text.slice(0, 1_000).includes('\0')) return false;
      for (const line of text.split('\n')) hosts.push(...[logHost(line) ?? []].flat());
    }
  } finally {
    closeSync(file);
  }
  return new Set(namesOf(hosts).values()).size > 1;
}
