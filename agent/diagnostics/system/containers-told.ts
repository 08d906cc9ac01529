/**
 * What `crictl` (cri-tools) printed of a captured machine: `crictl ps` as a table, and the state of the container runtime in `crictl info`.
 * A running machine is asked by the runtime's socket (kubernetes.ts), and its containers are the kubelet's matter.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { savedText } from '../required.ts';

/** A container. */
export interface ToldContainer {
  readonly name: string;
  readonly pod: string;
  /** "Running", "Exited", "Created", "Unknown". */
  readonly state: string;
  /** How often it was started again. */
  readonly attempts: number;
  /** "About a minute ago", "9 days ago". */
  readonly created: string;
}

/** A condition of the runtime. */
export interface RuntimeCondition {
  /** "RuntimeReady", "NetworkReady". */
  readonly type: string;
  readonly ready: boolean;
  readonly why: string;
}

/** Containers and conditions. */
export interface ContainersTold {
  readonly containers: readonly ToldContainer[];
  readonly conditions: readonly RuntimeCondition[];
}

const MAX_ROWS = 20_000;
/** "d74dba5631b89  a9e7e6b294baf  About a minute ago  Exited  etcd  16  94622ba881744  etcd-node1  kube-system": two spaces between columns. */
const ROW =
  /^\s*[0-9a-z]{6,64}\s+\S{1,200}\s+(.{1,40}? ago|Less than a second ago)\s+(Running|Exited|Created|Unknown)\s+(\S{1,253})\s+(\d{1,9})\s+[0-9a-z]{6,64}(?:\s+(\S{1,253}))?/;

/** Conditions, wherever in a text of JSON they stand: `crictl info` is long, and people cut it. */
function conditionsIn(text: string): RuntimeCondition[] {
  const pattern =
    /"type":\s*"(RuntimeReady|NetworkReady)",\s*"status":\s*(true|false)(?:,\s*"reason":\s*"([^"]{0,200})")?(?:,\s*"message":\s*"([^"]{0,500})")?/g;
  return [...text.matchAll(pattern)].map(([, type = '', status, reason = '', message = '']) => ({
    ...{ type, ready: status === 'true', why: message || reason },
  }));
}

/** crictl's last word where no runtime answers at its socket. */
const NO_RUNTIME =
  /^FATA\[\d+\] .*(?:connect: (?:no such file or directory|connection refused|permission denied)|unable to determine runtime API version|validate service connection|DeadlineExceeded).*/m;

/** That crictl reaches no runtime; undefined where that is not told, where it may not ask, and where it asks dockershim, its default that few have. */
function unreached(text: string): RuntimeCondition | undefined {
  const words = NO_RUNTIME.exec(text)?.[0].replace(/^FATA\[\d+\] /, '') ?? '';
  if (words === '' || /permission denied|dockershim\.sock/.test(words)) return undefined;
  return { type: 'RuntimeReady', ready: false, why: words.slice(0, 300) };
}

/** What crictl told. @throws Unavailable absent on a running machine, not-captured, nonsense */
export const containersTold = fact({
  id: 'system.containers-told',
  reads: ['crictl ps and crictl info, where they were saved'],
  limitMs: 1_000,
  read: ({ machine }): ContainersTold => {
    const text = savedText(machine, 'crictl');
    // A sandbox of a pod that ended stays NotReady until it is removed, so that the table of them tells no trouble by itself.
    for (const output of machine.saved?.('crictl') ?? [])
      if (/^\s*POD ID\s+CREATED\s/m.test(output.text) && /\sNotReady\s/.test(output.text))
        machine.notUsed?.(
          output,
          'whether sandboxes that are not ready belong to pods that ended is not in it',
        );
    const rows = text.split('\n', MAX_ROWS);
    const containers = rows.flatMap((row): ToldContainer[] => {
      const [, created = '', state = '', name = '', attempts, pod = ''] = ROW.exec(row.slice(0, 1_000)) ?? [];
      return name === '' ? [] : [{ name, pod, state, attempts: Number(attempts), created }];
    });
    const away = unreached(text);
    const conditions = [...conditionsIn(text), ...(away ? [away] : [])];
    const empty = rows.some((row) => /^\s*CONTAINER(?: ID)?\s+IMAGE\s/.test(row));
    if (containers.length === 0 && conditions.length === 0 && !empty)
      throw new Unavailable('nonsense', 'what was saved of crictl tells of no container and no condition');
    return {
      containers: [...new Map(containers.map((one) => [`${one.pod} ${one.name}`, one])).values()],
      conditions,
    };
  },
});
