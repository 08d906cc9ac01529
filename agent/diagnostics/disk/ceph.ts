/** The health of a Ceph cluster, as `ceph -s`, `ceph status` and `ceph health detail` tell of captured machines. */

import { jsonOutputsIn } from '../../host/json-formats.ts';
import { check, Skipped } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { savedText } from '../required.ts';

const MAX_ROWS = 20_000;

/** What the cluster says of itself. */
interface CephHealth {
  /** "HEALTH_OK", "HEALTH_WARN", "HEALTH_ERR". */
  readonly state: string;
  /** Its reasons, each a line without its code: "1 osds down". */
  readonly reasons: readonly string[];
  /** Daemons of storage: all, those that run, those that data is placed on. Undefined where they are not told. */
  readonly osds: { readonly all: number; readonly up: number; readonly in: number } | undefined;
}

/** Parses the newest of the outputs in a text; undefined where none tells a health. */
function parseCeph(text: string): CephHealth | undefined {
  let state = '';
  let reasons: string[] = [];
  let osds: CephHealth['osds'];
  let within = false;
  for (const raw of text.split('\n', MAX_ROWS)) {
    const line = raw.slice(0, 500).replace(/\s+$/, '');
    const told = /^\s*(?:health:?\s+)?(HEALTH_(?:OK|WARN|ERR))\b:?\s*(.*)$/.exec(line);
    const osd = /^\s*(?:osd: |osdmap .*?)(\d+) osds: (\d+) up\b.*?(\d+) in\b/.exec(line);
    if (told) {
      state = told[1] ?? '';
      reasons = told[2] ? told[2].split('; ') : [];
      within = true;
    } else if (osd) osds = { all: Number(osd[1]), up: Number(osd[2]), in: Number(osd[3]) };
    else if (/^\s*[a-z]+:/.test(line) && !/^\s*(?:mon|mds|mgr|osd|pg)\.\S/.test(line)) within = false;
    else if (within) {
      // "[WRN] OSD_DOWN: 1 osds down" of health detail tells the headline again; below it stands each one.
      const coded = /^\s*(?:\[(?:WRN|ERR)\] )?(?:\(?MUTED[^)]*\)? ?)?[A-Z][A-Z0-9_]{3,60}:? (.+)$/.exec(
        line,
      )?.[1];
      const reason =
        coded ?? (/^ {8,}(?=\S)(?!\s*(?:(?:osd|mon|mds)\.|pg \d))/.test(line) ? line.trim() : undefined);
      if (coded !== undefined && reasons.includes(coded)) continue;
      if (reason !== undefined && !reasons.includes(reason)) reasons.push(reason);
    }
  }
  return state === '' ? undefined : { state, reasons, osds };
}

/** `ceph status -f json` and `ceph health detail -f json`; undefined for other JSON. */
function parseCephJson(text: string): CephHealth | undefined {
  type Checks = Readonly<
    Record<string, { readonly summary?: { readonly message?: unknown }; readonly message?: unknown }>
  >;
  type Health = { readonly status?: unknown; readonly checks?: Checks };
  try {
    const json = JSON.parse(text) as Health & { readonly health?: Health };
    const { status, checks = {} } = json.health ?? json;
    if (typeof status !== 'string' || !status.startsWith('HEALTH_')) return undefined;
    return {
      state: status,
      reasons: Object.values(checks).map(({ summary, message }) =>
        String(summary?.message ?? message ?? '').slice(0, 300),
      ),
      osds: undefined,
    };
  } catch {
    return undefined;
  }
}

/** `ceph osd tree`: the OSDs that are down, each with its host; undefined for other text. */
function parseOsdTree(text: string): CephHealth | undefined {
  if (!/^\s*ID\s.*\bTYPE NAME\b/m.test(text)) return undefined;
  let host = '';
  const down: string[] = [];
  let all = 0;
  for (const row of text.split('\n', MAX_ROWS)) {
    host = /\bhost (\S{1,200})/.exec(row)?.[1] ?? host;
    const [, name, state] = /\b(osd\.\d{1,7})\s+(up|down|destroyed)\b/.exec(row) ?? [];
    if (name === undefined) continue;
    all++;
    if (state !== 'up') down.push(host === '' ? name : `${name} on ${host}`);
  }
  if (all === 0) return undefined;
  const many = down.length > 4 ? ', …' : '';
  return {
    state: down.length > 0 ? 'OSDs down' : 'HEALTH_OK',
    reasons: down.length > 0 ? [`${down.length} of ${all}: ${down.slice(0, 4).join(', ')}${many}`] : [],
    osds: undefined,
  };
}

/** `ceph osd df`: the OSDs that are nearly full, by Ceph's own ratios (nearfull 85 %, full 95 %); undefined for other text. */
function parseOsdUse(text: string): CephHealth | undefined {
  const heading = /^\s*ID\s.*\s%USE\s.*$/m.exec(text)?.[0];
  if (heading === undefined) return undefined;
  const [full, near]: [string[], string[]] = [[], []];
  let all = 0;
  for (const row of text.split('\n', MAX_ROWS)) {
    // "0 hdd 7.27739 1.00000 7.3 TiB 7.0 TiB … 291 GiB 96.09 1.41 142 up"
    const [, id = '', used] =
      /^\s*(\d{1,7})\s.*\s[KMGTP]?i?B?\s+(\d{1,3}\.\d+)\s+\d+\.\d+\s+\d+(?:\s+\w+)?(?:\s+osd\.\d+)?\s*$/.exec(
        row.slice(0, 500),
      ) ?? [];
    if (used === undefined) continue;
    all++;
    if (Number(used) >= 85) (Number(used) >= 95 ? full : near).push(`osd.${id} ${used} %`);
  }
  if (all === 0) return undefined;
  const reasons = [
    ...(full.length > 0 ? [`${full.length} full osd(s): ${full.slice(0, 4).join(', ')}`] : []),
    ...(near.length > 0 ? [`${near.length} nearfull osd(s): ${near.slice(0, 4).join(', ')}`] : []),
  ];
  return { state: reasons.length > 0 ? 'OSDs nearly full' : 'HEALTH_OK', reasons, osds: undefined };
}

/** The worst of what several outputs tell, which may be of different times. */
function parseAll(text: string): CephHealth | undefined {
  const json = jsonOutputsIn(text).flatMap((one) => parseCephJson(one.text) ?? []);
  const listed = [parseOsdTree(text), parseOsdUse(text)].filter((one) => one !== undefined);
  return parseCeph(text) ?? json.at(-1) ?? listed.find(({ state }) => state !== 'HEALTH_OK') ?? listed[0];
}

/** What means that data cannot be read or written, or soon cannot. */
const GRAVE =
  /pgs? (?:inactive|down|incomplete|stale)|\bfull (?:osd|pool)|\bosds?(?: are|\(s\))? full|\bpools?(?:\(s\))? .{0,20}\bfull\b|unfound|inconsistent|data damage/i;
/** Of these, what cannot even be read. */
const UNREACHED = /pgs? (?:inactive|down|incomplete|stale)|unfound/i;
/** "2 nearfull osd(s)" is a warning yet. */
const NEAR = /near ?full|backfill ?full/i;

const ceph = fact({
  id: 'disk.ceph',
  reads: ['ceph -s, ceph health detail, ceph osd tree and ceph osd df, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => parseAll(savedText(machine, 'ceph')),
});

/** The check of a Ceph cluster’s own verdict. */
export const CEPH_CHECK = check({
  id: 'disk.ceph-health',
  area: 'disk',
  title: 'A Ceph cluster that is not healthy',
  about:
    'The cluster names what is amiss. Placement groups that are down or inactive mean that their data can be neither read nor ' +
    'written; degraded ones have fewer copies than they should.',
  needs: { ceph },
  links: ['https://docs.ceph.com/en/latest/rados/operations/health-checks/'],
  evaluate: ({ ceph: told }) => {
    if (!told) return new Skipped('what was saved of ceph does not tell its health');
    const { state, reasons, osds } = told;
    if (state === 'HEALTH_OK') return [];
    const grave = reasons.filter((reason) => GRAVE.test(reason) && !NEAR.test(reason));
    const worst = [...grave, ...reasons.filter((reason) => !grave.includes(reason))];
    const critical = state === 'HEALTH_ERR' || grave.length > 0;
    const draft: FindingDraft = {
      severity: critical ? 'critical' : 'warning',
      title: grave.some((one) => UNREACHED.test(one))
        ? 'A Ceph cluster cannot reach all its data'
        : 'A Ceph cluster is not healthy',
      subject: { kind: 'cluster', name: 'ceph' },
      parameters: {
        reasons: reasons.length,
        ...(osds ? { osds: osds.all, osdsUp: osds.up, osdsIn: osds.in } : {}),
      },
      evidence: [
        `${state}${worst.length === 0 ? '' : `: ${worst.slice(0, 4).join('; ')}`}`,
        ...(osds ? [`${osds.up} of ${osds.all} OSDs are up, ${osds.in} in`] : []),
      ],
      remedy: {
        text: 'ceph health detail names the daemons and pools; ceph osd tree the OSDs that are down, and their machines.',
        risk: 'none',
      },
    };
    return [draft];
  },
});
