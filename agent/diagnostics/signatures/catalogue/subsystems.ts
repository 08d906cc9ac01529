/**
 * What parts of the kernel say of a trouble in words that no other signature knows: the part's name, and a word such as "failed"
 * behind it. Sources: drivers/base/dd.c, kernel/power, drivers/base/power, fs/ext4, drivers/{md,mmc}, drivers/scsi, lib/kobject.c.
 */

import { group, type Signature } from '../signature.ts';
import { CHECK_EXT4 } from './filesystems.ts';
import { HARMLESS, TROUBLE } from './trouble-words.ts';

/** Drivers of what servers have; those of sensors, sound and wireless find no device of theirs in many healthy machines. */
const SERVER_DRIVERS = [
  ...['ata_piix', 'ahci', 'sata_{w}', 'nvme', 'vfio-pci', 'mhi-pci-generic', 'cxl_{w}', 'idxd', 'pcieport'],
  ...['xhci_hcd', 'ehci-pci', 'uhci_hcd', 'qat_{w}', 'hfi1', 'thunderbolt'],
  ...['mscc_felix', 'octeontx2', 'rvu_{w}', 'fsl_{w}', 'mpi3mr', 'pm80xx', 'lpfc', 'qla2xxx', 'ioatdma'],
];

/** What hosts of memory cards say on boards that leave the lines to the card as the boot loader set them. */
const PINS = 'could not get {pinctrl|default state|ultra high speed state}';

const PARTS = group(
  {
    family: 'pcie',
    severity: 'warning',
    device: 'pci',
    about: 'A driver found its device and could not set it up, so the device cannot be used.',
    remedy: {
      text: 'Read what the driver said just before (nodectl dmesg); look for missing firmware, and for a newer kernel.',
      risk: 'none',
    },
  },
  [
    {
      name: 'driver-probe',
      title: 'A driver could not set up its device',
      lines: [
        ...SERVER_DRIVERS.flatMap((driver) => [
          `${driver}: probe of {pci} failed with error -{n}`,
          `${driver} {pci}: probe with driver {w} failed with error -{n}`,
        ]),
        'virtio_{blk|net|scsi}: probe of {dev} failed with error -{n}',
        'ufshcd{w}: probe of {dev} failed with error -{n}',
      ],
    },
    {
      name: 'dma-engine',
      title: 'A unit that copies memory for drivers stopped',
      about: 'What it was to copy failed or is done by the processor; those that rely on it may hang.',
      remedy: { text: 'Update the board’s firmware and the kernel; restart the node.', risk: 'reboot' },
      lines: [
        'ioatdma {dev}: {*}{Channel halted|Reset channel|Failed to restart|Fatal}',
        'imx-sdma {dev}: Timeout waiting for CH0',
        'idxd {dev}: {*}{HALTED|is halted|not enabled after|reset timed out|Device reset failed|Software reset failed}',
      ],
    },
    {
      name: 'suspend-failed',
      family: 'power',
      device: 'node',
      title: 'The machine did not go to sleep or did not wake up whole',
      about:
        'A task or a device refused to stop, or a device did not come back; what it is for is missing since.',
      remedy: {
        text: 'Look at the device or task that is named; restart the node where a device is missing.',
        risk: 'reboot',
      },
      lines: [
        'Freezing of tasks {failed|aborted} after',
        'Freezing {user space processes|remaining freezable tasks} {failed|aborted} after',
        'PM: {*}suspend of devices {failed|aborted}',
        'PM: Some {system |}devices failed to {suspend|power down}',
        'PM: hibernation: {Failed to load image|Some devices failed|Some system devices failed|Error|Image mismatch|Not enough free memory|Swap will be unusable}',
        'PM: Device {dev} failed to {w}',
        'PM: dpm_run_callback(): {*}returns -{n}',
        '{dev}: PM: pci_pm_{w}(): {*}returns -{n}',
        '{dev}: PM: failed to {suspend|resume|restore|freeze|thaw|power off|poweroff}',
        '{dev}: **** DPM device timeout',
        'PM: {Invalid image CRC32|LZO decompression failed|Cannot find swap device|Image not found (code -5)}',
      ],
    },
    {
      name: 'kernel-object',
      family: 'warn',
      device: 'node',
      title: 'Two parts of the kernel claim one name, or one was given back twice',
      about:
        'A driver made an entry of sysfs or procfs that exists already, or broke the rules of locking; what it is for may be missing.',
      remedy: {
        text: 'Look up the driver that the trace names; boot a newer kernel of its series.',
        risk: 'none',
      },
      lines: [
        'RTNL: assertion failed at',
        'FS-Cache: Duplicate cookie detected',
        'devtmpfs create node for {w} failed: {n}',
        'kobject_add_internal failed for',
        'kobject: {*}something is seriously wrong',
        'kobject: {*}is not initialized, yet',
        'sysfs: cannot create duplicate filename',
        'kernfs: can not remove',
        'proc_dir_entry {*}already registered',
        'remove_proc_entry: removing non-empty directory',
        'refcount_t: decrement hit 0',
        '{dev}: disabling already-disabled device',
        '{dev}: Runtime PM usage count underflow!',
      ],
    },
    {
      name: 'ext4-refused',
      family: 'ext4',
      device: 'filesystem',
      title: 'ext4 could not do what it was asked for',
      about: 'A file system could not be mounted or set up as it is, or lacks memory or space for it.',
      remedy: { text: CHECK_EXT4, risk: 'data' },
      lines: [
        "EXT4-fs ({dev}): {*}{ailed|nable to|ould not|ouldn't|annot proceed|nvalid checksum|insanely|too large|too big|nsufficient|not enough memory|an't read|an't get|nsupported inode|nsupported block|nsupported desc|bad block size|bad s_|nvalid inodes|nvalid first|inconsistent|not valid|suppressed and not|tracked as orphan|not cleared}",
      ],
      except: [
        "couldn't mount as ext{2|3}",
        'mount option',
        "VFS: Can't find",
        'unsupported by block device',
        '{m|M}ounted filesystem',
      ],
    },
    {
      name: 'md-trouble',
      family: 'md-degraded',
      device: 'array',
      title: 'The software RAID reports a trouble',
      about: 'A member could not be taken, read or written as it should, or the array could not be changed.',
      remedy: {
        text: 'Look at mdadm --detail of the array and at what its disks say (nodectl diag disk).',
        risk: 'data',
      },
      lines: [
        `md/raid{*}:{dev}: {*}${TROUBLE}`,
        `md/llbitmap: {*}${TROUBLE}`,
        `md/linear:{dev}: {*}${TROUBLE}`,
        'md: {dev} {flush io|write} error',
        'md: bitmap read error',
        '{dev}: could not start resync thread',
        '{dev}: {bitmap initialisation failed|disabling internal bitmap|invalid bitmap file superblock|kicking failed bitmap}',
        ...[
          'cannot',
          'could not',
          'failed to',
          'unable',
          'invalid',
          'unsupported',
          'mddev {*}has no superblock',
        ].map((words) => `md: ${words}`),
      ],
      except: [...HARMLESS, 'could not bd_claim', 'failed to {open|lock}{*}-16', 'no bitmap'],
    },
    {
      name: 'scsi-target-note',
      family: 'scsi-timeout',
      severity: 'info',
      device: 'node',
      title: 'This machine refused a command of a client of its iSCSI target',
      about:
        'A client tried a command or a volume that the target does not have, as many do when they look what there is.',
      remedy: { text: 'Nothing, unless the client cannot use its volume.', risk: 'none' },
      lines: [
        'iSCSI/{dev}: Unsupported SCSI Opcode',
        'TARGET_CORE[{w}]: {Detected|Expected Transfer Length|Unable}',
      ],
    },
    {
      name: 'sas-trouble',
      family: 'scsi-timeout',
      title: 'The SAS layer or a SCSI host reports a trouble',
      about: 'A device behind a SAS expander or a storage controller did not do what it was asked for.',
      remedy: {
        text: 'Look whether a disk or a path is missing, and at the cables of its enclosure.',
        risk: 'none',
      },
      lines: [
        `sas: {*}${TROUBLE}`,
        `scsi {dev}: {*}${TROUBLE}`,
        'ABORT_TASK: {Found referenced|Sending TMR_FUNCTION_COMPLETE}',
        'iSCSI Login {negotiation failed|timeout on}',
        'Unable to recover from DataOut timeout',
        '{|iSCSI }Security negotiation failed.',
        'MD5 Digests do not match!',
        'is not authorized to access iSCSI target portal group',
        'Initiator is requesting CSG: {n}, has not been successfully authenticated',
        'Unexpected ret: {n} send data {n}',
        'Got unknown iSCSI OpCode: {x}',
        'Illegally set Immediate Bit in iSCSI',
        'kernel_bind() failed: {n}',
        'Unable to allocate {*} for iSCSI',
        'iSCSI {*}{failed|Failed|timeout expired}',
        'Unable to reconfigure device$',
        '{LUN_RESET|TARGET_CORE|CORE_HBA|CORE_PHBA|RD_MCP|pSCSI|IBLOCK|FILEIO|SPC-3 PR|SPC-4 PR|TCM_LOOP|tcm_loop}{*}: {*}{failed|Failed|rror:|unable to|Unable to}',
        'Did not receive response to NOPIN',
        'Unable to locate {Target Portal Group|target portal|iSCSI Target}',
        '{tx_data|rx_data}{|()} returned {n}, expecting {n}',
        'drivers/scsi/mvsas/{w} {n}:',
        'bio error: {x}{|,} err',
        ']: bio error: {x}',
        'bio error: {x},  err: {n}',
      ],
      except: [
        ...HARMLESS,
        'busy: 0 failed: 0',
        '--- Exit',
        'bind enclosure',
        'diagnostic page',
        'dev error handler',
        'INQUIRY result too short',
        'Unexpected response from lun',
        'scan',
      ],
    },
    {
      name: 'iommu-firmware',
      family: 'iommu',
      severity: 'info',
      title: 'The firmware describes the unit that translates devices’ addresses wrongly',
      about: 'The kernel does without what is wrong: translation for graphics, or for a device.',
      remedy: { text: 'Update the machine’s firmware (BIOS).', risk: 'reboot' },
      lines: [
        'DMAR: BIOS has allocated no shadow GTT',
        'DMAR: [Firmware Bug]: Your BIOS is broken',
        'DMAR: BIOS assigned incorrect',
        'AMD-Vi: [Firmware Bug]: {*}IOAPIC',
        'AMD-Vi: Disabling interrupt remapping',
      ],
    },
    {
      name: 'iommu-trouble',
      family: 'iommu',
      title: 'A unit that translates devices’ addresses reports a trouble',
      about:
        'The unit or its driver could not do something for a device; passthrough or protection of it may be missing.',
      remedy: { text: 'Update the board’s firmware and the kernel.', risk: 'reboot' },
      lines: [
        `DMAR: {*}${TROUBLE}`,
        `DMAR-IR: {*}${TROUBLE}`,
        `AMD-Vi: {*}${TROUBLE}`,
        'AMD-Vi: DTE[{n}]: ',
        'Invalidation {Queue|Completion|Time-out} Error ({IQE|ICE|ITE}) cleared',
        `arm-smmu {dev}: {*}${TROUBLE}`,
        `arm-smmu-v3 {dev}: {*}${TROUBLE}`,
        '{dev}: Failed to {attach|add|set up} {*}{iommu|IOMMU}',
        'iommu: {iommu_map: ops->map failed|Failed to allocate}',
        'iommu_group_create_direct_mappings: iommu_map failed',
        'Failed to attached device {w} to IOMMU_mapping',
        'IOMMU: {*}Failed to {allocate|create|request}',
        'Unexpected page request in Privilege Mode',
        '{dev}: Device is ineligible for IOMMU domain attach',
        '{dev}: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting',
      ],
      except: [
        ...HARMLESS,
        'No firmware reserved region',
        'Failed to disable prefetcher',
        'IOMMU perf counter',
        'Queued invalidation',
        'Register based invalidation',
        "doesn't support",
        'Failed to initialize - trying to proceed',
      ],
    },
    {
      name: 'bond-address',
      family: 'link-flap',
      device: 'nic',
      title: 'A member of a bond did not take the address that it was to have',
      about: 'What is sent to the bond may not reach it by this member.',
      remedy: {
        text: 'Look whether its driver can change the address; where it cannot, set fail_over_mac=active on the bond.',
        risk: 'connection',
      },
      lines: ['(slave {dev}): Error {n} setting MAC of {slave|new active slave|old active slave}'],
    },
    {
      name: 'bond-trouble',
      family: 'link-flap',
      severity: 'info',
      device: 'nic',
      title: 'A bond or team of network interfaces could not do something',
      about: 'An option was refused, or a member could not be taken, set up or taken out as it should.',
      remedy: {
        text: 'Look at the bond’s state (/proc/net/bonding) and at how it is configured.',
        risk: 'connection',
      },
      lines: [
        `(slave {dev}): {*}${TROUBLE}`,
        'bond{n}: {option |Error: |bond_do_fail_over_mac }{*}{failed|invalid|unable|impossible|rror}',
        '(slave {dev}): Port {n} did not find a suitable aggregator',
        'team{n}: {*}{ailed|nable to|efused}',
        '{dev}: Device {w} failed to enter team mode',
      ],
      except: HARMLESS,
    },
    {
      name: 'mmc-note',
      family: 'scsi-timeout',
      severity: 'info',
      device: 'disk',
      title: 'A memory card does not do what its host asks for',
      about:
        'The card could not be set to a faster mode, and works in another; or its host told its registers.',
      remedy: { text: 'Nothing, unless the card is slow or makes errors.', risk: 'none' },
      lines: [
        'mmc{n}: {*}{invalid bus width|Signal voltage switch failed|unexpected status|cannot detect|Too large timeout|rror IRQ status}',
        'sdhci: Timeout waiting for',
        `{rtsx_pci_sdmmc|rtsx_usb_sdmmc} {dev}: {*}{ fail |${TROUBLE.slice(1)}`,
        `{.mmc: |.sdhci: |.sdmmc: |.emmc: |.mshc: }{*}{lost busy|${TROUBLE.slice(1)}`,
        'mmc{n}: {*}{tuning execution failed|cannot verify signal voltage|REGISTER DUMP ===|SCR structure version|failed, err:|doing aggressive suspend|doing runtime resume|Host failed to negotiate|Card appears overclocked}',
      ],
      except: [...HARMLESS, PINS],
    },
    {
      name: 'mmc-trouble',
      family: 'scsi-timeout',
      device: 'disk',
      title: 'A memory card or its host reports a trouble',
      about: 'A card or soldered flash did not answer as it should.',
      remedy: {
        text: 'Replace the card; where it is soldered, save its data and look at its life time (mmc extcsd read).',
        risk: 'data',
      },
      lines: [
        'mmc{n}: {*}{never completed|never released|ADMA error|stuck|error -1|timed out}',
        'mmcblk{n}: {*}{error -|timed out|failed|response CRC error|recovery failed}',
        'mmc{n}: {*}{never left busy|never stabilised|transfer error - HSTS|final write to SD card still running|Card will be ignored|Get card status fail}',
        `sdhci-{w} {dev}: {*}${TROUBLE}`,
        `dwmmc_{w} {dev}: {*}{Busy; trying anyway|rror|imeout|ailed}`,
        'mmc_host {dev}: {Timeout sending command|Unexpected xfer timeout|Unexpected command timeout}',
        'sunxi-mmc {dev}: data error',
        'mmcblk: probe of {dev} failed with error',
        'mmcblk {dev}: probe with driver mmcblk failed with error',
      ],
      except: [...HARMLESS, PINS, 'unspecified timeout', 'MSI failed', 'xternal regulator', 'probe deferral'],
    },
  ],
);

/** What parts of the kernel say in words of their own. */
export const SUBSYSTEM_SIGNATURES: readonly Signature[] = PARTS;
