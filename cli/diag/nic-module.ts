/** A pluggable module, with what it measures beside the bounds that its maker set. */

import type { NicModule__Output as Module } from '../../proto/gen/types/nodectl/v1/NicModule.ts';
import type { NicModuleLimits__Output as Limits } from '../../proto/gen/types/nodectl/v1/NicModuleLimits.ts';
import { type Column, tableLines } from '../output/table.ts';
import { type Line, type Look, section, tableSection } from './sections.ts';

interface Row {
  readonly what: string;
  readonly now: string;
  readonly limits: Limits | undefined;
  readonly unit: (value: number) => string;
}

/** Light in dBm, as people compare it. */
const light = (milliwatt: number) =>
  milliwatt > 0 ? `${(10 * Math.log10(milliwatt)).toFixed(2)} dBm` : 'dark';
const UNITS: Readonly<Record<string, (value: number) => string>> = {
  temperature: (value) => `${value} °C`,
  voltage: (value) => `${value} V`,
  bias: (value) => `${value} mA`,
  txPower: light,
  rxPower: light,
};

const bound =
  (key: keyof Limits) =>
  ({ limits, unit }: Row) => {
    const value = limits?.[key];
    return typeof value === 'number' ? unit(value) : '';
  };

const COLUMNS: readonly Column<Row>[] = [
  { title: 'MEASURED', value: ({ what }) => what, whole: true },
  { title: 'NOW', value: ({ now }) => now, align: 'right', whole: true },
  { title: 'LOW ALARM', value: bound('lowAlarm'), align: 'right' },
  { title: 'LOW WARN', value: bound('lowWarning'), align: 'right' },
  { title: 'HIGH WARN', value: bound('highWarning'), align: 'right' },
  { title: 'HIGH ALARM', value: bound('highAlarm'), align: 'right' },
];

/** Sections about it, line by line. */
export function modulePage(module: Module, look: Look): string[] {
  const rows = rowsOf(module);
  const table = rows.length === 0 ? [] : tableLines(rows, COLUMNS, look.width - 2);
  return [
    ...section(look, 'Module', moduleLines(module)),
    ...tableSection(look, 'Module’s measurements', table),
  ];
}

function moduleLines(module: Module): Line[] {
  return [
    ['kind', [module.identifier, module.connector, module.wavelength].filter(Boolean).join(', ')],
    ['for', module.types.join('; ')],
    ['made by', [module.vendor, module.partNumber].filter(Boolean).join(' ')],
    ['serial', module.serial],
    ['firmware', module.firmware],
    ['state', module.state],
    ['alarms', module.alarms.join(', ')],
  ];
}

function rowsOf(module: Module): Row[] {
  const row = (quantity: string, what: string, now: string | undefined): Row[] => {
    const limits = module.limits.find((one) => one.quantity === quantity);
    return now === undefined ? [] : [{ what, now, limits, unit: UNITS[quantity] ?? String }];
  };
  const lane = (name: string, number: number) => (module.lanes.length > 1 ? `${name} ${number}` : name);
  const dbm = (value: number | undefined) => (value === undefined ? undefined : `${value.toFixed(2)} dBm`);
  return [
    ...row(
      'temperature',
      'temperature',
      module.temperatureCelsius === undefined ? undefined : `${module.temperatureCelsius} °C`,
    ),
    ...row('voltage', 'voltage', module.volts === undefined ? undefined : `${module.volts} V`),
    ...module.lanes.flatMap((one) => [
      ...row(
        'bias',
        lane('laser current', one.lane),
        one.biasMilliampere === undefined ? undefined : `${one.biasMilliampere} mA`,
      ),
      ...row('txPower', lane('light sent', one.lane), dbm(one.txDbm)),
      ...row('rxPower', lane('light received', one.lane), one.dark ? 'dark' : dbm(one.rxDbm)),
    ]),
  ];
}
