/**
 * By which of their lines outputs are known whose readers go by single lines (agent/diagnostics/told): of clusters, DRBD, NFS, sockets,
 * graphics processors and probes of the network. Each line that such a reader understands begins an output, so excerpts need no heading.
 */

/** Programs of such outputs, as a command line above one names them. */
export const TOLD_PROGRAMS =
  'pvecm|corosync-quorumtool|corosync-cfgtool|cman_tool|pcs|crm_mon|crm|drbdadm|drbdsetup|drbd-overview';

/** Lines, and the command that prints them. */
export const TOLD_FORMATS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:Cluster information|(?:Votequorum|Quorum|Membership) information|Quorate:\s+(?:Yes|No)|Quorum:\s+\d+ {1,2}Activity blocked|Cannot initiali[sz]e (?:CMAP|QUORUM|VOTEQUORUM) service)\s*$/,
    'corosync-quorumtool',
  ],
  [
    /^(?:Printing (?:ring|link) status\.|Local node ID \d+, transport \w+|RING ID \d+|LINK(?: ID)?:? \d+ \w+.*)\s*$/,
    'corosync-cfgtool',
  ],
  [
    /^\s*(?:Cluster name: .{0,80}|Stack: (?:corosync|cman|classic).*|Cluster Summary:|(?:\* )?(?:OFFLINE|Online): \[ .{0,400}|(?:\* )?Node \S{1,80}(?: \(\d{1,10}\))?: (?:UNCLEAN|OFFLINE|standby|maintenance|pending|online).{0,60}|(?:\* )?Current DC: .{1,200}|Failed (?:Resource |Fencing )?Actions:|.{0,80}Resource management is DISABLED.{0,40}|Error: cluster is not (?:currently running|available) on this node|.{0,40}Connection to (?:the )?cluster failed: .{1,80})$/,
    'crm_mon',
  ],
  [
    /^\s{0,4}(?:\d\d:\d\d:\d\d(?: +[AP]M)?|Average:)\s+(?:IFACE|DEV|runq-sz|pswpin\/s|pgpgin\/s|kbmemfree)\s/,
    'sysstat',
  ],
  [/^version: [89]\.\d\S{0,20} \(api:|^\s*\d{1,7}: cs:\w+/, 'cat /proc/drbd'],
  [
    /^\S{1,80} (?:node-id:\d{1,3} )?role:(?:Primary|Secondary|Unknown)\b|^\s{1,8}(?:volume:\d{1,5} )?(?:minor:\d{1,7} )?disk:(?:UpToDate|Inconsistent|Diskless|Failed|Outdated|DUnknown|Consistent|Attaching|Detaching|Negotiating)\b|^\s{1,8}\S{1,80} (?:node-id:\d{1,3} )?connection:[A-Z]\w+|^\s{1,8}(?:volume:\d{1,5} )?replication:[A-Z]\w+/,
    'drbdadm status',
  ],
];

/** Something that all of the above have in their lines: most lines have none of it. */
export const LIKELY_TOLD =
  /\s(?:IFACE|DEV|runq-sz|pswpin|pgpgin|kbmemfree)|^(?:Cluster |Votequorum|Quor|Membership |Cannot initiali|Printing |Local node|RING ID|LINK|Stack: |Failed |Error: cluster|version: [89]|\s+\* |\s*\* (?:O|Node|Current))|: \[ |Current DC|^\s*Node \S+: |DISABLED|luster failed|(?:cs|role|disk|connection|replication):[A-Z]/;

/** What within an output of a kind is of it though it looks like the beginning of another kind's. */
const FAMILIES: readonly (readonly [open: RegExp, start: RegExp])[] = [
  [
    /^(?:pvecm|corosync-|cman_tool|pcs|crm)/,
    /^(?:corosync-quorumtool|corosync-cfgtool|crm_mon|kubectl describe node|systemctl)/,
  ],
];

/** Whether what looks like the first line of a command's output is within that of a program. */
export function isWithin(program: string, command: string): boolean {
  return FAMILIES.some(([open, start]) => open.test(program) && start.test(command));
}
