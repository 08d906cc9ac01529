/**
 * Metrics as they are gathered, before anybody asks for a text format. Names are node_exporter's where the meaning is the same,
 * chrony_exporter's for chronyd, and begin with nodectl_ where the number is ours.
 */

/** Labels by name. */
export type Labels = Readonly<Record<string, string>>;

/** One number. */
export interface MetricSample {
  readonly labels: Labels;
  readonly value: number;
}

/**
 * - counter: only rises, or begins anew at 0
 * - gauge: goes up and down
 * - info: always 1, what it says is in its labels
 * - unknown: node_exporter gives it no type
 */
export type FamilyType = 'counter' | 'gauge' | 'info' | 'unknown';

/** Numbers of one meaning. */
export interface Family {
  /** Without "_total" or "_info", which the formats add. */
  readonly name: string;
  readonly type: FamilyType;
  /** One sentence. */
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

/** What a family's samples can be given as: a number without labels, or each with its own. What is undefined is left out. */
export type Values = number | undefined | readonly (readonly [Labels, number | undefined])[];

function family(type: FamilyType, name: string, help: string, values: Values): Family {
  const all = typeof values === 'number' || values === undefined ? [[{}, values] as const] : values;
  const samples = all.flatMap(([labels, value]) => (value === undefined ? [] : [{ labels, value }]));
  return { name, type, help, samples };
}

/** A counter. @param name without "_total" */
export function counter(name: string, help: string, values: Values): Family {
  return family('counter', name, help, values);
}

/** A gauge. */
export function gauge(name: string, help: string, values: Values): Family {
  return family('gauge', name, help, values);
}

/** What something is. @param name without "_info" */
export function info(name: string, help: string, labels: readonly Labels[]): Family {
  return family(
    'info',
    name,
    help,
    labels.map((one) => [one, 1] as const),
  );
}

/** A number that node_exporter gives no type. */
export function unknown(name: string, help: string, values: Values): Family {
  return family('unknown', name, help, values);
}
