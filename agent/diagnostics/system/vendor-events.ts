/** Event logs of boards as tools of their makers print them, as rows of ipmitool: `log-util` (OpenBMC of Meta) and `racadm getsel` (Dell). */

/** "4  slot4  2018-03-13 07:37:12  ipmid  SEL Entry: FRU: 4, …, Sensor: PMIC_ERR (0xB4), Event Data: (020C00) DIMM A3 High temp warning Assertion". */
const LOG_UTIL =
  /^\s*\d{1,4}\s+\S{1,20}\s+(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)\s+\S{1,20}\s+SEL Entry: .{0,100}?, Sensor: (.{1,60}?) \(0x[\dA-F]{2}\), Event Data: \([\dA-F]{6}\) (.{1,120}?)(?: (Deasser|Asser)tion)?\s*$/i;

function fromLogUtil(row: string): string[] {
  const [, year, month, day, time, sensor, event, state = 'Asser'] = LOG_UTIL.exec(row.slice(0, 400)) ?? [];
  return year === undefined
    ? []
    : [`1 | ${month}/${day}/${year} | ${time} | ${sensor} | ${event} | ${state}ted`];
}

/** The part that a sentence of Dell's is about. */
const PART =
  /\b(?:power supply \d{1,2}|(?:CPU|fan|drive|memory device at location\(?s?\)?|disk drive bay) ?\S{1,12}|DIMM\w{1,6}|chassis|redundan(?:t|cy))/i;

/**
 * Records "Record: 2 / Date/Time: 01/01/2020 10:11:12 / Source: system / Severity: Critical / Description: …". One of severity Ok ends what
 * an earlier one told of the same part: "The input power for power supply 2 has been restored."
 */
function fromRacadm(text: string): string[] {
  const rows: { part: string; row: string }[] = [];
  for (const block of text.split(/^Record:\s/m).slice(1, 10_000)) {
    const of = (name: string) => new RegExp(`^${name}:\\s+(\\S.{0,300}?)\\s*$`, 'm').exec(block)?.[1] ?? '';
    const [severity, words] = [of('Severity'), of('Description')];
    const [date = '', time = ''] = of('Date/Time').split(/\s+/);
    const part = PART.exec(words)?.[0]?.toLowerCase().replace('redundant', 'redundancy') ?? words;
    if (/^(?:ok|informational|normal)$/i.test(severity))
      for (let at = rows.length - 1; at >= 0; at--) if (rows[at]?.part === part) rows.splice(at, 1);
    if (!/^(?:critical|non-critical|warning|non-recoverable)$/i.test(severity)) continue;
    const when = /^\d\d\/\d\d\/\d{2,4}$/.test(date) ? date : 'Pre-Init';
    rows.push({
      part,
      row: `1 | ${when} | ${time || '-'} | ${severity} | ${words.replaceAll('|', '/').slice(0, 110)} | Asserted`,
    });
  }
  return rows.map(({ row }) => row);
}

/** Parts of `omreport chassis` (Dell) that are not well, as rows of ipmitool's sensors: "Critical : Power Supplies". */
export function omreportParts(text: string): { name: string; state: string; value: string }[] {
  if (!/^SEVERITY\s+: COMPONENT/m.test(text)) return [];
  return [...text.matchAll(/^(Critical|Non-Critical|Non-Recoverable)\s+: (\S.{0,60}?)\s*$/gm)].map(
    ([, severity = '', name = '']) => ({
      ...{ name, value: severity },
      state: severity === 'Non-Critical' ? 'nc' : severity === 'Critical' ? 'cr' : 'nr',
    }),
  );
}

/** Rows of ipmitool's, of what either tool printed. */
export function vendorEvents(text: string): string {
  return [...text.split('\n', 50_000).flatMap(fromLogUtil), ...fromRacadm(text)].join('\n');
}
