/** `smartctl -a`, `-x` as text: what captured machines keep of smartmontools 5.4 to 7.5. */

import { Unavailable } from '../../host/unavailable.ts';
import {
  type Attribute,
  type DiskHealth,
  fromAttributes,
  type LoggedErrors,
  NOTHING_KNOWN,
  rawOf,
} from './health.ts';

const MAX_ROWS = 5_000;
const MAX_ROW = 1_000;

/** "Power On Hours:   1,234 [x]" as the number in it. */
function numberIn(value: string | undefined): number | undefined {
  const match = /-?\d[\d,.]*/.exec(value ?? '');
  if (!match) return undefined;
  const read = Number(match[0].replace(/,/g, '').replace(/\.$/, ''));
  return Number.isFinite(read) ? read : undefined;
}

/** An attribute in the old form (0x0032 … Old_age Always - RAW) or the brief one (PO--CK … - RAW). */
function attributeOf(row: string): Attribute | undefined {
  const words = row.trim().split(/\s+/);
  const [id = '', name = '', flags = '', value = '', , threshold = ''] = words;
  if (!/^\d{1,3}$/.test(id) || !/^\d{1,3}$/.test(value) || !/^(\d{1,3}|---)$/.test(threshold))
    return undefined;
  const brief = /^[PO\-SRCK+]{6,8}$/.test(flags);
  if (!brief && !/^0x[0-9a-f]{4}$/i.test(flags)) return undefined;
  const failed = words[brief ? 6 : 8] ?? '-';
  return {
    ...{ id: Number(id), name, value: Number(value), threshold: threshold === '---' ? 0 : Number(threshold) },
    raw: rawOf(words.slice(brief ? 7 : 9).join(' ')) ?? 0,
    prefailure: brief ? flags.startsWith('P') : words[6] === 'Pre-fail',
    when: /now/i.test(failed) ? 'now' : /past/i.test(failed) ? 'past' : '',
  };
}

/** A row of the log of self-tests, also where its columns stand one space apart: "# 1 Short offline Completed: read failure 90% 2126 57169643". */
const TEST =
  /^# ?\d{1,2} +(?:Short|Extended|Conveyance|Selective|Background|Foreground|Offline|Vendor|Reserved)\b/;

/** "# 1  Short offline  Completed: read failure  90%  2315  123": the newest test, where it failed. */
function failedTest(rows: readonly string[]): string | undefined {
  const newest = rows.find(
    (row) => (/^#? ?\d+ {2,}\S/.test(row) || TEST.test(row)) && /complet|fail|abort|interrupt/i.test(row),
  );
  // Of rows that somebody picked out the newest test may be missing: it may have passed.
  if (newest !== undefined && !/^#? ?1\D/.test(newest)) return undefined;
  // Told: "Completed: read failure", "electrical fail", "handling damage", "Fatal or unknown error", "Failed in segment -->".
  if (newest === undefined || !/fail|fatal|damage|unknown error/i.test(newest)) return undefined;
  const words =
    /\b(?:Completed: [a-z/ ]{3,30} failure|Completed: handling damage\S*|Fatal or unknown error|Failed in segment.{0,12})/i;
  const columns = words.exec(newest) ?? newest.replace(/^#? ?\d+ +/, '').split(/ {2,}/);
  return columns.find((column) => /fail|fatal|damage|error/i.test(column))?.trim() ?? 'it failed';
}

/**
 * Whether an error is of the medium: a sector that could not be read (UNC), or not be found (IDNF) by a command that reads or writes, for
 * others are refused so too. The command is the first of those that are listed below it.
 */
function ofMedium(words: string, below: readonly string[]): boolean {
  if (/\bUNC\b/.test(words)) return true;
  const command = below.flatMap((row) => /(?:\d|\.{3}) {2,}([A-Z][A-Z ]{3,40})/.exec(row)?.[1] ?? [])[0];
  // smartctl counts sectors where the command reads or writes alone.
  const moves =
    command === undefined
      ? /\b\d{1,6} sectors\b/.test(words)
      : /^(?:READ|WRITE)\b(?! LOG| NATIVE| BUFFER)/.test(command);
  return /\bIDNF\b/.test(words) && moves;
}

/** What `-l error` and `-l xerror` tell: "ATA Error Count: 16", "Error 16 occurred at … lifetime: 9377 hours", "Error: UNC at LBA = …". */
function loggedErrors(rows: readonly string[]): LoggedErrors | undefined {
  const of = (pattern: RegExp) => rows.flatMap((row) => pattern.exec(row)?.[1] ?? []);
  const [count] = of(/^\s*(?:ATA Error Count|Device Error Count): (\d{1,9})\b/);
  // A part of the log: as many as the highest of its numbers, or those that it shows.
  const numbers = of(/^\s*Error (\d{1,9}) .*\blifetime: /).map(Number);
  const named = of(/\b(Error: [A-Z]{2,6}\b)/).length;
  const least = Math.max(0, ...numbers, named);
  if (count === undefined && least === 0) return undefined;
  // Of some commands smartctl has no words for an error, but what the registers held.
  const shown = named + of(/^\s*((?:[\da-f]{2} |-- ){6,15}[\da-f]{2})\s*$/i).length;
  let hours: number | undefined;
  const unreadable: { words: string; hours: number | undefined }[] = [];
  let transfers = 0;
  for (const [index, row] of rows.entries()) {
    const at = /^\s*Error \d+ .*\blifetime: (\d{1,9}) hours/.exec(row)?.[1];
    if (at) hours = Number(at);
    const words = /\bError: ([A-Z]{2,6}\b.{0,120})/.exec(row)?.[1]?.trim();
    if (words === undefined) continue;
    if (ofMedium(words, rows.slice(index + 1, index + 6))) unreadable.push({ words, hours });
    if (/\bICRC\b/.test(words)) transfers++;
  }
  const [newest] = unreadable;
  return {
    ...{ count: count === undefined ? least : Number(count), shown },
    ...{ unreadable: unreadable.length, transfers },
    ...{ newest: newest?.words, atHours: newest?.hours },
  };
}

/** Uncorrected errors in the last column of SCSI's table of error counters. */
function scsiUncorrected(rows: readonly string[]): number | undefined {
  const counts = rows.flatMap((row) => {
    const words = row.trim().split(/\s+/);
    return /^(read|write|verify):$/.test(words[0] ?? '') && words.length >= 8 ? Number(words.at(-1)) : [];
  });
  return counts.length > 0 ? counts.reduce((sum, one) => sum + one, 0) : undefined;
}

function verdict(fields: ReadonlyMap<string, string>): boolean | undefined {
  const told =
    fields.get('SMART overall-health self-assessment test result') ?? fields.get('SMART Health Status');
  return told === undefined || /^UNKNOWN/.test(told) ? undefined : /^(PASSED|OK)\b/.test(told);
}

/** What tells something of the health of a disk whose verdict is missing. */
const ENTRIES =
  /Error Count: \d|Error Log Version|No Errors Logged|Test_Description|error counter log|defect list|\bError: [A-Z]{2,6}\b/i;

/** Why there is no health in it. @throws Unavailable */
function refused(name: string, text: string): void {
  if (/permission denied|operation not permitted/i.test(text))
    throw new Unavailable('denied', `smartctl was not allowed to ask ${name}`);
  if (
    /unable to detect device type|please specify device type|unknown usb bridge|no such device|lacks SMART capability|add(ing)? '-d /i.test(
      text,
    )
  )
    throw new Unavailable('absent', `${name} keeps no records of its health`);
  if (
    /^\s*SMART support is:\s+(?:Unavailable|Disabled)|^\s*SMART Disabled\b/m.test(text) &&
    !ENTRIES.test(text)
  )
    throw new Unavailable(
      'absent',
      `${name} keeps no records of its health: SMART is not available, or switched off`,
    );
  if (/^\s*SMART Status (?:not supported|command failed)/m.test(text) && !ENTRIES.test(text))
    throw new Unavailable('absent', `${name} does not tell its own verdict on its health to smartctl`);
}

/** Parses the text of one disk. @throws Unavailable denied, absent, or nonsense where there is nothing of smartctl's in it */
export function parseSmartText(name: string, text: string): DiskHealth {
  const rows = text
    .split('\n')
    .slice(0, MAX_ROWS)
    .map((row) => row.slice(0, MAX_ROW).replace(/\r$/, ''));
  const fields = new Map<string, string>();
  for (const row of rows) {
    const at = row.indexOf(':');
    const key = row.slice(0, Math.max(0, at)).trim().replace(/\s+/g, ' ');
    const value = row.slice(at + 1).trim();
    // "SMART support is" is there twice: whether it is available, then whether it is on.
    if (key !== '')
      fields.set(key, fields.has(key) && key === 'SMART support is' ? `${fields.get(key)} ${value}` : value);
  }
  const of = (...keys: string[]) => keys.map((key) => fields.get(key)).find((value) => value !== undefined);
  const passed = verdict(fields);
  const attributes = rows.flatMap((row) => attributeOf(row) ?? []);
  const warning = of('Critical Warning');
  const asleep = /device is in (standby|sleep)/i.test(text);
  if (passed === undefined && attributes.length === 0 && warning === undefined && !asleep) {
    refused(name, text);
    if (
      !/smartctl|Self-test|Test_Description|Error Count|Error Log|error counter|power-on lifetime|Error: [A-Z]{2,6}\b/i.test(
        text,
      )
    )
      throw new Unavailable('nonsense', `the saved output for ${name} is not smartctl’s`);
  }
  const support = of('SMART support is') ?? '';
  const rate = of('Rotation Rate');
  const nvme = warning !== undefined;
  const rotational = nvme ? false : rate === undefined ? undefined : /rpm/i.test(rate);
  const scsi = of('Vendor') !== undefined || of('SMART Health Status') !== undefined;
  const hours = of('Power On Hours', 'Accumulated power on time, hours') ?? of('number of hours powered up');
  const logged = loggedErrors(rows);
  const tests = rows.slice(
    rows.findIndex(
      (row) => /^(SMART )?Self-test|^SMART Extended Self-test|^Num +Test_/i.test(row) || TEST.test(row),
    ),
  );
  return {
    ...NOTHING_KNOWN,
    ...fromAttributes(attributes, rotational),
    ...{ name, rotational, passed, asleep, protocol: nvme ? 'NVMe' : scsi ? 'SCSI' : 'ATA' },
    model: of('Device Model', 'Model Number') ?? [of('Vendor'), of('Product')].filter(Boolean).join(' '),
    firmware: of('Firmware Version', 'Revision') ?? '',
    available: !/unavailable/i.test(support),
    enabled: !/disabled/i.test(support),
    ...(nvme
      ? {
          criticalWarning: Number(warning) || 0,
          uncorrected: numberIn(of('Media and Data Integrity Errors')),
          usedPercent: numberIn(of('Percentage Used')),
          sparePercent: numberIn(of('Available Spare')),
          spareThreshold: numberIn(of('Available Spare Threshold')),
          celsius: numberIn(of('Temperature')),
          warningCelsius: numberIn(of('Warning Comp. Temp. Threshold')),
          criticalCelsius: numberIn(of('Critical Comp. Temp. Threshold')),
        }
      : {}),
    ...(scsi
      ? {
          reallocated: numberIn(of('Elements in grown defect list')),
          uncorrected: scsiUncorrected(rows),
          usedPercent: numberIn(of('Percentage used endurance indicator')),
          celsius: numberIn(of('Current Drive Temperature')),
          criticalCelsius: numberIn(of('Drive Trip Temperature')) || undefined,
        }
      : {}),
    ...(hours === undefined ? {} : { powerOnHours: numberIn(hours) }),
    ...(logged ? { logged } : {}),
    failedSelfTest: failedTest(tests),
  };
}
