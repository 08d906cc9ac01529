/**
 * Commands that run another command elsewhere: on another host (ssh, pdsh), on a node (kubectl debug, talosctl), in a container or a
 * network namespace. What a container or namespace has of its own is not the machine's; the clock, the disks and the memory are.
 */

/** Where a command ran. */
export interface Wrapped {
  /** The command itself. */
  readonly command: string;
  /** The host that it was run on, where the wrapper names one. */
  readonly host: string;
  readonly place: 'machine' | 'container' | 'netns' | 'hostnet';
}

/** An option with its value, or alone. */
const OPTION = String.raw`(?:-[a-zA-Z]\s+(?:"[^"]{0,120}"|'[^']{0,120}'|[^\s'"-]\S*)\s+|--?[\w-]+(?:=\S+)?\s+)`;
/** The same of what runs a command in a container, where -i, -t, -T and -d have no value. */
const EXEC_OPTION = String.raw`(?:(?:-[euw]|--(?:env|user|workdir|index))\s+[^\s-]\S*\s+|--?[\w-]+(?:=\S+)?\s+)`;
const NAME = String.raw`[\w@.:/%[\]-]{1,120}`;
/**
 * Pods that are in the machine's network by what they are for: those that set it up or watch it, and what debuggers start. What they have
 * of the network is the machine's.
 */
const HOST_POD = String.raw`(?:(?:ds|daemonsets?|po|pods?)(?:\.apps)?\/)?(?:kube-(?:proxy|router|apiserver|controller-manager|scheduler|flannel|multus)|calico-node|canal|cilium(?!-operator|-test)|antrea-agent|flannel|weave-net|ovnkube-node|ovs-node|sdn|multus|speaker|metallb-speaker|(?:[\w-]{1,40}-)?node-exporter|node-(?:debug(?:ger)?|shell|problem-detector)|nsenter|aws-node|azure-cni|tuned|machine-config-daemon)(?:-[\w.-]*)?`;
const WRAPPERS: readonly (readonly [RegExp, Wrapped['place']])[] = [
  [/^find\s+.{1,200}?(?:-exec(?:dir)?\s+|\|\s*xargs\s+(?:-\S+\s+(?:\{\}\s+|%\s+|\d+\s+)?){0,4})/, 'machine'],
  [/^chroot\s+\/\S+\s+/i, 'machine'],
  [
    /^(?:kubectl|oc|k)\s+(?:-n\s+\S+\s+)?debug\s+(?:\S+\s+){0,12}?nodes?\/\S+\s+(?:\S+\s+){0,12}?--\s+/i,
    'machine',
  ],
  [/^talosctl\s+(?:(?:-n|-e|--nodes|--endpoints|--talosconfig|--context)[\s=]\S+\s+){1,4}/, 'machine'],
  // Process 1 is the machine's own.
  [
    /^nsenter\s+(?=.{0,80}(?:-t\s*1|--target[ =]1)\s)(?:-{1,2}[\w=/-]+\s+(?:1\s+)?){1,12}(?:--\s+)?/,
    'machine',
  ],
  [/^nsenter\s+(?:-{1,2}[\w=/-]+\s+(?:[\d$]\S*\s+)?){1,12}(?:--\s+)?/, 'netns'],
  [/^ip\s+(?:-n\s+\S+\s+(?=link|addr|-s|route)|netns\s+exec\s+\S+\s+)/, 'netns'],
  [
    new RegExp(
      String.raw`^(?:kubectl|oc|k)\s+(?:\S+\s+){0,8}?(?:exec|rsh)\s+(?:\S+\s+){0,9}?${HOST_POD}\s+(?:\S+\s+){0,9}?--\s+`,
    ),
    'hostnet',
  ],
  [/^(?:kubectl|oc|k)\s+(?:\S+\s+){0,8}?(?:exec|rsh)\s+(?:\S+\s+){1,10}?--\s+/, 'container'],
  [
    new RegExp(
      String.raw`^(?:(?:docker|podman|nerdctl)(?:-|\s+)compose\s+${OPTION}{0,6}|(?:docker|podman|nerdctl|crictl|lxc)\s+)exec\s+${EXEC_OPTION}{0,6}${NAME}\s+(?:--\s+)?`,
    ),
    'container',
  ],
  [/^(?:kubectl|k)\s+node[-_]shell\s+(?:\S+\s+){1,8}?--\s+/, 'machine'],
  [/^kubectl-node_shell\s+(?:\S+\s+){1,8}?--\s+/, 'machine'],
  [
    /^(?:gcloud\s+(?:\S+\s+){0,3}?compute\s+ssh|vagrant\s+ssh)\s+(?:\S+\s+){0,10}?(?:--command[= ]|-c\s+)/,
    'machine',
  ],
  [/^(?:minikube|colima|limactl)\s+(?:ssh|shell)\s+(?:\S+\s+){0,6}?(?:--\s+|(?=["']))/, 'machine'],
  [/^multipass\s+exec\s+\S+\s+(?:--\s+)?/, 'machine'],
  [/^(?:ba|z|da|a)?sh\s+-l?c\s+/, 'machine'],
  [/^(?:ansible)\s+(?:\S+\s+){1,10}?(?:-a|--args)\s+/, 'machine'],
  [/^salt(?:-ssh)?\s+\S+\s+cmd\.run\s+/, 'machine'],
];
const REMOTE = new RegExp(
  String.raw`^(?:(?:sshpass\s+-[pf]\s*\S+\s+|tsh\s+)?ssh\s+${OPTION}{0,8}(?:[\w.-]+@)?([\w.-]{1,64})|(?:pdsh|clush|pssh|parallel-ssh)\s+${OPTION}{1,8})\s*(?=\S)`,
);
/** Programs of which a container's or namespace's answer is its own. */
const OWN_NETWORK =
  /^(?:ethtool|ip|ifconfig|netstat|ss|nstat|tc|conntrack|sysctl|teamdctl|networkctl|lldp\w+|cat \/proc\/(?:\d+\/|self\/)?net|cat \/proc\/sys\/net)\b/;
const OWN_REST = /^(?:df|mount|findmnt|ps|top|systemctl|journalctl|cat \/proc\/(?:self\/)?mount\w*)\b/;

/** A command line without what runs it elsewhere. */
export function unwrapped(line: string): Wrapped {
  let command = line.trim();
  let host = '';
  let place: Wrapped['place'] = 'machine';
  for (let depth = 0; depth < 4; depth++) {
    command = command.replace(/^sudo\s+(?:-\S+\s+)*/, '');
    const remote = REMOTE.exec(command);
    const [wrapper, where] = WRAPPERS.find(([pattern]) => pattern.test(command)) ?? [];
    if (!remote && !wrapper) break;
    if (remote) {
      host = remote[1] ?? host;
      command = command.slice(remote[0].length);
    } else if (wrapper) {
      command = command.replace(wrapper, '');
      if (where !== 'machine') place = where ?? place;
    }
    command = command
      .replace(/^(["'])(.*?)\1.*$/, '$2')
      .replace(/^["']/, '')
      .trim();
    // Talos' own word for cat.
    command = command.replace(/^read (?=\/)/, 'cat ');
  }
  return { command, host, place };
}

/** Whether what a command prints at a place is the machine's own. */
export function isOfMachine({ place }: Pick<Wrapped, 'place'>, command: string): boolean {
  if (place === 'machine') return true;
  if (place === 'hostnet') return !OWN_REST.test(command);
  return !OWN_NETWORK.test(command) && (place === 'netns' || !OWN_REST.test(command));
}
