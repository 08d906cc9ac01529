/**
 * Graphics processors as `nvidia-smi` (table, -q, CSV, nvlink, its messages), `dcgmi diag` and `health`, `rocm-smi` and `amd-smi` tell them. What Xid errors say
 * is in the kernel's log.
 */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft, Severity } from '../finding.ts';
import { linkFaults } from './gpu-links.ts';
import { readEach, rowsOf } from './read-each.ts';

/** A trouble of a processor, or of all. */
interface Fault {
  readonly severity: Severity;
  readonly title: string;
  /** "00000000:3B:00.0", "0"; empty where it is not told. */
  readonly name: string;
  readonly evidence: string;
}

const fault = (severity: Severity, title: string, name: string, evidence: string): Fault => ({
  ...{ severity, title, name, evidence: evidence.trim().replace(/\s+/g, ' ').slice(0, 300) },
});

/** What the tools say instead of an answer. */
const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [
    /^Failed to initialize NVML: Driver\/library version mismatch/,
    'The driver of the graphics processors is not the one of its library',
  ],
  [
    /^(?:Failed to initialize NVML: (?!Insufficient Permissions)|NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver)/,
    'The driver of the graphics processors does not answer',
  ],
  [/^No devices were found\s*$/, 'The driver finds no graphics processor'],
  [
    /^(?:Unable to determine the device handle for |.{0,80}\bGPU is lost\b|GPU \S{1,40}: Unknown Error)/,
    'A graphics processor is lost',
  ],
  [
    /^.{0,60}(?:Driver not initialized \(amdgpu not found in modules\)|ROCk module is NOT loaded)/,
    'The driver of the graphics processors does not answer',
  ],
];

/** Lines that tell of a processor that answers. */
const KNOWN =
  /^\s*\|?\s*NVIDIA-SMI \d|^GPU \d{1,3}: \S.{0,120}UUID|^GPU [0-9A-Fa-f]{8}:[0-9A-Fa-f:.]{7}|^\s{4}(?:Product Name|ECC Errors|Retired Pages|Remapped Rows|Clocks (?:Throttle|Event) Reasons)\b|^\|\s+\d{1,3}\s+\S.{0,60}\| +[0-9A-Fa-f]{8}:|^\s*\|? ?(?:Diagnostic|Health Monitor Report|Overall Health)\b|^=+ ?ROCm System Management|^GPU\[\d{1,3}\]\s*:|^\s*Block\s+Status\s+Correctable Error/;

/** The table: "| 30%  ERR!  P0  ERR! / 250W |"; the last cell of the row with the bus number counts memory errors that were not corrected. */
function ofTable(rows: readonly string[]): Fault[] {
  const found: Fault[] = [];
  let name = '';
  for (const row of rows) {
    const head =
      /^\|\s+\d{1,3}\s+\S.{0,60}\|\s+([0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d)\s.*\|\s*(\S{1,12})\s*\|\s*$/.exec(
        row,
      );
    if (head) {
      name = head[1] ?? '';
      if (Number(head[2]) > 0)
        found.push(
          fault(
            'critical',
            'A graphics processor’s memory had errors that could not be corrected',
            name,
            `${head[2]} since the driver was loaded`,
          ),
        );
    }
    if (
      /^\|.*\bERR!/.test(row) &&
      !found.some((one) => one.name === name && one.title.includes('cannot be read'))
    )
      found.push(fault('critical', 'A graphics processor cannot be read', name, row.replace(/\|/g, ' ')));
  }
  return found;
}

/** `nvidia-smi -q`: keys with their values, moved to the right below their headings. */
function ofDetails(rows: readonly string[]): Fault[] {
  const found: Fault[] = [];
  let name = '';
  let path: { indent: number; key: string }[] = [];
  const temperatures = new Map<string, number>();
  const add = (severity: Severity, title: string, evidence: string) =>
    found.push(fault(severity, title, name, evidence));
  for (const row of rows) {
    const head = /^GPU ([0-9A-Fa-f]{8}:[0-9A-Fa-f:.]{7})/.exec(row)?.[1];
    if (head !== undefined) {
      name = head;
      path = [];
      temperatures.clear();
      continue;
    }
    const [, blanks = '', key = '', value] =
      /^(\s*)([A-Z][\w .()/-]{1,60}?)\s*(?::\s*(\S.{0,80}))?$/.exec(row) ?? [];
    if (key === '') continue;
    path = path.filter(({ indent }) => indent < blanks.length);
    const above = path.map((one) => one.key).join(' / ');
    path.push({ indent: blanks.length, key });
    if (value === undefined) continue;
    const count = /^\d{1,15}$/.test(value) ? Number(value) : 0;
    const where = `${above === '' ? '' : `${above}: `}${key} ${value}`;
    if (
      /Volatile/.test(above) &&
      /Uncorrectable|Double Bit/.test(`${above} ${key}`) &&
      /Uncorrectable|Total/.test(key) &&
      count > 0
    )
      add('critical', 'A graphics processor’s memory had errors that could not be corrected', where);
    else if (/Retired Pages/.test(above) && /^Pending/.test(key) && /^Yes/.test(value))
      add('warning', 'Memory of a graphics processor is to be retired', where);
    else if (/Retired Pages/.test(above) && /Bit ECC$/.test(key) && count >= 60)
      add('critical', 'A graphics processor has retired as many pages of memory as it may', where);
    else if (/Remapped Rows/.test(above) && /^Remapping Failure/.test(key) && /^Yes/.test(value))
      add('critical', 'Rows of a graphics processor’s memory could not be remapped', where);
    else if (/Remapped Rows/.test(above) && key === 'Pending' && /^Yes/.test(value))
      add('warning', 'Memory of a graphics processor is to be retired', where);
    else if (
      /^(?:HW (?:Thermal )?Slowdown|HW Power Brake Slowdown|SW Thermal Slowdown)$/.test(key) &&
      value === 'Active'
    )
      add('warning', 'A graphics processor is slowed down', where);
    else if (key === 'GPU Recovery Action' && /^(?:Reset|Reboot|Drain)/.test(value))
      add('critical', 'A graphics processor has to be reset', where);
    else if (/^\s*(?:\[?GPU is lost|Unknown Error)/.test(value))
      add('critical', 'A graphics processor is lost', where);
    else if (/ Temp$/.test(key)) {
      temperatures.set(key, Number.parseInt(value, 10));
      const [now, slow] = [temperatures.get('GPU Current Temp'), temperatures.get('GPU Slowdown Temp')];
      if (key === 'GPU Slowdown Temp' && now !== undefined && slow !== undefined && now >= slow)
        add('critical', 'A graphics processor is too hot', `${now} °C, it slows down from ${slow} °C on`);
    }
  }
  return found;
}

/** `--format=csv`: errors that were not corrected and reasons of a slowdown, by the names of the columns. */
function ofCsv(rows: readonly string[]): Fault[] | undefined {
  const at = rows.findIndex(
    (row) =>
      /^(?:[a-z_]{2,60}(?:\.[a-z_]{1,60}){0,6}(?: \[[\w%]{1,8}\])?, ?){1,80}[a-z_.]{2,90}/.test(row) &&
      /(?:^|[ ,])(?:uuid|pci\.|gpu_|ecc\.|clocks_|temperature\.|utilization\.|name,)/.test(row),
  );
  if (at < 0) return undefined;
  const columns = (rows[at] ?? '').split(',').map((name) => name.trim().replace(/ \[.*$/, ''));
  return rows.slice(at + 1).flatMap((row) => {
    const cells = row.split(',').map((cell) => cell.trim());
    if (cells.length !== columns.length) return [];
    const name =
      cells[
        Math.max(columns.indexOf('pci.bus_id'), columns.indexOf('gpu_bus_id'), columns.indexOf('index'))
      ] ?? '';
    return cells.flatMap((cell, index): Fault[] => {
      const column = columns[index] ?? '';
      const told = `${column} ${cell}`;
      if (/^ecc\.errors\.uncorrected\.volatile\.total$/.test(column) && Number(cell) > 0)
        return [
          fault(
            'critical',
            'A graphics processor’s memory had errors that could not be corrected',
            name,
            told,
          ),
        ];
      if (/^(?:clocks_(?:throttle|event)_reasons)\.(?:hw_|sw_thermal)/.test(column) && cell === 'Active')
        return [fault('warning', 'A graphics processor is slowed down', name, told)];
      return /^\[?(?:GPU is lost|Unknown Error|ERR!)/.test(cell)
        ? [fault('critical', 'A graphics processor is lost', name, told)]
        : [];
    });
  });
}

/** Tables of `dcgmi`: "| Memory  | Fail - GPU: 3 |", "| Overall Health | Warning |"; RAS counts of `rocm-smi --showrasinfo`. */
function ofOthers(rows: readonly string[]): Fault[] {
  let name = '';
  return rows.flatMap((row): Fault[] => {
    name = /^\s*GPU\[(\d{1,3})\]/.exec(row)?.[1] ?? name;
    const [, test = '', result = ''] =
      /^[|\s]*([A-Z][\w /&-]{1,40}?)\s*\|\s*((?:Fail(?:ure)?|Warn(?:ing)?)\b.{0,120}?)\s*\|?\s*$/.exec(row) ??
      [];
    if (test !== '')
      return [
        fault(
          result.startsWith('Fail') ? 'critical' : 'warning',
          result.startsWith('Fail')
            ? 'A graphics processor fails a test'
            : 'A test warns of a graphics processor',
          /GPUs?: ?([\d, ]+)/.exec(result)?.[1]?.trim() ?? '',
          `${test}: ${result}`,
        ),
      ];
    const [, block = '', bad] =
      /^\s*([A-Z][A-Z\d_]{1,14})\s+(?:ENABLED|DISABLED)\s+\d{1,15}\s+(\d{1,15})\s*$/.exec(row) ?? [];
    return Number(bad ?? 0) > 0
      ? [
          fault(
            'critical',
            'A graphics processor’s memory had errors that could not be corrected',
            name,
            `${block}: ${bad} uncorrectable errors`,
          ),
        ]
      : [];
  });
}

/** `amd-smi metric`: keys below "GPU: 0". Undefined for other text. */
function ofAmd(rows: readonly string[]): Fault[] | undefined {
  let name = '';
  let isAmd = false;
  const found: Fault[] = [];
  for (const row of rows) {
    name = /^GPU: (\d{1,3})$/.exec(row)?.[1] ?? name;
    const [, key = '', value = ''] = /^\s{0,16}([A-Z][A-Z\d_]{3,60}): (\S.{0,60})$/.exec(row) ?? [];
    isAmd ||= /^(?:TOTAL_(?:UN)?CORRECTABLE_COUNT|\w{2,20}_VIOLATION_STATUS|GFX_ACTIVITY|SOCKET_POWER)$/.test(
      key,
    );
    if (key === 'TOTAL_UNCORRECTABLE_COUNT' && Number(value) > 0)
      found.push(
        fault('critical', 'A graphics processor’s memory had errors that could not be corrected', name, row),
      );
    // Of power a processor takes what it may: that is how it is meant to be.
    if (/^(?:(?:SOCKET|VR|HBM)_THERMAL|PROCHOT)_VIOLATION_STATUS$/.test(key) && value === 'ACTIVE')
      found.push(fault('warning', 'A graphics processor is slowed down', name, row));
  }
  return isAmd ? found : undefined;
}

/** Parses any of the forms; undefined for other text. */
function parseGpus(text: string): Fault[] | undefined {
  const rows = rowsOf(text);
  const said = rows.flatMap((row) => {
    const title = MESSAGES.find(([pattern]) => pattern.test(row))?.[1];
    return title === undefined
      ? []
      : [
          fault(
            'critical',
            title,
            /\b([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d)\b/.exec(row)?.[1] ?? '',
            row,
          ),
        ];
  });
  const csv = ofCsv(rows);
  const amd = ofAmd(rows);
  const links = linkFaults(rows)?.map(({ title, name, evidence }) => fault('warning', title, name, evidence));
  const found = [
    ...[...said, ...ofTable(rows), ...ofDetails(rows), ...(csv ?? []), ...ofOthers(rows)],
    ...[...(amd ?? []), ...(links ?? [])],
  ];
  const isKnown = (csv ?? amd ?? links) !== undefined || rows.some((row) => KNOWN.test(row));
  return found.length > 0 || isKnown ? found : undefined;
}

const gpus = fact({
  id: 'system.graphics-processors',
  reads: ['nvidia-smi (nvlink too), dcgmi, rocm-smi and amd-smi, on a captured machine'],
  limitMs: 2_000,
  read: ({ machine }) =>
    readEach(
      machine,
      ['nvidia-smi', 'dcgmi', 'rocm-smi', 'amd-smi'],
      parseGpus,
      'it tells of no graphics processor',
    ).flat(),
});

/** The check of graphics processors. */
export const GPU_CHECK = check({
  id: 'system.graphics-processor',
  area: 'system',
  title: 'Graphics processors that are lost, slowed down, or have errors',
  about:
    'What nvidia-smi, dcgmi, rocm-smi and amd-smi told. A driver that was upgraded while the old one is loaded answers nobody until the machine is ' +
    'restarted. Errors of memory that could not be corrected end what runs there; rows and pages are retired at the next reset. From 60 ' +
    'retired pages on, or where a remapping failed, NVIDIA takes the processor back.',
  needs: { gpus },
  links: [
    'https://docs.nvidia.com/deploy/dynamic-page-retirement/index.html',
    'https://docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt/index.html',
  ],
  evaluate: ({ gpus: all }) =>
    [...new Map(all.map((one) => [`${one.title} ${one.name}`, one])).values()].map(
      ({ severity, title, name, evidence }): FindingDraft => ({
        ...{ severity, title, subject: { kind: 'graphics processor', name }, evidence: [evidence] },
        remedy: {
          text: 'See what the kernel’s log says of it (Xid); a reset or restart brings it back, unless the hardware is broken: then have it replaced.',
          risk: 'reboot',
        },
      }),
    ),
});
