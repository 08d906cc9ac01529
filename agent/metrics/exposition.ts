/**
 * Metrics as text, in the two formats that Prometheus and its kin read:
 *
 * - OpenMetrics 1.0.0 (https://github.com/OpenObservability/OpenMetrics): what Prometheus asks for by itself
 * - the Prometheus text format 0.0.4: older, what promtool checks and curl users expect
 */

import type { Family, FamilyType, Labels } from './family.ts';

/** A format. */
export type Exposition = 'openmetrics' | 'prometheus';

/** What HTTP calls the formats. */
export const CONTENT_TYPES: Readonly<Record<Exposition, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
};

/** Units that a name of a family may end in, and which OpenMetrics then has a line for. */
const UNITS = ['seconds', 'bytes', 'celsius', 'volts', 'amperes', 'watts', 'joules', 'rpm', 'ratio', 'hertz'];
const SUFFIX: Readonly<Record<FamilyType, string>> = {
  counter: '_total',
  gauge: '',
  info: '_info',
  unknown: '',
};
const PROMETHEUS_TYPE: Readonly<Record<FamilyType, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  info: 'gauge',
  unknown: 'untyped',
};

/** The text of metrics: families by name, each once, samples with the same labels once. Families without samples are left out. */
export function exposition(families: readonly Family[], format: Exposition): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of merged(families)) {
    const sample = `${name}${SUFFIX[type]}`;
    if (format === 'openmetrics') {
      const unit = UNITS.find((one) => name.endsWith(`_${one}`));
      lines.push(`# TYPE ${name} ${type}`);
      if (unit && type !== 'info') lines.push(`# UNIT ${name} ${unit}`);
      lines.push(`# HELP ${name} ${escaped(help)}`);
    } else lines.push(`# HELP ${sample} ${escapedHelp(help)}`, `# TYPE ${sample} ${PROMETHEUS_TYPE[type]}`);
    for (const [labels, value] of samples) lines.push(`${sample}${labels} ${numberText(value)}`);
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

interface Merged extends Omit<Family, 'samples'> {
  /** Values by the text of their labels. */
  readonly samples: Map<string, number>;
}

function merged(families: readonly Family[]): Merged[] {
  const found = new Map<string, Merged>();
  for (const { samples, ...one } of families) {
    if (samples.length === 0) continue;
    const known = found.get(one.name) ?? { ...one, samples: new Map<string, number>() };
    found.set(one.name, known);
    for (const { labels, value } of samples) {
      const text = labelText(labels);
      if (!known.samples.has(text)) known.samples.set(text, value);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function labelText(labels: Labels): string {
  const names = Object.keys(labels).sort();
  if (names.length === 0) return '';
  return `{${names.map((name) => `${name}="${escaped(labels[name] ?? '')}"`).join(',')}}`;
}

/** Text between quotes, and OpenMetrics' help: what a device calls itself may hold anything. */
function escaped(text: string): string {
  return text.toWellFormed().replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

function escapedHelp(text: string): string {
  return text.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'));
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
