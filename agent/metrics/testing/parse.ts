/** A strict reader of OpenMetrics text for tests: it throws at whatever the specification forbids and we might do. */

/** A family as it was read. */
export interface ParsedFamily {
  type: string;
  unit: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SUFFIXES: Readonly<Record<string, string>> = {
  counter: '_total',
  info: '_info',
  gauge: '',
  unknown: '',
};

/** The families of a text by their names. Throws an Error that says what is wrong. */
export function parseOpenMetrics(text: string): Map<string, ParsedFamily> {
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  if (!text.endsWith('\n# EOF\n')) throw new Error('it does not end with # EOF');
  let name = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const meta = /^# (TYPE|UNIT|HELP) (\S+) (.*)$/.exec(line);
    if (meta) {
      const [, what = '', of = '', value = ''] = meta;
      if (what === 'TYPE') {
        if (families.has(of) || !NAME.test(of)) throw new Error(`${of} is there twice, or no name`);
        if (!(value in SUFFIXES)) throw new Error(`${of} is of the type ${value}`);
        name = of;
        families.set(of, { type: value, unit: '', help: '', samples: [] });
      }
      const family = families.get(name);
      if (of !== name || !family) throw new Error(`${line}: out of its place`);
      if (what === 'UNIT') {
        if (!of.endsWith(`_${value}`)) throw new Error(`${of} does not end in its unit`);
        family.unit = value;
      }
      if (what === 'HELP') family.help = value;
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    const family = families.get(name);
    if (!sample || !family) throw new Error(`no sample: ${line}`);
    if (sample[1] !== `${name}${SUFFIXES[family.type]}`)
      throw new Error(`${sample[1]} is no sample of ${name}`);
    const key = `${sample[1]}{${sample[2] ?? ''}}`;
    if (seen.has(key)) throw new Error(`${key} is there twice`);
    seen.add(key);
    const value = sample[3] === '+Inf' ? Number.POSITIVE_INFINITY : Number(sample[3]);
    if (Number.isNaN(value) && sample[3] !== 'NaN') throw new Error(`no number: ${line}`);
    if (family.type === 'counter' && !(value >= 0)) throw new Error(`a counter below 0: ${line}`);
    family.samples.push({ name: sample[1] ?? '', labels: labelsOf(sample[2] ?? ''), value });
  }
  for (const [of, { help, samples }] of families)
    if (help === '' || samples.length === 0) throw new Error(`${of} has no help, or no samples`);
  return families;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/.exec(rest);
    if (!match?.[1]) throw new Error(`no labels: ${text}`);
    labels[match[1]] = (match[2] ?? '').replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    rest = rest.slice(match[0].length);
  }
  return labels;
}
