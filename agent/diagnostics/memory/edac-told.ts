/**
 * Errors of memory in what edac-util, ras-mc-ctl (rasdaemon) and mcelog printed, of captured machines of which /sys was not saved.
 * These tools count what EDAC and the machine check handler told them, so it is put in the same form.
 */

import type { Machine } from '../../host/machine.ts';
import type { Controller, Module } from './edac.ts';
import { clientCounts, machineChecksIn, mcelogTexts } from './mcelog.ts';

const MAX_ROWS = 200_000;
/** What the tools say where there are no errors, and what is in all of their lines about errors. */
const NONE = /^(?:edac-util: No errors to report|No (?:Memory|PCIe AER|MCE) errors)/m;
const KNOWN =
  /corrected (?:memory )?errors|^Label\s+CE\s+UE|on DIMM Label|^\d+ \d{4}-\d\d-\d\d .*error|Hardware event\. This is not/im;

type Draft = { -readonly [K in keyof Module]: Module[K] };

/** Counts by what they are counted for. */
class Counts {
  readonly modules = new Map<string, Draft>();

  add(name: string, label: string, kind: 'corrected' | 'uncorrected', count: number): void {
    const known = this.modules.get(name) ?? { name, label, sizeMiB: 0, corrected: 0, uncorrected: 0 };
    known[kind] += count;
    this.modules.set(name, known);
  }
}

/** "mc0: csrow1: CPU_SrcID#0_Ha#0_Chan#1_DIMM#0: 7305 Corrected Errors": edac-util -v and without. */
function ofEdacUtil(row: string, into: Counts): void {
  const match =
    /^(mc\d{1,3}): (?:(csrow\d{1,4}|dimm\d{1,4}|rank\d{1,4}): )?(?:(\S.{0,120}): )?(\d{1,15}) (Unc|C)orrected Errors/.exec(
      row,
    );
  if (!match) return;
  const [, controller = '', at, label = '', count, kind] = match;
  const name = [controller, at, label].filter(Boolean).join('/');
  into.add(name, label, kind === 'C' ? 'corrected' : 'uncorrected', Number(count));
}

/**
 * ras-mc-ctl: "Corrected on DIMM Label(s): 'X' location: 0:0:0:-1 errors: 1842" (--summary), "mc#0csrow#2channel#1  4182  3"
 * (--error-count), "1 2024-12-19 03:52:38 +0000 1 Corrected error(s): … at X location: …" and "… error: Corrected error, no action
 * required., … Memory Controller …" (--errors).
 */
function ofRas(row: string, into: Counts): void {
  const summary =
    /^\s*(Corrected|Uncorrected|Fatal) on DIMM Label\(s\): '([^']{0,120})'.* errors: (\d{1,15})/.exec(row);
  if (summary) {
    const [, kind, label = '', count] = summary;
    into.add(label || 'memory', label, kind === 'Corrected' ? 'corrected' : 'uncorrected', Number(count));
    return;
  }
  const table = /^(\S*(?:mc#|csrow#|channel#|DIMM|dimm)\S*)\s+(\d{1,15})\s+(\d{1,15})\s*$/.exec(row);
  if (table) {
    into.add(table[1] ?? '', '', 'corrected', Number(table[2]));
    into.add(table[1] ?? '', '', 'uncorrected', Number(table[3]));
    return;
  }
  const event = /^\d+ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} (.*)/.exec(row)?.[1];
  if (event === undefined) return;
  const counted = /^(\d{1,9}) (Corrected|Uncorrected|Fatal) error\(s\): .* at (\S{1,120})/.exec(event);
  if (counted) {
    const label = counted[3] ?? '';
    into.add(label, label, counted[2] === 'Corrected' ? 'corrected' : 'uncorrected', Number(counted[1]));
  } else if (/^error: /.test(event) && /memory|DRAM|CECC|UECC/i.test(event)) {
    const where = ['memory_channel', 'csrow'].flatMap((key) => {
      const value = new RegExp(`${key}=(\\d{1,4})`).exec(event)?.[1];
      return value === undefined ? [] : [`${key} ${value}`];
    });
    const count = Number(/\bn_errors=(\d{1,9})\b/.exec(event)?.[1] ?? 1);
    into.add(where.join(', ') || 'memory', '', isUncorrected(event) ? 'uncorrected' : 'corrected', count);
  }
}

/**
 * Whether a machine check of memory was uncorrected: by its words ("Corrected_error", "Corrected read error", "UECC"), else by bit 61 (UC)
 * of its status register, which rasdaemon prints where the record was not cut.
 */
function isUncorrected(event: string): boolean {
  if (/uncorrect|\bUECC\b|\bfatal\b|\bdeferred\b|\bpoison/i.test(event)) return true;
  if (/corrected[ _]|\bCECC\b/i.test(event)) return false;
  const status = /\bstatus=0x([\da-f]{1,16})\b/i.exec(event)?.[1];
  return status === undefined || ((BigInt(`0x${status}`) >> 61n) & 1n) === 1n;
}

/** Rows of ras-mc-ctl --errors, of which a terminal or a mail broke the long ones: what goes on with no number and date is of the one above. */
function* rasRows(text: string): Generator<string> {
  let event = '';
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 1_000);
    if (
      event !== '' &&
      /^\s*[a-z_]+ ?[=:]|^[A-Z]\w+:? |^[a-z]+ /.test(row) &&
      !/^\d|events?\b.*:$|^No /.test(row)
    ) {
      event = `${event} ${row.trim()}`.slice(0, 3_000);
      continue;
    }
    if (event !== '') yield event;
    event = '';
    if (/^\d+ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} error: /.test(row)) event = row;
    else yield row;
  }
  if (event !== '') yield event;
}

/** mcelog: records of machine checks of memory, and the counts of its client. */
function ofMcelog(text: string, into: Counts): void {
  for (const { memory, module, uncorrected } of machineChecksIn(text))
    if (memory) into.add(module || 'memory', module, uncorrected ? 'uncorrected' : 'corrected', 1);
  for (const { place, corrected, uncorrected, inDay } of clientCounts(text)) {
    into.add(place, place, 'corrected', corrected);
    into.add(place, place, 'uncorrected', uncorrected);
    const module = into.modules.get(place);
    if (module) module.inDay = inDay;
  }
}

/** What tools told of memory errors, as of one controller a tool; empty where nothing was saved of them. */
export function edacTold(machine: Machine): Controller[] {
  if (machine.live) return [];
  return (['edac-util', 'ras-mc-ctl', 'mcelog'] as const).flatMap((tool): Controller[] => {
    const texts =
      tool === 'mcelog' ? mcelogTexts(machine) : (machine.saved?.(tool) ?? []).map(({ text }) => text);
    if (texts.length === 0) return [];
    // Of which nothing is known is passed over: "rasdaemon is not running" is no word of healthy memory.
    if (!texts.some((text) => NONE.test(text) || KNOWN.test(text))) return [];
    const into = new Counts();
    for (const text of texts) {
      if (tool === 'mcelog') ofMcelog(text, into);
      else if (tool === 'ras-mc-ctl') for (const row of rasRows(text)) ofRas(row, into);
      else for (const row of text.split('\n', MAX_ROWS)) ofEdacUtil(row.slice(0, 1_000), into);
    }
    const modules = [...into.modules.values()];
    const sum = (key: 'corrected' | 'uncorrected') => modules.reduce((total, one) => total + one[key], 0);
    return [
      {
        name: tool,
        type: '',
        corrected: sum('corrected'),
        uncorrected: sum('uncorrected'),
        seconds: undefined,
        modules,
      },
    ];
  });
}
