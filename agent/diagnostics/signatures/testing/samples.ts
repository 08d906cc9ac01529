/**
 * Sample lines of signatures, for tests. They stand in text files beside this one, by group:
 *
 *   == oops-null            the signature's name; the lines below it must be recognised as it
 *   4.19.. [eth0] TEXT      from which kernel to which it was worded so (".." alone: all), and the device that it names
 *   -- TEXT                 a lookalike that must not be recognised as anything
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line that must be recognised. */
export interface Sample {
  /** "kernel-log.oops-null" */
  readonly signature: string;
  /** "4.19..5.0", "6.4..", ".." */
  readonly kernels: string;
  readonly device: string | undefined;
  readonly text: string;
  /** The file and line that it is from. */
  readonly at: string;
}

function filesOf(folder: string): { name: string; lines: string[] }[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => ({ name, lines: readFileSync(join(path, name), 'utf8').split('\n') }));
}

/** All samples and all lookalikes. Throws where a line of the files is not in their format. */
export function samples(): { samples: Sample[]; lookalikes: string[] } {
  const all: Sample[] = [];
  const lookalikes: string[] = [];
  for (const { name, lines } of filesOf('samples')) {
    let signature = '';
    for (const [index, line] of lines.entries()) {
      if (line === '' || line.startsWith('#')) continue;
      if (line.startsWith('== ')) signature = `kernel-log.${line.slice(3).trim()}`;
      else if (line.startsWith('-- ')) lookalikes.push(line.slice(3));
      else {
        const found = /^((?:[\d.]+)?\.\.(?:[\d.]+)?) (?:\[([^\]]+)\] )?(.+)$/.exec(line);
        if (!found || signature === '') throw new Error(`${name}:${index + 1} is no sample: ${line}`);
        const [, kernels = '', device, text = ''] = found;
        all.push({ signature, kernels, device, text, at: `${name}:${index + 1}` });
      }
    }
  }
  return { samples: all, lookalikes };
}

/** Lines of healthy machines, by file. */
export function benignLogs(): { name: string; lines: string[] }[] {
  return filesOf('benign').map(({ name, lines }) => ({
    name,
    lines: lines.filter((line) => line !== '' && !line.startsWith('# ')),
  }));
}
