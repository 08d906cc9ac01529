/**
 * Outputs in JSON that lack the part which is judged, or of which no reader knows the JSON: no reader is given them, since one that finds
 * nothing would say that all is well. They are told as not judged.
 */

import { programIn } from './section-starts.ts';

/** By the command line, what a reader must find; undefined where the JSON of a program is not read. */
const PARTS: readonly (readonly [command: RegExp, part: RegExp | undefined, what: string])[] = [
  [/^nvme error-log\b/, /"errors" ?:/, 'no log of errors'],
  [/^nvme list-subsys\b/, /"(?:Paths|State|Transport)" ?:/, 'no path'],
  [
    /^lvs\b/,
    /"(?:lv_attr|lv_health_status|data_percent|raid_mismatch_count)" ?:/,
    'no attributes of a volume',
  ],
  [/^vgs\b/, /"(?:vg_attr|vg_missing_pv_count)" ?:/, 'no attributes of a volume group'],
  [/^pvs\b/, /"(?:pv_attr|pv_missing)" ?:/, 'no attributes of a volume’s disk'],
  [/^(?:storcli|perccli)/, /"Response Data" ?: ?\{\s*"/, 'nothing of the controller'],
  [/^zpool (?:status|list)\b/, /"(?:state|health)" ?:/, 'no state of a pool'],
  [/^ceph (?:-s|status|health)\b/, /"HEALTH_\w+"|"checks" ?: ?\{/, 'no health of the cluster'],
  [
    /^(?:kubectl|oc) get\b/,
    /"(?:conditions|taints|containerStatuses|phase|reason)" ?:/,
    'no state of a node or pod',
  ],
  [/^etcdctl\b/, /"(?:health|leader|errors|alarms?|dbSize)" ?:|"Status" ?: ?\{/, 'no state of an endpoint'],
  [/^lldpc(?:li|tl)\b/, /"chassis" ?:/, 'no neighbour'],
  [/^ethtool\b/, /"(?!ifname")[\w.-]{2,60}" ?:/, 'nothing of the interface'],
  [/^tc\b/, /"kind" ?:/, 'no queue'],
  [/^sensors\b/, /_input" ?:/, 'no reading'],
  [/^devlink\b/, /"(?:state|error)" ?:/, 'no reporter'],
  [/^teamdctl\b/, /"ports" ?:/, 'no port'],
  [/^mlxlink\b/, /"(?:State|Physical state|Status Opcode)" ?:/i, 'no state of the port'],
  [/^crictl\b/, /"RuntimeReady"/, 'no condition of the runtime'],
  [/^ip (?:-\w+ )*(?:link|l|addr\w*|a)\b/, /"ifname" ?:/, 'no interface'],
  [/^(?:ip|findmnt|lscpu|rdma|swapon|systemctl|df|free|numastat|multipath)\b/, undefined, ''],
];

const MAX_NAME = 60;

/** Whether a text is one object or list of JSON. */
function isJson(text: string): boolean {
  const whole = text.trim();
  return /^(?:\{\s*(?:"|\})|\[\s*(?:[{["\]]))/.test(whole) && /[}\]]$/.test(whole);
}

/** Why an output in JSON cannot be judged; undefined where it can, and for what is no JSON. @param command its command line */
export function unjudgedJson(command: string, text: string): string | undefined {
  const found = PARTS.find(([look]) => look.test(command));
  if (!found || !isJson(text)) return undefined;
  const [, part, what] = found;
  const name = command.slice(0, MAX_NAME);
  if (part === undefined) return `the JSON of ${name} is not read: its text is`;
  return part.test(text) ? undefined : `${what} is in the JSON of ${name}`;
}

/** The same for a file that is named after its command. @param name the file’s name */
export function unjudgedFile(name: string, text: string): string | undefined {
  const program = programIn(name);
  if (program === undefined) return undefined;
  const words = name.slice(name.toLowerCase().indexOf(program)).replace(/(?:\.(?:txt|json|out|log))+$/i, '');
  return unjudgedJson(words.replaceAll(/[_ ]+/g, ' ').toLowerCase(), text);
}
