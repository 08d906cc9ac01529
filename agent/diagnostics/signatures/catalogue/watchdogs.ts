/** Interrupts that nobody knows, hardware watchdogs and management controllers. Sources: arch/x86/kernel/nmi.c, drivers/{watchdog,char/ipmi}. */

import { group, type Signature } from '../signature.ts';

const NMIS = group(
  {
    family: 'nmi',
    severity: 'warning',
    about:
      'An interrupt that cannot be masked came, and nobody in the kernel knows what for: often hardware that reports a fault.',
    remedy: {
      text: 'Read the event log of the management controller (ipmitool sel list) and the machine checks; update the firmware.',
      risk: 'none',
    },
    links: ['https://docs.kernel.org/admin-guide/sysctl/kernel.html#unknown-nmi-panic'],
  },
  [
    {
      name: 'nmi-unknown',
      title: 'The hardware raised an interrupt that nobody knows',
      lines: [
        'Uhhuh. NMI received for unknown reason {x} on CPU {n}',
        'Dazed and confused, but trying to continue',
        'Do you have a strange power saving mode enabled?',
        'NMI: PCI system error (SERR) for reason {x} on CPU {n}',
        'NMI: IOCK error (debug interrupt?) for reason {x} on CPU {n}',
        'NMI: memory parity error',
        'You probably have a hardware problem with your RAM chips',
        'You have some hardware problem, likely on the PCI bus',
        'An NMI occurred. Depending on your system the reason for the NMI is logged in any one of the following resources',
      ],
      except: ['Kernel panic'],
    },
    {
      name: 'nmi-slow',
      severity: 'info',
      title: 'Handling of an interrupt that cannot be masked took long',
      about:
        'The handler took more than a millisecond: on a virtual machine often the host’s doing; it delays everything else.',
      remedy: {
        text: 'Nothing, unless it comes often; on a virtual machine look at its steal time.',
        risk: 'none',
      },
      lines: ['INFO: NMI handler ({*}) took too long'],
    },
  ],
);

/** What the drivers of a management controller say of it where it does not do as it should. */
const CONTROLLER_TROUBLE =
  "{nvalid |rror getting|rror clearing|rror fetching|rror sending|returned error| on cmd |ould not | annot check|nable to |an't |stuck|hosed|imed out|imeout error|response timeout| failed|failure|retries|too small|too short|no owner|ueue full|retry get bmc|giving up|alformed message|didn't seem to occur|respond}";
/** What they say where there is none, or of what it does without. */
const IPMI_ABSENT = [
  'Unable to find any System Interface',
  '{interrupt|GPE} {n}, running polled',
  'Interface detection failed',
  'no BMC at this location',
  'claims to return',
  'Could not set{| }up I/O space',
  'assuming 1.0',
];

const WATCHDOGS = group(
  {
    family: 'watchdog',
    severity: 'warning',
    about:
      'A watchdog restarts the node when nobody feeds it. Its messages tell that it did, or that it could.',
    remedy: {
      text: 'Find out why the feeding program stopped (systemd, or the watchdog daemon); look for hung tasks and memory shortage before it.',
      risk: 'none',
    },
  },
  [
    {
      name: 'watchdog-not-stopped',
      title: 'A hardware watchdog was left running when its program closed it',
      lines: [
        'watchdog: {dev}: watchdog did not stop!',
        'IPMI Watchdog: Unexpected close, not stopping watchdog',
        '{dev}: Unexpected close, not stopping watchdog!',
        'Unexpected close, not stopping watchdog',
        'watchdog: {dev}: nowayout prevents watchdog being stopped',
      ],
      device: 'service',
      severity: 'info',
    },
    {
      name: 'watchdog-timeout',
      severity: 'critical',
      title: 'A hardware watchdog ran out',
      lines: [
        'watchdog: {*} pretimeout event',
        'watchdog pretimeout event',
        'IPMI Watchdog: Timeout',
        'IPMI message handler: BMC returned {*} watchdog',
        'hpwdt: Unexpected NMI',
        'hpwdt: An NMI occurred',
        'iTCO_wdt: Unexpected close',
        'softdog: Initiating {system reboot|panic}',
        '{dev}: pretimeout event',
      ],
      except: ['Kernel panic'],
    },
    {
      name: 'watchdog-restarted',
      title: 'The node was restarted by its hardware',
      about:
        'The chipset kept why it started the node: a watchdog that nobody fed, a processor that could not go on, or a restart that hung.',
      lines: [
        'x86/amd: Previous system reset reason [{x}]: {hardware watchdog timer|internal CPU shutdown|system failed to boot|a software sync flood|FCH and MP1 failed}',
        'Last reboot was triggered by watchdog',
      ],
    },
    {
      name: 'watchdog-not-fed',
      title: 'A hardware watchdog could not be fed or started',
      about: 'Its chip did not answer the driver. A watchdog that runs and is not fed restarts the node.',
      remedy: {
        text: 'Look at the bus that the chip is on (I²C, SPI) and at what the line names.',
        risk: 'none',
      },
      lines: [
        '{dev}: {*}watchdog {restart|start|ping} failed, ret=',
        '{dev}: {Failed|failed} to {ping|kick|start|restart} {the |}watchdog',
      ],
      device: 'service',
    },
    {
      name: 'ipmi-bmc',
      title: 'The management controller does not answer',
      about:
        'Sensors, fans and the remote console of the machine cannot be seen while its management controller is away.',
      remedy: {
        text: 'Reset it: ipmitool mc reset cold (the machine goes on running); update its firmware.',
        risk: 'none',
      },
      severity: 'warning',
      lines: [
        'BMC returned incorrect response',
        `ipmi_{si|ssif} {w}: {*}${CONTROLLER_TROUBLE}`,
        `ipmi_{si|ssif}: {*}${CONTROLLER_TROUBLE}`,
        `IPMI message handler: {*}${CONTROLLER_TROUBLE}`,
        `IPMI Watchdog: {*}${CONTROLLER_TROUBLE}`,
        'IPMI {BT|KCS|SMIC}: {*}{stuck|stale response|bad packet|flag reset|hosed|failed|timeout}',
        'ipmi_{kcs|smic}_{w}: {kcs|smic} hosed',
        'ipmi-powernv: {*}{unexpected|failed|error}',
      ],
      except: IPMI_ABSENT,
    },
    {
      name: 'ipmi-absent',
      title: 'A management controller that the firmware describes was not found',
      about:
        'The kernel looks at each place that the firmware names; many machines name one that they do not have.',
      remedy: { text: 'Nothing, unless the machine has a management controller.', risk: 'none' },
      severity: 'info',
      lines: [
        'ipmi_si {*}: Interface detection failed',
        'ipmi_si {*}: There appears to be no BMC at this location',
        'ipmi_si {*}: IPMI kcs interface claims to return {*}',
        'ipmi_si {*}: Could not set{| }up I/O space',
      ],
    },
  ],
);

/** Unknown interrupts, watchdogs, management controllers. */
export const WATCHDOG_SIGNATURES: readonly Signature[] = [...NMIS, ...WATCHDOGS];
