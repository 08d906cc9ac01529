/**
 * What drivers of disk controllers and of storage networks' adapters say of a trouble in words that no other signature knows: the
 * driver's name, and a word such as "failed" behind it. They come last; how much they weigh is read from those words, as in
 * drivers-nic.ts.
 */

import { group, type Signature } from '../signature.ts';
import { DEAD, GRAVE, HARMLESS, TROUBLE } from './trouble-words.ts';

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
