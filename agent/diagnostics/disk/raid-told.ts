/**
 * Hardware RAID as its makers' tools printed it on a captured machine: storcli and perccli (text and JSON), MegaCli, ssacli (hpssacli,
 * hpacucli), arcconf, sas2ircu and sas3ircu, tw_cli, mvcli, omreport. A running machine is not asked: each maker has a tool of its own, and none is there by default. States are the
 * tools' own words.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { parseArcconf } from './raid-arcconf.ts';
import { parseMegacli } from './raid-megacli.ts';
import { parseMegaclisas } from './raid-megaclisas.ts';
import { parseMvcli } from './raid-mvcli.ts';
import { parseOmreport } from './raid-omreport.ts';
import { parseSasIrcu } from './raid-sasircu.ts';
import { parseSsacli } from './raid-ssacli.ts';
import { parseStorcli } from './raid-storcli.ts';
import { parseTwCli } from './raid-tw-cli.ts';
import type { RaidPart } from './raid-words.ts';

/** What each program's output is parsed with. */
const PARSERS: readonly (readonly [programs: readonly string[], parse: (text: string) => RaidPart[]])[] = [
  [['storcli', 'storcli64', 'perccli', 'perccli64'], parseStorcli],
  [['megacli', 'megacli64', 'cmdtool2'], parseMegacli],
  [['megaclisas-status'], parseMegaclisas],
  [['ssacli', 'hpssacli', 'hpacucli'], parseSsacli],
  [['arcconf'], parseArcconf],
  [['sas2ircu', 'sas3ircu'], parseSasIrcu],
  [['tw_cli'], parseTwCli],
  [['mvcli'], parseMvcli],
  [['omreport'], parseOmreport],
];

/** Volumes, drives and batteries of hardware RAID. @throws Unavailable absent on a running machine, not-captured, nonsense */
export const raidTold = fact({
  id: 'disk.raid-told',
  reads: [
    'storcli, perccli, MegaCli, ssacli, hpacucli, arcconf, sas2ircu, sas3ircu, tw_cli, mvcli and omreport, where they were saved',
  ],
  limitMs: 2_000,
  read: ({ machine }): readonly RaidPart[] => {
    if (machine.live)
      throw new Unavailable('absent', 'tools of RAID controllers are read of captured machines only');
    const texts = PARSERS.flatMap(([programs, parse]) =>
      programs.flatMap((program) => machine.saved?.(program) ?? []).map(({ text }) => ({ text, parse })),
    );
    if (texts.length === 0)
      throw new Unavailable(
        'not-captured',
        'no output of a RAID controller’s tool is in the captured folder',
      );
    const parts = texts.flatMap(({ text, parse }) => parse(text));
    if (parts.length === 0)
      throw new Unavailable(
        'nonsense',
        'what was saved of the RAID controller’s tool tells of no volume and no drive',
      );
    // One is told by several reports, and a worse word wins.
    const known = new Map<string, RaidPart>();
    for (const part of parts) {
      const key = `${part.kind} ${part.name}`;
      const before = known.get(key);
      if (!before || (part.trouble !== undefined && before.trouble === undefined)) known.set(key, part);
    }
    return [...known.values()];
  },
});
