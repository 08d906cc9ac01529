/**
 * What drivers of disk controllers and of storage networks' adapters say of a trouble in words that no other signature knows: the
 * driver's name, and a word such as "failed" behind it. They come last; how much they weigh is read from those words, as in
 * drivers-nic.ts.
 */

import { group, type Signature } from '../signature.ts';
import { STORAGE_HARMLESS, STORAGE_TROUBLE } from './storage-words.ts';
import { DEAD, GRAVE, HARMLESS, NOT_DEAD, TROUBLE } from './trouble-words.ts';

/** Controllers of disks and of storage networks. */
const CONTROLLERS = [
  ...[
    'lpfc {domain}:',
    'qla2xxx [{dev}]',
    'megaraid_sas ',
    'megasas: ',
    'hpsa {domain}:',
    'smartpqi ',
    'aacraid ',
    'aacraid: ',
    'aacraid:Drive ',
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
    'fnic {domain}:',
    'qedf {domain}:',
    'qedi {domain}:',
    'bnx2i ',
    'be2iscsi ',
    'vmw_pvscsi ',
    'virtio_scsi ',
  ],
  ...[
    'hv_storvsc ',
    'arcmsr',
    'isci {domain}:',
    'hisi_sas',
    'ipr {domain}:',
    'ipr: ',
    'pm80xx0:',
    'mvsas',
    'esas2r',
    'ufshcd-{w} {dev}: ',
    'ufshcd {dev}: ',
    'cdns-ufshcd {dev}: ',
    'exynos-ufshc {dev}: ',
  ],
  ...[
    'megaraid {domain}:',
    'qla4xxx {domain}:',
    'stex(',
    '3w-9xxx',
    '3w-sas',
    'mvumi {domain}:',
    'csiostor {domain}:',
    'vmw_pvscsi: ',
  ],
  ...[
    'storvsc',
    '[{dev}]:[qedf_',
    '[{dev}]:[qedi_',
    'bnx2i: ',
    'bnx2fc: ',
    'efct {domain}:',
    'snic {domain}:',
    'bfa {domain}:',
    'myrb {domain}:',
    'myrs {domain}:',
    'mpt3sas {domain}:',
    'fnic<',
  ],
  ...[
    'ibmvfc ',
    'ibmvscsi ',
    'ibmvscsi: ',
    'bnx2fc ',
    'hptiop ',
    'pmcraid ',
    'cxlflash ',
    '3w-xxxx: ',
    'fcoe: ',
    'libfc: ',
    'mptsas: ',
    'mptspi: ',
    'mptfc: ',
    'mptctl: ',
  ],
];

/** What these say of settings that a controller does not take, and of requests of programs: of little weight. */
const OF_LITTLE_WEIGHT = [
  '{phy_error_log|WarpDrive|ATTO NVRAM|hotplug registration|fasync|copy_in_user|ioctl}',
  "{alling back|nsupported|ot supported|oesn't support|MSI vector|MSI-X|No retry ELS}",
];

/** What the driver of NVMe drives says of drives that are well. */
const NVME_HARMLESS = [
  'SUBNQN',
  'duplicate IDs',
  'globally duplicate',
  'Host Memory',
  'host memory buffer',
  'error {recovery|log}$',
  'ignoring',
  'not using APST',
  'instantiate hwmon',
  'resetting controller due to persistent internal error$',
];

/** What many drives do not know that work well: settings, and pages of their log. */
const NVME_SETTINGS = [
  '{APST|configure AEN|Identify NS List|Identify Descriptors|timestamp|host behavior|smart log|SMART log|FW SLOT|ANA log|doorbell|dbbuf|effects log|LBA range|streams|sanitize}',
];

/** What drivers of storage say in words of their own. */
export const STORAGE_DRIVERS: readonly Signature[] = group(
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
      name: 'scsi-driver-dead',
      severity: 'critical',
      title: 'A disk controller cannot be used',
      about:
        'Its driver could not set it up, or could not bring it back after a fault. Disks behind it are missing until it is seen to.',
      lines: [
        ...CONTROLLERS.map((name) => `${name}{*}${DEAD}`),
        '{mpt2sas|mpt2sas_cm|mpt3sas_cm}{n}: failure at {*}/{w}probe()',
        '{mpt2sas|mpt2sas_cm|mpt3sas_cm}{n}: failure at {*}attach()',
        'megaraid_sas {dev}: Failed to transition controller to ready',
        'ufshcd-{w} {dev}: ufshcd_pltfrm_init() failed',
      ],
      except: [...HARMLESS, ...NOT_DEAD],
    },
    {
      name: 'scsi-driver-fault',
      severity: 'warning',
      title: 'The driver of a disk controller reports that it does not get on',
      about:
        'The controller did not answer its driver, could not be set up, or has a fault that it does not come out of by itself.',
      lines: [
        ...CONTROLLERS.map((name) => `${name}{*}${GRAVE}`),
        'lpfc {dev}: {*}Over Temperature',
        'megaraid_sas {dev}: {*}sge_count ({n}) is out of range',
        'megaraid_sas {dev}: megasas_build_io_fusion$',
        '{mpt2sas|mpt2sas_cm|mpt3sas_cm}{n}: {*}alloc failed',
      ],
    },
    {
      name: 'scsi-driver',
      severity: 'warning',
      title: 'The driver of a disk controller reports a trouble',
      lines: [
        ...CONTROLLERS.map((name) => `${name}{*}${TROUBLE}`),
        'qla2xxx [{dev}]-{*}: detected PCI',
        '{mpt2sas|mpt3sas}{*}break from {*}: ioc_status({x})',
      ],
      except: [...HARMLESS, ...OF_LITTLE_WEIGHT],
    },
    {
      name: 'scsi-driver-note',
      title: 'The driver of a disk controller remarks on something',
      about:
        'The controller refused a setting, a command ended otherwise than it should, or a device behind it changed.',
      lines: CONTROLLERS.map((name) => `${name}{*}${STORAGE_TROUBLE}`),
      except: [...HARMLESS, ...STORAGE_HARMLESS],
    },
    {
      name: 'scsi-host-note',
      device: 'disk',
      title: 'An adapter of iSCSI remarks on something',
      lines: ['scsi {dev}: {BC|BG|BM|BS}_{n} : '],
      except: ['scsi {w}: B{w} : {Completed|Port|Link|Session}'],
    },
    {
      name: 'ata-driver',
      family: 'ata',
      title: 'The driver of a SATA controller reports a trouble',
      lines: [`ahci {domain}:{w}: {*}${TROUBLE}`, 'ahci: probe of {dev} failed with error'],
      except: [...HARMLESS, "controller can't do ", 'optional clkdev'],
    },
    {
      name: 'ata-trouble',
      family: 'ata',
      device: 'disk',
      title: 'A SATA port or drive did not do something',
      about: 'A command that is not about data failed: a setting, a page of its log, power saving.',
      lines: [
        '{ata}: {*}{failed|rror |rror:|nvalid|nable to|ould not|imeout|timed out|abort|nexpected|giving up|misclassified}',
        '{ata}: {status|error}={x} {lb}',
        '{ata}: translated ATA stat/err {x}/{x} to SCSI',
        '{ata}: {illegal qc_active transition|n_sectors mismatch|WARNING: device requires firmware update|controller in dubious state|UNIT ATTENTION persists|retrying FLUSH|PMP product ID mismatch|log page 10h reported inactive tag}',
      ],
      except: [
        ...HARMLESS,
        'ACPI cmd {*}rejected by device',
        'unexpected _GTF length',
        'supports DRM',
        'Security Log not supported',
        'failed to get NCQ Send/Recv Log Emask',
        'READ LOG DMA EXT failed, trying',
        'failed to resume link (SControl 0)',
        'failed to get {Identify Device Data|Device Identify Log}',
        'link down',
      ],
    },
    {
      name: 'nvme-driver',
      family: 'nvme-timeout',
      severity: 'warning',
      device: 'disk',
      title: 'The driver of NVMe drives reports a trouble',
      lines: [`nvme {dev}: {*}${TROUBLE}`, 'nvme {dev}: {*}log error', 'nvme: queue {n}: {*}{fail|rror}'],
      except: [...HARMLESS, ...NVME_HARMLESS, ...NVME_SETTINGS],
    },
    {
      name: 'nvme-driver-note',
      family: 'nvme-timeout',
      device: 'disk',
      title: 'An NVMe drive does not know a setting',
      about: 'The drive refused a setting or a page of its log that the driver can do without.',
      lines: [
        "nvme {dev}: {*}{ailed|rror|nvalid|ould not|annot|nable to|oesn't support|not supported|nsupported|ejecting}",
        'nvme {dev}: {*}{ismatch|clamping down|larger than|too large|too small|bad crto|Firmware bug|firmware bug}',
      ],
      except: [...HARMLESS, ...NVME_HARMLESS],
    },
  ],
);
