/** Clocks that are wrong or jump. Sources: kernel/time, arch/x86/kernel/tsc*.c; and what time services say of jumps. */

import { group } from '../signature.ts';

/** Clocks of the kernel. */
export const CLOCKS = group(
  {
    family: 'clocksource',
    severity: 'warning',
    device: 'clock',
    about:
      'The processor’s time-stamp counter did not agree with another clock, so the kernel reads a slower one: calls for the time ' +
      'take up to ten times longer, and the time may have been off.',
    remedy: {
      text: 'On a virtual machine use the hypervisor’s clock (kvm-clock, hyperv_clocksource); on hardware update the firmware, and add tsc=reliable only where the counter is known to be good.',
      risk: 'reboot',
    },
    links: ['https://docs.kernel.org/virt/kvm/x86/timekeeping.html'],
    explains: ['clock.clocksource'],
  },
  [
    {
      name: 'clocksource-unstable',
      title: 'The kernel gave up the processor’s time-stamp counter as its clock',
      lines: [
        "timekeeping watchdog on CPU{n}: Marking clocksource '{dev}' as unstable because the skew is too large",
        "timekeeping watchdog: Marking clocksource '{dev}' as unstable",
        'Clocksource {dev} unstable (delta = {n} ns)',
        "Marking clocksource '{dev}' as unstable",
        "clocksource: {*}Clocksource '{dev}' skewed {n} ns",
        'tsc: Marking TSC unstable due to {*}',
        'Marking TSC unstable due to {*}',
        'timekeeping watchdog on CPU{n}: {dev} read-back delay of {n}ns, attempt {n}, marking unstable',
        'timekeeping watchdog on CPU{n}: wd-{dev}-wd excessive read-back delay of {n}ns',
        'Measured {n} cycles TSC warp between CPUs, turning off TSC clock',
        'TSC warped randomly between CPUs',
        'TSC synchronization [CPU#{n} -> CPU#{n}]:',
        'CPUs {*} {ahead of|behind} CPU {n} for clocksource {dev}:',
        'CPUs {*} {ahead of|behind} CPU {n} for clocksource {dev}.',
        'Override clocksource {dev} is unstable and not HRT compatible',
        "TSC found unstable after boot, most likely due to broken BIOS. Use 'tsc=unstable'",
      ],
      except: [
        'due to running on Hyper-V',
        'due to TSC halts in idle',
        'TSC synchronization [CPU#{n} -> CPU#{n}]: passed',
      ],
    },
    {
      name: 'clocksource-readings',
      severity: 'info',
      title: 'The kernel told the readings of two clocks that disagree',
      device: 'node',
      lines: [
        "clocksource: {*}'{w}' {wd_now|wd_nsec|cs_now|cs_nsec}: {x}",
        "clocksource: {*}'{w}' is {not |}current clocksource",
      ],
      explains: [],
    },
    {
      name: 'clocksource-slow',
      severity: 'info',
      title: 'Reading the clock took long',
      lines: [
        'timekeeping watchdog on CPU{n}: {dev} wd-wd read-back delay of {n}ns',
        'timekeeping watchdog on CPU{n}: {dev} retried {n} times before success',
        'wd-{dev}-wd read-back delay of {n}ns, clock-skew test skipped!',
        'Long readout interval, skipping watchdog check: cs_nsec: {n} wd_nsec: {n}',
        'sched_clock: Marking unstable ({*}',
        'hpet: Lost {n} RTC interrupts',
        'hpet1: lost {n} rtc interrupts',
        'rtc: lost {n} interrupts',
        'lost {n} rtc interrupts',
        'CE: {w} increased min_delta_ns to {n} nsec',
        'hrtimer: interrupt took {n} ns',
        'NOHZ tick-stop error: {*}local softirq work is pending',
        'NOHZ: local_softirq_pending {x}',
        'excessive read-back delay of {n}ns vs. limit of {n}ns',
      ],
    },
  ],
);

/** Jumps of the time. */
export const JUMPS = group(
  {
    family: 'time-jump',
    severity: 'warning',
    device: 'node',
    about:
      'The clock was set or stood still, so times before and after it cannot be compared; leases, certificates and databases take it badly.',
    remedy: {
      text: 'Find out who set it (nodectl clock; the time service’s log); after a suspend or a migration of a virtual machine that is expected.',
      risk: 'none',
    },
    explains: ['clock.jumped'],
  },
  [
    {
      name: 'time-jump-kernel',
      title: 'The kernel’s clock went wrong',
      lines: [
        'WARNING: timekeeping: Cycle offset ({n}) is larger than allowed by the',
        'INFO: timekeeping: Cycle offset ({n}) is larger than the',
        'timekeeping: Your kernel is {sick|still fine}, but',
        "WARNING: Underflow in clocksource '{w}' observed, time update ignored",
        "WARNING: Overflow in clocksource '{w}' observed, time update capped",
        'timekeeping: Clocksource {w} might overflow on 11% adjustment',
        'Adjusting {w} more than 11% ({n} vs {n})',
        'sched_clock on CPU {n} went backward by {n} ns',
        'Persistent clock returned invalid value',
        '__timekeeping_inject_sleeptime: Invalid sleep delta value!',
        'PM: Timekeeping suspended for {n}',
        'Timekeeping suspended for {n}.{n} seconds',
        'hardpps: PPS{w}: {*}',
        'ptp {*}: clock jumped',
        'rtc {*}: hctosys: unable to read the hardware clock',
        'hctosys: unable to read the hardware clock',
        'rtc_cmos {*}: broken or not accessible',
        'unable to read current time from RTC',
      ],
      except: ['might overflow', 'imekeeping suspended for'],
    },
    {
      name: 'leap-second',
      severity: 'info',
      title: 'A leap second was inserted or deleted',
      about: 'The kernel’s clock repeated or left out a second, as the time service told it to.',
      remedy: {
        text: 'Nothing; if no leap second was announced, find the time source that told of one (nodectl clock).',
        risk: 'none',
      },
      lines: ['Clock: inserting leap second 23:59:60 UTC', 'Clock: deleting leap second 23:59:59 UTC'],
    },
    {
      name: 'time-unset',
      severity: 'info',
      programs: ['systemd-timesyncd', 'systemd'],
      title: 'The clock was not set when the machine started',
      about:
        'The machine has no clock that runs without power, or its battery is empty: it begins with the time of its last shutdown.',
      lines: [
        'System clock time unset or jumped backwards, restoring from recorded timestamp',
        'System clock time unset or jumped backwards, restored from recorded timestamp',
      ],
    },
    {
      name: 'time-jump',
      title: 'The clock of the node jumped',
      programs: [
        'systemd-journald',
        'chronyd',
        'ntpd',
        'systemd-timesyncd',
        'systemd',
        'ptp4l',
        'phc2sys',
        'ntpdate',
        'sntp',
        'ntpd-rs',
        'timesyncd',
        'corosync',
        'etcd',
        'systemd-resolved',
      ],
      lines: [
        'Time jumped backwards, rotating.',
        'Time jumped backwards, relative',
        'Realtime clock jumped backwards relative to last journal entry, rotating',
        'Forward time jump detected!',
        'Backward time jump detected!',
        'System clock was stepped by {w} seconds',
        'System clock wrong by {w} seconds',
        "System's initial offset : {w} seconds {slow|fast} of true (step)",
        "Can't synchronise: no {majority|selectable sources}",
        'time reset {w} s',
        'step time server {w} offset {w} sec',
        'time correction of {w} seconds exceeds sanity limit',
        'clockcheck: clock jumped {forward|backward}',
        'clockcheck: clock frequency changed unexpectedly!',
        'Clock jumped backwards',
        'the clock difference against peer {w} is too high',
        'Server has too large root distance. Disconnecting.',
      ],
      except: ['no selectable sources', 'System clock was stepped by 0.000'],
    },
  ],
);
