/**
 * The event log of a board's controller (SEL), as ipmitool prints it: "  2 | 04/02/2023 | 12:16:42 | Memory #0x02 | Uncorrectable ECC |
 * Asserted". Names of sensors are the vendor's, the words of the events those of the IPMI specification 2.0, tables 42-2 and 42-3.
 */

/** Events of one kind. */
export interface BoardEvent {
  /** What happened, without names and numbers: "uncorrectable memory errors". */
  readonly what: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly count: number;
  /** The newest three, as they stand: "04/02/2023 12:16:42 Memory #0x02: Uncorrectable ECC". */
  readonly newest: readonly string[];
}

/** Kinds of troubles, the first that fits; matched against "sensor | event". */
const KINDS: readonly (readonly [RegExp, what: string, severity: BoardEvent['severity'], least?: number])[] =
  [
    [
      /(?<!n)correctable (?:ecc logging limit|memory error (?:rate exceeded|logging disabled))/i,
      'corrected memory errors beyond the limit',
      'warning',
    ],
    [
      /uncorrectable (?:ecc|memory|error)|memory.*\| *parity|multi-bit memory error/i,
      'uncorrectable memory errors',
      'critical',
    ],
    [/(?<!n)correctable ecc/i, 'corrected memory errors', 'warning', 10],
    [
      /\bIERR\b|thermal.?trip|CATERR|FRB[123]|machine check|processor.*configuration error/i,
      'failures of a processor',
      'critical',
    ],
    [
      /\bPERR\b|\bSERR\b|bus (?:uncorrectable|fatal) error|fatal error was detected|I\/O channel check/i,
      'errors of PCI',
      'warning',
    ],
    [
      /failure detected|AC lost|input (?:lost|out-of-range)|predictive failure.*power|power.*predictive failure|input for power supply \S+ is lost|power supply \S+ (?:is removed|failed)/i,
      'failures of a power supply',
      'warning',
    ],
    [/redundancy (?:is )?(?:lost|degraded)|non-redundant/i, 'redundancy that was lost', 'warning'],
    [
      /drive fault|fault detected on drive|drive \S+ (?:is removed|failed|in disk drive bay \S+ (?:failed|is removed))|in (?:critical|failed) array|predictive failure/i,
      'failures of a drive',
      'warning',
    ],
    [
      /fan.*(?:less than the lower critical|\bis removed|lower (?:critical|non-recoverable)|transition to (?:critical|off line))/i,
      'fans too slow',
      'warning',
    ],
    [/temp.*upper (?:critical|non-recoverable)/i, 'temperatures beyond their limit', 'warning'],
    [/(?:lower|upper) (?:critical|non-recoverable) going/i, 'sensors beyond their limit', 'warning'],
    [/(?:lower|upper) non-critical going/i, 'sensors near their limit', 'info'],
    // OpenBMC of Meta tells what the regulators on memory modules report.
    [
      /^PMIC_ERR.*\| (?:DIMM|P\d).{0,20}(?:High temp|O[VT]\b|U[VT]\b|current|Over|Under)/i,
      'power or heat of memory modules out of bounds',
      'warning',
    ],
    [/watchdog.*(?:reset|power (?:down|cycle)|timer expired)/i, 'resets by the watchdog', 'warning'],
    [/system firmware error|no usable system memory/i, 'errors of the firmware at boot', 'warning'],
    [/intrusion|chassis is open/i, 'the chassis was opened', 'info'],
    // Of Dell's own words that none of the above knows.
    [/^(?:critical|non-recoverable) \|/i, 'events that its maker calls critical', 'warning'],
  ];
const ROW =
  /^\s*[0-9a-f]{1,4} \| *(\d\d\/\d\d\/\d{2,4}|Pre-Init) *\| *([^|]{1,24}?) *\| *([^|]{1,80}?) *\| *([^|]{1,120}?) *(?:\| *(Asserted|Deasserted) *(?:\| *(.{0,120}?) *$|$)|$)/i;

/** The troubles in a log, oldest row first. A sensor whose last row says that it is over is in order again. */
export function parseEvents(text: string): BoardEvent[] {
  const kinds = new Map<string, { rows: Map<string, string[]>; kind: (typeof KINDS)[number] }>();
  for (const row of text.split('\n', 50_000)) {
    const match = ROW.exec(row.slice(0, 400));
    if (!match) continue;
    const [, date = '', time = '', sensor = '', event = '', state = '', more = ''] = match;
    // The module that an error of memory is of; what was read, and the limit.
    const told = /\w/.test(more) ? ` (${more.replaceAll(/ *\| */g, ', ')})` : '';
    const kind = KINDS.find(([pattern]) => pattern.test(`${sensor} | ${event}`));
    if (!kind) continue;
    const known = kinds.get(kind[1]) ?? { rows: new Map(), kind };
    kinds.set(kind[1], known);
    // One that failed and is back again does not stand for a trouble of now; a memory error that was is one.
    if (/^deasserted$/i.test(state)) known.rows.delete(`${sensor}|${event}`);
    else
      known.rows.set(`${sensor}|${event}`, [
        ...(known.rows.get(`${sensor}|${event}`) ?? []),
        `${date} ${time} ${sensor}: ${event}${told}`,
      ]);
  }
  return [...kinds.values()].flatMap(({ rows, kind: [, what, severity, least = 1] }): BoardEvent[] => {
    const all = [...rows.values()].flat();
    if (all.length === 0) return [];
    // A few of what happens now and then are told, and are no trouble yet.
    return [
      { what, severity: all.length < least ? 'info' : severity, count: all.length, newest: all.slice(-3) },
    ];
  });
}
