/** Checks of what surrounds the electronics: heat, fans, voltages, power. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft, Subject } from '../finding.ts';
import { figures } from '../quantities.ts';
import { chassis, powerSupplies } from './power.ts';
import { sensors } from './sensors.ts';
import { UNNAMED_CHIP } from './sensors-told.ts';

/**
 * Chips for boards of all makes, whose inputs are wired differently on each: where nobody has configured limits for the board,
 * inputs that lead nowhere raise alarms. One whose name was not kept may be such a chip.
 */
const GENERIC = /^(unnamed$|nct\d|it8\d|w83|f71|lm7[58]|lm85|adt74|sch\d|pc87|dme1737|asb100)/;

/** Chips and zones that are processors. */
const PROCESSORS = /^(?:coretemp|k10temp|zenpower|cpu_thermal|x86_pkg_temp|cpu-thermal)$/;

function sensor(chip: string, label: string): Subject {
  return { kind: 'sensor', name: `${chip} ${label}`, hardware: chip };
}

const temperature = check({
  id: 'system.temperature',
  area: 'system',
  title: 'Temperatures near their limit',
  about:
    'Judged against the limits of each chip and thermal zone itself. Close below the critical one the machine throttles, and at ' +
    'it it switches itself off. Limits that cannot be true are passed over.',
  needs: { sensors },
  thresholds: {
    margin: { value: 5, unit: '°C', source: 'chosen: so near below the critical limit' },
    processor: {
      value: 95,
      unit: '°C',
      source: 'Intel’s and AMD’s limits of most processors are 90 to 105 °C; where no limit is told',
    },
  },
  evaluate: ({ sensors: { temperatures } }, { margin, processor }) => {
    const limited = temperatures.filter(
      ({ chip, max, critical, alarm }) =>
        alarm || max !== undefined || critical !== undefined || PROCESSORS.test(chip),
    );
    if (limited.length === 0) return new NotApplicable('no sensor of heat tells its limit');
    return limited.flatMap(({ chip, label, celsius, max, critical, alarm }): FindingDraft[] => {
      const over = alarm || (critical !== undefined && celsius >= critical);
      const hot = critical === undefined && PROCESSORS.test(chip) && celsius >= processor;
      const near = hot || (critical !== undefined && celsius >= critical - margin);
      // A processor's "max" is where its fan should be at its fastest: being above is what turbo modes do.
      const above = max !== undefined && celsius >= max && !PROCESSORS.test(chip);
      if (!over && !near && !above) return [];
      const limit = over || near ? critical : max;
      return [
        {
          severity: over ? 'critical' : 'warning',
          title: over ? 'A temperature is critical' : 'A temperature is near its limit',
          subject: sensor(chip, label),
          parameters: { celsius, ...(limit === undefined ? {} : { limitCelsius: limit }) },
          evidence: [
            `${chip} ${label}: ${figures(celsius)} °C${limit === undefined ? '' : ` of ${figures(limit)} °C`}${alarm ? ', alarm' : ''}`,
          ],
          remedy: {
            text: 'Look at fans, filters and the room’s air; take load off until it is cooler.',
            risk: 'none',
          },
          explains: over ? ['system.cpu-throttled', 'kernel-log.thermal*'] : [],
        },
      ];
    });
  },
});

const fan = check({
  id: 'system.fan-stopped',
  area: 'system',
  title: 'Fans that stand still or are too slow',
  about:
    'A fan that turns slower than its least speed, or whose chip raises its alarm. A fan at 0 without a least speed is a socket ' +
    'with nothing in it, or one that stops when it is cool, and is left out.',
  needs: { sensors },
  evaluate: ({ sensors: { fans } }) => {
    if (fans.length === 0) return new NotApplicable('no sensor tells of a fan');
    return fans
      .filter(({ turns, least, alarm }) => (least > 0 && turns < least) || alarm)
      .map(({ chip, label, turns, least }): FindingDraft => {
        // What turns is plugged in.
        const generic = GENERIC.test(chip) && !(chip === UNNAMED_CHIP && turns > 0);
        return {
          severity: generic ? 'info' : 'warning',
          certainty: generic ? 'possible' : 'certain',
          title: turns === 0 ? 'A fan stands still' : 'A fan is too slow',
          subject: sensor(chip, label),
          parameters: { turns, least },
          evidence: [`${chip} ${label}: ${turns} of at least ${least} turns a minute`],
          remedy: generic
            ? {
                text: 'See whether a fan is plugged in there; if not, set its limit to 0 in sensors.conf.',
                risk: 'none',
              }
            : { text: 'Replace the fan.', risk: 'restart' },
          explains: generic ? [] : ['system.temperature', 'system.cpu-throttled'],
        };
      });
  },
});

const voltage = check({
  id: 'system.voltage-alarm',
  area: 'system',
  title: 'Alarms of voltages, currents and power',
  about:
    'A chip says that a voltage, a current or a power is beyond its limit. On chips for boards of all makes that is mostly an ' +
    'input which leads nowhere, so there it is told as possible only.',
  needs: { sensors },
  evaluate: ({ sensors: { alarms, kinds } }) => {
    if (!['in', 'curr', 'power'].some((kind) => kinds.has(kind)))
      return new NotApplicable('no sensor tells of a voltage, a current or power');
    return (
      // Of a chip whose alarms mean little the first stands for all.
      alarms
        .filter(({ chip }, at) => !GENERIC.test(chip) || alarms.findIndex((one) => one.chip === chip) === at)
        .slice(0, 20)
        .map(({ chip, label, kind, value }): FindingDraft => {
          const generic = GENERIC.test(chip);
          return {
            severity: generic ? 'info' : 'warning',
            certainty: generic ? 'possible' : 'certain',
            title: generic ? 'A board’s chip raises alarms' : `A ${kind} is beyond its limit`,
            subject: generic ? { kind: 'sensor', name: chip, hardware: chip } : sensor(chip, label),
            parameters: value === undefined ? {} : { value: Number(figures(value)) },
            evidence: [`${chip} ${label}: alarm${value === undefined ? '' : ` at ${figures(value)}`}`],
            remedy: generic
              ? {
                  text: 'Configure the board’s limits in sensors.conf; then an alarm means something.',
                  risk: 'none',
                }
              : { text: 'Look at the power supply that it belongs to, and at its input.', risk: 'none' },
          };
        })
    );
  },
});

const fault = check({
  id: 'system.sensor-fault',
  area: 'system',
  title: 'Sensors that say they are broken',
  about: 'A chip reports that a sensor is not connected or shorted: what it would measure is not watched.',
  needs: { sensors },
  evaluate: ({ sensors: { faults } }) =>
    faults
      .filter(({ chip }) => !GENERIC.test(chip))
      .slice(0, 20)
      .map(
        ({ chip, label }): FindingDraft => ({
          severity: 'info',
          title: 'A sensor is broken',
          subject: sensor(chip, label),
          evidence: [`${chip} ${label}: fault`],
          remedy: { text: 'See whether something is loose at the next occasion.', risk: 'none' },
        }),
      ),
});

const power = check({
  id: 'system.power-supply',
  area: 'system',
  title: 'Power supplies and batteries in trouble',
  about:
    'Mains that are off, an uninterruptible supply that runs on its battery, or a battery that says that it is worn out.',
  needs: { powerSupplies },
  evaluate: ({ powerSupplies: all }) => {
    const onBattery = all.some(
      ({ type, status }) => /^(Battery|UPS)$/.test(type) && status === 'Discharging',
    );
    return all.flatMap(({ name, type, online, health, capacity }): FindingDraft[] => {
      const sick = health !== '' && !/^(good|unknown|cool|warm)$/i.test(health);
      const off = type === 'Mains' && online === false && onBattery;
      if (!sick && !off) return [];
      return [
        {
          severity: 'warning',
          title: off ? 'The machine runs on its battery' : 'A battery or power supply is not well',
          subject: { kind: 'power-supply', name },
          parameters: capacity === undefined ? {} : { capacityPercent: capacity },
          evidence: [
            off ? `${name} is off and a battery is being discharged` : `${name} (${type}): health ${health}`,
          ],
          remedy: { text: off ? 'See to its mains.' : 'Replace it.', risk: 'none' },
        },
      ];
    });
  },
});

const board = check({
  id: 'system.chassis-fault',
  area: 'system',
  title: 'Faults that the board’s controller reports',
  about:
    'The controller of a server’s board (BMC) sums up power, cooling and drives in a few bits, also for what the kernel cannot see.',
  needs: { chassis },
  evaluate: ({ chassis: { faults } }) =>
    faults.map(
      (name): FindingDraft => ({
        severity: 'critical',
        title: `The board’s controller reports: ${name.toLowerCase().replace(/[^a-z/ ]/g, '')}`,
        subject: { kind: 'chassis', name },
        evidence: [`ipmitool chassis status: ${name} is true`],
        remedy: { text: 'Its event log (ipmitool sel elist) names the part.', risk: 'none' },
        explains: ['system.fan-stopped', 'system.voltage-alarm'],
      }),
    ),
});

const boardSensor = check({
  id: 'system.board-sensor',
  area: 'system',
  title: 'Sensors of the board’s controller beyond a limit',
  about:
    'Fans, temperatures, voltages and power supplies that the kernel does not see, judged by the controller’s own limits and words. Reading ' +
    'all of them takes seconds, so a running machine is asked (ipmitool sdr elist) only where its controller reports a fault; of a ' +
    'captured one what was saved of "ipmitool sensor list" and "ipmitool sdr elist" is judged.',
  needs: { chassis },
  evaluate: ({ chassis: { sensors: all } }) =>
    all.slice(0, 20).map(
      ({ name, state, value }): FindingDraft => ({
        severity: state === 'nc' ? 'warning' : 'critical',
        title: /^P(S|SU|wr|ower)/i.test(name)
          ? 'A power supply is not well, by the board’s controller'
          : 'A sensor of the board’s controller is beyond a limit',
        subject: { kind: 'sensor', name },
        evidence: [
          `${name}: ${value}, ${state === 'nc' ? 'non-critical' : state === 'cr' ? 'critical' : 'non-recoverable'}`,
        ],
        remedy: { text: 'Look at the part that it belongs to.', risk: 'none' },
      }),
    ),
});

const boardEvent = check({
  id: 'system.board-event',
  area: 'system',
  title: 'Troubles in the event log of the board’s controller',
  about:
    'The log has what the controller saw since it was cleared: memory errors, power supplies, fans and heat, processors, drives, buses. A ' +
    'sensor whose last entry says that it is over is left out. When it happened stands in the evidence: it may be long ago. A running ' +
    'machine is asked (ipmitool sel elist) only where its controller reports a fault.',
  needs: { chassis },
  links: ['https://www.intel.com/content/www/us/en/products/docs/servers/ipmi/ipmi-home.html'],
  evaluate: ({ chassis: { events } }) =>
    events.map(
      ({ what, severity, count, newest }): FindingDraft => ({
        severity,
        certainty: 'likely',
        title: `The board’s controller has logged: ${what}`,
        subject: { kind: 'chassis', name: what },
        parameters: { events: count },
        count,
        evidence: newest.toReversed(),
        remedy: {
          text: 'See whether it is past; look at the part, then clear the log (ipmitool sel clear).',
          risk: 'none',
        },
      }),
    ),
});

const boardLog = check({
  id: 'system.board-log-full',
  area: 'system',
  title: 'Event logs of board controllers that are full',
  about:
    'When the log of the board’s controller is full, most controllers drop what comes next: the very event one looks for later.',
  needs: { chassis },
  thresholds: { warnPercent: { value: 90, unit: '%', source: 'chosen: the last tenth' } },
  evaluate: ({ chassis: { logPercent = 0 } }, { warnPercent }) =>
    logPercent < warnPercent
      ? []
      : [
          {
            severity: 'info',
            title: 'The event log of the board’s controller is nearly full',
            parameters: { usedPercent: logPercent },
            evidence: [`ipmitool sel info: ${logPercent} % used`],
            remedy: { text: 'Save it (ipmitool sel elist) and clear it (ipmitool sel clear).', risk: 'none' },
          },
        ],
});

/** Checks of heat, fans, voltages and power. */
export const SYSTEM_ENVIRONMENT_CHECKS = [
  ...[temperature, fan, voltage, fault, power],
  ...[board, boardSensor, boardEvent, boardLog],
] as const;
