/**
 * What drivers say of a trouble in words that no other signature knows: the driver's name, and a word such as "failed" behind it.
 * They come last, and only inform, since such a line may be of little weight.
 */

import { group, type Signature } from '../signature.ts';
import { ADVICE } from './nic-reset.ts';
import { GRAVE, HARMLESS, TROUBLE } from './trouble-words.ts';

/** Adapters. Names of three letters are told by the address behind them. */
const NICS = [
  ...[
    'igb 0000:',
    'igc 0000:',
    'ice 0000:',
    'tg3 0000:',
    'ena 0000:',
    'sfc 0000:',
    'nfp 0000:',
    'qed 0000:',
    'gve 0000:',
    'alx 0000:',
  ],
  ...[
    'e1000e ',
    'e1000 ',
    'igbvf ',
    'ixgbe ',
    'ixgbevf ',
    'i40e ',
    'iavf ',
    'idpf ',
    'mlx4_core ',
    'mlx4_en ',
    'mlx5_core ',
    'bnxt_en ',
  ],
  ...[
    'bnx2x ',
    'be2net ',
    'enic 0000:',
    'cxgb4 ',
    'qede 0000:',
    'qlcnic ',
    'r8169 ',
    'r8168 ',
    'r8125 ',
    'r8152 ',
    'atlantic ',
    'sky2 ',
    'forcedeth ',
  ],
  ...[
    'hns3 ',
    'hinic ',
    'mana ',
    'ravb ',
    'fsl_enetc ',
    'am65-cpsw-nuss ',
    'cpsw ',
    'hclge ',
    'ngbe ',
    'txgbe ',
    'pds_core ',
    'vmxnet3 ',
    'virtio_net ',
    'hv_netvsc ',
    'mtk_soc_eth ',
    'stmmac',
    'macb ',
    'dwmac',
    'mvneta ',
    'mvpp2 ',
    'bcmgenet ',
  ],
  ...[
    'fec 2',
    'fsl_dpaa2_eth ',
    'lan78xx ',
    'smsc95xx ',
    'ax88179_178a ',
    'cdc_ncm ',
    'ionic ',
    'octeontx2',
    'liquidio ',
  ],
];

const ADAPTERS = group(
  {
    family: 'nic-reset',
    severity: 'info',
    device: 'nic',
    about:
      'The driver of a network adapter could not do something. Where traffic flows, it may be of no weight.',
    remedy: { text: ADVICE, risk: 'connection' },
    except: HARMLESS,
  },
  [
    {
      name: 'nic-driver-fault',
      severity: 'warning',
      title: 'The driver of a network adapter reports that it does not get on',
      about:
        'The adapter did not answer its driver, could not be set up, or has a fault that it does not come out of by itself.',
      lines: [
        `virtio_net virtio{n} {dev}: {*}${GRAVE}`,
        `mtk_soc_eth {w} {dev}: {*}${GRAVE}`,
        `hv_netvsc {w} {dev}: {*}${GRAVE}`,
        `bnx2x: [bnx2x_{w}:{n}({dev})]{*}${GRAVE}`,
        ...NICS.map((name) => `${name.replace(/ .*$/, '')}: probe of {dev} failed with error`),
        ...NICS.map((name) => `${name}{w}{*}${GRAVE}`),
      ],
    },
    {
      name: 'nic-driver',
      title: 'The driver of a network adapter reports a trouble',
      lines: [
        `virtio_net virtio{n} {dev}: {*}${TROUBLE}`,
        `mtk_soc_eth {w} {dev}: {*}${TROUBLE}`,
        `hv_netvsc {w} {dev}: {*}${TROUBLE}`,
        `bnx2x: [bnx2x_{w}:{n}({dev})]{*}${TROUBLE}`,
        `bnx2x: [bnx2x_{w}:{n}({*})]{*}${TROUBLE}`,
        ...NICS.map((name) => `${name}{w}{*}${TROUBLE}`),
        'irdma{.gen_2|}: probe of {dev} failed with error',
        'irdma{.gen_2|} {dev}: probe with driver {w} failed with error',
      ],
    },
  ],
);

/** Controllers of disks and of storage networks. */
const CONTROLLERS = [
  ...[
    'lpfc 0000:',
    'qla2xxx [{dev}]',
    'megaraid_sas ',
    'megasas: ',
    'hpsa 0000:',
    'smartpqi ',
    'aacraid ',
    'aacraid: ',
    'mptscsih: ',
    'mptbase: ',
  ],
  ...[
    'mpt2sas{|_cm}{n}{: | }',
    'mpt3sas_cm',
    'mpi3mr',
    'pm80xx ',
    'pm80xx{n}: ',
    'pm80xx: ',
    'pm8001_',
    'fnic 0000:',
    'qedf 0000:',
    'qedi 0000:',
    'bnx2i ',
    'be2iscsi ',
    'vmw_pvscsi ',
    'virtio_scsi ',
  ],
  ...[
    'hv_storvsc ',
    'arcmsr',
    'isci 0000:',
    'hisi_sas',
    'ipr 0',
    'ipr: ',
    'pm80xx0:',
    'mvsas',
    'esas2r',
    'ufshcd-',
    'ufshcd ',
  ],
  ...['snic 0000:', 'bfa 0000:', 'myrb 0000:', 'myrs 0000:', 'mpt3sas 0000:', 'fnic<'],
];

const STORAGE = group(
  {
    family: 'scsi-timeout',
    severity: 'info',
    device: 'pci',
    about: 'The driver of a disk controller or of a storage network’s adapter could not do something.',
    remedy: {
      text: 'Look whether a disk or a path is missing; read the controller’s own log, and update its firmware.',
      risk: 'none',
    },
    except: HARMLESS,
  },
  [
    {
      name: 'scsi-driver-fault',
      severity: 'warning',
      title: 'The driver of a disk controller reports that it does not get on',
      about:
        'The controller did not answer its driver, could not be set up, or has a fault that it does not come out of by itself.',
      lines: CONTROLLERS.map((name) => `${name}{*}${GRAVE}`),
    },
    {
      name: 'scsi-driver',
      title: 'The driver of a disk controller reports a trouble',
      lines: CONTROLLERS.map((name) => `${name}{*}${TROUBLE}`),
    },
    {
      name: 'ata-driver',
      family: 'ata',
      title: 'The driver of a SATA controller reports a trouble',
      lines: [`ahci 0000:{w}: {*}${TROUBLE}`, 'ahci: probe of {dev} failed with error'],
    },
    {
      name: 'nvme-driver',
      family: 'nvme-timeout',
      device: 'disk',
      title: 'The driver of NVMe drives reports a trouble',
      lines: [
        ...[
          'failed',
          ' timeout',
          'timed out',
          'rejecting',
          'not ready',
          'error detected',
          'I/O error',
          'unable to',
          'could not',
          'cannot ',
          'log error',
          'Invalid ',
          'invalid ',
        ].map((words) => `nvme {dev}: {*}${words}`),
        'nvme {dev}: probe with driver nvme failed',
      ],
      except: [
        ...HARMLESS,
        'SUBNQN',
        'duplicate IDs',
        'globally duplicate',
        'Host Memory',
        'error {recovery|log}$',
        'ignoring',
        'resetting controller due to persistent internal error$',
      ],
    },
  ],
);

const GRAPHICS = group(
  {
    family: 'gpu',
    severity: 'info',
    device: 'gpu',
    about:
      'The driver of a graphics processor could not do something. Where nobody looks at its screen, it may be of no weight.',
    remedy: { text: 'Update the kernel and the firmware package of the graphics processor.', risk: 'reboot' },
    except: HARMLESS,
  },
  [
    {
      name: 'gpu-driver',
      title: 'The driver of a graphics processor reports a trouble',
      lines: [
        '[drm{*}] *ERROR* ',
        '[drm{*}ERROR :',
        'Resetting chip after gpu hang',
        'stuck on {render|blitter|bsd|video} ring',
        'VRAM is lost due to GPU reset',
        `amdgpu {dev}: {*}${TROUBLE}`,
        `amdgpu: {*}${TROUBLE}`,
        `radeon {dev}: {*}${TROUBLE}`,
        `nouveau {dev}: {*}${TROUBLE}`,
        `i915 {dev}: {*}${TROUBLE}`,
      ],
      except: [
        ...HARMLESS,
        'ta ucode is not available',
        'optional ',
        'vgaarb: ',
        'FIFO underrun',
        'Cannot find any crtc',
        'vmw_host_',
        'system memory bandwidth',
        'Discarding overwritten w/a',
      ],
    },
  ],
);

const BUSES = group(
  {
    family: 'usb',
    severity: 'info',
    device: 'usb',
    about: 'A USB controller or the way to a device did not work for a moment.',
    remedy: { text: 'Try another port and cable, without a hub; update the board’s firmware.', risk: 'none' },
    except: HARMLESS,
  },
  [
    {
      name: 'usb-host-driver',
      title: 'The driver of a USB controller reports a trouble',
      lines: [
        `xhci_hcd {dev}: {*}${TROUBLE}`,
        `xhci-hcd {dev}: {*}${TROUBLE}`,
        `tegra-xusb {dev}: {*}${TROUBLE}`,
        'usb {dev}: Failed to set U{n} timeout',
        'usb {dev}: cmd cmplt err',
        `ehci_hcd {dev}: {*}${TROUBLE}`,
        `ohci_hcd {dev}: {*}${TROUBLE}`,
        `uhci_hcd {dev}: {*}${TROUBLE}`,
        `hub {dev}: hub_{*}${TROUBLE}`,
      ],
      except: [...HARMLESS, 'no USB'],
    },
  ],
);

/** What drivers say in words of their own. */
export const DRIVER_SIGNATURES: readonly Signature[] = [...ADAPTERS, ...STORAGE, ...GRAPHICS, ...BUSES];
