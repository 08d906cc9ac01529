/**
 * The neighbours of a machine, from whichever daemon listens. lldpd's JSON is read in both shapes ("json0" always has lists),
 * its text, its key-value form and its XML too, of captured machines.
 */

import type { Machine } from '../../../host/machine.ts';
import { Unavailable } from '../../../host/unavailable.ts';
import { fact, unavailable } from '../../fact.ts';
import { isJson } from '../ethtool/text.ts';
import { nicInterfaces } from '../interfaces.ts';
import { parseLldpdJson } from './lldpd-json.ts';
import { parseLldpdKeyValue, parseLldpdText } from './lldpd-text.ts';
import { json0OfXml } from './lldpd-xml.ts';
import type { Neighbour } from './neighbour.ts';
import { parseLldptool, parseNetworkd } from './others.ts';

/** What lldpd's clients tell of this machine itself. */
const OWN = /^(?:int(?:erfaces?)?|ch(?:assis)?|stat\w*|conf\w*|running|update|watch)$/;
const OWN_TEXT = /^\s*LLDP (?:interfaces|statistics|chassis|configuration)\b|^Local chassis:/im;
/** What lldpd's clients print where they heard nobody: the heading of their text, the root of their JSON and XML. */
const NOBODY = /^\s*(?:LLDP neighbors:|<(?:\?xml|lldp\b)|\{)/m;
const TIMEOUT_MS = 3_000;
/** So many interfaces lldptool is asked of, one after the other. */
const MAX_ASKED = 16;

function parseLldpd(text: string): Neighbour[] {
  if (isJson(text)) return parseLldpdJson(text);
  if (/^\s*(?:<\?xml|<lldp\b)/.test(text)) return parseLldpdJson(json0OfXml(text));
  return /^lldp\.\S+=/m.test(text) ? parseLldpdKeyValue(text) : parseLldpdText(text);
}

/** Neighbours of all interfaces; none where a daemon listens and nobody speaks. */
export const nicNeighbours = fact({
  id: 'nic.neighbours',
  reads: [
    'lldpcli -f json show neighbors details',
    'lldptool -t -n -i IFACE',
    'networkctl --json=short lldp',
  ],
  limitMs: 8_000,
  waits: true,
  read: async ({ machine, signal, get }): Promise<readonly Neighbour[]> => {
    if (!machine.live) return captured(machine);
    try {
      return await lldpd(machine, signal);
    } catch (error) {
      const problem = unavailable(error);
      if (problem.kind !== 'missing-tool' && problem.kind !== 'absent') throw problem;
    }
    if (machine.has('usr/sbin/lldptool') || machine.has('sbin/lldptool')) {
      const asked = (await get(nicInterfaces))
        .filter(({ kind, carrier }) => kind === 'physical' && carrier)
        .slice(0, MAX_ASKED);
      const found: Neighbour[] = [];
      for (const { name } of asked) {
        const { stdout } = await machine.run('lldptool', ['-t', '-n', '-i', name], {
          timeoutMs: TIMEOUT_MS,
          signal,
        });
        const one = parseLldptool(name, stdout);
        if (one) found.push(one);
      }
      return found;
    }
    // networkd keeps a file for each interface on which it heard somebody.
    if (machine.list('run/systemd/netif/lldp').length > 0) {
      const { stdout } = await machine.run('networkctl', ['--json=short', 'lldp'], {
        timeoutMs: TIMEOUT_MS,
        signal,
      });
      return parseNetworkd(stdout);
    }
    throw new Unavailable('absent', 'no daemon listens to LLDP on this machine');
  },
});

async function lldpd(machine: Machine, signal: AbortSignal): Promise<Neighbour[]> {
  const args = ['-f', 'json', 'show', 'neighbors', 'details'];
  const { code, stdout, stderr } = await machine.run('lldpcli', args, { timeoutMs: TIMEOUT_MS, signal });
  if (code === 0 && stdout.trim() !== '') return parseLldpd(stdout);
  if (/permission denied/i.test(stderr))
    throw new Unavailable('denied', 'lldpcli may not talk to lldpd: the agent is not in its group');
  if (/unable to connect|no such file|connection refused|lldpd is not running/i.test(stderr) || code === 1)
    throw new Unavailable('absent', 'lldpd does not run');
  throw new Unavailable('failed', `lldpcli ended with status ${code}: ${stderr.slice(0, 200)}`);
}

/** What lldpd's clients printed, however they were asked; of several outputs the one that tells most. Undefined where none was saved. */
function lldpdSaved(machine: Machine): Neighbour[] | undefined {
  // Without "details" a switch's limits are left out, and in text more than in JSON.
  const rank = (words: readonly string[]) =>
    (words.includes('details') ? 2 : 0) + (words.some((word) => /^json0?$/.test(word)) ? 1 : 0);
  const outputs = ['lldpcli', 'lldpctl']
    .flatMap((program) => machine.saved?.(program) ?? [])
    .filter(({ words, text }) => text.trim() !== '' && !words.some((word) => OWN.test(word)))
    .filter(({ text }) => !OWN_TEXT.test(text.slice(0, 1_000)))
    .sort((a, b) => rank(b.words) - rank(a.words));
  let problem: unknown;
  for (const { text } of outputs)
    try {
      const found = parseLldpd(text);
      if (found.length > 0) return found;
    } catch (error) {
      problem ??= error;
    }
  if (problem !== undefined) throw problem;
  if (outputs.length > 0 && !outputs.some(({ text }) => NOBODY.test(text)))
    throw new Unavailable('nonsense', 'what was saved of lldpcli or lldpctl has no neighbours in it');
  return outputs.length === 0 ? undefined : [];
}

async function captured(machine: Machine): Promise<Neighbour[]> {
  const told = lldpdSaved(machine);
  if (told) return told;
  const networkd = await machine.run('networkctl', ['--json=short', 'lldp']).catch(() => undefined);
  if (networkd !== undefined && isJson(networkd.stdout)) return parseNetworkd(networkd.stdout);
  const found: Neighbour[] = [];
  for (const { words, text } of machine.saved?.('lldptool') ?? []) {
    // Without -n it is what this machine itself tells.
    if (words.includes('t') && !words.includes('n')) continue;
    const name = words[words.indexOf('i') + 1];
    const one = name === undefined ? undefined : parseLldptool(name, text);
    if (one) found.push(one);
  }
  if (found.length > 0) return found;
  throw new Unavailable('not-captured', 'what switches told over LLDP is not in the captured folder');
}
