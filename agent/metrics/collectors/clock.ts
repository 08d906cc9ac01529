/** The clock: the kernel's own state of it, chronyd's, and what the kernel counts time with. */

import type { Source } from '../../chrony-parser/mod.ts';
import { type ChronyReports, chrony } from '../../diagnostics/clock/chrony.ts';
import { clocksource } from '../../diagnostics/clock/clocksource.ts';
import { kernelClock } from '../../diagnostics/clock/kernel-clock.ts';
import { unavailable } from '../../diagnostics/fact.ts';
import { CHEAP_MS, type Collector, DEAR_MS } from '../collector.ts';
import { gauge, info } from '../family.ts';

/** adjtimex(2), by node_exporter's names. */
export const timexCollector: Collector = {
  id: 'timex',
  freshMs: DEAR_MS,
  collect: async (reading) => {
    const clock = await reading.get(kernelClock);
    return [
      gauge(
        'node_timex_sync_status',
        'Whether the kernel was told that the clock is set; chronyd tells with rtcsync alone.',
        clock.synchronised ? 1 : 0,
      ),
      gauge('node_timex_offset_seconds', 'What is left to be slewed.', clock.offset),
      gauge('node_timex_maxerror_seconds', 'How wrong the clock can be; 16 is not known.', clock.maxError),
      gauge(
        'node_timex_estimated_error_seconds',
        'How wrong the clock is thought to be.',
        clock.estimatedError,
      ),
      gauge(
        'node_timex_frequency_adjustment_ratio',
        'How fast the clock is made to run; 1 is as it comes.',
        1 + clock.frequency / 1e6,
      ),
      gauge('node_timex_tai_offset_seconds', 'TAI less UTC; 0 where nobody has told the kernel.', clock.tai),
      gauge(
        'node_timex_tick_seconds',
        'Length of a tick.',
        clock.tick === undefined ? undefined : clock.tick / 1e6,
      ),
    ];
  },
};

/** What time is counted with. */
export const clocksourceCollector: Collector = {
  id: 'clocksource',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const { current, available } = await reading.get(clocksource);
    return [
      info('node_time_clocksource_current', 'What the kernel counts time with.', [
        { device: '0', clocksource: current },
      ]),
      info(
        'node_time_clocksource_available',
        'What the kernel could count time with.',
        available.map((one) => ({ device: '0', clocksource: one })),
      ),
    ];
  },
};

const UP = 'Whether chronyd answers.';

/** chronyd's word, by chrony_exporter's names and with its signs. */
export const chronyCollector: Collector = {
  id: 'chrony',
  freshMs: DEAR_MS,
  collect: async (reading) => {
    let reports: ChronyReports;
    try {
      reports = await reading.get(chrony);
    } catch (error) {
      const { kind } = unavailable(error);
      if (kind !== 'failed' && kind !== 'timeout') throw error;
      return [gauge('chrony_up', UP, 0)];
    }
    const { tracking, sources = [] } = reports;
    const value = (name: string, help: string, of: number | undefined) =>
      gauge(`chrony_tracking_${name}`, help, of);
    const each = (of: (one: Source) => number | undefined) =>
      sources.map((one) => [{ source_address: one.name, source_name: one.name }, of(one)] as const);
    const { offset } = tracking;
    return [
      gauge('chrony_up', UP, 1),
      info('chrony_tracking', 'What chronyd follows.', [
        {
          ...{ tracking_refid: tracking.referenceId, tracking_address: tracking.referenceName },
          tracking_name: tracking.referenceName,
        },
      ]),
      value('stratum', 'Hops from a reference clock.', tracking.stratum),
      value(
        'remote_reference',
        'Whether it follows anything but itself.',
        tracking.state === 'local' ? 0 : 1,
      ),
      value(
        'reference_timestamp_seconds',
        'When the last measurement was processed.',
        tracking.referenceTime,
      ),
      value(
        'system_time_seconds',
        'What is left to be slewed; above 0 the clock is slow.',
        offset === undefined ? undefined : -offset + 0,
      ),
      value('last_offset_seconds', 'How far the clock was ahead at the last update.', tracking.lastOffset),
      value('rms_offset_seconds', 'Long-term average of the offset.', tracking.rmsOffset),
      value('frequency_ppms', 'How wrong the clock would run if it were left alone.', tracking.frequency),
      value(
        'residual_frequency_ppms',
        'By how much the source disagrees with that.',
        tracking.residualFrequency,
      ),
      value('skew_ppms', 'Bound of the frequency’s error.', tracking.skew),
      value('root_delay_seconds', 'Round trip to the reference clock.', tracking.rootDelay),
      value(
        'root_dispersion_seconds',
        'Error collected on the way from the reference clock.',
        tracking.rootDispersion,
      ),
      value('update_interval_seconds', 'Time between the last two updates.', tracking.updateInterval),
      gauge(
        'nodectl_chrony_synchronised',
        'Whether the clock is set by a source.',
        tracking.state === 'synchronised' ? 1 : 0,
      ),
      gauge(
        'chrony_sources_stratum',
        'The source’s hops from a reference clock.',
        each(({ stratum }) => stratum),
      ),
      gauge(
        'chrony_sources_polling_interval_seconds',
        'Time between polls.',
        each(({ poll }) => 2 ** poll),
      ),
      gauge(
        'chrony_sources_last_sample_age_seconds',
        'Since the last good sample.',
        each((one) => one.lastSampleAgo),
      ),
      gauge(
        'chrony_sources_last_sample_offset_seconds',
        'How far the clock was ahead of the source.',
        each((one) => one.offset),
      ),
      gauge(
        'chrony_sources_last_sample_error_margin_seconds',
        'Margin of that error.',
        each((one) => one.error),
      ),
      gauge(
        'chrony_sources_reachability_ratio',
        'Part of the last eight polls that were answered.',
        each(({ reach }) => reach.toString(2).replaceAll('0', '').length / 8),
      ),
      info(
        'chrony_sources_state',
        'What chronyd makes of the source.',
        sources.map(({ name, state, mode }) => ({
          ...{ source_address: name, source_name: name, source_state: state, source_mode: mode },
        })),
      ),
    ];
  },
};
