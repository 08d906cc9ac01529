/** Everything about one interface that is told when details are asked for, gathered from the facts, in words and plain values. */

import type { Eee } from './ethtool/eee.ts';
import { dbm, type Module } from './ethtool/module.ts';
import type { Channels, Rings } from './ethtool/rings.ts';
import type { NicOverview } from './overview.ts';

const MAX_COUNTERS = 1_000;

/** Without what is undefined. */
function told<T extends object>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** "on", "off", or empty where it is not known. */
export function onOff(value: boolean | undefined): string {
  return value === undefined ? '' : value ? 'on' : 'off';
}

function ringsOf({ current, maximum }: Rings) {
  return told({ rx: current.rx, rxMax: maximum.rx, tx: current.tx, txMax: maximum.tx });
}

function channelsOf({ current, maximum }: Channels) {
  return told({
    ...{ rx: current.rx, rxMax: maximum.rx, tx: current.tx, txMax: maximum.tx },
    ...{ combined: current.combined, combinedMax: maximum.combined },
  });
}

function eeeInWords(eee: Eee | undefined): string {
  if (!eee) return '';
  if (!eee.supported) return 'not supported';
  return eee.active ? 'active' : eee.enabled ? 'enabled' : 'disabled';
}

function moduleOf(module: Module) {
  const {
    identifier = '',
    vendor = '',
    partNumber = '',
    serial = '',
    connector = '',
    wavelength = '',
    firmware = '',
  } = module;
  return {
    ...{ identifier, vendor, partNumber, serial, connector, wavelength, firmware, types: [...module.types] },
    state: [module.state, module.fault].filter((part) => part !== undefined).join(', '),
    ...told({ temperatureCelsius: module.temperatureCelsius, volts: module.volts }),
    lanes: module.lanes.map(({ lane, biasMilliampere, txMilliwatt, rxMilliwatt }) => ({
      lane,
      ...told({
        biasMilliampere,
        txDbm: txMilliwatt === undefined ? undefined : dbm(txMilliwatt),
        rxDbm: rxMilliwatt === undefined ? undefined : dbm(rxMilliwatt),
      }),
      dark: rxMilliwatt === 0,
    })),
    limits: Object.entries(module.limits).map(([quantity, limits]) => ({ quantity, ...limits })),
    alarms: [
      ...module.alarms.map(
        ({ quantity, level, lane }) => `${quantity} ${level}${lane === undefined ? '' : ` on lane ${lane}`}`,
      ),
      ...module.laneFaults.map(
        ({ what, lanes }) => `${what} on ${lanes.includes(0) ? 'all lanes' : `lane ${lanes.join(', ')}`}`,
      ),
    ],
  };
}

/** The details of one interface. */
export function detailsOf(name: string, overview: NicOverview) {
  const of = <T>(map: ReadonlyMap<string, T> | undefined) => map?.get(name);
  const [rings, channels, pause, module] = [
    of(overview.rings),
    of(overview.channels),
    of(overview.pause),
    of(overview.modules),
  ];
  const [coalesce, flags, fec, timestamping] = [
    of(overview.coalesce),
    of(overview.flags),
    of(overview.fec),
    of(overview.timestamping),
  ];
  const counters = [...(of(overview.counters) ?? [])];
  const queue = of(overview.queues);
  return {
    ...(rings ? { rings: ringsOf(rings) } : {}),
    ...(channels ? { channels: channelsOf(channels) } : {}),
    features: [...(of(overview.features) ?? [])].map(([feature, { on, fixed, requested }]) => ({
      ...{ name: feature, on, fixed, refused: requested !== undefined && requested !== on },
    })),
    ...(pause
      ? {
          pause: {
            ...{ autonegotiate: onOff(pause.autonegotiate), rx: onOff(pause.rx), tx: onOff(pause.tx) },
            ...{ rxNegotiated: onOff(pause.rxNegotiated), txNegotiated: onOff(pause.txNegotiated) },
          },
        }
      : {}),
    coalesce: {
      ...(coalesce?.adaptiveRx === undefined ? {} : { 'adaptive-rx': onOff(coalesce.adaptiveRx) }),
      ...(coalesce?.adaptiveTx === undefined ? {} : { 'adaptive-tx': onOff(coalesce.adaptiveTx) }),
      ...Object.fromEntries([...(coalesce?.values ?? [])].map(([key, value]) => [key, String(value)])),
    },
    privateFlags: Object.fromEntries(flags ?? []),
    fecActive: [...(fec?.active ?? [])],
    fecConfigured: [...(fec?.configured ?? [])],
    eee: eeeInWords(of(overview.eee)),
    ...(module ? { module: moduleOf(module) } : {}),
    ...(timestamping
      ? {
          timestamping: {
            capabilities: [...timestamping.capabilities],
            ...told({ clock: timestamping.clock }),
          },
        }
      : {}),
    counters: counters
      .filter(([, value]) => value > 0)
      .slice(0, MAX_COUNTERS)
      .map(([counter, value]) => ({ name: counter, value })),
    counterCount: counters.length,
    interrupts: Object.fromEntries(overview.interrupts?.spreads.get(name)?.byCpu ?? []),
    ...(queue
      ? {
          queue: {
            kinds: [...queue.kinds],
            drops: queue.drops,
            packets: queue.packets,
            backlog: queue.backlog,
          },
        }
      : {}),
  };
}
