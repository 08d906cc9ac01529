/** The page that `nodectl diag` prints: troubles, what could not be looked at, and the summary, within a number of lines. */

import type { Failure } from '../../../proto/failure.ts';
import { foldNames } from '../../fleet/names.ts';
import { groupFailures } from '../../output/report.ts';
import type { Style } from '../../output/terminal.ts';
import { visibleName } from '../../output/visible.ts';
import { cut } from '../../output/width.ts';
import { MIN_NODES } from '../fold/attribute.ts';
import type { FoldedFleet } from '../fold/model.ts';
import { counted, leftOut, notRunHeight, notRunLines, summary } from './footer.ts';
import { troubleLines } from './layout.ts';
import { verboseLines } from './verbose.ts';

/** What the page is about. */
export interface PageParts {
  readonly fleet: FoldedFleet;
  readonly failures: readonly { node: string; failure: Failure }[];
  readonly asked: number;
}

/** How it is shown. */
export interface PageOptions {
  /** Columns; undefined where nothing is cut. */
  readonly width: number | undefined;
  /** Lines at most, on a terminal; undefined on a pipe. */
  readonly height: number | undefined;
  readonly verbose: boolean;
  readonly style: (style: Style, text: string) => string;
}

/** The lines of a page. */
export interface Page {
  readonly lines: readonly string[];
  /** Nodes that did not answer: for stderr. */
  readonly failures: readonly string[];
}

/** "error: " stands before each of them. */
const ERROR_WIDTH = 7;
/** So many reasons for which nodes did not answer are named. */
const MAX_FAILURES = 3;

/** Composes the page. */
export function composePage(parts: PageParts, options: PageOptions): Page {
  const { fleet } = parts;
  const { width, verbose, style } = options;
  const failures = failureLines(parts, options);
  const last = parts.fleet.answered.length > 0 ? [summary(fleet, parts.asked)] : [];
  const tooFew = fleet.troubles.some(({ attribution }) => attribution.tooFew)
    ? [`Fewer than ${MIN_NODES} nodes: too few to tell what sets those with a trouble apart`]
    : [];
  const dim = (lines: readonly string[]) =>
    lines.map((line) => style('dim', width === undefined ? line : cut(line, width)));
  if (verbose)
    return {
      lines: [
        ...verboseLines(fleet, options),
        ...dim(notRunLines(fleet, undefined, Number.POSITIVE_INFINITY)),
        ...dim(tooFew),
        ...last,
      ],
      failures,
    };
  const told = fleet.troubles.filter(({ severity }) => severity !== 'info');
  const infos = fleet.troubles.filter(({ severity }) => severity === 'info');
  const footer = notRunHeight(fleet) + tooFew.length + last.length + failures.length;
  // One line is kept for what is left out, whether or not something will be.
  const room = options.height === undefined ? undefined : Math.max(1, options.height - footer - 1);
  const { lines, left } = troubleLines(told, {
    ...{ width, style, lines: room },
    answered: fleet.answered.length,
  });
  return {
    lines: [
      ...lines,
      ...dim([...notRunLines(fleet, width), ...tooFew, leftOut([...left, ...infos])].filter(Boolean)),
      ...last.map((line) => (width === undefined ? line : cut(line, width))),
    ],
    failures,
  };
}

/** Nodes that did not answer, by the reason. */
function failureLines({ failures }: PageParts, { width, height }: PageOptions): string[] {
  const groups = groupFailures(failures);
  const most = height === undefined ? groups.length : MAX_FAILURES;
  const fit = (text: string) => (width === undefined ? text : cut(text, width - ERROR_WIDTH));
  const lines = groups.slice(0, most).map(({ nodes, failure }) => {
    const hint = failure.hint ? ` (${failure.hint})` : '';
    return fit(visibleName(`${foldNames(nodes)}: ${failure.message} [${failure.reason}]${hint}`));
  });
  const rest = groups.slice(most).flatMap(({ nodes }) => nodes);
  return rest.length === 0
    ? lines
    : [...lines, fit(`${counted(rest.length, 'other node')} did not answer; -o json has all`)];
}
