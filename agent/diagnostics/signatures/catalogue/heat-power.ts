/** Heat, power and firmware tables. Sources: drivers/{thermal,acpi,hwmon}, arch/x86/kernel/cpu/mce/therm_throt.c. */

import { group } from '../signature.ts';

/** Processors and devices that are too hot. */
export const HEAT = group(
  {
    family: 'thermal',
    severity: 'critical',
    device: 'sensor',
    about: 'A part of the machine is too hot.',
    remedy: {
      text: 'Check fans, air flow and heat sinks (nodectl diag system), and the temperature of the room.',
      risk: 'none',
    },
    links: ['https://docs.kernel.org/driver-api/thermal/sysfs-api.html'],
  },
  [
    {
      name: 'thermal-critical',
      title: 'The machine became too hot and shuts down',
      lines: [
        'thermal {dev}: {*}critical temperature reached',
        'critical temperature reached',
        'thermal {dev}: {*}critical temperature$',
        'Critical temperature reached ({n} C), shutting down',
        'HARDWARE PROTECTION {shutdown|reboot} ({*}',
        'Hardware protection {shutdown|reboot}',
        'Hardware protection timed-out. Trying forced poweroff',
        'Attempting {kernel_power_off|emergency_restart}: Temperature too high',
        'Thermal reached to critical temperature',
        'THERMAL ALARM: {n} > {n}',
        'sensor <{n}> THERMAL ALARM: {n} > {n}',
        'Junction Temp Alarm{n}',
        'temperature exceeds {*}critical',
        'CPU{n}: thermal {trip|shutdown}',
        'amdgpu {dev}: {*}ERROR: {GPU|System} over temperature range(SW CTF) detected!',
        'amdgpu {dev}: {*}over temperature range',
        'Thermal shutdown',
        "nouveau {dev}: therm: temperature ({n} C) hit the '{shutdown|critical}' threshold",
        'x86/amd: Previous system reset reason [{x}]: {thermal pin|internal CPU thermal limit}',
      ],
    },
    {
      name: 'thermal-unwatched',
      severity: 'warning',
      title: 'A temperature is not watched any more',
      about:
        'Its sensor could not be read. The machine neither slows down nor shuts down when that part becomes too hot.',
      remedy: {
        text: 'Update the machine’s firmware; look whether the sensor is there (nodectl diag system).',
        risk: 'reboot',
      },
      lines: [
        'thermal {dev}: Unable to get temperature, disabling!',
        'thermal {dev}: Disabled thermal zone with critical trip point',
      ],
    },
    {
      name: 'thermal-throttle',
      severity: 'warning',
      title: 'A device is too hot and runs slower',
      lines: [
        'NVRM: {*}thermal slowdown',
        'iwlwifi {dev}: {*}RF_KILL{*}thermal',
        'nvme {dev}: {*}thermal throttling',
        'raspberrypi-firmware {*}: {*}throttl',
        'cpufreq: {*}thermal throttling',
        'CPU{n}: Prochot',
        "nouveau {dev}: therm: temperature ({n} C) hit the 'downclock' threshold",
        'CPU-PCH {is hot|overheats}',
      ],
    },
    {
      name: 'thermal-unread',
      severity: 'info',
      title: 'A sensor of temperature does not answer',
      about: 'The kernel does not know how hot that part is, and does not slow it down.',
      remedy: { text: 'Look at the other sensors (nodectl diag system); update the kernel.', risk: 'none' },
      // That a zone has no reading (-61) is said of parts that are not started yet.
      lines: ['thermal {dev}: {failed to read out thermal zone|Temperature check failed} (-{110|121|5})'],
    },
  ],
);

/** Supplies that fail or are too weak. */
export const POWER = group(
  {
    family: 'power',
    severity: 'critical',
    device: 'node',
    about: 'The supply voltage fell below what the machine needs. It slows down and may corrupt data.',
    remedy: {
      text: 'Use the power supply that the maker names, and look at the event log of the management controller.',
      risk: 'none',
    },
  },
  [
    {
      name: 'undervoltage',
      // It mostly comes back at once, and the board goes on.
      severity: 'warning',
      title: 'The supply voltage is too low',
      lines: [
        'hwmon {dev}: Undervoltage detected!',
        'Under-voltage detected! ({x})',
        'soctherm: OC ALARM {x}',
        'Undervoltage detected!',
        'rpi_firmware_get_throttled: {*}',
        '{*}: Under-voltage detected',
      ],
    },
    {
      name: 'board-firmware',
      severity: 'warning',
      title: 'The firmware of a Raspberry Pi does not answer',
      about:
        'The kernel asks it for voltages, clocks and temperatures; while it does not answer, the board may run slow.',
      remedy: {
        text: 'Update the board’s firmware (rpi-eeprom, the boot partition); restart it.',
        risk: 'reboot',
      },
      lines: [
        '^Firmware transaction timeout',
        '{dev}: Failed to get throttled (-{n})',
        'raspberrypi-clk {dev}: Failed to change {w} frequency: -{n}',
        'raspberrypi-firmware {dev}: Request {x} returned status',
      ],
    },
    {
      name: 'power-loss',
      title: 'The machine runs on battery or a supply has failed',
      lines: [
        'Loss of system {power|critical functions} detected',
        'Critical power/cooling issue detected',
        'System about to lose power',
        'High ambient temperature detected',
      ],
    },
  ],
);

/** The firmware’s tables and events. */
export const ACPI = group(
  {
    family: 'acpi',
    severity: 'info',
    device: 'node',
    about:
      'A table that the firmware brought has an error, or its code failed when the kernel ran it. Mostly a feature such as a sensor or a key does not work.',
    remedy: {
      text: 'Update the machine’s firmware (BIOS); if nothing that you use is affected, it can stay.',
      risk: 'reboot',
    },
    links: ['https://docs.kernel.org/firmware-guide/acpi/index.html'],
  },
  [
    {
      name: 'acpi-interrupt-storm',
      title: 'The firmware floods the kernel with interrupts',
      lines: [
        'ACPI: GPE {x} storm detected',
        'ACPI: EC: GPE storm detected{*}',
        'ACPI: EC: {*}GPE storm',
        'ACPI Error: No handler or method for GPE {x}, disabling event',
        'ACPI: {*}: GPE storm',
      ],
      except: ['acceleration'],
    },
    {
      name: 'acpi-thermal',
      family: 'thermal',
      severity: 'critical',
      title: 'The firmware reports a critical temperature',
      about: 'The firmware’s thermal zone reached its critical trip point, at which the machine shuts down.',
      remedy: { text: 'Check fans, air flow and heat sinks, and the temperature of the room.', risk: 'none' },
      lines: ['ACPI: {*}Critical {trip point|temperature reached}', 'ACPI: thermal: Critical'],
      // That threshold was set by thermal.crt=.
      except: ['Critical threshold '],
    },
    {
      name: 'efi-fault',
      severity: 'warning',
      title: 'The firmware’s services for a running system failed',
      about:
        'The kernel called the firmware (for its variables or clock), which faulted; it is not called any more.',
      lines: [
        '[Firmware Bug]: Unable to handle paging request in EFI runtime service',
        '[Firmware Bug]: Page fault caused by firmware at PA',
        'efi: {Froze|Freezing} efi_rts_wq and disabled EFI Runtime Services',
      ],
    },
    {
      name: 'acpi-off',
      severity: 'warning',
      title: 'The firmware’s ACPI tables cannot be used at all',
      about: 'The kernel goes on without ACPI: devices, sensors and the power button may be missing.',
      lines: [
        'ACPI: Unable to {load the System Description Tables|start the ACPI Interpreter|initialize ACPI}',
      ],
    },
    {
      name: 'acpi-controller-silent',
      severity: 'warning',
      title: 'The board’s embedded controller does not answer',
      about: 'Through it the kernel knows of battery, fans, lid and keys: they may not do what they should.',
      remedy: {
        text: 'Update the board’s firmware; power the machine off and on, and take its supply away for a minute.',
        risk: 'reboot',
      },
      lines: [
        'ACPI Error: Timeout from EC hardware or EC device driver',
        'AE_TIME, Returned by Handler for [EmbeddedControl]',
      ],
    },
    {
      name: 'acpi-error',
      title: 'The firmware’s ACPI tables have errors',
      lines: [
        'ACPI BIOS Error (bug): {*}',
        'ACPI Error: {*}',
        'ACPI: {w}: {w} evaluation failed',
        'ACPI Error ({w}): {*}',
        'ACPI Warning: Incorrect checksum in table',
        'ACPI Warning: Could not enable fixed event',
        'ACPI Exception: {*}',
        'ACPI BIOS Warning (bug): Incorrect checksum in table',
        'ACPI: [Firmware Bug]: {*}timed out{*}',
        'ACPI: EC: {*}timeout',
        'ACPI: EC: input buffer is not empty, aborting transaction',
        'ACPI: EC: {*}Event {*}lost',
        'ACPI: {*}: failed to evaluate {*}',
        'failed to evaluate {w} due to{*}AE_{w}',
        'ACPI: button: The lid device is not compliant to SW_LID',
        'ACPI: Aborting method {*} due to previous error',
        'Aborting method {*} due to previous error',
        'ACPI: IPMI: {*}error',
        'ACPI: SPCR: Unexpected SPCR Access Width',
        'ERST: Failed to {*}',
        'GHES: {*}Failed to {*}',
        'EINJ: {*}failed',
        'ACPI: OSL: Fatal opcode executed',
        'ACPI Warning: {*}{type mismatch|ailed|nvalid|ould not|verflow|Type override|annot}',
        'acpi {w}: {Failed to evaluate|add_memory failed|acpi_memory_enable_device() error|Unexpected response}',
        '{ERST|EINJ|GHES}: {|[Firmware Warn]: }Firmware does not respond',
        'ERST: {|[Firmware Warn]: }{Too long stall time|too many record IDs}',
        'GHES: {Error status block length is too long|Truncated error status block|Invalid error status block length|Invalid CPER header}',
        'BERT: [Firmware Bug]: ',
        'ERST: ERST table is invalid',
        'ACPI: \\{w}: {*}{Unable to|nvalid|nconsistent|ailed to}',
        'HEST: Table contents overflow',
      ],
      except: [
        'lid device is not compliant',
        'Unexpected SPCR',
        'ERST: Failed to get Error Log Address Range',
        'ACPI: Unable to {load|ma|read|get}',
        'GHES: Failed to enable APEI firmware first mode',
        '_OSC failed',
        'SystemIO range',
        '_OSC: {*}AE_',
      ],
    },
  ],
);
