/**
 * What parts of the kernel that watch over the machine and its guests say of a trouble: chips of trust, random numbers, the store
 * of crashes, guests of KVM, memory that is plugged in. Sources: drivers/{char/tpm,char/hw_random,nvdimm,dax,virtio}, fs/pstore,
 * arch/{x86,arm64,s390}/kvm, security/{integrity,keys}.
 */

import { group, type Signature } from '../signature.ts';
import { HARMLESS, TROUBLE } from './trouble-words.ts';

const TRUST = group(
  {
    family: 'acpi',
    severity: 'warning',
    about:
      'The chip that holds keys and measures what was booted (TPM) did not do what it was asked for. Disks that are unlocked by it, and attestation, may fail.',
    remedy: {
      text: 'Update the firmware of the machine and of the chip; see whether it is enabled in the firmware’s setup.',
      risk: 'reboot',
    },
    except: [...HARMLESS, 'TPM interrupt not working'],
  },
  [
    {
      name: 'tpm-refused',
      severity: 'info',
      title: 'The chip of trust (TPM) refused a command',
      about:
        'Many chips answer so at boot or after a sleep, until the kernel has started them. Where measuring or unlocking fails, it tells why.',
      lines: [
        'A TPM error ({n})',
        'ima: Error Communicating to TPM chip',
        'tpm tpm{n}: TPM with unsupported bank algorithm',
        'trusted_key: {*}{failed|error|invalid}',
        'tpm tpm{n}: tpm2_{w}: failed with a TPM error',
        'tpm tpm{n}: {tpm_read_log|Unable to request irq}{*}',
        'tpm tpm{n}: AMD fTPM version {x} causes system stutter',
        '[Firmware Bug]: ACPI region does not cover the entire command/response buffer',
      ],
      // A number below zero is the kernel's own: the chip did not answer.
      except: ['A TPM error (-'],
    },
    {
      name: 'tpm',
      title: 'The chip of trust (TPM) does not work as it should',
      lines: [
        `tpm tpm{n}: {*}${TROUBLE}`,
        'tpm tpm{n}: {*}{invalid TPM_STS|Operation Canceled|self test is still running|left over data|CRC mismatch|interrupt storm|out of memory|out of backing|inconsistent|wrong handle|unknown handle|out of slots|mismatch| stuck}',
        `{tpm_tis|tpm_crb|tpm_ibmvtpm|tpm_infineon|tpm_nsc|tpm_atmel|tpm_i2c|tpm_vtpm|ftpm-tee}{*}: {*}${TROUBLE}`,
        'TPM returned invalid status',
        'A TPM error (-',
        'TPM_STS_DATA_EXPECT should be ',
        'TPM {is in failure mode, functionality limited|in field failure mode}',
        'tpm_ibmvtpm {w}: ibmvtpm device is not ready',
      ],
      except: [
        ...HARMLESS,
        'TPM interrupt not working',
        "can't request region",
        'probe of {w} failed',
        'Disabling hwrng',
      ],
    },
  ],
);

const STORES = group(
  {
    family: 'io-error',
    severity: 'warning',
    about: 'A part that keeps data without a disk could not do what it was asked for.',
    remedy: { text: 'Look at what the line names; update the machine’s firmware.', risk: 'none' },
    except: HARMLESS,
  },
  [
    {
      name: 'pstore-full',
      severity: 'info',
      title: 'What the kernel said before it crashed could not be kept',
      about:
        'The store of the firmware for such records is full or broken, so a crash leaves nothing to look at.',
      remedy: { text: 'Empty /sys/fs/pstore (systemd-pstore does at boot).', risk: 'none' },
      lines: ['pstore: backend ({w}) writing error ({n})', 'pstore: {*}{failed|nvalid |orrupt|rror }'],
      except: [...HARMLESS, 'unexpected backend', 'backend {*}already', 'compression'],
    },
    {
      name: 'nvdimm',
      title: 'Memory that keeps its contents (NVDIMM) reports a trouble',
      lines: [
        `{nd_pmem|nd_region|nd_bus|nd_btt|nvdimm|dax_pmem|device_dax|papr_scm} {dev}: {*}${TROUBLE}`,
        'Error found in NVDIMM {w} flags:',
        'nfit ACPI{*}: {*}found a zero length table',
      ],
      except: [...HARMLESS, 'guarantee persistence', 'probe with driver', "can't reserve"],
    },
    {
      name: 'random-source',
      severity: 'info',
      family: 'bug',
      title: 'A source of random numbers does not work',
      about: 'The kernel has others; where it is the only one, programs wait at boot for numbers.',
      lines: [
        'invalid getrandom request ({n} bytes): crng not ready',
        '{RDRAND|RDSEED} {is not reliable on this platform|gives funky smelling output}',
        'hwrng: no data available',
        'hwrng: {*}{failed|error}',
      ],
      except: [],
    },
  ],
);

const GUESTS = group(
  {
    family: 'virtualisation',
    severity: 'warning',
    about: 'KVM came upon something in a guest that it cannot emulate, or could not do something for one.',
    remedy: {
      text: 'Look at the log of that guest’s emulator; update the kernel, and the processor type that the guest is given.',
      risk: 'none',
    },
    except: HARMLESS,
  },
  [
    {
      name: 'kvm-guest-note',
      severity: 'info',
      title: 'A guest used what its virtual processor does not have',
      about: 'Guests try registers that only some processors have, and go on without.',
      lines: [
        'vcpu{n}, guest rIP: {x} {unhandled|disabled perfctr|ignored} {rdmsr|wrmsr}',
        'vcpu{n}{*}{unhandled|ignored} {rdmsr|wrmsr}',
        'SMP vm created on host with unstable TSC',
        'Invalid TSC scaling ratio - virtual-tsc-khz=',
        'user requested TSC rate below hardware speed',
      ],
      except: [],
    },
    {
      name: 'kvm-trouble',
      title: 'KVM could not do something for a guest',
      lines: [
        'kvm [{n}]: {*}{Unsupported FSC|Unsupported guest|Unexpected|unexpected|Unknown exception class|failed|not implemented|Failed|Invalid}',
        `kvm: {*}{failed|Failed|rror |error:|orrupt|annot |nexpected|unable to}`,
        'kvm-s390: {*}{failed|rror}',
        'SEV-SNP{*}{failed|rror:}',
        'SEV-ES{*}{failed|rror:}',
        'psmash failed, gpa {x}',
        'No interrupt remapping for device. Use the module param',
        '{kvm_intel|kvm_amd}: {*}{failed|rror:|error }',
        'Breaking out of NMI-blocked state on VCPU {n} after',
        'virtio_mem {dev}: {*}{denied|unknown error|rror |could not|can make some}',
      ],
      except: [
        ...HARMLESS,
        '{disabled by|no hardware support|already loaded|not supported|Nested|nested}',
        'inconsistent VMCS',
        'failed to create directory',
      ],
    },
  ],
);

/** Chips of trust, stores, random numbers, guests. */
export const PLATFORM_PARTS: readonly Signature[] = [...TRUST, ...STORES, ...GUESTS];
