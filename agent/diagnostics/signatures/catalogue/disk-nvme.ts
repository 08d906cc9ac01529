/** NVMe drives that do not answer. Sources: drivers/nvme/host. */

import { group } from '../signature.ts';
import { DISK_EFFECTS } from './disk-errors.ts';

/** NVMe drives. */
export const NVME = group(
  {
    family: 'nvme-timeout',
    severity: 'critical',
    device: 'disk',
    about:
      'The NVMe controller did not complete commands in time. The kernel aborts them, resets the controller, and removes it when that fails.',
    remedy: {
      text: 'Update the drive’s firmware, check its temperature (nvme smart-log) and slot; for drives that sleep too deeply boot with nvme_core.default_ps_max_latency_us=0 pcie_aspm=off.',
      risk: 'data',
    },
    links: ['https://docs.kernel.org/admin-guide/kernel-parameters.html'],
    explains: [...DISK_EFFECTS, 'disk.io-errors'],
  },
  [
    {
      name: 'nvme-gone',
      title: 'An NVMe drive has gone',
      lines: [
        'nvme {dev}: Removing after probe failure status: {n}',
        'nvme {dev}: Disabling device after reset failure',
        'nvme {dev}: Device not ready; aborting {reset|initialisation|shutdown}',
        'nvme {dev}: Device shutdown incomplete; abort shutdown',
        'nvme {dev}: controller is down; will reset: CSTS={x}',
        'nvme {dev}: failure state error detected, request disconnect',
        'nvme {dev}: Identify Controller failed ({n})',
        'nvme {dev}: Reading {VS|CAP|CRTO} failed ({n})',
        'nvme {dev}: IO queues lost',
        'nvme {dev}: IO queues not created',
        'nvme {dev}: Does your device have a faulty power saving mode enabled?',
        'nvme {dev}: Try "nvme_core.default_ps_max_latency_us=0',
        'nvme {dev}: failed to mark controller {*}',
        '{dev}: detected capacity change from {n} to 0$',
      ],
      // Cards and sticks that are pulled out, and volumes that are taken down, say so too.
      except: ['^{sd|sr|loop|zram|mmcblk|dm-|md|nbd|rbd|drbd|vd|xvd|ram|zd}{w}: detected capacity change'],
    },
    {
      name: 'nvme-warning',
      severity: 'warning',
      family: 'io-error',
      title: 'An NVMe drive reports a critical state',
      about: 'The drive says that its spare blocks, temperature or media are beyond what it is made for.',
      lines: [
        'nvme {dev}: async event result {x}',
        'nvme {dev}: temperature above threshold',
        'nvme {dev}: critical warning',
        'nvme {dev}: identifiers changed for nsid {n}',
        'nvme {dev}: resetting controller due to persistent internal error',
        'nvme {dev}: resetting controller due to AER',
      ],
    },
    {
      name: 'nvme-timeout',
      severity: 'warning',
      title: 'An NVMe drive does not answer commands in time',
      lines: [
        'nvme {dev}: I/O {*}QID {n} timeout',
        'nvme {dev}: I/O {n} QID {n} timeout',
        'nvme {dev}: I/O {*}timeout, {aborting|reset controller|disable controller|completion polled}',
        'nvme {dev}: Abort status: {x}',
        'nvme {dev}: resetting controller',
        'nvme {dev}: frozen state error detected, reset controller',
        'nvme {dev}: restart after slot reset',
        'nvme {dev}: Fw activation timeout, reset controller',
        'nvme {dev}: Could not set queue count ({n})',
        'nvme {dev}: queue {n}: timeout request {x} type {n}',
        'nvme {dev}: Cancelling I/O {n} QID {n}',
        'nvme {dev}: completing aborted command with status: {x}',
        'nvme {dev}: Shutdown timeout, ',
        'nvme {dev}: invalid id {n} completed on queue {n}',
        'nvme {dev}: request {x} genctr mismatch',
        'nvme {dev}: could not locate request for tag {x}',
      ],
    },
    {
      name: 'nvme-fabrics',
      severity: 'warning',
      title: 'The connection to a remote NVMe drive was lost',
      about: 'The target did not answer keep-alives or the network between broke; the host reconnects.',
      remedy: {
        text: 'Look at the target, and at the network between: errors and drops of the interface.',
        risk: 'none',
      },
      lines: [
        'nvme {dev}: failed nvme_keep_alive_end_io error={n}',
        'nvme {dev}: keep-alive failed',
        'nvme {dev}: starting error recovery',
        'nvme {dev}: NVME-FC{*}starting error recovery',
        'nvme {dev}: Connect command failed, {errno|error|status}{*}',
        'nvme {dev}: Reconnecting in {n} seconds',
        'nvme {dev}: Failed reconnect attempt {n}',
        'nvme {dev}: Removing controller...',
        'nvme {dev}: failed to connect {queue|socket}: {n}',
        'nvme {dev}: NVME-FC{*}: {controller connectivity lost|transport|io failed|resetting controller|dev_loss_tmo|Max reconnect}',
        'nvme {dev}: ANATT timeout, resetting controller',
        'nvme {dev}: {header|data} digest error: recv {x} expected {x}',
        'nvme {dev}: receive failed:  {n}',
        'block {dev}: no available path - failing I/O',
        'block {dev}: no usable path - requeuing I/O',
        'block {dev}: no path available - requeuing I/O',
        'block {dev}: no path - failing I/O',
        'nvme {dev}: no {available|usable} path - {*} I/O',
      ],
    },
  ],
);
