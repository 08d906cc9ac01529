/** The state of a fleet in two or three sentences. */

import type { Severity, Trouble } from '../fold/model.ts';
import { counted } from '../text/footer.ts';
import { distinctionText, nodesText } from '../text/words.ts';
import type { ReportData } from './model.ts';

/** So many troubles are told in the headline. */
const MAX_TOLD = 2;

/** What one reads first, and what one reads next. */
export interface Headline {
  readonly tone: 'critical' | 'warning' | 'healthy' | 'unclear' | 'silent';
  readonly title: string;
  /** In paragraphs. */
  readonly paragraphs: readonly string[];
}

/** Composes the headline. */
export function headline(data: ReportData): Headline {
  const { fleet, failures } = data;
  const { troubles, answered } = fleet;
  const of = (severity: Severity) => troubles.filter((one) => one.severity === severity);
  const [criticals, warnings, infos] = [of('critical'), of('warning'), of('info')];
  const worst = [...criticals, ...warnings];
  const tone =
    answered.length === 0
      ? 'silent'
      : criticals.length > 0
        ? 'critical'
        : warnings.length > 0
          ? 'warning'
          : // Where nothing could be checked whole, that nothing was found is no good news.
            fleet.healthy.length > 0
            ? 'healthy'
            : 'unclear';
  const title = {
    silent: 'No node answered',
    critical: `${counted(criticals.length, 'trouble')} need${criticals.length === 1 ? 's' : ''} acting on now`,
    warning: `Nothing is urgent; ${counted(warnings.length, 'trouble')} for working hours`,
    healthy: 'Nothing needs acting on',
    unclear: 'Nothing was found, but not everything could be checked',
  }[tone];
  const told = worst.slice(0, MAX_TOLD).map((one) => troubleSentence(one, answered.length));
  const notMade = new Set(fleet.notRun.flatMap(({ checks }) => checks)).size;
  const rest = worst.length - told.length;
  return {
    tone,
    title,
    paragraphs: [
      ...told,
      [
        rest > 0 ? `${counted(rest, 'more trouble')} ${rest === 1 ? 'is' : 'are'} listed below.` : '',
        nodesSentence(data, infos.length),
        notMade > 0 ? `${counted(notMade, 'check')} could not be made everywhere.` : '',
        failures.length > 0 ? `${counted(failures.length, 'node')} did not answer.` : '',
      ]
        .filter(Boolean)
        .join(' '),
    ].filter(Boolean),
  };
}

/** How many nodes are how. */
function nodesSentence({ fleet: { answered, healthy, troubled }, asked }: ReportData, infos: number): string {
  if (answered.length === 0) return '';
  const unclear = answered.length - healthy.length - troubled.length;
  const are = (count: number, is: string, many: string) => `${count} ${count === 1 ? is : many}`;
  const [first = '', ...others] = [
    healthy.length > 0 || unclear === 0 ? are(healthy.length, 'is healthy', 'are healthy') : '',
    unclear > 0 ? are(unclear, 'is well', 'are well').concat(' as far as could be checked') : '',
    troubled.length > 0 ? are(troubled.length, 'has troubles', 'have troubles') : '',
  ].filter(Boolean);
  const known = infos > 0 ? `; ${counted(infos, 'thing')} ${infos === 1 ? 'is' : 'are'} worth knowing` : '';
  return `${[first.replace(' ', ` of ${counted(asked, 'node')} `), ...others].join(', ')}${known}.`;
}

function troubleSentence({ title, nodes, attribution }: Trouble, answered: number): string {
  const [distinction] = attribution.distinctions;
  const why = distinction ? distinctionText(distinction) : '';
  return `${nodesText(nodes, answered, 60)}: ${title}.${why && ` ${why.charAt(0).toUpperCase()}${why.slice(1)}.`}`;
}
