/** Interfaces that lose their link, or stop sending. Sources: net/sched/sch_generic.c and the drivers of drivers/net. */

import { group } from '../signature.ts';
import { ADVICE } from './nic-reset.ts';

/** Links that go down. */
export const LINKS = group(
  {
    family: 'link-flap',
    severity: 'info',
    device: 'nic',
    about:
      'The link of an interface went down. Once it is a cable that was pulled or a switch that restarted; again and again it is a fault.',
    remedy: {
      text: 'Where it comes again and again: change cable, transceiver and switch port one by one, and compare with the switch’s log.',
      risk: 'connection',
    },
    explains: ['nic.link-flaps', 'nic.carrier-errors'],
  },
  [
    {
      name: 'link-speed-downgraded',
      severity: 'warning',
      title: 'A link came up slower than it should',
      about: 'The ends could not agree on the full speed: mostly a cable with broken pairs.',
      lines: [
        '{dev}: Link Speed was downgraded',
        '{dev}: Downshift occurred from negotiated speed {n}',
        '{dev}: Downshift occurred',
        '{dev}: The partition detected link speed that is less than 10Gbps',
        '{dev}: Link has been downgraded',
        '{dev}: {*}Master/Slave resolution failed',
      ],
    },
    {
      name: 'bond-link-down',
      severity: 'warning',
      title: 'A member of a bond has no link',
      about: 'The bond goes on with the members that are left.',
      lines: [
        '(slave {dev}): link status definitely down',
        'link status definitely down for interface {dev}, disabling it',
        'speed changed to 0 for port {dev}',
        '(slave {dev}): speed changed to 0 on port {n}',
        '(slave {dev}): link status down for {*}interface, disabling it in',
        'link status down for {*}interface {dev}, disabling it in',
        '(slave {dev}): link status down again after',
        '(slave {dev}): failed to get link speed/duplex',
        'failed to get link speed/duplex for {dev}',
        '{dev}: now running without any active interface!',
        '{dev}: Warning: No 802.3ad response from the link',
        'bond{n}: Warning: the permanent HWaddr of {dev}',
        '(slave {dev}): An illegal loopback occurred on slave',
        '{dev}: An illegal loopback occurred on adapter',
        'link status definitely down for interface {dev}',
        'link status definitely down for interface {dev},',
      ],
      except: ['the permanent HWaddr of'],
    },
    {
      name: 'link-down',
      title: 'A network link went down',
      lines: [
        '{dev}: NIC Link is {D|d}own',
        '{dev} NIC Link is Down',
        '{dev}: NIC {Copper|SerDes|Remote Copper|Remote SerDes} Link is Down',
        '{dev}: Link is {d|D}own',
        '{dev}: link is down',
        '{dev} link is down$',
        '{dev}: e100_watchdog: link down',
        'HINIC_Link is DOWN',
        'Port device {dev} link down',
        '{dev}: Port module event: module {n}, Cable unplugged',
        '{dev}: link down$',
        '{dev}: Link down$',
        '{dev}: Link Down$',
        '{dev}: Link DOWN$',
        '{dev}: Port: {n} Link DOWN',
        '{dev}: Link down, reason: {*}',
        '{dev}: link down, reason: {*}',
        '{dev}: Port {n} link down, reason: {*}',
        '{dev}: Link down for VF',
        '{dev}: link change old {n} new 0$',
        '{dev}: Device link is down.',
        '{dev}: Ethernet link disabled',
        '{dev}: carrier off$',
        '{dev}: carrier lost',
        '{dev}: Lost carrier',
        '{dev}: link lost',
        '{dev}: Lane loss of lock',
        '({dev})]Link is down',
        '{dev}: Link is DOWN',
        '{dev}: link status is down',
        '{dev}: network connection: disconnected',
        '{dev}: Indicating link is down due to Tx-timeout',
        '{dev}: NIC Link is Down on lane',
        '{dev}: linking down$',
        '{dev}: Physical link is down',
        '{dev}: no carrier$',
        '{dev}: Link is Down - {*}',
        '{dev}: Link loss',
        '{dev}: NCSI: No channel found with link',
        '{dev}: phy link down',
        '{dev}: link went down',
        '{dev}: Lost link',
      ],
      except: ['SATA link down'],
    },
  ],
);

/** Queues that stand still. */
export const WATCHDOG = group(
  {
    family: 'netdev-watchdog',
    severity: 'critical',
    device: 'nic',
    about:
      'A transmit queue of the interface stood still for seconds. The driver resets the adapter, and meanwhile nothing is sent.',
    remedy: {
      text: `${ADVICE} As a stopgap turn offloads off: ethtool -K IFACE tso off gso off.`,
      risk: 'connection',
    },
    links: ['https://docs.kernel.org/networking/netdevices.html'],
    explains: [
      ...['kernel-log.nic-*', 'kernel-log.link-down', 'kernel-log.warning'],
      ...['nic.transmit-timeouts', 'nic.transmit-errors', 'nic.resets', 'nic.link-flaps'],
    ],
  },
  [
    {
      name: 'netdev-watchdog',
      title: 'A network interface stopped sending',
      lines: [
        'NETDEV WATCHDOG: {dev} ({*}): transmit queue {n} timed out',
        '{dev}: NETDEV WATCHDOG: CPU: {n}: transmit queue {n} timed out',
        '{dev}: NETDEV WATCHDOG: {*}transmit queue {n} timed out',
        'NETDEV WATCHDOG: CPU: {n}: transmit queue {n} timed out',
        'NETDEV WATCHDOG: {dev}: transmit timed out',
        '{dev}: transmit queue {n} timed out',
        'NETDEV WATCHDOG: {*} timed out',
        '{dev}: NETDEV WATCHDOG: CPU: {n}',
        'NETDEV WATCHDOG: {dev} (',
        '{dev}: transmit timeout: latency {n} msec',
      ],
    },
  ],
);
