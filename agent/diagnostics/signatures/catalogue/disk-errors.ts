/** Requests to disks that fail, whatever the disk. Sources: block/blk-core.c, fs/buffer.c. */

import { group } from '../signature.ts';

/** What to do about a disk that fails. */
export const DISK_ADVICE =
  'Read the drive’s own health (nodectl diag disk; smartctl -a, nvme smart-log), save its data, check cable, backplane and power, and replace it when errors return.';

/** How to read what a drive says of itself. */
export const SMART_LINK = 'https://www.smartmontools.org/wiki/FAQ';

/** What a disk that fails brings about. */
export const DISK_EFFECTS: readonly string[] = [
  ...['kernel-log.io-error*', 'kernel-log.ext4-*', 'kernel-log.xfs-*', 'kernel-log.btrfs-*'],
  ...['kernel-log.filesystem-*', 'kernel-log.readonly-*', 'kernel-log.md-*', 'kernel-log.hung-task'],
  ...['disk.read-only', 'disk.filesystem-errors', 'disk.filesystem-dead', 'disk.btrfs-errors'],
  ...['system.processes-stuck'],
];
/** What a request asked for, as nvme_get_opcode_str names it; "I/O Cmd" where its kernel has no names. */
const NVME_COMMAND =
  '{Read|Write|Flush|Compare|Verify|Copy|Write Uncorrectable|Write Zeroes|Dataset Management|Zone Append|Zone Management Send|Zone Management Receive|I/O Cmd}';
/** Floppy drives that boards announce and nobody has. */
const NO_FLOPPY = ['dev fd{n}, ', 'dev fd{n}'];

/** Requests that failed. */
export const IO_ERRORS = group(
  {
    family: 'io-error',
    severity: 'critical',
    device: 'disk',
    about: 'The drive could not read or write a block. What was in it may be lost.',
    remedy: { text: DISK_ADVICE, risk: 'data' },
    links: [SMART_LINK],
    explains: [...DISK_EFFECTS, 'kernel-log.scsi-detail', 'disk.io-errors'],
    except: NO_FLOPPY,
  },
  [
    {
      name: 'zone-dead',
      title: 'A zone of a drive takes no writes any more, or cannot be read',
      about:
        'The drive gave up a zone: one that is read only keeps what is in it, what is in one that is offline is lost.',
      lines: [`{dev}: ${NVME_COMMAND}({x}) @ LBA {n}, {n} blocks, Zone Is {Read Only|Offline}`],
    },
    {
      name: 'zone-refused',
      severity: 'warning',
      title: 'A drive with zones refused a write that its rules do not allow',
      about:
        'Whoever writes to it opened more zones than it can have, wrote to a full one, or not where the zone’s data end. The drive is well; what was to be written was not.',
      remedy: {
        text: 'Look at what writes to the drive (a file system for zones, or a program of its own), and at blkzone report.',
        risk: 'none',
      },
      lines: [
        `{dev}: ${NVME_COMMAND}({x}) @ LBA {n}, {n} blocks, {Zoned Boundary Error|Zone Is Full|Zone Full|Zone Invalid Write|Too Many Active Zones|Too Many Open Zones|Invalid Zone State Transition}`,
        '{open zones exceeded|active zones exceeded|zone open resources exceeded|zone active resources exceeded} error, dev {dev}, sector {n}',
      ],
    },
    {
      name: 'nvme-refused',
      severity: 'warning',
      title: 'An NVMe drive refused a request',
      about:
        'The drive did not take the request as it was, or not now: its size, its state, who may write, the way to it. No block of it is known to be bad.',
      remedy: {
        text: 'Read the reason in the line: reservations and write protection are set by somebody, a format or a sanitize ends by itself; update its firmware where none fits.',
        risk: 'none',
      },
      lines: [
        `{dev}: ${NVME_COMMAND}({x}) @ LBA {n}, {n} blocks, {LBA Out of Range|Capacity Exceeded|Namespace Not Ready|Reservation Conflict|Format In Progress|Access Denied|Operation Denied|Namespace is Write Protected|Attempted Write to Read Only Range|Sanitize |Overlapping Range|Atomic Write Unit Exceeded|Conflicting Attributes|Command Size Limits Exceeded|Invalid |Command Aborted|Command Abort Requested|Commands Aborted|Command Interrupted|Host Aborted Command|Host Pathing Error|Internal Pathing Error|Controller Pathing Error|Asymmetric Access |Transient Transport Error}`,
      ],
    },
    {
      name: 'io-error-medium',
      title: 'A drive has blocks that cannot be read',
      lines: [
        'critical medium error, dev {dev}',
        '[{dev}] {*}Add. Sense: Unrecovered read',
        'Unrecovered read error - auto reallocate failed',
        '[{dev}] {*}Sense Key : Medium Error',
        '[{dev}] {*}Sense Key : Hardware Error',
        '^Sense Key : {Medium|Hardware} Error',
        '[{dev}] {*}Add. Sense: {Write error|Defect list|Mechanical positioning error|Record not found|Id CRC or ECC error|Internal target failure|Logical unit failure|Data phase|Hardware impending failure}',
        `{dev}: ${NVME_COMMAND}({x}) @ LBA {n}, {n} blocks,`,
        '{dev}: {w}({x}) @ LBA {n}, {n} blocks,',
        'error -5 while reading {*}bad block',
        'Unhandled error code {*}medium',
        'medium error, dev {dev},',
        '{dev}: Admin Cmd({x}), {*}(sct {x} / sc {x})',
        '{dev}: Admin Cmd({x}), I/O Error',
      ],
    },
    {
      name: 'io-error-space',
      severity: 'critical',
      title: 'A device has no space behind it any more',
      about: 'A thinly provisioned device refused a write for lack of room; what was to be written is lost.',
      remedy: {
        text: 'Give the thin pool or the storage array more space, then check the file system.',
        risk: 'data',
      },
      lines: ['critical space allocation error, dev {dev}, sector {n}'],
    },
    {
      name: 'scsi-space-low',
      severity: 'warning',
      title: 'A thinly provisioned disk has little space left behind it',
      about: 'The storage array says that the volume comes near to what it has room for.',
      remedy: { text: 'Give the storage array more space, or delete what is not needed.', risk: 'none' },
      lines: ['{dev}: {*}LUN reached a thin provisioning soft threshold'],
    },
    {
      name: 'io-error-unsupported',
      severity: 'info',
      title: 'A drive does not know a command that the kernel tried',
      about:
        'Clearing or discarding blocks, or looking for partitions. The kernel does without, or another way.',
      remedy: { text: 'Nothing.', risk: 'none' },
      explains: [],
      lines: [
        'operation not supported error, dev {dev}, sector',
        'partition scan of {dev} {*}failed (rc={n})',
        'partition scan of {dev} failed (rc={n})',
        'bch_count_{backing_io_errors|io_errors}: {n} callbacks',
        'I/O error, dev mmcblk{n}rpmb',
      ],
    },
    {
      name: 'io-error-optical',
      severity: 'info',
      title: 'An optical drive could not be read',
      about:
        'A disc that is damaged or was taken out, or a drive without one. Virtual machines have such drives for their first boot.',
      remedy: { text: 'Take the disc or the virtual drive out where nobody uses it.', risk: 'none' },
      explains: [],
      lines: [
        'error, dev sr{n}, sector {n}',
        'Buffer I/O error on {dev|device} sr{n}',
        'lost {async |sync |}page write due to I/O error on sr{n}',
      ],
    },
    {
      name: 'io-error-loop',
      severity: 'info',
      title: 'A loop device could not be read or written',
      about:
        'The file behind it is gone, was cut or cannot be read, or it was taken away while it was in use: packages of snap and images that are mounted for a while.',
      remedy: {
        text: 'See which file is behind it (losetup -l), and the disk that the file is on.',
        risk: 'none',
      },
      explains: [],
      lines: [
        'error, dev loop{n}, sector {n}',
        'loop{n}: rw={n}, {want|sector}={n}, ',
        'Buffer I/O error on {dev|device} loop{n}',
        'lost {async |sync |}page write due to I/O error on loop{n}',
      ],
    },
    {
      name: 'io-error',
      title: 'A drive reports errors',
      lines: [
        'I/O error, dev {dev}, sector',
        '{timeout|recoverable transport|critical target|critical nexus|reservation conflict|protection|device offline|kernel resource|device resource|nonblocking retry|dm internal retry|invalid|duration limit exceeded} error, dev {dev}, sector {n}',
        'blk_update_request: {*} error, dev {dev}',
        'loop: {Write|Read} error at byte offset {n}, length {n}',
        'print_req_error: {*} error, dev {dev}',
        'print_req_error: I/O error,$',
        'blk_update_request: I/O error,$',
        'end_request: I/O error,$',
        'end_request: {*} error, dev {dev}',
        '{dev}: error {n} transferring data',
        '{dev}: {command|media|drive|status|dma} error: {status|error}={x} {lb}',
        '{dev}: dma_intr: {status|error}={x} {lb}',
        '{dev}: dma_timer_expiry: dma status == {x}',
        '{dev}: {DMA timeout error|DMA timeout retry|lost interrupt}$',
        '{dev}: {dma timeout|dma timeout error|irq timeout|status timeout|recal_intr|read_intr|write_intr|multwrite_intr|task_in_intr|task_out_intr|set_geometry_intr|drive not ready for command}: {status|error}={x} {lb}',
        'ide{n}: reset timed-out, status={x}',
        '{dev}: error {n} sending {*}command',
        '{dev}: rw=1, want={n}, limit={n}',
        '{dev}: rw={n}, want={n}, limit={n}',
        '{dev}: rw={n}, sector={n}, nr_sectors = {n} limit={n}',
        'attempt to access beyond end of device',
        'dasd{*} {dev}: {No verified channel paths remain|An error occurred in the DASD device driver}',
        '{dev}: Integrity Failure on sector',
        '{dev}: {guard|ref} tag error at {location|sector} {n}',
        '{dev}: I/O error, {read|write}',
        '{dev}: unable to read partition table',
        '{dev}: unable to read RDB block {n}',
        'Dev {dev}: unable to read RDB block',
        '{dev}: partition table beyond EOD',
        'nbd{n}: Connection timed out, retrying ({n}/{n} alive)',
        'block {dev}: Dead connection, failed to find a fallback',
        'Page cache invalidation failure on direct I/O',
        '{dev}: writeback error on inode {n}',
        'VFS: Dirty inode writeback failed for block device {dev}',
        'VFS: {b|B}usy inodes on changed media{ or resized disk|} {dev}',
        'Direct I/O collision with buffered writes!',
        '{w}: over max {size|segments} limit',
        'ldm_validate_partition_table(): Disk read failed',
        '{dev}: {failed to revalidate zones|Invalid zoned device}',
        'block {dev}: {Attempted send on invalid socket|Receive control failed|Send disconnect failed|Unexpected reply}',
        'virtio_blk {*}{dev}: {*}{failed|rror|imeout}',
        'st {w}: [{dev}] Error {n}',
        'st {w}: [{dev}] Error{:| on write|: }',
        '{critical target|critical nexus|device offline|recoverable transport|protection} error, dev {dev}, sector',
        'zloop: {*}failed {write|read} sector',
        '{dev}: unable to read partition',
        '[{dev}] {*}{device offline or changed|access beyond end of device|request not aligned to the logical block size}',
        '[{dev}] formatted with unsupported protection type {n}. Disabling disk!',
        '{dev} disabled for further use',
        '{dev}: response {has incorrect id|has wrong operation|references no pending request}',
        'block {dev}: Attempted send on closed socket',
        'zram: {Decompression|Compression} failed! err={n}, page={n}',
        'generic_make_request: Trying to access nonexistent block-device {dev}',
        '[{dev}] {*}Bad block number requested',
      ],
      except: [...NO_FLOPPY, 'loop{n}: rw', 'partition table beyond EOD, truncated', 'Dev sr{n}'],
    },
    {
      name: 'io-error-buffer',
      title: 'Blocks of a drive could not be read or written',
      lines: [
        'Buffer I/O error on dev {dev}',
        '^Buffer I/O error on{*}$',
        'Buffer I/O error on device {dev}',
        'lost {async |sync |}page write due to I/O error on {dev}',
        'lost page write due to I/O error on {dev}',
        '{n} callbacks suppressed: Buffer I/O error',
        '{buffer_io_error|blk_update_request|print_req_error|blk_print_req_error}: {n} callbacks suppressed',
        'quiet error on {dev}',
        '{dev}: requested out-of-range block {n}',
        'Error while async write back metadata bh',
        'Error while reading from {*}swap',
      ],
      explains: DISK_EFFECTS.filter((id) => !id.startsWith('kernel-log.io-error')),
    },
  ],
);
