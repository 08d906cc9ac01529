/** What tools say of all ports of a fabric: `ibqueryerrors` and `iblinkinfo` (infiniband-diags 1.6 to 5). */

import type { IbCounters, IbPort } from './infiniband.ts';

const MAX_ROWS = 50_000;

/** 'Errors for "n101 HCA-1"', below it "   GUID 0x… port 1: [SymbolErrorCounter == 12] [LinkDownedCounter == 3]"; those of a switch are named by it too. */
export function parseQueryErrors(text: string): IbCounters[] {
  const found: IbCounters[] = [];
  let node = '';
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 2_000);
    node = /^\s*Errors for (?:0x[\da-f]{1,16} )?"([^"]{1,100})"/.exec(row)?.[1] ?? node;
    const [, port, rest = ''] = /^\s*(?:GUID 0x[\da-f]{1,16} )?port (\d{1,4}|ALL): (.*)$/.exec(row) ?? [];
    // "port ALL" is the sum of a switch's ports, which follow.
    if (port === undefined || port === 'ALL' || node === '') continue;
    const counters = new Map(
      [...rest.matchAll(/\[(\w{3,60}) == (\d{1,20})/g)].map(
        ([, name = '', value]) => [name, Number(value)] as const,
      ),
    );
    if (counters.size > 0) found.push({ name: `${node} port ${port}`, counters });
  }
  return found;
}

/** "CA: n102 HCA-1:", below it "0x… 17 1[  ] ==( 4X 2.5 Gbps Active/ LinkUp)==> 3 14[  ] "…" ( Could be 25.78125 Gbps)". Free ports of switches are left out. */
export function parseLinkInfo(text: string): IbPort[] {
  const found: IbPort[] = [];
  let node = '';
  let adapter = false;
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 400);
    const [, kind, name] =
      /^\s*(CA|Switch)(?: 0x[\da-f]{1,16})?: (?:0x[\da-f]{1,16} )?"?(.{1,100}?)"?:\s*$/.exec(row) ?? [];
    if (kind !== undefined) {
      node = name ?? '';
      adapter = kind === 'CA';
    }
    // With -l each row names its node.
    const own = /^\s*0x[\da-f]{1,16} "\s*([^"]{1,100}?)\s*"/.exec(row)?.[1];
    const [, port, link = '', state = '', physical = '', rest = ''] =
      /\s(\d{1,4})\[[ \d]{0,4}\] ==\(\s*(.{0,60}?)\s*(\w{2,12})\/\s*(\w{2,20})\)==>(.*)$/.exec(row) ?? [];
    if (port === undefined || (own ?? node) === '') continue;
    const could = /\( ?(Could be [^()]{1,60}|Found link at [^()]{1,80})\)/.exec(rest)?.[1]?.trim();
    const down = /^down$/i.test(state);
    if (down && !(adapter && own === undefined)) continue;
    found.push({
      name: `${own ?? node} port ${port}`,
      state,
      physical,
      layer: '',
      ...(could === undefined || down ? {} : { slower: `${link.replace(/\s+/g, ' ')}; ${could}` }),
    });
  }
  return found;
}
