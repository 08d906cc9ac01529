/** By what is in it an object or list of JSON is known as a program's output, where neither a command line nor its file's name tells. */

/** What stands near the beginning of each, and the command line that prints it. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/"(?:smartctl|ata_smart_attributes|nvme_smart_health_information_log)" ?: ?\{/, 'smartctl -a -j'],
  [/"critical_warning"[\s\S]{1,2000}"(?:avail_spare|available_spare)"/, 'nvme smart-log'],
  [/"errors" ?: ?\[\s*\{\s*"error_count"/, 'nvme error-log'],
  [/"report" ?: ?\[\s*\{\s*"lv" ?:/, 'lvs --reportformat json'],
  [/"report" ?: ?\[\s*\{\s*"vg" ?:/, 'vgs --reportformat json'],
  [/"report" ?: ?\[\s*\{\s*"pv" ?:/, 'pvs --reportformat json'],
  [/"Controllers" ?: ?\[\s*\{\s*"Command Status"/, 'storcli show all J'],
  [/"command" ?: ?"zpool status"/, 'zpool status -j'],
  [/"fsid"[\s\S]{1,400}"health" ?: ?\{|^\s*\{\s*"(?:checks|status)" ?:[\s\S]{0,400}"?HEALTH_/, 'ceph status'],
  [
    /"kind" ?: ?"(?:NodeList|Node)"|"kind" ?: ?"List"|"apiVersion" ?: ?"v1",\s*"items"/,
    'kubectl get nodes -o json',
  ],
  [/^\s*\[\s*(?:\{\s*\},\s*)*\{\s*"ifindex" ?: ?\d/, 'ip -j link'],
  [/^\s*\[\s*\{\s*"Endpoint" ?:[\s\S]{1,300}"Status"/, 'etcdctl endpoint status -w json'],
  [/^\s*\[\s*\{\s*"endpoint" ?:[\s\S]{1,300}"health"/, 'etcdctl endpoint health -w json'],
  // What etcd answers at /health.
  [/^\s*\{\s*"health" ?: ?"?(?:true|false)\b/, 'etcdctl endpoint health -w json'],
  [/"sysstat" ?: ?\{\s*"hosts"/, 'iostat -x -o JSON'],
  [/^\s*\{\s*"lldp" ?: ?[[{]/, 'lldpcli -f json show neighbors details'],
  [/^\s*\{\s*"start" ?: ?\{\s*"connected"/, 'iperf3 -J'],
];
/** So many characters of it are looked at. */
const HEAD = 6_000;
/** A text has no more of them. */
const MAX_BLOCKS = 500;

/** An output in JSON. */
export interface JsonOutput {
  readonly command: string;
  readonly text: string;
}

/** The outputs in JSON in a text: each is a file, a line, or lines from one with the opening brace alone to one with the closing one. */
export function jsonOutputsIn(text: string): JsonOutput[] {
  if (!/^[ \t]*[{[]/m.test(text)) return [];
  const found: JsonOutput[] = [];
  const take = (block: string) => {
    const head = block.slice(0, HEAD);
    const command = FORMATS.find(([pattern]) => pattern.test(head))?.[1];
    if (command !== undefined && found.length < MAX_BLOCKS) found.push({ command, text: `${block}\n` });
  };
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const opening = /^(\s{0,12})([{[])\s*(.?)/.exec(line);
    if (!opening) continue;
    const [, indent = '', brace, more] = opening;
    // On one line, as programs write it to each other.
    if (more !== '' && /[}\]]\s*$/.test(line)) take(line);
    else if (brace) {
      const closing = `${indent}${brace === '{' ? '}' : ']'}`;
      let end = at + 1;
      while (end < lines.length && !(lines[end]?.startsWith(closing) && lines[end]?.trimEnd() === closing))
        end++;
      if (end === lines.length) continue;
      take(lines.slice(at, end + 1).join('\n'));
      at = end;
    }
  }
  // One object alone, however its lines are broken.
  const whole = text.trim();
  if (found.length === 0 && /^[{[][\s\S]*[}\]]$/.test(whole)) take(whole);
  return found;
}
