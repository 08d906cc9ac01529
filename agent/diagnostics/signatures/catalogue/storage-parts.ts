/**
 * What block devices, arrays and file systems say of a trouble in words that no other signature knows: the part's name, and a word
 * such as "failed" behind it. They come last. Sources: drivers/{block,md,scsi}, fs/{f2fs,gfs2,ocfs2,nfs,nfsd,lockd,fuse,overlayfs},
 * net/{sunrpc,ceph}.
 */

import { group, type Signature } from '../signature.ts';
import { DISK_ADVICE } from './disk-errors.ts';
import { HARMLESS, TROUBLE } from './trouble-words.ts';

/** Words of file systems and arrays of what they found or could not do: a part of a template. */
const FOUND =
  "{fail|Fail|rror |rror:|rror, |annot |an not |an't |nable to|ould not|ouldn't|nvalid|orrupt|ismatch|nconsisten|nexpected|imed out|imeout|wrong|Wrong| bad |Bad |out of range|ut of memory|nsupported|ot supported|too small|too large|oo many|must have| missing|ncompatible|overlap|fsck|lost |stale|denied|refused|reject|llegal|nknown }";

/** Drivers of block devices. */
const BLOCK = [
  ...[
    'sunvdc: ',
    'xen_blkfront ',
    'blkfront: ',
    'vbd vbd-',
    'xen-blkback: ',
    'xen_blkback: ',
    'mtip32xx {domain}:',
  ],
  ...[
    'rnbd_client',
    'rnbd_server',
    'virtio_blk virtio',
    'skd {domain}:',
    'rsxx {domain}:',
    'zram: ',
    'aoe: ',
    'nbd: ',
  ],
  ...[
    'block nbd',
    'ps3disk ',
    'ublk: ',
    'dasd-eckd ',
    'dasd ',
    'zfcp ',
    'virtiofs virtio',
    'virtio_pmem virtio',
  ],
];

const BLOCKS = group(
  {
    family: 'io-error',
    severity: 'warning',
    device: 'disk',
    about:
      'The driver of a disk, which a hypervisor, another machine or this one itself stands in for, could not do something.',
    remedy: { text: DISK_ADVICE, risk: 'data' },
    except: [...HARMLESS, 'Invalid max_ring_order'],
  },
  [
    {
      name: 'block-driver',
      title: 'The driver of a disk reports a trouble',
      lines: [
        ...BLOCK.map((name) => `${name}{*}${TROUBLE}`),
        'zfcp {dev}: {The local link is down: |A QDIO problem occurred|The error threshold for checksum}',
        'Primary GPT is invalid, using alternate GPT',
        'Trying to write to read-only block-device {dev}',
        'blk_partition_remap: fail for partition',
      ],
    },
    {
      name: 'drbd-trouble',
      family: 'network-filesystem',
      title: 'A replicated disk reports a trouble',
      about: 'The two sides of a replicated disk do not agree, or one cannot read or write its own part.',
      remedy: {
        text: 'Look at drbdadm status on both nodes, and at the network and the disk below.',
        risk: 'data',
      },
      // DRBD 8.4 begins with "block drbd0: " or the name of a resource, DRBD 9 with that and a volume or a peer.
      lines: ['block drbd{n}: ', 'drbd {dev}: ', 'drbd {w} {dev}: ', 'drbd {w} {dev} {w}: '].flatMap(
        (head) => [
          `${head}{*}${FOUND}`,
          `${head}{*}{ERROR|FAILED|BAD!|split brain|Split-Brain|Cluster is now split|Unrelated data|time expired|disconnecting|dropping connection|missed end of resync|Aborting cluster-wide|quorum( yes -> no )|susp-io( no -> |LOGIC BUG|Logic BUG|FIXME|nonsense|ut of sync|NegDReply|NegRSDReply|broke down|iskless!|DISKLESS|shut down by peer|clean meta data|eta data magic|eta data offsets|still in use|refusing|truncat|returned -|short read|ambiguous|SyncTarget, |already running|Strangeness|beyond end|bitmap locked|already locked|Different |not Consistent|outdating|Ignoring |Ignored |no room|PingAck did not|No connection|Discarding network|expired|inactive extent|postponing}`,
        ],
      ),
      except: [
        ...HARMLESS,
        'not supported on',
        'unknown optional packet',
        'fence-peer helper',
        'helper command',
      ],
    },
    {
      name: 'md-note',
      family: 'md-degraded',
      device: 'array',
      title: 'The software RAID remarks on an array',
      about: 'A member or a setting does not fit what the array is, or what it is to become.',
      remedy: { text: 'Look at mdadm --detail of the array.', risk: 'none' },
      lines: [
        `md/raid{*}:{dev}: {*}${FOUND}`,
        'md/raid{*}:{dev}: {*}{must |remove |recovery aborted|array size must}',
        'md: {w} has {different UUID|strangely different superblock|same UUID but different superblock}',
        'md: {data_size too small on|can not hot-add faulty|md_import_device returned|error, md_import_device() returned}',
        'md: {w}: bogus bblog_shift',
        '{dev}: WARNING: {w} appears to be on the same physical disk as {w}',
        'True protection against single-disk failure might be compromised',
        'md: starting {dev} failed',
        '{dev}: {bitmap superblock UUID mismatch|bitmap file too short|bitmaps are not supported for|bitmap files not supported|personality does not support|error: bitmap file|error: failed to get bitmap|incompatible integrity profile|Could not setup cluster service|read super block failed}',
        'md: {w}: {*}{would not accept array|overlaps|is limited to|devices permitted|does not support online}',
        'md: {superblock version |unit number in|serialize_policy|journal device provided without}',
        "can't get bitmap from slot {n}",
        'md: {dev} still in use.',
        `md-cluster: {*}${FOUND}`,
      ],
      except: [...HARMLESS, 'not clean', 'no bitmap', 'could not bd_claim', 'failed to {open|lock}{*}-16'],
    },
    {
      name: 'dm-note',
      family: 'device-mapper',
      severity: 'info',
      title: 'The device mapper refused something',
      about: 'A table, a message or the data of a target does not fit what it is to build.',
      remedy: { text: 'Look at dmsetup table and status, and at what asked for it.', risk: 'none' },
      lines: [
        `device-mapper: {*}${FOUND}`,
        'device-mapper: {*}{ returned -|not found|Ran out|unserviceable|nrecogni|not aligned|naligned|Bogus|too deep|still in use|o memory left|Cancelling|is dirty|No zones|exceed|beyond |not specified|middle of a chunk|still open|larger than}',
      ],
      except: [
        ...HARMLESS,
        'unable to find target',
        'Duplicate IMA',
        'already registered',
        'alignment inconsistency',
        '{d|D}iscard unsupported',
        'invalid argument',
      ],
    },
    {
      name: 'iscsi-trouble',
      family: 'scsi-timeout',
      title: 'A connection or session of iSCSI reports a trouble',
      about: 'The target sent something else than was to be expected, or the session could not be kept.',
      remedy: { text: 'Look at the storage array, and at the network between.', risk: 'none' },
      lines: [
        `{iscsi}: {*}${TROUBLE}`,
        `rport-{dev}: {*}${TROUBLE}`,
        `host{n}: {libfc|lport |rport }{*}${TROUBLE}`,
        'scsi {dev}: Domain Validation {*}{Fail|fail|Disabling}',
        '[{dev}] {Stepping over filemark|Error on flush.|Incorrect block size.|Partitioning of tape failed}',
        '[{dev}] Failed to read {n} byte block',
      ],
    },
  ],
);

const FILES = group(
  {
    family: 'filesystem',
    severity: 'warning',
    device: 'filesystem',
    about: 'A file system found something that it did not expect, or could not do what it was asked for.',
    remedy: {
      text: 'Look at the disk below it (nodectl diag disk), save the data, unmount it and run its fsck.',
      risk: 'data',
    },
    except: HARMLESS,
  },
  [
    {
      name: 'filesystem-note',
      title: 'A file system reports a trouble',
      lines: [
        `F2FS-fs ({dev}): {*}${FOUND}`,
        'F2FS-fs ({dev}): {*}{Unaligned zone reset|has the same segno|Insane cp_payload|is used by log|still inuse|ncorrect |reference count leak|locked on checkpoint|checkpoint was blocked|is dirty|zero i_nlink|extent len is zero|has both |alias of meta}',
        `fscrypt ({dev}{*}): {*}${FOUND}`,
        `fs-verity ({dev}{*}): {*}${FOUND}`,
        "{dev}: Can't open blockdev",
        "{dev}: Can't mount, would change RO state",
        'FAT-fs ({dev}): unable to read boot sector to mark fs as dirty',
        'VFS_WARN_ON_INODE(',
        `gfs2: fsid={dev}: {*}${FOUND}`,
        `GFS2: fsid={dev}: {*}${FOUND}`,
        '({*},{n},{n}):{w}:{n} ERROR: ',
        `bcachefs ({dev}{*}): {*}${FOUND}`,
        `exFAT-fs ({dev}): {*}${FOUND}`,
        `erofs (device {dev}): {*}${FOUND}`,
        `JFS: {*}${FOUND}`,
        `UBIFS warning ({*}): {*}${FOUND}`,
        'NILFS ({dev}): {*}{rror|ailed|orrupt|broken |invalid |bad |nable to}',
        `befs: {*}${FOUND}`,
        `fuse: {*}${TROUBLE}`,
        'fuse: trying to steal weird page',
        `virtio-fs: {*}${TROUBLE}`,
        'VFS:{| }Filesystem {freeze|thaw} failed',
        'OCFS2: abort (device {dev})',
        'netfs: Assertion failed',
        'FAT-fs ({dev}): bread failed',
        'overlayfs: failed to {lookup|retrieve|encode|clone|lock|get inode|get index|get redirect|get metacopy|copy up on encode}',
        'overlayfs: {orphan index|suspected |invalid redirect|invalid origin|incompatible |lazy lowerdata|wrong inherited|metacopy with no lower data|refusing to follow}',
        `erofs: (device {dev}): {*}${FOUND}`,
        `jffs2: {*}${FOUND}`,
        `hfsplus: {*}${FOUND}`,
        `hfs: {*}${FOUND}`,
        'NILFS ({dev}): {*}{ismatch|superblock broke|does not appear in b-tree|conflicting}',
        'ubi{n} warning: ubi_{w}: {*}{rror|orrupt|ail|annot|bad}',
        'Valid eCryptfs headers not found in',
        'ecryptfs_{w}: {*}{rror|ailed|nvalid}',
        'fanotify: failed to encode fid',
        'metapage_read_end_io: I/O error',
        'Mount JFS Failure: {n}',
        'VFS: Close: file count is 0',
        'overlayfs: {*}{ismatch|orrupt|bad index|nconsisten|I/O error}',
      ],
      except: [
        ...HARMLESS,
        'mount option',
        'processing option',
        'Magic Mismatch',
        "Can't find valid F2FS",
        'F2FS-fs ({w}): {Unable to read|Invalid|Failed to get valid}{*}superblock',
        '{FITRIM|discard} not supported',
        'not supported by device',
        'cannot find valid erofs superblock',
        'unable to read boot sector$',
        'unable to read boot sector for',
        'invalid {boot record|signature|fs_type|media|bytes per}',
        'failed to recognize exfat',
        'Unknown parameter',
        'xperimental',
        'abort connection',
      ],
    },
    {
      name: 'filesystem-option',
      severity: 'info',
      title: 'A file system was not mounted as it was asked for',
      about: 'An option is unknown to this kernel, or the disk does not fit it.',
      remedy: { text: 'Look at the options of that mount.', risk: 'none' },
      lines: [
        "{xfs|ext4|btrfs|overlay|nfs|nfs4|cifs|ceph|tmpfs|proc|exfat|ntfs3|vfat|f2fs|erofs|9p|fuse}: {Unknown parameter|Unexpected value for|Bad value for} '",
        'CIFS: Unknown mount option ',
        'EXT4-fs ({dev}): {Unrecognized mount option|Invalid uid value|Invalid gid value|Invalid commit interval|Mount option}',
        'NFS: {Value for|Invalid|bad mount option|unrecognized mount option|unsupported}',
        'ISOFS: unsupported/invalid hardware sector size',
      ],
      except: [],
    },
    {
      name: 'network-filesystem-note',
      family: 'network-filesystem',
      title: 'A network file system reports a trouble',
      about: 'A server or this machine as a server could not do what it was asked for.',
      remedy: {
        text: 'Look at the server and the way to it, and at what is exported and mounted.',
        risk: 'none',
      },
      lines: [
        ...[
          'NFS',
          'NFSD',
          'nfsd',
          'nfs',
          'NFSv4',
          'NFS4',
          'RPC',
          'SUNRPC',
          'lockd',
          'rpcrdma',
          'xprtrdma',
          'svcrdma',
        ].map((name) => `${name}: {*}${TROUBLE}`),
        ...['libceph', 'ceph', 'rbd', 'nvmet', 'dlm', '9pnet', '9pnet_virtio', 'kAFS'].map(
          (name) => `${name}: {*}${FOUND}`,
        ),
        `CIFS: {*}${TROUBLE}`,
        `libceph ({*}): {*}${FOUND}`,
        `pNFS: {*}${TROUBLE}`,
        'nfsd4_{w} failed to ',
        'nfs_statfs: statfs error = {n}',
        'NFS: server cheating in ',
        'nfs_create_rpc_client: cannot create RPC client',
        `nfs4_{w}: {*}{unhandled error|failed|invalid}`,
        'libceph ({*}): {*}{down|session lost|socket closed|weight 0x0 (out)|connect error|reset on }',
        'libceph: reset on {dev}',
        'libceph: {mds|osd|mon}{n} {*}session reset',
        'libceph: get_reply {*}skipping',
        'NFSD: client {dev} testing state ID with incorrect client ID',
        'rbd: {dev}: {blacklisted|blocklisted}',
        'ceph: {*}{closed our session|incorrect state|hung|caps stale|reconnect start|aborting |dropping |problem parsing|mds issued no caps|badness|ENOMEM|not mds}',
      ],
      except: [
        ...HARMLESS,
        'svc: failed to register lockdv1',
        '{o|O}ption',
        'Could not find request transport',
        'Attempting to mount',
        'Unable to initialize client recovery tracking',
        // Lines of rpcdebug.
        'RPC:   ',
        '{Using|Starting|Registered|Registering|Installing|loaded}',
      ],
    },
  ],
);

/** What parts of storage say in words of their own. */
export const STORAGE_PARTS: readonly Signature[] = [...BLOCKS, ...FILES];
