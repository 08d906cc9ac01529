/**
 * What small boards have in place of a server’s cards: graphics processors, USB controllers and bridges to PCI Express that sit
 * in the processor itself and are named by an address of its memory. Sources: drivers/gpu/drm/{panfrost,panthor,lima,v3d,vc4,
 * etnaviv,msm}, drivers/usb/{dwc2,dwc3,musb,cdns3,chipidea}, drivers/pci/controller, the makers’ kernels of boards.
 */

import { group, type Signature } from '../signature.ts';
import { HARMLESS, SOUGHT_TROUBLE } from './trouble-words.ts';

/** Graphics processors, as their drivers begin a line. */
const GRAPHICS = [
  ...[
    'panfrost {dev}',
    'panthor {dev}',
    'etnaviv-gpu {dev}',
    'adreno {dev}',
    'powervr {dev}',
    'pvrsrvkm {dev}',
  ],
  ...['lima {dev}', 'mali {dev}', 'msm_dpu {dev}', 'msm_mdp {dev}', 'v3d {dev}'],
];
/** Drivers of USB controllers. */
const USB_DRIVERS = [
  'dwc2',
  'dwc3',
  'dwc3-of-simple',
  'musb-hdrc',
  'cdns-usb3',
  'ci_hdrc',
  'mtu3',
  'renesas_usbhs',
];

const BOARD_GRAPHICS = group(
  {
    family: 'gpu',
    severity: 'warning',
    device: 'gpu',
    about: 'The graphics processor of a board hung or met a fault; what ran on it was ended.',
    remedy: {
      text: 'Look at the board’s supply and temperature; update the kernel and the firmware package.',
      risk: 'restart',
    },
    except: HARMLESS,
  },
  [
    {
      name: 'gpu-board',
      title: 'The graphics processor of a board hung or met a fault',
      lines: [
        ...GRAPHICS.map(
          (name) =>
            `${name}: {*}{sched timeout|GPU Fault|GPU fault|GPU_FAULT|reset timed out|reset time out|reset timeout|power transition timeout|age fault|bit stuck|js fault|oft-stop failed|MMU error|MMU fault|MMU flush timeout|idle failed|Resetting GPU|GPU hang|gpu lockup|hung GPU|hangcheck recover|job timeout|timed out|bus error|task error|command timeout|illegal instruction|failed to boot MCU|Failed to boot MCU|GMP violation|TIMEOUT|timeout notification}`,
        ),
        '[drm:vc4_{w}{*}Resetting GPU',
        'nvgpu: {dev} {*}[ERR]',
        'gk20a {dev}: {*}error notifier set',
        'tegra-host1x {dev}: {*}timeout',
        'devfreq {dev}: dvfs failed with ({n}) error',
      ],
    },
    {
      name: 'gpu-board-note',
      severity: 'info',
      title: 'The driver of a board’s graphics processor reports a trouble',
      lines: [...GRAPHICS, 'vc4-drm {dev}', 'vc4_hdmi {dev}'].map((name) => `${name}: {*}${SOUGHT_TROUBLE}`),
      except: [...HARMLESS, '{get|find|clock|regulator|EPROBE|-517|opp|OPP|devfreq|ooling}'],
    },
  ],
);

const BOARD_USB = group(
  {
    family: 'usb',
    severity: 'warning',
    device: 'usb',
    about: 'The USB controller of a board, or a device behind it, does not work as it should.',
    remedy: {
      text: 'Look at the board’s supply and at what its ports drive; try a hub with a supply of its own.',
      risk: 'none',
    },
    except: HARMLESS,
  },
  [
    {
      name: 'usb-board',
      title: 'The USB controller of a board stopped or was overloaded',
      lines: [
        '{dwc2|dwc_otg|musb-hdrc|ci_hdrc|ehci-platform|ohci-platform} {dev}: Overcurrent change detected',
        'dwc2 {dev}: Controller is dead',
        'dwc2 {dev}: {*}HANG! ',
        'musb-hdrc {dev}: Babble',
        ...USB_DRIVERS.map((name) => `${name} {dev}: {*}{ is dead|eset failed|HC died}`),
        '{dev}: frame counter not updating; disabled',
      ],
    },
    {
      name: 'usb-board-note',
      severity: 'info',
      title: 'The driver of a board’s USB controller reports a trouble',
      lines: [
        ...USB_DRIVERS.map((name) => `${name} {dev}: {*}${SOUGHT_TROUBLE}`),
        'ERROR::{w}:{n}: ',
        'WARN::dwc_otg_{w}:{n}: ',
        'dwc2 {dev}: Device Not Connected/Responding',
        'dwc2 {dev}: {*}ChHltd set, but reason is unknown',
      ],
      except: [
        ...HARMLESS,
        'Invalid parameter',
        '{clk|clock|regulator|supply|phy|PHY|role switch|dr_mode|maximum_speed|-517}',
      ],
    },
  ],
);

const BOARD_PCIE = group(
  {
    family: 'pcie',
    severity: 'info',
    device: 'pci',
    about:
      'The bridge of a board to PCI Express found nothing at its other end. Where its slot is empty, that is as it should be.',
    remedy: {
      text: 'Where there is a card: look at its cable and supply, and try a slower speed of the link.',
      risk: 'none',
    },
  },
  [
    {
      name: 'pcie-board-empty',
      title: 'A board’s bridge to PCI Express found no device',
      lines: [
        '{dev}: {P|p}hy link never came up',
        '{dev}: link never came up',
        '{dev}: PCIe link training timeout',
        '{dev}: PCIe link training gen1 timeout!',
        '{dev}: PCIe Link Fail, LTSSM is',
        '{dev}: PCIe link down, current LTSSM state',
        '{dev}: error: wait linkup timeout',
        '{dev}: {Failed|failed} to bring link up!',
        '{dev}: {Link|link} {up timeout|not up after reconfiguration|did not come up}',
        'tegra-pcie {dev}: link {n} down, {ignoring|retrying}',
      ],
    },
    {
      name: 'pcie-board',
      severity: 'warning',
      title: 'A board’s bridge to PCI Express reports a fault',
      about: 'What is behind it is slow, or is lost.',
      lines: [
        '{dev}: PCIe link is bad, width reduced',
        '{dev}: CDM Logic error',
        '{dev}: {PCIe PLL lock timeout|waiting for PHY ready timeout|PHY or data link is INACTIVE|PLL failed to lock}',
        '{dev}: {AXI tag lookup fatal|ECRC} Error',
        '{dev}: Timeout waiting for L2 entry',
        'rk-pcie {dev}: failed to initialize host',
      ],
    },
  ],
);

const BOARD_BUSES = group(
  {
    family: 'power',
    severity: 'warning',
    device: 'node',
    about: 'A part of the board did not answer: what it supplies or holds may be off, or wrong.',
    remedy: { text: 'Look at the board’s supply; update its firmware and the kernel.', risk: 'reboot' },
  },
  [
    {
      name: 'board-power-domain',
      title: 'A part of a board was not switched on or off',
      lines: [
        "rockchip-pm-domain {dev}: failed to get ack on domain '",
        "rockchip-pm-domain {dev}: failed to set domain '",
        "rockchip-pm-domain {dev}: failed to set idle on domain '",
        'bcm2835-power {dev}: Timeout waiting for {w} power OK',
      ],
    },
    {
      name: 'board-flash',
      family: 'io-error',
      device: 'disk',
      title: 'A flash chip of a board could not be read or written',
      about: 'Firmware or settings of the board that are kept in it may be damaged.',
      remedy: { text: 'Save what is in it; replace the board when the error returns.', risk: 'data' },
      lines: [
        'spi-nor {dev}: {Erase operation failed|Program operation failed|flash operation timed out}',
        'brcmnand {dev}: {timeout on status poll|timeout waiting for command|uncorrectable error at}',
        'gpmi-nand {dev}: DMA timeout, last DMA',
        'marvell-nfc {dev}: Timeout {on|waiting}',
        'nand_bbt: error reading BBT',
        'spi_master {dev}: {failed to transfer one message from queue|SPI transfer timed out}',
      ],
    },
    {
      name: 'board-i2c',
      family: 'pcie',
      severity: 'info',
      device: 'pci',
      title: 'A chip on a board’s I2C bus does not answer',
      about: 'Sensors, clocks and regulators hang on such buses. Some ask for chips that are not there.',
      remedy: { text: 'Nothing, unless a sensor or a clock is missing.', risk: 'none' },
      lines: [
        'rk3x-i2c {dev}: timeout, ipd: ',
        'i2c-bcm2835 {dev}: i2c transfer timed out',
        'mv64xxx_i2c {dev}: {*}timed out',
        'mv64xxx_i2c: I2C bus locked',
        '{omap_i2c|at91_i2c|davinci_i2c} {dev}: {controller timed out|timeout waiting for bus ready}',
        '{tegra-i2c|i2c-bcm2835|geni_i2c} {dev}: {i2c transfer timed out|DMA transfer timed out|Timeout abort_m_cmd|Got unexpected interrupt}',
        'i2c-mt65xx {dev}: addr: {x}, transfer timeout',
        'stm32f7-i2c {dev}: Access to slave {x} timed out',
        'cdns-i2c {dev}: timeout waiting on completion',
        's3c-i2c {dev}: {cannot get bus (error|timeout waiting for bus idle}',
        'iproc-i2c {dev}: transaction timed out',
        'i2c {dev}: SCL is stuck low, exit recovery',
      ],
    },
    {
      name: 'board-processor',
      family: 'pcie',
      device: 'pci',
      title: 'A processor beside the main ones crashed or was not started',
      about:
        'Boards have more processors than those that run Linux: for signals, sound, a modem or real time. What that one does is missing while it is down.',
      remedy: {
        text: 'Look at its state in /sys/class/remoteproc; update its firmware and the kernel.',
        risk: 'none',
      },
      lines: [
        "remoteproc {dev}: {crash detected in |handling crash #|can't start rproc |Failed to load program segments}",
        'qcom_q6v5_{w} {dev}: {fatal error received|watchdog received|fatal error without message|start timed out}',
      ],
    },
    {
      name: 'board-controller-silent',
      title: 'What sets the clocks and voltages of a board does not answer',
      about:
        'Clocks, voltages and parts of the board are switched by a controller of its own; they stay as they are.',
      lines: [
        'arm-scmi {dev}: timed out in resp(caller',
        'ti-sci {dev}: Mbox timedout in resp(caller',
        'cpufreq: __target_index: Failed to change cpu frequency',
        'rk8{n}{*}: failed to read the chip id',
        'fan53555-regulator {dev}: Failed to get chip ID',
      ],
    },
    {
      name: 'board-regulator',
      title: 'A supply of a board was not switched on',
      about: 'The chip that makes the voltage did not answer; what it supplies is off.',
      lines: [
        '{dev}: failed to {enable|disable|get the current voltage}: -{ETIMEDOUT|EIO|ENXIO|EREMOTEIO|110|121|5|6}$',
      ],
    },
    {
      name: 'board-phy',
      family: 'pcie',
      severity: 'info',
      device: 'pci',
      title: 'The driver chip of a port of a board does not answer',
      about:
        'A port of USB, PCI Express, SATA or a screen may not work; where it is not used, that is of no weight.',
      remedy: { text: 'Nothing, unless a device at that port is missing.', risk: 'none' },
      lines: ['phy {dev}: phy {init|poweron} failed --> -110'],
    },
  ],
);

/** Parts of boards. */
export const BOARDS: readonly Signature[] = [...BOARD_GRAPHICS, ...BOARD_USB, ...BOARD_PCIE, ...BOARD_BUSES];
