/** Links between graphics processors as `nvidia-smi nvlink -s` and `-e` tell them. */

/** A trouble of a link, or of a processor’s links. */
export interface LinkFault {
  readonly title: string;
  /** The processor’s number. */
  readonly name: string;
  readonly evidence: string;
}

interface Linked {
  readonly name: string;
  readonly model: string;
  /** GB/s by the number of the link; 0 for one that is not active. */
  readonly links: Map<string, number>;
  readonly errors: { readonly link: string; readonly kind: string; readonly count: number }[];
}

/** So many packets that were sent again come of links that are well; of recoveries there are none. */
const MANY = 100;

function linkedIn(rows: readonly string[]): Linked[] {
  const all: Linked[] = [];
  for (const row of rows) {
    const head = /^GPU (\d{1,3}): (.{1,80}?)(?: \(UUID: .{1,60}\))?$/.exec(row);
    if (head) {
      all.push({ name: head[1] ?? '', model: head[2] ?? '', links: new Map(), errors: [] });
      continue;
    }
    const one = all.at(-1);
    const speed = /^\s+Link (\d{1,2}): (?:([\d.]{1,8}) GB\/s|<?inactive>?)\s*$/i.exec(row);
    if (one && speed) one.links.set(speed[1] ?? '', Number(speed[2] ?? 0));
    const error =
      /^\s+Link (\d{1,2})[:,] (?:\w{1,20} )?(Replay|Recovery|CRC)\b.{0,40}\b(?:Errors?|counter|count)\b.{0,20}: (\d{1,19})\s*$/i.exec(
        row,
      );
    if (one && error)
      one.errors.push({
        link: error[1] ?? '',
        kind: (error[2] ?? '').toLowerCase(),
        count: Number(error[3]),
      });
  }
  return all.filter(({ links, errors }) => links.size + errors.length > 0);
}

/** What is wrong with links; undefined where none are told. */
export function linkFaults(rows: readonly string[]): LinkFault[] | undefined {
  const all = linkedIn(rows);
  if (all.length === 0) return undefined;
  const active = ({ links }: Linked) => [...links.values()].filter((speed) => speed > 0);
  return all.flatMap((one): LinkFault[] => {
    const { name, model, links, errors } = one;
    const alike = all.filter((other) => other.model === model && other.links.size > 0);
    const most = Math.max(0, ...alike.map((other) => active(other).length));
    const fastest = Math.max(0, ...alike.flatMap(active));
    const slow = [...links].filter(([, speed]) => speed > 0 && speed < fastest);
    const bad = errors.filter(({ kind, count }) => count >= (kind === 'recovery' ? 1 : MANY));
    const own = active(one).length;
    return [
      // How many are meant to be active depends on the board: others of the same model tell it.
      ...(links.size > 0 && own < most
        ? [
            {
              title: 'A graphics processor has fewer links to others than its like',
              name,
              evidence: `${own} of ${links.size} links of GPU ${name} are active, of another one ${most}`,
            },
          ]
        : []),
      ...(slow.length > 0
        ? [
            {
              title: 'A link between graphics processors is slow',
              name,
              evidence: `link ${slow.map(([link, speed]) => `${link}: ${speed}`).join(', ')} GB/s, others ${fastest}`,
            },
          ]
        : []),
      ...(bad.length > 0
        ? [
            {
              title: 'A link between graphics processors has errors',
              name,
              evidence: bad
                .map(({ link, kind, count }) => `link ${link}: ${count} ${kind} errors`)
                .join(', '),
            },
          ]
        : []),
    ];
  });
}
