/** The state of a fleet in two or three sentences. */

import type { Severity, Trouble } from '../fold/model.ts';
import { counted } from '../text/footer.ts';
import { distinctionText, nodesText } from '../text/words.ts';
import type { ReportData } from './model.ts';

/** So many troubles are told in the headline. */
const MAX_TOLD = 2;

/** What one reads first, and what one reads next. */
export interface Headline {
  readonly tone: 'critical' | 'warning' | 'healthy' | 'silent';
  readonly title: string;
  /** In paragraphs. */
  readonly paragraphs: readonly string[];
}

/** Composes the headline. */
export function headline({ fleet, failures, asked }: ReportData): Headline {
  const { troubles, answered, healthy, troubled } = fleet;
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
          : 'healthy';
  const title = {
    silent: 'No node answered',
    critical: `${counted(criticals.length, 'trouble')} need${criticals.length === 1 ? 's' : ''} acting on now`,
    warning: `Nothing is urgent; ${counted(warnings.length, 'trouble')} should be acted on in working hours`,
    healthy: 'Nothing needs acting on',
  }[tone];
  const told = worst.slice(0, MAX_TOLD).map((one) => troubleSentence(one, answered.length));
  const rest = worst.length - told.length;
  const unclear = answered.length - healthy.length - troubled.length;
  return {
    tone,
    title,
    paragraphs: [
      ...told,
      [
        rest > 0 ? `${counted(rest, 'more trouble')} ${rest === 1 ? 'is' : 'are'} listed below.` : '',
        answered.length > 0
          ? `${healthy.length} of ${counted(asked, 'node')} ${healthy.length === 1 ? 'is' : 'are'} healthy` +
            `${unclear > 0 ? `, ${unclear} ${unclear === 1 ? 'is' : 'are'} well as far as could be checked` : ''}` +
            `${troubled.length > 0 ? `, ${troubled.length} ${troubled.length === 1 ? 'has' : 'have'} troubles` : ''}` +
            `${infos.length > 0 ? `; ${counted(infos.length, 'thing')} ${infos.length === 1 ? 'is' : 'are'} worth knowing` : ''}.`
          : '',
        failures.length > 0 ? `${counted(failures.length, 'node')} did not answer.` : '',
      ]
        .filter(Boolean)
        .join(' '),
    ].filter(Boolean),
  };
}

function troubleSentence({ title, nodes, attribution }: Trouble, answered: number): string {
  const [distinction] = attribution.distinctions;
  const where = `${title} on ${nodesText(nodes, answered, 60)}`;
  return `${where}${distinction ? `: ${distinctionText(distinction)}` : ''}.`;
}
