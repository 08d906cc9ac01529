/** `nvme smart-log`, as JSON and as text: where smartctl is not installed. */

import { Unavailable } from '../../host/unavailable.ts';
import { type DiskHealth, NOTHING_KNOWN } from './health.ts';

/** Names that changed: nvme-cli 1.x abbreviates, 2.x mostly does not. */
const NAMES = {
  criticalWarning: ['critical_warning'],
  temperature: ['temperature'],
  sparePercent: ['avail_spare', 'available_spare'],
  spareThreshold: ['spare_thresh', 'available_spare_threshold'],
  usedPercent: ['percent_used', 'percentage_used'],
  powerOnHours: ['power_on_hours'],
  uncorrected: ['media_errors'],
} as const;

/** Fields of the text form: "available_spare  : 100%", "temperature : 34 °C (307 K)", "power_on_hours : 1,234". */
function fieldsOf(text: string): Map<string, number> {
  const fields = new Map<string, number>();
  for (const row of text.split('\n').slice(0, 200)) {
    const match = /^([a-z_]+)\s*:\s*(0x[0-9a-f]+|\d[\d,]*)/i.exec(row.trim().slice(0, 200));
    if (match?.[1] && match[2]) fields.set(match[1].toLowerCase(), Number(match[2].replace(/,/g, '')));
  }
  return fields;
}

/** Fields of the JSON form. Numbers are numbers, or strings where they do not fit; critical_warning may be an object with its value. */
function fieldsOfJson(text: string): Map<string, number> {
  const fields = new Map<string, number>();
  const json: unknown = JSON.parse(text);
  for (const [name, value] of Object.entries(typeof json === 'object' && json !== null ? json : {})) {
    const plain = typeof value === 'object' && value !== null ? (value as { value?: unknown }).value : value;
    const read = Number(typeof plain === 'string' ? plain.replace(/,/g, '') : plain);
    if (Number.isFinite(read)) fields.set(name, read);
  }
  return fields;
}

/** Parses what `nvme smart-log DEVICE [-o json]` printed. @throws Unavailable nonsense */
export function parseNvmeLog(name: string, output: string): DiskHealth {
  let fields: Map<string, number>;
  const json = output.trimStart().startsWith('{');
  try {
    fields = json ? fieldsOfJson(output) : fieldsOf(output);
  } catch (error) {
    throw new Unavailable('nonsense', `nvme smart-log of ${name} printed no JSON`, error);
  }
  const of = (key: keyof typeof NAMES) =>
    NAMES[key].map((one) => fields.get(one)).find((value) => value !== undefined);
  const warning = of('criticalWarning');
  if (warning === undefined)
    throw new Unavailable('nonsense', `nvme smart-log of ${name} tells no critical warning`);
  const temperature = of('temperature');
  return {
    ...NOTHING_KNOWN,
    ...{ name, protocol: 'NVMe', rotational: false, criticalWarning: warning, passed: warning === 0 },
    // JSON has kelvin; the text form had °C until nvme-cli 1.x and says both later, °C first.
    celsius: temperature === undefined ? undefined : temperature > 200 ? temperature - 273 : temperature,
    sparePercent: of('sparePercent'),
    spareThreshold: of('spareThreshold'),
    usedPercent: of('usedPercent'),
    powerOnHours: of('powerOnHours'),
    uncorrected: of('uncorrected'),
  };
}
