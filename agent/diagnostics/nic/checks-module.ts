/** Checks of pluggable modules: what they measure against the bounds that their maker set. */

import { type Check, check, NotApplicable, type Outcome } from '../check.ts';
import type { FindingDraft, Remedy } from '../finding.ts';
import { figures } from '../quantities.ts';
import {
  dbm,
  type Module,
  type ModuleAlarm,
  type ModuleLimits,
  type ModuleQuantity,
} from './ethtool/module.ts';
import { nicModules } from './ethtool-facts.ts';
import { type Identity, nicIdentities, nicSubject } from './identity.ts';
import { type Interface, nicInterfaces } from './interfaces.ts';

const NO_MODULE = new NotApplicable('no pluggable module of this machine tells anything');
const SOURCE = 'the module’s own alarm and warning bounds (SFF-8472, SFF-8636, CMIS), as its maker set them';
const LINKS = ['https://www.snia.org/technology-communities/sff/specifications'];

/** Whether bounds are what bounds look like: some modules have none, or nonsense, in their memory. */
function sensible({ highAlarm, lowAlarm }: ModuleLimits): boolean {
  // Of a capture somebody may have kept one side alone.
  if (highAlarm === undefined || lowAlarm === undefined) return (highAlarm ?? lowAlarm) !== undefined;
  return highAlarm > lowAlarm;
}

/** What a value is beyond; undefined where it is within its bounds, or they are none. */
function beyond(value: number, limits: ModuleLimits | undefined): keyof ModuleLimits | undefined {
  if (!limits || !sensible(limits)) return undefined;
  const { highAlarm = Number.POSITIVE_INFINITY, lowAlarm = Number.NEGATIVE_INFINITY } = limits;
  if (value > highAlarm) return 'highAlarm';
  if (value < lowAlarm) return 'lowAlarm';
  const { highWarning = highAlarm, lowWarning = lowAlarm } = limits;
  // Warnings within alarms only: else they are nonsense.
  if (highWarning <= lowWarning) return undefined;
  if (value > highWarning) return 'highWarning';
  return value < lowWarning ? 'lowWarning' : undefined;
}

/** Values of a quantity with their lanes; lane 0 is the whole module. */
function valuesOf(module: Module, quantity: ModuleQuantity): { lane: number; value: number }[] {
  if (quantity === 'temperature' || quantity === 'voltage') {
    const value = quantity === 'temperature' ? module.temperatureCelsius : module.volts;
    return value === undefined ? [] : [{ lane: 0, value }];
  }
  const key = ({ bias: 'biasMilliampere', txPower: 'txMilliwatt', rxPower: 'rxMilliwatt' } as const)[
    quantity
  ];
  return module.lanes.flatMap((lane) => {
    const value = lane[key];
    return value === undefined ? [] : [{ lane: lane.lane, value }];
  });
}

/**
 * Flags of a quantity, where no value with bounds is there to decide: of a capture often the lines with "On" alone are kept. A module
 * that says of one thing that it is too high and too low answers with ones.
 */
function flagsOf({ alarms, limits, ...module }: Module, quantity: ModuleQuantity): readonly ModuleAlarm[] {
  const bounds = limits[quantity];
  if (valuesOf({ alarms, limits, ...module }, quantity).length > 0 && bounds && sensible(bounds)) return [];
  const flags = alarms.filter((one) => one.quantity === quantity);
  const sides = new Set(flags.map(({ level }) => level.slice(0, 3)));
  return sides.size === 1 ? flags : [];
}

/** What stands behind a flag that no bound goes with: "-34 dBm; its bounds were not captured". */
function withoutBounds(module: Module, quantity: ModuleQuantity): string {
  const values = valuesOf(module, quantity).map(({ value }) => UNITS[quantity](value));
  return values.length === 0
    ? 'its values were not captured'
    : `it measures ${values.join(', ')}; its bounds were not captured`;
}

/** A module that measures zero of everything was read while it slept or cannot measure. */
function measures({ diagnostics, volts, temperatureCelsius, lanes }: Module): boolean {
  if (diagnostics === false) return false;
  // Of a capture somebody may have kept the light alone.
  if (volts === undefined && temperatureCelsius === undefined)
    return lanes.some(
      ({ biasMilliampere = 0, txMilliwatt = 0, rxMilliwatt = 0 }) =>
        biasMilliampere + txMilliwatt + rxMilliwatt > 0,
    );
  return (volts ?? 0) > 1 || (temperatureCelsius ?? 0) !== 0;
}

const WORDS: Readonly<Record<keyof ModuleLimits, string>> = {
  ...{ highAlarm: 'high alarm', lowAlarm: 'low alarm' },
  ...{ highWarning: 'high warning', lowWarning: 'low warning' },
};
const UNITS: Readonly<Record<ModuleQuantity, (value: number) => string>> = {
  temperature: (value) => `${figures(value)} °C`,
  voltage: (value) => `${figures(value)} V`,
  bias: (value) => `${figures(value)} mA`,
  txPower: (value) => `${dbm(value) ?? '-∞'} dBm`,
  rxPower: (value) => `${dbm(value) ?? '-∞'} dBm`,
};

interface ModuleCheck {
  readonly id: string;
  readonly quantity: ModuleQuantity;
  readonly title: string;
  readonly about: string;
  readonly names: Readonly<Record<'high' | 'low', { readonly title: string; readonly remedy: Remedy }>>;
  readonly explains: readonly string[];
  /** Only where the link is up: light that nobody sends is none. */
  readonly needsLink?: boolean;
}

interface Facts {
  readonly modules: ReadonlyMap<string, Module>;
  readonly interfaces: readonly Interface[];
  readonly identities?: ReadonlyMap<string, Identity> | undefined;
}

/** A check of a quantity against its bounds. */
function moduleCheck({ id, quantity, title, about, names, explains, needsLink }: ModuleCheck): Check {
  const evaluate = ({ modules, interfaces, identities }: Facts): Outcome => {
    if (modules.size === 0) return NO_MODULE;
    return interfaces.flatMap(({ name, carrier, up }): FindingDraft[] => {
      const module = modules.get(name);
      if (!module || !up || (needsLink && carrier === false)) return [];
      const flags = flagsOf(module, quantity);
      const [flag] = flags;
      if (flag) {
        const high = flag.level.startsWith('high');
        return [
          {
            severity: 'warning',
            certainty: 'likely',
            title: names[high ? 'high' : 'low'].title,
            subject: nicSubject(name, identities),
            evidence: [
              `${name}: the module says ${[...new Set(flags.map(({ level }) => WORDS[level]))].join(', ')}; ${withoutBounds(module, quantity)}`,
            ],
            remedy: names[high ? 'high' : 'low'].remedy,
            explains,
          },
        ];
      }
      if (!measures(module)) return [];
      const limits = module.limits[quantity];
      const out = valuesOf(module, quantity).flatMap(({ lane, value }) => {
        const level = beyond(value, limits);
        return level === undefined ? [] : [{ lane, value, level }];
      });
      // Flags stay set until they are read, so that those of last year may be among them: the values decide.
      const [worst] = out.sort(
        (a, b) => Number(b.level.endsWith('Alarm')) - Number(a.level.endsWith('Alarm')),
      );
      if (!worst || !limits) return [];
      const said = names[worst.level.startsWith('high') ? 'high' : 'low'];
      const bound = limits[worst.level];
      // A module whose own flag is not set measures in another scale than the one that ethtool knows.
      const denied = module.quiet?.some(
        (flag) =>
          flag.quantity === quantity &&
          flag.level === worst.level &&
          (flag.lane ?? worst.lane) === worst.lane,
      );
      return [
        {
          severity: denied ? 'info' : worst.level.endsWith('Alarm') ? 'critical' : 'warning',
          certainty: denied ? 'possible' : 'certain',
          title: said.title,
          subject: nicSubject(name, identities),
          parameters: {
            value: UNITS[quantity](worst.value),
            ...(bound === undefined ? {} : { bound: UNITS[quantity](bound) }),
            ...(module.vendor ? { module: `${module.vendor} ${module.partNumber ?? ''}`.trim() } : {}),
          },
          evidence: [
            `${name}: ${out.map(({ lane, value }) => `${lane > 0 && module.lanes.length > 1 ? `lane ${lane} ` : ''}${UNITS[quantity](value)}`).join(', ')}` +
              (bound === undefined
                ? ''
                : `, ${worst.level.endsWith('Alarm') ? 'alarm' : 'warning'} at ${UNITS[quantity](bound)}`),
            ...(module.vendor
              ? [
                  `${module.identifier ?? 'module'} ${module.vendor} ${module.partNumber ?? ''}, serial ${module.serial ?? 'unknown'}`,
                ]
              : []),
          ],
          remedy: said.remedy,
          explains,
        },
      ];
    });
  };
  return check({
    ...{ id, area: 'nic', title, about: `${about} Judged by ${SOURCE}.`, links: LINKS },
    needs: { modules: nicModules, interfaces: nicInterfaces },
    wants: { identities: nicIdentities },
    evaluate,
  });
}

const LINE_TROUBLES = [
  'nic.crc-errors',
  'nic.symbol-errors',
  'nic.fec-uncorrectable',
  'nic.link-flaps',
  'nic.receive-errors',
];

const temperature = moduleCheck({
  id: 'nic.module-temperature',
  quantity: 'temperature',
  title: 'Temperature of pluggable modules',
  about: 'An optic beyond its temperature makes errors, ages fast, and switches itself off in the end.',
  names: {
    high: {
      title: 'The pluggable module is too hot',
      remedy: { text: 'See to the machine’s fans and air flow, and to the ports next to it.', risk: 'none' },
    },
    low: {
      title: 'The pluggable module is too cold',
      remedy: {
        text: 'See whether the sensor is right: a module that reads below zero indoors is broken.',
        risk: 'none',
      },
    },
  },
  explains: [...LINE_TROUBLES, 'nic.module-bias', 'nic.module-tx-power'],
});

const receivePower = moduleCheck({
  id: 'nic.module-rx-power',
  quantity: 'rxPower',
  title: 'Light that pluggable modules receive',
  about:
    'Too little light: a dirty connector, a bent or long fibre, or a dying laser on the other side. Too much: a fibre too short for the optics.',
  needsLink: true,
  names: {
    high: {
      title: 'The pluggable module receives too much light',
      remedy: {
        text: 'Put an attenuator into the fibre: the optics are made for a longer one.',
        risk: 'connection',
      },
    },
    low: {
      title: 'The pluggable module receives too little light',
      remedy: {
        text: 'Clean both connectors, look for bends in the fibre, and compare with what the other side sends.',
        risk: 'connection',
      },
    },
  },
  explains: LINE_TROUBLES,
});

const transmitPower = moduleCheck({
  id: 'nic.module-tx-power',
  quantity: 'txPower',
  title: 'Light that pluggable modules send',
  about: 'A laser that sends too little is dying; the other side will see errors first.',
  needsLink: true,
  names: {
    high: {
      title: 'The pluggable module sends too much light',
      remedy: { text: 'Replace the module.', risk: 'connection' },
    },
    low: {
      title: 'The pluggable module sends too little light',
      remedy: { text: 'Replace the module: its laser is dying.', risk: 'connection' },
    },
  },
  explains: [],
});

const bias = moduleCheck({
  id: 'nic.module-bias',
  quantity: 'bias',
  title: 'Laser current of pluggable modules',
  about:
    'The current rises as a laser ages, so that its light stays the same. At the bound it can rise no more.',
  needsLink: true,
  names: {
    high: {
      title: 'The laser of the pluggable module is near its end',
      remedy: { text: 'Replace the module in time.', risk: 'connection' },
    },
    low: {
      title: 'The laser of the pluggable module gets too little current',
      remedy: { text: 'Reseat the module, then replace it.', risk: 'connection' },
    },
  },
  explains: ['nic.module-tx-power'],
});

const voltage = moduleCheck({
  id: 'nic.module-voltage',
  quantity: 'voltage',
  title: 'Supply voltage of pluggable modules',
  about: 'Modules are made for 3.3 V. A wrong voltage comes from the card or its slot.',
  names: {
    high: {
      title: 'The pluggable module gets too high a voltage',
      remedy: {
        text: 'Try the module in another port; where it says the same, replace the module, else the card.',
        risk: 'connection',
      },
    },
    low: {
      title: 'The pluggable module gets too low a voltage',
      remedy: { text: 'Reseat the module and the card; try another port.', risk: 'connection' },
    },
  },
  explains: ['nic.module-tx-power', 'nic.module-bias'],
});

const state = check({
  id: 'nic.module-fault',
  area: 'nic',
  title: 'Pluggable modules that report a fault',
  about:
    'Modules say themselves when they failed (CMIS: ModuleFault), when their transmitter failed, or when a lane receives no light while the link should be up.',
  needs: { modules: nicModules, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  links: LINKS,
  evaluate: ({ modules, interfaces, identities }) => {
    if (modules.size === 0) return NO_MODULE;
    return interfaces.flatMap(({ name, up, carrier }): FindingDraft[] => {
      const module = modules.get(name);
      if (!module || !up) return [];
      const failed = module.state === 'ModuleFault' || module.fault !== undefined;
      const faults = module.laneFaults.filter(
        ({ what }) =>
          /^Tx (?:fault|adaptive)/i.test(what) || (carrier === true && /^Rx loss of signal/i.test(what)),
      );
      if (!failed && faults.length === 0) return [];
      return [
        {
          severity: failed ? 'critical' : 'warning',
          title: failed
            ? 'The pluggable module reports that it failed'
            : 'Lanes of the pluggable module report a fault',
          subject: nicSubject(name, identities),
          parameters: { ...(module.fault ? { fault: module.fault } : {}) },
          evidence: [
            ...(failed
              ? [`${name}: ${module.state ?? 'fault'}${module.fault ? `, ${module.fault}` : ''}`]
              : []),
            ...faults.map(
              ({ what, lanes }) =>
                `${name}: ${what} on ${lanes.includes(0) ? 'all lanes' : `lane ${lanes.join(', ')}`}`,
            ),
          ],
          remedy: { text: 'Reset it by unplugging it, then replace it.', risk: 'connection' },
          explains: ['nic.link-down', ...LINE_TROUBLES],
        },
      ];
    });
  },
});

const imbalance = check({
  id: 'nic.module-lane-weak',
  area: 'nic',
  title: 'A lane of a module that receives much less light than the others',
  about:
    'The fibres of a parallel cable are alike. One that brings half the light of its neighbours has a dirty or damaged end, and limits the whole link.',
  needs: { modules: nicModules, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  thresholds: {
    decibel: {
      value: 4,
      unit: 'dB',
      source: 'chosen: the makers allow about 2 dB between lanes (100GBASE-SR4: IEEE 802.3 table 95-7)',
    },
  },
  evaluate: ({ modules, interfaces, identities }, { decibel }) => {
    if (modules.size === 0) return NO_MODULE;
    return interfaces.flatMap(({ name, carrier }): FindingDraft[] => {
      const module = modules.get(name);
      if (!module || carrier === false) return [];
      const lanes = module.lanes.flatMap(({ lane, rxMilliwatt }) => {
        const power = rxMilliwatt === undefined ? undefined : dbm(rxMilliwatt);
        return power === undefined ? [] : [{ lane, power }];
      });
      if (lanes.length < 4) return [];
      const sorted = [...lanes].sort((a, b) => a.power - b.power);
      const weakest = sorted[0];
      const median = sorted[Math.floor(sorted.length / 2)];
      if (!weakest || !median || median.power - weakest.power < decibel) return [];
      return [
        {
          severity: 'info',
          certainty: 'likely',
          title: 'A lane of the module receives much less light than the others',
          subject: nicSubject(name, identities),
          parameters: { lane: weakest.lane, powerDbm: weakest.power, medianDbm: median.power },
          evidence: [`${name}: ${lanes.map(({ lane, power }) => `lane ${lane} ${power} dBm`).join(', ')}`],
          remedy: { text: 'Clean both ends of the cable.', risk: 'connection' },
          explains: [],
        },
      ];
    });
  },
});

/** Checks of this file. */
export const NIC_MODULE_CHECKS: readonly Check[] = [
  temperature,
  receivePower,
  transmitPower,
  bias,
  voltage,
  state,
  imbalance,
];
