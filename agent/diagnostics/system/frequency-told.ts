/**
 * Frequencies of processors as `turbostat` and `cpupower frequency-info` printed them on captured machines: how hot they are and whether they
 * were slowed for it (turbostat(8)), and how far a policy keeps them below what they can.
 */

import { check, Skipped } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { nothing } from '../required.ts';

const MAX_ROWS = 20_000;

/** What both tell; undefined where it was not told. */
interface Frequencies {
  /** The mean of processors that are busy, MHz, and how busy they are, percent. */
  readonly busyMHz: number | undefined;
  readonly busyPercent: number | undefined;
  readonly celsius: number | undefined;
  /** Times a core or package was slowed for its heat, in one look. */
  readonly throttled: number | undefined;
  /** What the policy allows at most, and what the hardware can, MHz. */
  readonly allowedMHz: number | undefined;
  readonly hardwareMHz: number | undefined;
}

/** The summary line of turbostat's table, the one with "-" for its processor; where it was cut off, the worst of the lines. */
function fromTurbostat(text: string): Partial<Frequencies> {
  let columns: readonly string[] = [];
  const rows: string[][] = [];
  for (const row of text.split('\n', MAX_ROWS)) {
    const words = row.trim().split(/\s+/);
    if (words.includes('Avg_MHz')) columns = words;
    else if (columns.length > 0 && /^(?:-|\d)/.test(words[0] ?? '')) rows.push(words);
  }
  const most = (name: string) => {
    const at = columns.indexOf(name);
    const values = rows.map((words) => Number(words[at])).filter((value) => Number.isFinite(value));
    return at < 0 || values.length === 0 ? undefined : Math.max(...values);
  };
  const summary = rows.findLast((words) => words[0] === '-') ?? (rows.length === 1 ? rows[0] : undefined);
  const of = (name: string) => {
    const value = Number(summary?.[columns.indexOf(name)] ?? Number.NaN);
    return columns.includes(name) && Number.isFinite(value) ? value : undefined;
  };
  return {
    ...{ busyMHz: of('Bzy_MHz'), busyPercent: of('Busy%'), hardwareMHz: of('TSC_MHz') },
    ...{ celsius: most('PkgTmp') ?? most('CoreTmp'), throttled: most('CoreThr') ?? most('PkgThr') },
  };
}

function megahertz(figure: string | undefined, unit: string | undefined): number | undefined {
  const value = Number(figure ?? Number.NaN);
  return Number.isFinite(value) ? value * (unit === 'GHz' ? 1_000 : unit === 'kHz' ? 0.001 : 1) : undefined;
}

/** "hardware limits: 800 MHz - 4.20 GHz", "frequency should be within 800 MHz and 800 MHz." */
function fromCpupower(text: string): Partial<Frequencies> {
  const hardware = /hardware limits: .{1,30}? - ([\d.]{1,10}) ([kMG]Hz)/.exec(text);
  const policy = /frequency should be within [\d.]{1,10} [kMG]Hz and ([\d.]{1,10}) ([kMG]Hz)/.exec(text);
  return {
    hardwareMHz: megahertz(hardware?.[1], hardware?.[2]),
    allowedMHz: megahertz(policy?.[1], policy?.[2]),
  };
}

const frequencies = fact({
  id: 'system.frequencies-told',
  reads: ['turbostat and cpupower frequency-info, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): Partial<Frequencies> => {
    const tables = [
      ...(machine.saved?.('turbostat') ?? []).map((output) => ({ output, told: fromTurbostat(output.text) })),
      ...(machine.saved?.('cpupower') ?? []).map((output) => ({ output, told: fromCpupower(output.text) })),
    ];
    const good = tables.filter(({ told }) => Object.values(told).some((value) => value !== undefined));
    for (const { output } of tables.filter((one) => !good.includes(one)))
      machine.notUsed?.(output, 'no frequency and no temperature of a processor is in it');
    if (good.length === 0) throw nothing(machine, 'output of turbostat or cpupower');
    return Object.assign({}, ...good.map(({ told }) => told)) as Partial<Frequencies>;
  },
});

/** The check of processors that are slower than they could be. */
export const FREQUENCY_CHECK = check({
  id: 'system.frequency-held',
  area: 'system',
  title: 'Processors that are held below their frequency',
  about:
    'Of a captured machine. turbostat counts how often cores were slowed for their heat, and how fast they run while they are busy; cpupower tells ' +
    'what the policy allows. Busy processors far below what they can are slowed by heat, by power, by the firmware or by a policy.',
  needs: { frequencies },
  thresholds: {
    heldShare: { value: 0.5, unit: '', source: 'chosen: half of what the hardware can, while it is busy' },
    busyPercent: {
      value: 50,
      unit: '%',
      source: 'chosen: below it processors rest, and are slow to save power',
    },
    hotCelsius: {
      value: 95,
      unit: '°C',
      source: 'Intel’s and AMD’s limits of most processors are 90 to 105 °C',
    },
  },
  links: ['https://man7.org/linux/man-pages/man8/turbostat.8.html'],
  evaluate: ({ frequencies: told }, { heldShare, busyPercent, hotCelsius }) => {
    const { busyMHz, busyPercent: busy = 0, celsius, throttled = 0, allowedMHz, hardwareMHz } = told;
    const found: FindingDraft[] = [];
    const hot = celsius !== undefined && celsius >= hotCelsius;
    const share = (value: number | undefined) =>
      value !== undefined && hardwareMHz !== undefined && hardwareMHz > 0 && value / hardwareMHz < heldShare;
    const slow = share(busyMHz) && busy >= busyPercent;
    if (throttled > 0 || hot || slow)
      found.push({
        severity: 'warning',
        title:
          throttled > 0 || hot
            ? 'The processor is slowed for its heat, or about to be'
            : 'Busy processors run far below what they can',
        evidence: [
          [
            throttled > 0 ? `slowed ${throttled} times in one look` : '',
            celsius === undefined ? '' : `${celsius} °C`,
            busyMHz === undefined ? '' : `${busyMHz} MHz while busy (${busy} % of the time)`,
            hardwareMHz === undefined ? '' : `of ${hardwareMHz} MHz`,
          ]
            .filter(Boolean)
            .join(', '),
        ],
        remedy: {
          text: 'Look at fans, air and the heat sink; at limits of power in the firmware and the controller.',
          risk: 'none',
        },
      });
    if (share(allowedMHz))
      found.push({
        severity: 'warning',
        title: 'A policy holds the processors far below what they can',
        evidence: [`cpupower: at most ${allowedMHz} MHz are allowed of ${hardwareMHz} MHz`],
        remedy: {
          text: 'cpupower frequency-set -u sets the limit; the firmware or thermald may have lowered it.',
          risk: 'none',
        },
      });
    const judged = [celsius, told.throttled, allowedMHz, busyMHz].some((value) => value !== undefined);
    return found.length > 0 || judged ? found : new Skipped('neither heat nor a limit is told');
  },
});
