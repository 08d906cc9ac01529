/** `smartctl --json` (7.0 and later): formats of ATA, SCSI and NVMe disks. */

import { type Json, memberOf, objectsIn } from '../../host/json-members.ts';
import { Unavailable } from '../../host/unavailable.ts';
import {
  type Attribute,
  type DiskHealth,
  fromAttributes,
  type LoggedErrors,
  NOTHING_KNOWN,
  rawOf,
} from './health.ts';

function num(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** Fields that are undefined are left out, so that they do not hide what another part told. */
function defined(fields: Partial<DiskHealth>): Partial<DiskHealth> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Bits of the error register (ACS-3): a sector that could not be read, one that was not found, a damaged transfer. */
const UNC = 0x40;
const IDNF = 0x10;
const ICRC = 0x80;

/** The newest errors of ATA's log, newest first; undefined where it was not asked for. */
function ataErrors(json: Json): LoggedErrors | undefined {
  const log = json.ata_smart_error_log;
  const [shown] = ['extended', 'summary'].map((kind) => memberOf(log, kind)).filter((one) => 'count' in one);
  if (!shown) return undefined;
  const errors = objectsIn(shown.table).map((one) => {
    const { error, lba } = memberOf(one, 'completion_registers');
    const bits = num(error) ?? 0;
    const command = text(objectsIn(one.previous_commands)[0]?.command_name);
    const moves = /^(?:READ|WRITE)\b(?! LOG| NATIVE| BUFFER)/.test(command);
    return {
      hours: num(one.lifetime_hours),
      unreadable: (bits & UNC) !== 0 || ((bits & IDNF) !== 0 && moves),
      transfer: (bits & ICRC) !== 0 && moves,
      words: `${(bits & UNC) !== 0 ? 'UNC' : 'IDNF'}${num(lba) === undefined ? '' : ` at LBA = ${num(lba)}`}`,
    };
  });
  const unreadable = errors.filter((one) => one.unreadable);
  return {
    ...{ count: num(shown.count) ?? 0, shown: errors.length, unreadable: unreadable.length },
    transfers: errors.filter(({ transfer }) => transfer).length,
    ...{ newest: unreadable[0]?.words, atHours: unreadable[0]?.hours },
  };
}

function ata(json: Json, rotational: boolean | undefined): Partial<DiskHealth> {
  const attributes = objectsIn(memberOf(json, 'ata_smart_attributes').table).map((row): Attribute => {
    const when = text(row.when_failed);
    return {
      id: num(row.id) ?? 0,
      name: text(row.name),
      value: num(row.value) ?? 0,
      threshold: num(row.thresh) ?? 0,
      raw: rawOf(text(memberOf(row, 'raw').string)) ?? num(memberOf(row, 'raw').value) ?? 0,
      prefailure: flag(memberOf(row, 'flags').prefailure) ?? false,
      when: when === 'now' || when === 'past' ? when : '',
    };
  });
  // The log has the newest first. A test that goes on (values 240 to 249) says nothing yet.
  const log = memberOf(json, 'ata_smart_self_test_log');
  const tests = [
    ...objectsIn(memberOf(log, 'extended').table),
    ...objectsIn(memberOf(log, 'standard').table),
  ];
  const newest = tests.find((one) => flag(memberOf(one, 'status').passed) !== undefined);
  const failed = newest && flag(memberOf(newest, 'status').passed) === false;
  const logged = ataErrors(json);
  return {
    ...fromAttributes(attributes, rotational),
    ...(logged ? { logged } : {}),
    ...(failed ? { failedSelfTest: text(memberOf(newest, 'status').string) || 'it failed' } : {}),
  };
}

function scsi(json: Json): Partial<DiskHealth> {
  const counters = memberOf(json, 'scsi_error_counter_log');
  const known = ['read', 'write', 'verify'].flatMap(
    (kind) => num(memberOf(counters, kind).total_uncorrected_errors) ?? [],
  );
  // "scsi_self_test_0" is the newest; its result is a number of which 3 to 7 are failures (SPC-4).
  const test = memberOf(json, 'scsi_self_test_0', 'result');
  const result = num(test.value);
  return {
    reallocated: num(json.scsi_grown_defect_list),
    uncorrected: known.length > 0 ? known.reduce((sum, one) => sum + one, 0) : undefined,
    usedPercent: num(json.scsi_percentage_used_endurance_indicator),
    failedSelfTest:
      result !== undefined && result >= 3 && result <= 7 ? text(test.string) || 'it failed' : undefined,
  };
}

/** The drive's verdict as its critical warning; undefined where it passes none, or one without its bits. */
function verdictOf(json: Json): number | undefined {
  const status = memberOf(json, 'smart_status');
  return num(memberOf(status, 'nvme').value) ?? (flag(status.passed) === true ? 0 : undefined);
}

function nvme(json: Json): Partial<DiskHealth> {
  const log = memberOf(json, 'nvme_smart_health_information_log');
  const newest = objectsIn(memberOf(json, 'nvme_self_test_log').table)[0];
  const result = num(memberOf(newest, 'self_test_result').value);
  return {
    uncorrected: num(log.media_errors),
    usedPercent: num(log.percentage_used),
    sparePercent: num(log.available_spare),
    spareThreshold: num(log.available_spare_threshold),
    // The verdict is the same byte: without the log it is all that is told.
    criticalWarning: num(log.critical_warning) ?? verdictOf(json),
    celsius: num(log.temperature),
    warningCelsius: num(memberOf(json, 'nvme_composite_temperature_threshold').warning),
    criticalCelsius: num(memberOf(json, 'nvme_composite_temperature_threshold').critical),
    powerOnHours: num(log.power_on_hours),
    // 5 to 7 are failures; the others are success and all ways of being stopped (NVMe base specification, self-test log).
    failedSelfTest:
      result !== undefined && result >= 5 && result <= 7
        ? text(memberOf(newest, 'self_test_result').string) || 'it failed'
        : undefined,
  };
}

/** What smartctl says that it could not do. @throws Unavailable */
function refused(name: string, json: Json): void {
  const messages = objectsIn(memberOf(json, 'smartctl').messages).map((one) => text(one.string));
  const told = messages.join('; ').slice(0, 200);
  if (/permission denied|operation not permitted/i.test(told))
    throw new Unavailable('denied', `smartctl may not ask ${name}: ${told}`);
  if (
    /no such device|unable to detect device type|please specify device type|not supported|unknown usb bridge|add(ing)? '-d /i.test(
      told,
    )
  )
    throw new Unavailable('absent', `${name} keeps no records of its health: ${told}`);
  if (told !== '' && json.smart_status === undefined && num(memberOf(json, 'smartctl').exit_status) !== 0)
    throw new Unavailable('failed', `smartctl of ${name}: ${told}`);
}

/** Parses the JSON of one disk. @throws Unavailable denied, absent, failed, or nonsense where it is no such JSON */
export function parseSmartJson(name: string, output: string): DiskHealth {
  let json: Json;
  try {
    json = memberOf(JSON.parse(output));
  } catch (error) {
    throw new Unavailable('nonsense', `smartctl of ${name} printed no JSON`, error);
  }
  // Exporters and web pages keep what smartctl printed without the block about the program.
  if (json.smartctl === undefined && (json.device === undefined || json.smart_status === undefined))
    throw new Unavailable('nonsense', `smartctl of ${name} printed other JSON`);
  const power = memberOf(json, 'power_mode');
  const asleep =
    /standby|sleep/i.test(text(power.ata_name) || text(power.name)) && json.smart_status === undefined;
  if (!asleep) refused(name, json);
  const protocol = text(memberOf(json, 'device').protocol);
  const kind = protocol === 'ATA' || protocol === 'SCSI' || protocol === 'NVMe' ? protocol : '';
  const rate = num(json.rotation_rate);
  const rotational = kind === 'NVMe' ? false : rate === undefined ? undefined : rate > 0;
  const own = kind === 'NVMe' ? nvme(json) : kind === 'SCSI' ? scsi(json) : ata(json, rotational);
  const temperature = memberOf(json, 'temperature');
  const support = memberOf(json, 'smart_support');
  return {
    ...NOTHING_KNOWN,
    ...{ name, protocol: kind, rotational, asleep },
    model: text(json.model_name) || text(json.scsi_model_name),
    firmware: text(json.firmware_version) || text(json.scsi_revision),
    available: flag(support.available) ?? true,
    enabled: flag(support.enabled) ?? true,
    passed: flag(memberOf(json, 'smart_status').passed),
    ...defined({
      warningCelsius: num(temperature.op_limit_max),
      criticalCelsius: num(temperature.drive_trip) ?? num(temperature.critical_limit_max),
    }),
    ...defined(own),
    ...defined({
      // smartctl 7.4 and later say it in one way for all protocols.
      usedPercent: num(memberOf(json, 'endurance_used').current_percent),
      sparePercent: num(memberOf(json, 'spare_available').current_percent),
      spareThreshold: num(memberOf(json, 'spare_available').threshold_percent),
      celsius: num(temperature.current),
      powerOnHours: num(memberOf(json, 'power_on_time').hours),
    }),
  };
}
