/** What a benchmark found, and how it is shown: on the terminal, and as the page under docs/. */

/** One measured figure beside its goal. */
export interface Figure {
  /** What was measured. */
  what: string;
  /** The figure with its unit. */
  value: string;
  /** The goal, for example "<= 0.40", or empty where there is none. */
  goal: string;
  /** Whether the goal is met; undefined where there is none. */
  met?: boolean;
}

/** What one benchmark gave. */
export interface Findings {
  figures: Figure[];
  /** What a reader should know, one sentence each. */
  notes: string[];
}

/** A figure that should not exceed a limit. */
export function atMost(what: string, value: number, limit: number, show: (value: number) => string): Figure {
  return { what, value: show(value), goal: `<= ${show(limit)}`, met: value <= limit };
}

/** A figure that should reach a limit. */
export function atLeast(what: string, value: number, limit: number, show: (value: number) => string): Figure {
  return { what, value: show(value), goal: `>= ${show(limit)}`, met: value >= limit };
}

/** A figure without a goal. */
export function plain(what: string, value: string): Figure {
  return { what, value, goal: '' };
}

/** How figures of each kind are shown. */
export const show = {
  ms: (value: number) => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`,
  seconds: (value: number) => `${(value / 1_000).toFixed(2)} s`,
  ratio: (value: number) => value.toFixed(value < 0.1 ? 3 : 2),
  megabytes: (value: number) => `${(value / 1e6).toFixed(0)} MB`,
  megabytesASecond: (value: number) => `${(value / 1e6).toFixed(0)} MB/s`,
  aSecond: (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)}/s`,
};

/** One part of the report: a benchmark's findings, or why it did not run. */
export interface Section {
  name: string;
  title: string;
  outcome: Findings | { skipped: string };
}

function verdict({ met }: Figure): string {
  return met === undefined ? '' : met ? 'met' : 'MISSED';
}

/** A section as lines for a terminal. */
export function asText({ name, title, outcome }: Section): string {
  if ('skipped' in outcome) return `${name}: skipped: ${outcome.skipped}\n`;
  const rows = outcome.figures.map((figure) => [figure.what, figure.value, figure.goal, verdict(figure)]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    `${name}: ${title}`,
    ...lines.map((line) => `  ${line}`),
    ...outcome.notes.map((note) => `  - ${note}`),
    '',
  ].join('\n');
}

/**
 * The page in Markdown, with a section in place of the one that it had of the same name. The others stay, each with its own date, so that
 * a part can be measured again alone; those of benchmarks that are no more go.
 *
 * @param page the page as it stands; empty where there is none
 * @param order names of all benchmarks, as the page has them
 * @param facts lines about the machine
 * @param when about the section's run: its day, and how busy the machine was
 */
export function asMarkdown(
  page: string,
  order: readonly string[],
  section: Section,
  facts: readonly string[],
  when: string,
): string {
  const bodies = new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((body) => [/^## (\S+)/.exec(body)?.[1] ?? '', body.trimEnd()]),
  );
  bodies.set(section.name, markdownSection(section, when));
  const kept = order.map((name) => bodies.get(name)).filter((body) => body !== undefined);
  const head = [
    '# Benchmarks',
    '',
    'Made by `npm run bench -- --markdown docs/bench.md`, with `--only NAME` for a part of it; do not edit. Figures are medians;',
    'ratios are medians of the ratios of runs that took turns, which hold better than absolute times.',
    '',
    ...facts.map((fact) => `- ${fact}`),
  ].join('\n');
  return `${[head, ...kept].join('\n\n')}\n`;
}

function markdownSection({ name, title, outcome }: Section, when: string): string {
  const heading = [`## ${name}`, '', `${title[0]?.toUpperCase()}${title.slice(1)}. ${when}`, ''];
  if ('skipped' in outcome) return [...heading, `Skipped: ${outcome.skipped}.`].join('\n');
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [
    ...heading,
    '| what | figure | goal | |',
    '|---|---|---|---|',
    ...outcome.figures.map(
      (figure) =>
        `| ${cell(figure.what)} | ${cell(figure.value)} | ${cell(figure.goal)} | ${verdict(figure)} |`,
    ),
    ...(outcome.notes.length > 0 ? ['', ...outcome.notes.map((note) => `- ${note}`)] : []),
  ].join('\n');
}
