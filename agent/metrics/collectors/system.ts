/** Sensors, tracked connections, failed units. */

import { sensors } from '../../diagnostics/system/sensors.ts';
import { conntrack, trackingLosses } from '../../diagnostics/system/sockets.ts';
import { failedUnits } from '../../diagnostics/system/units.ts';
import { CHEAP_MS, type Collector, DEAR_MS } from '../collector.ts';
import { gauge, type Labels } from '../family.ts';

/** Labels of sensors. Those of chips of one kind may have the same names: the second of them is "Composite #2". */
function sensorLabels<T extends { chip: string; label: string }>(
  all: readonly T[],
): (readonly [Labels, T])[] {
  const seen = new Map<string, number>();
  return all.map((one) => {
    const key = `${one.chip}\0${one.label}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return [{ chip: one.chip, sensor: count === 1 ? one.label : `${one.label} #${count}` }, one] as const;
  });
}

/** hwmon and thermal zones. */
export const sensorCollector: Collector = {
  id: 'hwmon',
  freshMs: DEAR_MS,
  collect: async (reading) => {
    const { temperatures, fans, alarms } = await reading.get(sensors);
    const warm = sensorLabels(temperatures);
    return [
      gauge(
        'node_hwmon_temp_celsius',
        'Temperature.',
        warm.map(([labels, one]) => [labels, one.celsius]),
      ),
      gauge(
        'node_hwmon_temp_max_celsius',
        'Where the chip says that it is too warm.',
        warm.map(([labels, one]) => [labels, one.max]),
      ),
      gauge(
        'node_hwmon_temp_crit_celsius',
        'Where the chip says that it is critical.',
        warm.map(([labels, one]) => [labels, one.critical]),
      ),
      gauge(
        'node_hwmon_fan_rpm',
        'Turns of a fan a minute.',
        sensorLabels(fans).map(([labels, one]) => [labels, one.turns]),
      ),
      gauge(
        'nodectl_hwmon_alarm',
        'An alarm that a chip raises for a voltage, a current or power.',
        sensorLabels(alarms).map(([labels, { kind }]) => [{ ...labels, kind }, 1]),
      ),
    ];
  },
};

/** Connections that the kernel tracks; node-mixin and node-problem-detector watch how full the table is. */
export const conntrackCollector: Collector = {
  id: 'conntrack',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const { entries, limit } = await reading.get(conntrack);
    const losses = await reading.get(trackingLosses).catch(() => undefined);
    return [
      gauge('node_nf_conntrack_entries', 'Connections that are tracked.', entries),
      gauge('node_nf_conntrack_entries_limit', 'Most connections that can be tracked.', limit),
      gauge(
        'node_nf_conntrack_stat_drop',
        'Connections refused since the table was full, since boot.',
        losses?.dropped,
      ),
    ];
  },
};

/** Units of systemd that have failed. */
export const unitCollector: Collector = {
  id: 'systemd',
  freshMs: DEAR_MS,
  collect: async (reading) => [
    gauge('node_systemd_units', 'Units of systemd by their state.', [
      [{ state: 'failed' }, (await reading.get(failedUnits)).length],
    ]),
  ],
};
