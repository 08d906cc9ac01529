/** Sessions of iSCSI as `iscsiadm -m session -P 3` tells of captured machines: whether each is logged in, and its disks. */

import { Unavailable } from '../../host/unavailable.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { savedText } from '../required.ts';

const MAX_ROWS = 50_000;

/** A session. States are those of iscsiadm(8), empty where they are not told. */
interface Session {
  readonly target: string;
  portal: string;
  /** Its number: "SID: 806". */
  readonly id: string;
  /** "LOGGED IN", "TRANSPORT WAIT", "IN LOGIN", "FREE". */
  connection: string;
  /** "LOGGED_IN", "FAILED", "FREE". */
  session: string;
  /** Of the daemon: "NO CHANGE", "REOPEN", "REPOEN" as older versions wrote it. */
  daemon: string;
  /** Disks that are not running: "sdb offline". */
  readonly disks: string[];
}

/** Parses `iscsiadm -m session` with -P 1 to 3. */
function parseSessions(text: string): Session[] {
  const sessions: Session[] = [];
  let target = '';
  let portal = '';
  let one: Session | undefined;
  for (const raw of text.split('\n', MAX_ROWS)) {
    const [, key = '', value = ''] =
      /^\s*([A-Za-z][\w ]{1,40}):\s*(.{0,300}?)\s*$/.exec(raw.slice(0, 400)) ?? [];
    if (key === 'Target') {
      target = value.split(/\s/, 1)[0] ?? '';
      one = undefined;
    } else if (key === 'Current Portal') {
      portal = value.split(',', 1)[0] ?? '';
      one = undefined;
    } else if (key === 'SID') {
      one = { target, portal, id: value, connection: '', session: '', daemon: '', disks: [] };
      sessions.push(one);
    } else if (!one) continue;
    else if (key === 'iSCSI Connection State') one.connection = value;
    else if (key === 'iSCSI Session State') one.session = value;
    else if (key === 'Internal iscsid Session State') one.daemon = value;
    else {
      const [, name = '', state] = /^\s*Attached scsi disk (\w{1,32})\s+State: (\S{1,40})/.exec(raw) ?? [];
      if (state !== undefined && state !== 'running') one.disks.push(`${name} ${state}`);
    }
  }
  return sessions;
}

/** What iscsiadm says where there is none. */
const NO_SESSION = /^iscsiadm: No active sessions/im;

const sessions = fact({
  id: 'disk.iscsi-sessions',
  reads: ['iscsiadm -m session -P 3, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => {
    const text = savedText(machine, 'iscsiadm');
    const found = parseSessions(text);
    if (!found.some(({ connection, session }) => connection + session !== '') && !NO_SESSION.test(text))
      throw new Unavailable(
        'nonsense',
        'what was saved of iscsiadm tells no states of sessions, which -P 1 does',
      );
    return found;
  },
});

/** Whether a state is told, and is not the one that works. */
const unlike = (state: string, well: RegExp) => state !== '' && !/^unknown/i.test(state) && !well.test(state);

/** The check of sessions that are not logged in. */
export const ISCSI_CHECK = check({
  id: 'disk.iscsi-session',
  area: 'disk',
  title: 'Sessions of iSCSI that are not logged in',
  about:
    'A session that lost its target is opened again and again; its disks wait until the recovery time-out and fail their requests ' +
    'then, unless multipath has another path.',
  needs: { sessions },
  evaluate: ({ sessions: all }) =>
    all
      .filter(
        (one) =>
          unlike(one.connection, /^LOGGED[ _]IN$/) ||
          unlike(one.session, /^LOGGED[ _]IN$/) ||
          one.disks.length > 0,
      )
      .map((one): FindingDraft => {
        const out = unlike(one.connection, /^LOGGED[ _]IN$/) || unlike(one.session, /^LOGGED[ _]IN$/);
        return {
          severity: 'critical',
          title: out ? 'A session of iSCSI is not logged in' : 'A disk of iSCSI is not running',
          subject: {
            kind: 'iscsi session',
            name: one.id,
            attributes: { target: one.target, portal: one.portal },
          },
          evidence: [
            `${one.target} at ${one.portal}: connection ${one.connection || 'not told'}, session ${one.session || 'not told'}` +
              `${one.daemon === '' ? '' : `, iscsid ${one.daemon}`}`,
            ...(one.disks.length > 0 ? [one.disks.slice(0, 8).join(', ')] : []),
          ],
          remedy: {
            text: 'See whether the portal answers (network, target, its access list), and what iscsid says: nodectl logs iscsid.',
            risk: 'none',
          },
          explains: ['kernel-log.scsi-*', 'disk.mount-hung'],
        };
      }),
});
