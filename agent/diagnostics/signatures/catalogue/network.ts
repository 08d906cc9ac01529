/** The network stack: tables that are full, floods, addresses and loops. Sources: net/. */

import { group, type Signature } from '../signature.ts';
import { HARMLESS, SOUGHT_TROUBLE, TROUBLE } from './trouble-words.ts';

const TABLES = group(
  {
    family: 'conntrack-full',
    severity: 'critical',
    about: 'New connections are dropped at random, although the network works.',
    remedy: {
      text: 'Raise net.netfilter.nf_conntrack_max, or keep traffic that needs none out of tracking (NOTRACK); look for what opens so many connections.',
      risk: 'none',
    },
    links: ['https://docs.kernel.org/networking/nf_conntrack-sysctl.html'],
  },
  [
    {
      name: 'conntrack-full',
      title: 'The table of tracked connections is full',
      lines: [
        'nf_conntrack: {*}table full, dropping packet',
        'nf_conntrack: table full',
        'ip_conntrack: table full, dropping packet',
        'nf_conntrack: {*}expectation table full',
        'nf_conntrack: nf_conntrack: table full in netns',
        'nf_ct_{w}: dropping packet: {*}table full',
        'nf_conntrack: Unable to create {*}',
        'ipset: {*}hash is full',
        'Set {w} is full, maxelem {n} reached',
        'xt_hashlimit: {max count of|overflow}',
        'nf_conncount: {*}full',
      ],
    },
    {
      name: 'neighbour-overflow',
      family: 'neighbour-overflow',
      // The kernel clears the table up itself: what was refused is asked for again.
      severity: 'warning',
      title: 'The table of neighbours (ARP, NDP) is full',
      about:
        'The node cannot learn addresses of more neighbours: some hosts of its own network cannot be reached.',
      remedy: {
        text: 'Raise net.ipv4.neigh.default.gc_thresh1..3 (and ipv6), or divide the network.',
        risk: 'none',
      },
      links: ['https://docs.kernel.org/networking/ip-sysctl.html'],
      explains: [],
      lines: [
        '{w}: neighbor table overflow!',
        'neighbour: {w}: neighbor table overflow!',
        'neighbour: {*}neighbor table overflow!',
        'Neighbour table overflow.',
        'neighbour table overflow',
        'neighbor table overflow',
        'net_ratelimit: {n} callbacks suppressed: neighbour',
        'ipv6: Neighbour table overflow',
        'IPv6: Neighbour table overflow',
      ],
    },
    {
      name: 'route-cache-full',
      family: 'neighbour-overflow',
      severity: 'warning',
      title: 'The table of routes in use is full',
      about: 'The node cannot send to more destinations: some hosts cannot be reached.',
      remedy: {
        text: 'Raise net.ipv6.route.max_size, which kernels before 6.3 hold low; look for what talks to so many hosts.',
        risk: 'none',
      },
      links: ['https://docs.kernel.org/networking/ip-sysctl.html'],
      explains: [],
      lines: ['Route cache is full: consider increasing sysctl', 'dst cache overflow'],
    },
  ],
);

const STACK = group(
  {
    family: 'network-stack',
    severity: 'warning',
    about: 'The network stack refused or lost traffic.',
    remedy: { text: 'Look which service or neighbour the line names.', risk: 'none' },
    links: ['https://docs.kernel.org/networking/ip-sysctl.html'],
  },
  [
    {
      name: 'tcp-syn-flood',
      title: 'More connections arrive than a service accepts',
      about:
        'The queue of new connections of a listening port is full: an attack, or a service that accepts too slowly.',
      remedy: {
        text: 'Look at the service’s own load; raise its backlog and net.core.somaxconn, net.ipv4.tcp_max_syn_backlog.',
        risk: 'none',
      },
      lines: [
        'Possible SYN flooding on port',
        'possible SYN flooding on port {*}',
        'request_sock_TCP{|v6}: Possible SYN flooding on port',
        'TCP: drop open request from {w}',
      ],
    },
    {
      name: 'netfilter-queue-full',
      title: 'Packets that wait for a program’s verdict are dropped',
      about:
        'Rules hand packets to a program (NFQUEUE, NFLOG), which does not take them as fast as they come.',
      remedy: {
        text: 'Look at the program that reads the queue; lengthen the queue, or set queue-bypass in the rule.',
        risk: 'none',
      },
      lines: ['nf_queue: full at {n} entries, dropping packets'],
    },
    {
      name: 'tcp-memory',
      severity: 'critical',
      title: 'TCP has no memory left',
      remedy: {
        text: 'Find who holds so many sockets (ss -s; ss -tm), and raise net.ipv4.tcp_mem or net.ipv4.tcp_max_orphans.',
        risk: 'none',
      },
      lines: [
        'TCP: out of memory -- consider tuning tcp_mem',
        'out of memory -- consider tuning tcp_mem',
        'Out of socket memory',
        'UDP: out of memory',
      ],
    },
    {
      name: 'tcp-orphans',
      title: 'TCP keeps more closed connections than it may',
      about:
        'Connections that their programs have closed wait for their end; the oldest are given up at once, and their peers get a reset.',
      remedy: {
        text: 'Find which service closes so many (ss -s); raise net.ipv4.tcp_max_orphans or net.ipv4.tcp_max_tw_buckets.',
        risk: 'none',
      },
      lines: [
        'TCP: too many {of |}orphaned sockets',
        'too many orphaned sockets',
        'TCP: time wait bucket table overflow',
        'TCP: {*}time wait bucket table overflow',
      ],
    },
    {
      name: 'duplicate-address',
      severity: 'critical',
      device: 'nic',
      title: 'Another machine has an address of this node',
      remedy: {
        text: 'Find the other machine by the hardware address that the line names, and give one of them another address.',
        risk: 'connection',
      },
      lines: [
        '{dev}: IPv6 duplicate address {w} {used by|detected}',
        'IPv6: {dev}: IPv6 duplicate address',
        '{dev}: IPv6 DAD detected duplicate address',
        'IPv6: {dev}: privacy stable address generation failed because of DAD conflicts!',
        'arp: {w} is using my IP address',
        'ICMPv6: NA: {w} advertised our address {w} on {dev}!',
        'ICMPv6: NA: someone advertises our address {w} on {dev}!',
        'IPv4: {*}duplicate address',
        '{dev}: duplicate address {w}',
      ],
    },
    {
      name: 'bridge-loop',
      severity: 'critical',
      device: 'nic',
      title: 'The network has a loop, or a hardware address twice',
      about:
        'A bridge received what it had sent itself: frames go round, or two machines have one hardware address.',
      remedy: {
        text: 'Find the second path between the two networks; turn on STP on bridge and switch.',
        risk: 'connection',
      },
      lines: [
        'received packet on {dev} with own',
        '{dev}: received packet with {| }own address as source address',
        'received packet with {| }own address as source address',
        'adding interface {dev} with same address as a received packet',
        'Dead loop on virtual device {dev}, fix it urgently!',
        '{dev}: {*}loopback detected',
        'Virtual device {dev} asks to queue packet!',
      ],
    },
    {
      name: 'netdev-refcount',
      severity: 'critical',
      device: 'nic',
      title: 'A network interface cannot be removed',
      about:
        'Something in the kernel still holds a removed interface. Starting and stopping of containers hangs from then on.',
      remedy: { text: 'Boot a newer kernel of the series; only a reboot frees it.', risk: 'reboot' },
      lines: ['unregister_netdevice: waiting for {dev}', 'waiting for {dev} to become free. Usage count ='],
      explains: ['kernel-log.hung-task'],
    },
    {
      name: 'net-slower',
      severity: 'info',
      device: 'nic',
      title: 'An interface works, but slower than it could',
      about:
        'Its driver tells TCP wrong sizes of what it received, as many of virtual machines do once after boot, or lacks memory for a ring of its own.',
      remedy: { text: 'Nothing, unless it is slow: then update the kernel.', risk: 'none' },
      lines: [
        'TCP: {dev}: Driver has suspect GRO implementation, TCP performance may be compromised',
        '{dev}: Driver has suspect GRO implementation',
        '{dev}: rx {data|ts} ring will be disabled',
      ],
    },
    {
      name: 'net-mtu',
      severity: 'warning',
      device: 'nic',
      title: 'Frames are longer than an interface takes',
      lines: [
        '{dev}: dropped over-mtu packet: {n} > {n}',
        '{dev}: {*}over-mtu packet',
        '{dev}: packet len {n} (> {n}) too long to send, dropping',
        'host {w} ignores redirects',
        '{dev}: received packets cannot be forwarded while LRO is enabled',
        '{dev}: caps=({*}) len={n} data_len={n} gso_size={n}',
        '{dev}: rx length error',
        'Attempt to release {TCP|SCTP} socket in state {n}',
        '{dev}: rx error{*}overrun',
        'skb_warn_bad_offload',
        'page_pool_release_retry() stalled pool shutdown',
        'page_pool_release_retry(): {*}stalled pool shutdown',
        'perf: {*}dropped',
      ],
      except: ['ignores redirects', 'perf: '],
    },
    {
      name: 'martian',
      severity: 'info',
      device: 'nic',
      title: 'Packets arrive with addresses that cannot be',
      about:
        'Packets came in on an interface on which their source cannot live: a wrong route or mask somewhere, or a forged address.',
      lines: [
        'martian source {w} from {w}, on dev {dev}',
        'martian destination {w} from {w}, dev {dev}',
        'IPv4: martian source',
      ],
    },
    {
      name: 'packet-damaged',
      severity: 'info',
      title: 'Packets arrive that are damaged or make no sense',
      about:
        'Single packets of another machine were refused. Many of them come from a bad link, adapter or cable on the way.',
      lines: [
        'UDP: {bad checksum|short packet}',
        'unexpected GSO type: {x}',
        'sent an invalid ICMP type {n}, code {n} error to a broadcast',
        'Peer {w} unexpectedly shrunk window',
        'TCP: {*}Illegal window scaling value',
      ],
    },
    {
      name: 'infiniband-error',
      family: 'nic-reset',
      device: 'nic',
      title: 'An InfiniBand or RoCE adapter reports errors',
      lines: [
        'infiniband {dev}: {*}dump error cqe',
        'infiniband {dev}: mlx5_poll_one:{n}:(pid {n}): syndrome {x}, vendor syndrome',
        'infiniband {dev}: {Failed|Couldn}{*}',
        'QPLIB: cmdq[{*}status {x}',
        '{dev}: {*}dump_cqe:{*}',
        'mlx5_{n}:dump_cqe:{n}:(pid {n}): dump error cqe',
        `infiniband {dev}: {*}${TROUBLE}`,
        'ib_srpt {*}failed{*}',
        '{dev}: multicast join failed',
        '__ib_cache_gid_add: unable to add gid',
        '{dev}: Requesting a reset',
        `^{dev}: IPoIB{*}${SOUGHT_TROUBLE}`,
        '^ib{n}: {failed to modify QP|failed to create|failed to allocate|failed to post|failed send event|failed cm send|multicast join failed|request notify on|dequeuing|timing out}',
        `rtrs_{client|server} L{n}: {*}${TROUBLE}`,
        ...[
          'rdma_rxe',
          'isert',
          'iser',
          'rnbd_client',
          'hfi1',
          'ib_core',
          'ib_cm',
          'rdma_cm',
          'ocrdma',
          'usnic_verbs',
          'iw_cm',
          'mlx4_ib',
          'mlx5_ib',
          'irdma',
        ].map((name) => `^${name}: {*}${TROUBLE}`),
        ...['srpt', 'srp', 'siw', 'RDS', 'RDS/IB', 'RDS/RDMA'].map(
          (name) => `^${name}: {*}${SOUGHT_TROUBLE}`,
        ),
        `^mlx{4|5}_{n}:{w}:{n}:(pid {n}): {*}${SOUGHT_TROUBLE}`,
        'hfi1 {dev}: {*}{Link|link} {down|Down|DOWN}{*}',
        'hfi1 {dev}: {*}freeze',
        'irdma {dev}: {*}failed',
        'ICE OICR event notification: oicr',
        'irdma {dev}: {*}HMC {E|e}rror',
        'hfi1 {dev}: {*}is outside enabled {*}, downing link',
        'bnxt_re {dev}: {*}failed',
        'infiniband {dev}: {*}leak of resources',
        'RDMA CMA: {*}error -{n}',
        '{dev}: abnormal ae_id = {x}',
        'RPC/RDMA backchannel overflow',
        'rdma_rxe: bad ICRC from',
        'ib_srpt received unrecognized IB event',
        'siw{n}: QP[{n}]: {*}{failed|ERROR|error}',
        'siw{n}: CEP[{n}]: {*}{failed|rror}',
        '(NULL ib_device): ',
        'mlx5_core.{eth|eth-rep|sf|rdma}: probe of {dev} failed with error',
        '{ib_qib|ib_mthca} {dev}: {*}{ailed|annot|rror|imeout}',
        'iwpm_{w}: Unable to',
        'failed to drain {send|recv} queue: -{n}',
        'ib_srpt: {*}{failed|rejected}',
        '{dev}: Failed to {create|modify|destroy|query|register} {HW |}{CQ|QP|MR|SRQ|AH|PD}',
      ],
      except: [
        ...HARMLESS,
        'transmit timeout: latency',
        // What a port that is no InfiniBand has not, and what was tried once at the start.
        'MAD registration failed',
        'Error during WC test',
      ],
    },
  ],
);

/** Tables, floods, addresses, loops. */
export const NETWORK_SIGNATURES: readonly Signature[] = [...TABLES, ...STACK];
