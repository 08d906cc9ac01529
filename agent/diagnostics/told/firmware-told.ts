/** What the firmware's tables tell of a trouble, as `dmidecode` prints them (SMBIOS 3, sections 7.4, 7.5, 7.6, 7.18, 7.19, 7.28 to 7.30, 7.40). */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft, Severity } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

interface Fault {
  readonly severity: Severity;
  readonly title: string;
  /** The slot or part: "DIMM_A1", "Chassis". */
  readonly name: string;
  readonly evidence: string;
}

/** A module that runs below this share of its speed. */
const FAR_BELOW = 0.75;
/** Parts whose "Status" is one of SMBIOS' words for health. */
const PARTS =
  /^(?:Cooling Device|Temperature Probe|Voltage Probe|Electrical Current Probe|System Power Supply|Portable Battery)$/;
const BAD = /\b(?:Non-critical|Critical|Non-recoverable|Warning)\b/;

/** Judges one structure; undefined where none of its values is one that tells of health. */
function ofStructure(title: string, values: ReadonlyMap<string, string>): Fault[] | undefined {
  const faults: Fault[] = [];
  const of = (key: string) => values.get(key) ?? '';
  const name =
    of('Locator') || of('Socket Designation') || of('Description') || of('Location') || title || 'firmware';
  let known = false;
  const state = (key: string, value: string) => {
    if (value === '') return;
    known = true;
    if (!BAD.test(value)) return;
    const grave = /Critical|Non-recoverable/.test(value);
    faults.push({
      severity: grave ? 'critical' : 'warning',
      title: 'The firmware tells of a part in a bad state',
      ...{ name, evidence: `${name}: ${key} is ${value}` },
    });
  };
  for (const key of ['Boot-up State', 'Power Supply State', 'Thermal State']) state(key, of(key));
  if (PARTS.test(title)) state('Status', of('Status'));
  const errors = of('Error Status') || (title.endsWith('Memory Error Information') ? of('Type') : '');
  if (errors !== '') {
    known = true;
    const corrected = /^(?:Correct\w* Errors?|Corrected.*|Single-bit ECC)$/.test(errors);
    if (corrected || /^(?:Uncorrect|Double-bit|Multi-bit|Bad Read|Parity|Nibble|Checksum|CRC)/.test(errors))
      faults.push({
        severity: corrected ? 'warning' : 'critical',
        title: corrected
          ? 'The firmware counted memory errors that were corrected'
          : 'The firmware saw memory errors that could not be corrected',
        ...{ name, evidence: `${name}: ${errors}` },
      });
  }
  if (title === 'Processor Information' && of('Status') !== '') {
    known = true;
    if (/Disabled By BIOS/.test(of('Status')))
      faults.push({
        severity: 'critical',
        title: 'The firmware disabled a processor',
        ...{ name, evidence: `${name}: ${of('Status')}` },
      });
  }
  const [speed, configured] = [
    of('Speed'),
    of('Configured Memory Speed') || of('Configured Clock Speed'),
  ].map((word) => Number(/^(\d{2,6}) M(?:T\/s|Hz)/.exec(word)?.[1] ?? 0));
  if (speed && configured) {
    known = true;
    if (configured < FAR_BELOW * speed)
      faults.push({
        severity: 'info',
        title: 'Memory runs far below its speed',
        ...{ name, evidence: `${name}: ${configured} MT/s of ${speed}` },
      });
  }
  return known ? faults : undefined;
}

/** Parses structures, or what is left of them; undefined for other text. */
function parseFirmware(text: string): Fault[] | undefined {
  const found: Fault[] = [];
  let understood = /^(?:# dmidecode \d|Handle 0x[0-9A-F]{4}, DMI type \d)/m.test(text);
  let title = '';
  let values = new Map<string, string>();
  const close = () => {
    const told = ofStructure(title, values);
    if (told) {
      understood = true;
      found.push(...told);
    }
    values = new Map();
  };
  for (const row of rowsOf(text)) {
    const [, key, value = ''] = /^\s*([A-Z][\w -]{2,40}):\s(.{1,200})$/.exec(row) ?? [];
    if (key !== undefined) {
      // Of an excerpt the next module's first value comes again.
      if (values.has(key)) close();
      values.set(key, value.trim());
    } else if (/^(?:Handle 0x|\S)/.test(row) || row === '') {
      close();
      if (/^[A-Z\d][\w -]{3,60}$/.test(row)) title = row;
    }
  }
  close();
  return understood ? found : undefined;
}

const firmware = fact({
  id: 'system.firmware-told',
  reads: ['dmidecode, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) =>
    readEach(machine, ['dmidecode'], parseFirmware, 'it tells of no part’s state').flat(),
});

/** The check of what the firmware's tables tell. */
export const FIRMWARE_CHECK = check({
  id: 'system.firmware-states',
  area: 'system',
  title: 'Parts that the firmware tells of as bad, and memory far below its speed',
  about:
    'States of the chassis, fans, probes and power supplies, errors of memory, and processors that the firmware disabled, as dmidecode ' +
    'printed them. They are of the last boot. Memory is set below its speed where modules or the processor want it so.',
  needs: { firmware },
  links: ['https://www.dmtf.org/standards/smbios'],
  evaluate: ({ firmware: all }) =>
    [...Map.groupBy(all, ({ severity, title }) => `${severity} ${title}`).values()].flatMap(
      (same): FindingDraft[] => {
        const [first] = same;
        if (!first) return [];
        return [
          {
            severity: first.severity,
            title: first.title,
            subject: { kind: 'part', name: same.length === 1 ? first.name : '' },
            parameters: { parts: same.length },
            evidence: same.slice(0, 3).map(({ evidence }) => evidence),
            remedy: {
              text: 'Look at the controller of the board: ipmitool sel list, ipmitool sdr; for memory, at its population and the firmware’s settings.',
              risk: 'none',
            },
          },
        ];
      },
    ),
});
