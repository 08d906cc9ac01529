/**
 * What the kernel's core, its network stack and what it talks to hypervisors and clocks by say of a trouble in words that no other
 * signature knows: the part's name, and a word such as "failed" behind it. Sources: kernel/{irq,sched,time}, net, drivers/{hv,xen,
 * virtio,vhost,ptp,rtc}.
 */

import { group, type Signature } from '../signature.ts';
import { HARMLESS, SOUGHT_TROUBLE, TROUBLE } from './trouble-words.ts';

/** What a name at the beginning of a message makes of a word behind it. */
function parts(names: readonly string[], words: string): readonly string[] {
  return names.map((name) => `^${name}: {*}${words}`);
}

/** What parts of the kernel that belong to no device say in words of their own. */
export const CORE_SIGNATURES: readonly Signature[] = [
  ...group(
    {
      family: 'network-stack',
      severity: 'warning',
      about:
        'A part of the network stack could not do something; what the line names may not send or be filtered.',
      remedy: { text: 'Look which service, rule or interface the line names.', risk: 'none' },
      except: [...HARMLESS, 'deprecated'],
    },
    [
      {
        name: 'network-trouble',
        title: 'The network stack reports a trouble',
        lines: [
          ...parts(['IPVS', 'TCP', 'IPv4', 'IPv6', 'netpoll', 'netconsole', 'bridge', 'DSA'], SOUGHT_TROUBLE),
          ...parts(
            [
              'nf_conntrack',
              'nf_tables',
              'openvswitch',
              'wireguard',
              'ip_tunnel',
              'bonding',
              'sctp',
              'tipc',
              'mptcp',
            ],
            TROUBLE,
          ),
          'IPVS: {*}no destination available',
          'IP-Config: {Auto-configuration of network failed|No network devices available}',
          'TCP: {recvmsg|cleanup rbuf} bug',
          'nf_ct_{w}: dropping packet: ',
          'protocol {x} is buggy, dev ',
          'dropping impossible skb from ',
          'skbuff: {bad partial csum|skb_segment: too many frags|Not enough bytes to eat}',
          'page_pool refcnt {n} violation',
          'recursion limit reached on datapath',
          'Packet exceeded mirred recursion limit on dev',
          'repoll requested for device {w} ',
          'htb: too many events!',
          '{w}: default qdisc ({w}) fail',
          '{w}: promiscuity touches roof',
          '{w}: Local routing loop detected!',
          'openvswitch: {*}limit reached, drop ',
          'TCP: {*}{Impossible|Attempt to release}',
          'IPv4: Attempt to release alive inet socket',
          'Freeing alive {fib_info|inet}',
          'neighbour leakage',
          'mroute: pending queue full, dropping entries',
          'page_pool_{w} gave up with {n} inflight',
          'NCSI: {*}{failed|Failed|timeout|Wrong}',
        ],
        except: [...HARMLESS, 'deprecated', 'netconsole: {*}not specified', 'link is not ready', 'DAD'],
      },
      {
        name: 'network-refused',
        severity: 'info',
        device: 'nic',
        title: 'A setting of a network interface was not taken',
        lines: [
          'A link change request failed with some changes committed already. Interface {dev} may have been left',
          'A link change request failed with some changes committed',
          '{dev}: option {w}: {invalid value|unable to|mode dependency failed|interface}',
          '{dev}: {refused to change device tx_queue_len|failed to disable GRO_HW|failed to disable LRO}',
          '{dev}: set_features() failed',
        ],
      },
    ],
  ),
  ...group(
    {
      family: 'virtualisation',
      severity: 'warning',
      about:
        'The guest could not do something with its hypervisor, or a host with its guest; the device or service that is named may be missing.',
      remedy: {
        text: 'Look at the hypervisor’s own log; update it and the kernel of the guest.',
        risk: 'none',
      },
      except: HARMLESS,
    },
    [
      {
        name: 'guest-trouble',
        title: 'A guest and its hypervisor do not agree',
        lines: [
          ...parts(
            ['hv_vmbus', 'hv_utils', 'hv_pci', 'Hyper-V', 'Hyper-V pvIOMMU', 'virtio_balloon'],
            TROUBLE,
          ),
          ...parts(['xen', 'vhost', 'vhost_scsi', 'vhost_net'], SOUGHT_TROUBLE),
          'xen:grant_table: {*}{max_grant_frames reached|maptrack limit reached|leaking g.e.}',
          `xen:{w}: {*}${SOUGHT_TROUBLE}`,
          'Grant still in use by backend domain',
          `{xen_netback|xen_blkback|xen:balloon|xen-blkfront|xen-pciback|xenbus}: {*}${TROUBLE}`,
          'virtio{w} virtio{n}: {virtio: device refuses features|device uses modern interface but|Bad virtqueue length|Failed to execute command}',
          'virtio-pci {dev}: {*}{virtio_pci: bad capability|Reset prepare failure|Reset done failure}',
          'vif vif-{w}: {*}{failed|Failed|grant|Need more slots}',
          'vif{n}.{n}{*}: {Guest Rx stalled|fatal error|Malformed|Packet cannot be handled|Too many}',
          'clock pairing hypercall ret {n}',
          `hv_pci {w}: {*}${TROUBLE}`,
          `hv_balloon: {*}${TROUBLE}`,
          'xen:grant_table: WARNING:{*}still in use',
          'virtio-ports vport{w}: {Error|Failed}',
          'virtio-pci {dev}: overflow {x}+{n} of DMA',
        ],
        // What the emulator of a guest of an older Xen does not know.
        except: [...HARMLESS, 'xen:balloon: {*}not supported', 'xs_reset_watches failed: -38'],
      },
      {
        name: 'guest-note',
        severity: 'info',
        title: 'A guest waited for its hypervisor, or for another guest',
        about:
          'What it asked for came late or not: the screen of the console, or memory that it lent and has not got back yet.',
        lines: [
          'hyperv_fb: Time out on waiting {vram|version}',
          'xen:grant_table: g.e. {x} still pending',
          '^g.e. {x} still pending',
        ],
      },
    ],
  ),
  ...group(
    {
      family: 'clocksource',
      severity: 'info',
      device: 'clock',
      about:
        'A clock or its driver could not do something; who takes the time from it has another one meanwhile.',
      remedy: {
        text: 'Look at nodectl clock; replace the board’s battery where its own clock is named.',
        risk: 'none',
      },
      except: HARMLESS,
    },
    [
      {
        name: 'clock-trouble',
        title: 'A clock of the machine reports a trouble',
        lines: [
          `ptp ptp{n}: {*}${SOUGHT_TROUBLE}`,
          ...['rtc_cmos', 'rtc-cmos', 'rtc-efi', 'ptp_ocp', 'ptp_kvm', 'ptp_vmclock', 'pps_core'].map(
            (name) => `${name}{ |: }{*}${TROUBLE}`,
          ),
          `rtc rtc{n}: {*}${SOUGHT_TROUBLE}`,
          'TIMESYNC IC: Stale time stamp',
        ],
      },
    ],
  ),
];
