/**
 * What `mlxlink` (NVIDIA's MFT, mstflint) printed of a port on a captured machine, as text and with --json: the state of the link, and
 * what the tool itself advises. A running machine is not asked: the tool talks to the firmware past the driver, as root.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** A port as mlxlink tells of it. What is not told is empty. */
export interface MlxPort {
  /** The device as its maker's tools call it and its port, "mlx5_0", "mt4119_pciconf0 port 1"; else what the tool was asked with. */
  readonly name: string;
  /** "Active", "Polling", "Disable". */
  readonly state: string;
  /** "No issue was observed", "Bad signal integrity", "Cable is unplugged". */
  readonly advice: string;
  /** Errors left behind error correction, and the rate of them: "15E-255". */
  readonly effectiveErrors: number | undefined;
  readonly effectiveBer: number | undefined;
}

const MAX_ROWS = 5_000;

/** Values by their names in lower case, of both forms: "State   : Active" and "\"State\" : \"Active\",". */
function valuesIn(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const row of text.split('\n', MAX_ROWS)) {
    const match = /^\s*"?([A-Z][\w /()-]{1,60}?)"?\s*:\s*"?(.{0,300}?)"?,?\s*$/.exec(row.slice(0, 500));
    const name = match?.[1]?.toLowerCase();
    if (name !== undefined && !values.has(name)) values.set(name, match?.[2] ?? '');
  }
  return values;
}

/** Reads one output; undefined where it tells of no port. */
function parseMlxlink(name: string, text: string): MlxPort | undefined {
  // The text is coloured where it went to a terminal.
  const values = valuesIn(text.replaceAll(/\u001b\[[\d;]*m/g, ''));
  const of = (key: string) => values.get(key) ?? '';
  const amount = (key: string) => {
    const value = /^\d/.test(of(key)) ? Number(of(key)) : Number.NaN;
    return Number.isNaN(value) ? undefined : value;
  };
  const advice = of('recommendation').replace(/\.$/, '');
  const state = of('state');
  return state === '' && advice === '' && amount('effective physical errors') === undefined
    ? undefined
    : {
        ...{ name, state, advice },
        effectiveErrors: amount('effective physical errors'),
        effectiveBer: amount('effective physical ber'),
      };
}

/** A port's name by the words of the command line, in which a device's name is two: ["d", "mlx5", "0", "p", "1"]. */
function portOf(words: readonly string[]): string {
  const line = words.join(' ');
  const device = /\b(mlx\d{1,2}|mt\d{3,6})[ _]((?:pciconf|pci cr|bf)?\d{1,4})(?=$| )/.exec(line);
  if (!device) return line || 'a port';
  const port = /\bp (\d{1,3})(?=$| )/.exec(line)?.[1];
  return `${device[1]}_${device[2]?.replace(' ', '_')}${port === undefined ? '' : ` port ${port}`}`;
}

/** Ports of which mlxlink's output was saved. */
export const nicMlxPorts = fact({
  id: 'nic.mlxlink',
  reads: ['mlxlink, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly MlxPort[] => {
    if (machine.live) throw new Unavailable('absent', 'mlxlink is read of captured machines only');
    const saved = machine.saved?.('mlxlink') ?? [];
    if (saved.length === 0)
      throw new Unavailable('not-captured', 'the output of mlxlink is not in the captured folder');
    // An output below its command line is there without it too.
    const texts = new Map(
      saved.toSorted((a, b) => a.words.length - b.words.length).map((one) => [one.text, one.words]),
    );
    const found = [...texts].flatMap(([text, words]) => parseMlxlink(portOf(words), text) ?? []);
    if (found.length === 0) throw new Unavailable('nonsense', 'what was saved of mlxlink tells of no port');
    return found;
  },
});
