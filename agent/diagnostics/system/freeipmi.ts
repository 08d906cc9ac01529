/**
 * What freeipmi prints of a board's controller: `ipmi-sensors` ("1 | CPU1 Temp | Temperature | 98.00 | C | 'At or Above (>=) Upper Critical
 * Threshold'") and `ipmi-sel` ("3 | Jan-12-2024 | 10:11:12 | DIMM_A1 | Memory | Uncorrectable memory error"). Words of events are those of
 * the IPMI specification, with "memory error" for what ipmitool calls "ECC".
 */

/** A sensor that is beyond a limit, as ipmitool's are told. */
export interface FreeipmiSensor {
  readonly name: string;
  readonly state: string;
  readonly value: string;
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/non-recoverable threshold/i, 'nr'],
  [
    /(?<!non-)critical threshold|failure detected|lost\b.{0,20}(?:input|AC)|(?:AC|input) lost|drive fault|redundancy lost|IERR|thermal trip|uncorrectable/i,
    'cr',
  ],
  [/non-critical threshold|predictive failure|redundancy degraded|config(?:uration)? error/i, 'nc'],
];
/** With --output-sensor-state, in the place of the reading. */
const STATES: Readonly<Record<string, string>> = { Critical: 'cr', Warning: 'nc' };

const rows = (text: string): string[][] =>
  text
    .split('\n', 50_000)
    .filter((row) => row.includes('|'))
    .map((row) =>
      row
        .slice(0, 500)
        .split('|')
        .map((cell) => cell.trim()),
    );

/** The sensors of `ipmi-sensors` that are beyond a limit or say that they failed. */
export function parseFreeipmiSensors(text: string): FreeipmiSensor[] {
  return rows(text).flatMap((cells): FreeipmiSensor[] => {
    const [id = '', name = '', , fourth = ''] = cells;
    if (!/^\d{1,5}$/.test(id) || cells.length < 6) return [];
    const event = cells.at(-1) ?? '';
    const told =
      WORDS.find(([pattern]) => pattern.test(event))?.[1] ?? (cells.length > 6 ? STATES[fourth] : undefined);
    const [reading = '', unit = ''] = cells.slice(-3, -1);
    const value = /^N\/A$/.test(reading) ? event.replaceAll("'", '') : `${reading} ${unit}`.trim();
    return told === undefined ? [] : [{ name, state: told, value }];
  });
}

/** The rows of `ipmi-sel` as ipmitool would have written them. */
export function asIpmitoolEvents(text: string): string {
  return rows(text)
    .filter(
      ([id = '', date = '']) =>
        /^\d{1,6}$/.test(id) && /^(?:[A-Z][a-z]{2}-\d\d-\d{4}|PostInit|Pre-?Init)$/.test(date),
    )
    .map(([id = '', date = '', time = '', name = '', type = '', ...events]) => {
      const event = events.join(', ').replace(/correctable memory error/gi, 'correctable ECC');
      const over = /\bdeassert/i.test(event) ? 'Deasserted' : 'Asserted';
      return `${Number(id).toString(16)} | ${dateOf(date)} | ${time} | ${type} ${name} | ${event.replace(/\s*;.*$/, '')} | ${over}`;
    })
    .join('\n');
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** "Jan-12-2024" as "01/12/2024". */
function dateOf(date: string): string {
  const [, month = '', day = '', year = ''] = /^(\w{3})-(\d\d)-(\d{4})$/.exec(date) ?? [];
  const at = MONTHS.indexOf(month) / 3 + 1;
  return month === '' ? 'Pre-Init' : `${String(at).padStart(2, '0')}/${day}/${year}`;
}
