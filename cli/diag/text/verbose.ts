/** Everything that is known of each trouble: `nodectl diag --verbose`. */

import { isoTime } from '../../duration.ts';
import { wrap } from '../../help/wrap.ts';
import { thousands } from '../../output/thousands.ts';
import { visible, visibleName } from '../../output/visible.ts';
import { displayWidth } from '../../output/width.ts';
import { type FoldedFleet, type Member, SEVERITIES, type Trouble } from '../fold/model.ts';
import { MARKS } from './layout.ts';
import type { PageOptions } from './page.ts';
import {
  distinctionText,
  explainedTitle,
  newest,
  nodesText,
  outlierText,
  parameterText,
  placeOf,
  placeText,
  remedyText,
  saysWhere,
  someOf,
  subjectText,
} from './words.ts';

/** Evidence is shown of so many nodes. */
const MAX_MEMBERS = 3;
const INDENT = 6;
/** What is not cut is broken at this width where there is none. */
const PIPE_WIDTH = 120;
const LABEL_WIDTH = 12;

/** All troubles of a fleet, an empty line behind each. */
export function verboseLines(fleet: FoldedFleet, options: Pick<PageOptions, 'width' | 'style'>): string[] {
  return SEVERITIES.flatMap((severity) =>
    fleet.troubles
      .filter((one) => one.severity === severity)
      .flatMap((one) => [...troubleLines(one, fleet.answered.length, options), '']),
  );
}

function troubleLines(
  trouble: Trouble,
  answered: number,
  { width: columns, style }: Pick<PageOptions, 'width' | 'style'>,
): string[] {
  const width = columns ?? PIPE_WIDTH;
  const { id, severity, title, nodes, attribution, outliers, explained, members } = trouble;
  const { mark, style: colour } = MARKS[severity];
  const subject = subjectText(trouble);
  const part = (label: string, texts: readonly string[]) =>
    texts
      .filter(Boolean)
      .map((text, at) => {
        const lead = ' '.repeat(INDENT) + style('dim', (at === 0 ? label : '').padEnd(LABEL_WIDTH));
        return `${lead}${wrap(visibleName(text), width, INDENT + LABEL_WIDTH)}`;
      })
      .flatMap((text) => text.split('\n'));
  const shown = someOf(trouble, MAX_MEMBERS);
  const at = (member: Member) => {
    const place = placeOf(member, trouble);
    return place && `${place}: `;
  };
  const remedies = new Set(members.map(remedyText));
  const links = new Set(members.flatMap(({ finding }) => finding.links));
  const seen = members.filter(({ finding }) => finding.lastUsec > 0);
  const first = seen.reduce(
    (least, { finding }) => Math.min(least, finding.firstUsec || finding.lastUsec),
    Number.POSITIVE_INFINITY,
  );
  const last = seen.reduce((most, { finding }) => Math.max(most, finding.lastUsec), 0);
  const count = members.reduce((sum, { finding }) => sum + finding.count, 0);
  const certainty = newest(trouble)?.finding.certainty.replace('CERTAINTY_', '').toLowerCase() ?? '';
  const told = visible(title);
  const rest = subject && ` (${subject})`;
  // Where nothing is cut, whoever looks for a title with grep finds it in a line.
  const [head = '', ...more] =
    displayWidth(told + rest) > (columns ?? Number.POSITIVE_INFINITY) - INDENT
      ? wrap(told + rest, width, INDENT)
          .split('\n')
          .map((line) => style('bold', line))
      : [`${style('bold', told)}${style('dim', rest)}`];
  return [
    `${style(colour, mark)}  ${head}`,
    ...more,
    ...part('nodes', [nodesLine(nodes, answered)]),
    ...part('why these', [
      ...attribution.distinctions.map(distinctionText),
      ...(attribution.place ? [placeText(attribution.place)] : []),
    ]),
    ...part('stands out', outliers.map(outlierText)),
    ...part(
      'evidence',
      shown.flatMap((one) =>
        one.finding.evidence.map((line) => (saysWhere(line, one, trouble) ? line : at(one) + line)),
      ),
    ),
    ...part(
      'values',
      shown.map((one) => {
        const values = Object.entries(one.finding.parameters).map(([key, value]) =>
          parameterText(key, value),
        );
        return values.length === 0 ? '' : at(one) + values.join(', ');
      }),
    ),
    ...part(
      '',
      members.length > shown.length ? [`and ${members.length - shown.length} more; -o json has all`] : [],
    ),
    ...part('seen', seen.length === 0 ? [] : [seenText(first, last, count)]),
    ...part(
      'with it',
      explained.flatMap((one) => [
        explainedTitle(one, nodes.length),
        ...one.members
          .slice(0, MAX_MEMBERS)
          .flatMap(({ node, finding }) =>
            finding.evidence.map((line) => `- ${nodes.length === 1 ? '' : `${node}: `}${line}`),
          ),
        ...(one.members.length > MAX_MEMBERS
          ? [`- and ${one.members.length - MAX_MEMBERS} more; -o json has all`]
          : []),
      ]),
    ),
    ...part('remedy', [...remedies].slice(0, MAX_MEMBERS)),
    ...part('check', [
      `${id}${certainty && certainty !== 'certain' ? `, ${certainty}` : ''}; nodectl diag --explain ${id}`,
    ]),
    ...part('links', [...links]),
  ];
}

function nodesLine(nodes: readonly string[], answered: number): string {
  const text = nodesText(nodes, answered);
  // "all 12 nodes" has the number already.
  return nodes.length === 1 || text.endsWith(' nodes') ? text : `${text} (${nodes.length} nodes)`;
}

function seenText(first: number, last: number, count: number): string {
  const when = first < last ? `from ${isoTime(first)} to ${isoTime(last)}` : isoTime(last);
  return count > 0 ? `${count === 1 ? 'once' : `${thousands(count)} times`}, ${when}` : when;
}
