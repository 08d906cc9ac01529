/** The health of a Ceph cluster, as `ceph -s`, `ceph status` and `ceph health detail` tell of captured machines. */

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
        coded ?? (/^ {8,}(?=\S)(?!\s*(?:osd|pg|mon|mds)\.?[\w.]* )/.test(line) ? line.trim() : undefined);
      if (coded !== undefined && reasons.includes(coded)) continue;
      if (reason !== undefined && !reasons.includes(reason)) reasons.push(reason);
    }
  }
  return state === '' ? undefined : { state, reasons, osds };
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
  reads: ['ceph -s and ceph health detail, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => parseCeph(savedText(machine, 'ceph')),
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
