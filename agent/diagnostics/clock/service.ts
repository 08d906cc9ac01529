/** ClockService of the contract: translates the facts of the clock, and tells the time. */

import { Failure } from '../../../proto/failure.ts';
import type { ClockConfiguration } from '../../../proto/gen/types/nodectl/v1/ClockConfiguration.ts';
import type { ClockPtp } from '../../../proto/gen/types/nodectl/v1/ClockPtp.ts';
import type { ClockState as StateMessage } from '../../../proto/gen/types/nodectl/v1/ClockState.ts';
import type { ClockTimeSource } from '../../../proto/gen/types/nodectl/v1/ClockTimeSource.ts';
import type { GetClockResponse } from '../../../proto/gen/types/nodectl/v1/GetClockResponse.ts';
import type { ServiceHandlers } from '../../../proto/serve/handlers.ts';
import type { DiagnosticsDomain } from '../domain.ts';
import type { ChronyConfiguration } from './chrony-conf.ts';
import { type ClockOverview, readOverview } from './overview.ts';
import type { Ptp } from './ptp.ts';
import type { TimeSource } from './sources.ts';
import type { ClockState } from './state.ts';

const SYNC = {
  synchronised: 'CLOCK_SYNC_SYNCHRONISED',
  local: 'CLOCK_SYNC_LOCAL',
  unsynchronised: 'CLOCK_SYNC_UNSYNCHRONISED',
  unknown: 'CLOCK_SYNC_UNSPECIFIED',
} as const;

const LEAP = {
  normal: 'CLOCK_LEAP_NORMAL',
  insert: 'CLOCK_LEAP_INSERT',
  delete: 'CLOCK_LEAP_DELETE',
  unsynchronised: 'CLOCK_LEAP_UNSYNCHRONISED',
  unknown: 'CLOCK_LEAP_UNSPECIFIED',
} as const;

/** The given numbers without those that were not told, under the names of their fields. */
function told<K extends string>(values: Readonly<Record<K, number | undefined>>): Partial<Record<K, number>> {
  const entries = Object.entries(values).filter(
    ([, value]) => typeof value === 'number' && Number.isFinite(value),
  );
  return Object.fromEntries(entries) as Partial<Record<K, number>>;
}

function toState({ daemon, version, sync, source, leap, ...numbers }: ClockState): StateMessage {
  return {
    ...{ daemon, version, source, sync: SYNC[sync], leap: LEAP[leap] },
    ...told({
      stratum: numbers.stratum,
      offsetSeconds: numbers.offset,
      frequencyPpm: numbers.frequency,
      skewPpm: numbers.skew,
      rootDelaySeconds: numbers.rootDelay,
      rootDispersionSeconds: numbers.rootDispersion,
      errorBoundSeconds: numbers.errorBound,
      updatedAgoSeconds: numbers.updatedAgo,
    }),
  };
}

function toSource({ ago, offset, error, ...source }: TimeSource): ClockTimeSource {
  return {
    ...source,
    ...told({ lastAnswerAgoSeconds: ago, offsetSeconds: offset, errorSeconds: error }),
  };
}

function toPtp({ clocks, ptp4l }: Ptp): ClockPtp {
  return {
    clocks: clocks.map(({ interfaces, ...clock }) => ({ ...clock, interfaces: [...interfaces] })),
    ports: [...(ptp4l?.ports ?? [])],
    grandmaster: ptp4l?.grandmaster ?? '',
    ...told({ offsetSeconds: ptp4l?.offset, meanPathDelaySeconds: ptp4l?.meanPathDelay }),
  };
}

function toConfiguration({ makestep, rtcfile, ...values }: ChronyConfiguration): ClockConfiguration {
  return {
    ...values,
    // chronyd then keeps the hardware clock itself, and tells the kernel all the same.
    rtcsync: values.rtcsync || rtcfile,
    makestep: makestep ? `${makestep.thresholdSeconds} ${makestep.limit}` : '',
  };
}

function toResponse(overview: ClockOverview, node: string, nowUsec: number): GetClockResponse {
  const { state, daemons, sources, kernel, counter, hardware, precise, configuration, zone } = overview;
  return {
    node,
    nowUsec: Math.round(nowUsec),
    ...(state ? { state: toState(state) } : {}),
    daemons: [...(daemons ?? [])],
    sources: sources?.sources.map(toSource) ?? [],
    unresolvedSources: sources?.unresolved ?? 0,
    offlineSources: sources?.offline ?? 0,
    ...(kernel
      ? {
          kernel: {
            ...{ synchronised: kernel.synchronised, flags: [...kernel.flags] },
            ...{ offsetSeconds: kernel.offset, frequencyPpm: kernel.frequency },
            ...{ maxErrorSeconds: kernel.maxError, estimatedErrorSeconds: kernel.estimatedError },
            ...told({ tickUsec: kernel.tick, taiSeconds: kernel.tai }),
          },
        }
      : {}),
    ...(counter
      ? {
          clocksource: {
            ...{ current: counter.current, available: [...counter.available] },
            hypervisor: counter.hypervisor,
          },
        }
      : {}),
    ...(hardware
      ? {
          rtc: {
            ...{ device: hardware.device, driver: hardware.driver },
            ...(hardware.local === undefined ? {} : { local: hardware.local }),
            ...told({ offsetSeconds: hardware.offset }),
          },
        }
      : {}),
    ...(precise ? { ptp: toPtp(precise) } : {}),
    ...(configuration ? { configuration: toConfiguration(configuration) } : {}),
    zone: zone ?? '',
    problems: [...overview.problems],
  };
}

/** The handlers of the service, over the diagnostics of a node. */
export function clockService(domain: DiagnosticsDomain): ServiceHandlers<'nodectl.v1.ClockService'> {
  const { machine, node } = domain;
  return {
    GetClock: async (_request, { signal }) =>
      toResponse(
        await domain.shared('clock', signal, (own) => readOverview(machine, own)),
        node,
        machine.nowUsec(),
      ),
    // Nothing is awaited in between: what the agent does beside would be in the times.
    ExchangeTime: async () => {
      const receiveUsec = machine.nowUsec();
      if (!machine.live)
        throw new Failure('UNKNOWN_METHOD', 'the clock of a captured machine stands still', {
          hint: 'nodectl clock --from shows what was captured of it',
        });
      return { receiveUsec, transmitUsec: machine.nowUsec() };
    },
  };
}
