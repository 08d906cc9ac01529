/** SATA disks: exceptions and links that come and go. Sources: drivers/ata. */

import { group } from '../signature.ts';
import { DISK_EFFECTS } from './disk-errors.ts';

/** SATA disks and their links. */
export const ATA = group(
  {
    family: 'ata',
    severity: 'warning',
    device: 'disk',
    about:
      'The SATA link or the drive behind it failed a command. Errors with SError and CRC are of the cable; UNC is of the drive.',
    remedy: {
      text: 'Exchange the SATA cable or its slot in the backplane; read smartctl -a: pending sectors ask for another drive, CRC errors for another cable.',
      risk: 'data',
    },
    links: ['https://ata.wiki.kernel.org/index.php/Libata_error_messages'],
    explains: [...DISK_EFFECTS, 'kernel-log.ata-detail', 'kernel-log.scsi-*', 'disk.io-errors'],
  },
  [
    {
      name: 'ata-disabled',
      severity: 'critical',
      title: 'A SATA drive was given up',
      lines: [
        '{ata}: disabled$',
        '{ata}: disable device',
        '{ata}: disabling device',
        '{ata}: reset failed, giving up',
        '{ata}: EH pending after {n} tries, giving up',
        '{ata}: COMRESET failed (errno={n})',
        '{ata}: revalidation failed (errno={n})',
        '{ata}: failed to IDENTIFY ({*}, err_mask={x})',
        '{ata}: detaching (SCSI {n}:{n}:{n}:{n})',
      ],
    },
    {
      name: 'ata-exception',
      title: 'A SATA drive or its link failed a command',
      lines: [
        '{ata}: exception Emask {x} SAct {x} SErr {x} action {x}',
        '{ata}: failed command: {*}',
        '{ata}: qc timeout ({*}cmd {x})',
        '{ata}: qc timeout after {n} msecs (cmd {x})',
        '{ata}: SRST failed (errno={n})',
        '{ata}: softreset failed ({*})',
        '{ata}: hardreset failed',
        '{ata}: NCQ disabled due to excessive errors',
        '{ata}: limiting SATA link speed to {w} Gbps',
        '{ata}: limiting speed to {w}',
        '{ata}: reset failed (errno={n}), retrying in {n} secs',
        '{ata}: failed to set xfermode (err_mask={x})',
        '{ata}: device reported invalid CHS sector',
        '{ata}: lost interrupt (Status {x})',
        '{ata}: failed to read log page 10h (errno={n})',
        '{ata}: failed to read log page {x}',
        '{ata}: failed to read SCR {n}',
        '{ata}: Read log {x} page {x} failed',
        '{ata}: link online but device misclassified',
        '{ata}: FLUSH failed Emask {x}',
        '{ata}: TEST_UNIT_READY failed (err_mask={x})',
        '{ata}: Drive reports diagnostics failure',
        '{ata}: failed to recover {*}',
        'ahci {dev}: {c|C}ontroller reset failed ({x})',
        '{ata}: BMDMA stat {x}',
        'ahci {dev}: AHCI controller unavailable!',
        '{ata}: hotplug: SATA link lost',
      ],
    },
    {
      name: 'ata-detail',
      severity: 'info',
      title: 'The error handling of a SATA port was at work',
      lines: [
        '{ata}: {hard|soft} resetting link',
        '{ata}: {hard |soft |}resetting port',
        '{ata}: status: {lb} {*}DRDY',
        '{ata}: error: {lb} {UNC|ICRC|ABRT|IDNF|AMNF} ',
        '{ata}: SError: {lb} ',
        '{ata}: irq_stat {x}',
        '{ata}: edma_err_cause={x}',
        '{ata}: cmd {x}/{x}:{w} tag {n}',
        '^res {x}/{x}:{w} Emask {x} (',
        '{ata}: SATA link down (SStatus FFFFFFFF',
        '{ata}: EH complete$',
        '{ata}: link is slow to respond, please be patient',
        '{ata}: device not ready (errno={n}), forcing hardreset',
        '{ata}: port is slow to respond, please be patient',
        '{ata}: configured for {w} (device error ignored)',
      ],
    },
  ],
);
