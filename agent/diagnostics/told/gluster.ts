/** What `gluster volume heal … info`, `gluster volume status` and `gluster peer status` tell of captured machines. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft, Severity } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

interface Fault {
  readonly severity: Severity;
  readonly title: string;
  readonly name: string;
  readonly evidence: string;
}

const UNREACHED = 'A brick of Gluster is not reached';

/** Files of a brick, and whether it is there: "Brick HOST:/PATH", "Status: Connected", entries, "Number of entries: 2". */
function ofHeal(rows: readonly string[]): Fault[] | undefined {
  const faults: Fault[] = [];
  let brick = '';
  let split = 0;
  let understood = false;
  const end = () => {
    if (brick !== '' && split > 0)
      faults.push({
        ...{ severity: 'critical', title: 'Files of Gluster are in split-brain', name: brick },
        evidence: `${brick}: ${split} ${split === 1 ? 'entry is' : 'entries are'} in split-brain`,
      });
    split = 0;
  };
  let splitOnly = false;
  for (const row of rows) {
    const next = /^Brick (\S{1,200}:\/\S{0,300}?)\/?\s*$/.exec(row)?.[1];
    if (next !== undefined) {
      end();
      brick = next;
      continue;
    }
    splitOnly ||= /heal \S{1,80} info split-brain/.test(row);
    if (brick === '') continue;
    const status = /^Status: (.{1,120})$/.exec(row)?.[1];
    if (status !== undefined) {
      understood = true;
      if (status !== 'Connected')
        faults.push({
          ...{ severity: 'warning', title: UNREACHED, name: brick },
          evidence: `${brick}: ${status}`,
        });
    }
    if (/ - Is in split-brain\s*$/.test(row)) split++;
    const [, inSplit, count = ''] = /^Number of entries( in split-brain)?: (\d{1,12}|-)\s*$/.exec(row) ?? [];
    if (count === '') continue;
    understood = true;
    if ((inSplit !== undefined || splitOnly) && Number(count) > 0) split = Math.max(split, Number(count));
    else if (split === 0 && Number(count) > 0)
      faults.push({
        ...{ severity: 'info', title: 'Files of Gluster wait to be healed', name: brick },
        evidence: `${brick}: ${count} ${count === '1' ? 'entry' : 'entries'}`,
      });
  }
  end();
  return understood ? faults : undefined;
}

/** "Brick HOST:/PATH  49152  0  Y  1234"; a long name stands on a line of its own above. */
function ofStatus(rows: readonly string[]): Fault[] | undefined {
  const faults: Fault[] = [];
  let understood = false;
  let ahead = '';
  for (const row of rows) {
    const [, name = '', online] =
      /^(.{0,300}?)\s+(?:\d{1,5}|N\/A)\s+(?:(?:\d{1,5}|N\/A)\s+)?([YN])\s+(?:\d{1,9}|N\/A)\s*$/.exec(row) ??
      [];
    if (online === undefined) {
      ahead = /^(?:Brick|Self-heal|NFS|Quota|Bitrot|Scrubber)\b/.test(row) ? row.trim() : '';
      continue;
    }
    const whole = `${ahead}${name.trim()}`;
    ahead = '';
    if (!/^(?:Brick \S+:\/|(?:Self-heal|Bitrot|Scrubber|Quota) Daemon|NFS Server)/i.test(whole)) continue;
    understood = true;
    // The server for NFS is off by default, and listed nevertheless.
    if (online === 'Y' || /^NFS/.test(whole)) continue;
    const brick = whole.replace(/^Brick /, '');
    faults.push({
      severity: 'warning',
      title: whole.startsWith('Brick')
        ? 'A brick of Gluster is not online'
        : 'A daemon of Gluster is not online',
      ...{ name: brick, evidence: `${whole} is not online` },
    });
  }
  return understood ? faults : undefined;
}

/** "Hostname: web2", "State: Peer in Cluster (Disconnected)"; `gluster pool list`: "UUID  HOST  Connected". */
function ofPeers(rows: readonly string[]): Fault[] | undefined {
  const faults: Fault[] = [];
  let understood = false;
  let host = '';
  const add = (name: string, state: string, connected: boolean) => {
    understood = true;
    if (connected) return;
    faults.push({
      ...{ severity: 'warning', title: 'A peer of Gluster is not reached', name },
      evidence: `${name}: ${state}`,
    });
  };
  for (const row of rows) {
    host = /^Hostname: (\S{1,200})\s*$/.exec(row)?.[1] ?? host;
    const state = /^State: (.{1,100}\((?:Dis)?[Cc]onnected\))\s*$/.exec(row)?.[1];
    if (state !== undefined) add(host || 'peer', state, /^Peer in Cluster \(Connected\)$/.test(state));
    const pool = /^[\da-f]{8}-[\da-f-]{27}\s+(\S{1,200})\s+(Connected|Disconnected)\s*$/.exec(row);
    if (pool) add(pool[1] ?? '', pool[2] ?? '', pool[2] === 'Connected');
  }
  return understood || rows.some((row) => /^Number of Peers: \d/.test(row)) ? faults : undefined;
}

/** Parses any of them; undefined for other text. */
function parseGluster(text: string): Fault[] | undefined {
  const rows = rowsOf(text);
  const all = [ofHeal(rows), ofStatus(rows), ofPeers(rows)].filter((one) => one !== undefined);
  return all.length === 0 ? undefined : all.flat();
}

const gluster = fact({
  id: 'disk.gluster',
  reads: ['gluster volume heal info, volume status, peer status and pool list, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Fault[] =>
    readEach(machine, ['gluster'], parseGluster, 'it tells of no brick and no peer').flat(),
});

/** The check of volumes of Gluster. */
export const GLUSTER_CHECK = check({
  id: 'disk.gluster',
  area: 'disk',
  title: 'Bricks, files and peers of Gluster that are not as they should be',
  about:
    'A brick that is not there leaves its volume with fewer copies. Of a file in split-brain no copy is known to be the right one, and it ' +
    'cannot be read until one is chosen.',
  needs: { gluster },
  links: ['https://docs.gluster.org/en/latest/Troubleshooting/resolving-splitbrain/'],
  evaluate: ({ gluster: faults }) =>
    [...new Map(faults.map((one) => [`${one.title} ${one.name}`, one])).values()].slice(0, 50).map(
      ({ severity, title, name, evidence }): FindingDraft => ({
        ...{ severity, title, subject: { kind: 'brick', name }, evidence: [evidence] },
        remedy: title.includes('split-brain')
          ? { text: 'Choose the right copy: gluster volume heal VOLUME split-brain.', risk: 'data' }
          : {
              text: 'See whether glusterd and the brick’s process run there, and the network to it.',
              risk: 'none',
            },
      }),
    ),
});
