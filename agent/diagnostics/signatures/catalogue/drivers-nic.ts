/**
 * What drivers of network adapters say of a trouble in words that no other signature knows: the driver's name, and a word such as
 * "failed" behind it. They come last.
 *
 * How much such a line weighs is read from its words alone: that the adapter does not work any more (DEAD) is critical; that it
 * did not answer, had a fault (GRAVE) or could not do something warns; that it has not got an option, or refused what somebody
 * asked for (REFUSED), or says it in weaker words (WEAK), informs.
 */

import { group, type Signature } from '../signature.ts';
import { ADVICE } from './nic-reset.ts';
import {
  DEAD,
  GRAVE,
  HARMLESS,
  NOT_DEAD,
  OF_A_FUNCTION,
  OPTIONAL_PARTS,
  REFUSED,
  SOUGHT_TROUBLE,
  TROUBLE,
  TROUBLE_OR_WEAK,
} from './trouble-words.ts';

/** Adapters of the PCI bus whose names are too short to be looked for without the address behind them. */
const SHORT = [
  'igb igc ice tg3 ena sfc nfp qed gve alx e100 bnx2 ixgb enic qede bna jme skge sky2 b44 niu r8169',
  'r8168 r8125 r8126 atl1c atl1e efa',
].flatMap((names) => names.split(' '));
/** Adapters that are told by their names. */
const LONG = [
  'e1000e e1000 igbvf ixgbe ixgbevf i40e iavf i40evf idpf fm10k mlx4_core mlx4_en mlx5_core bnxt_en',
  'bnx2x be2net cxgb4 cxgb4vf cxgb3 qlcnic netxen_nic r8152 atlantic forcedeth rtase 8139cp 8139too',
  'hns3 hinic hinic3 hibmcge mana ravb fsl_enetc am65-cpsw-nuss cpsw hclge ngbe txgbe pds_core vmxnet3',
  'virtio_net hv_netvsc mtk_soc_eth macb mvneta mvpp2 bcmgenet fsl_dpaa2_eth lan78xx smsc95xx',
  'ax88179_178a cdc_ncm ionic liquidio amd-xgbe sfc_siena sfc-falcon sfc_falcon thunder-nicvf',
  'thunder-nic myri10ge asix aqc111 cdc_ether cdc_mbim qmi_wwan rndis_host fbnic funeth gianfar',
  'hns-nic lan743x prestera xgene-enet pcnet32 tulip natsemi via-rhine via-velocity sis900 sis190',
  'pch_gbe tehuti tn40xx et131x cassini sungem starfire typhoon octeon_ep rvu_nicpf rvu_nicvf',
  'mlxsw_core mlxsw_spectrum ibmvnic ibmveth tsnep ne2k-pci epic100 qla3xxx slicoss bng_en txgbevf',
  'ngbevf xenvif rvu_af rvu_cptpf rvu_rep octeon_ep_vf fsl_dpaa2_switch fsl_dpa sxgbe cxgb lan966x-switch',
  'sparx5-switch mscc_felix iw_cxgb4 qedr ocrdma vmw_pvrdma mlx4_ib mlx5_ib bnxt_re hns_roce erdma hfi1',
  'smsc911x smsc9420 dm9000 dm9601 smc91x ks8851 enc28j60 ftgmac100 ftmac100 davinci_mdio davinci_emac 3c59x',
  'altera_tse xilinx_axienet xilinx_emaclite octeon_mgmt dpaa_eth fsl-mc ucc_geth',
  'mt7530 mt7530-mdio mt7530-mmio qca8k realtek-smi realtek-mdio b53-switch bcm_sf2 ksz-switch lan9303',
  'sja1105 mv88e6085 bnge dpaa2_eth airoha_eth sun4i-emac qeth bnx2i cnic LiquidIO LiquidIO_VF',
].flatMap((names) => names.split(' '));
const NICS = [
  ...SHORT.map((name) => `${name} {domain}:`),
  ...SHORT.map((name) => `^${name}: `),
  ...LONG.map((name) => `${name} `),
  'stmmac',
  'dwmac',
  'fec {x}.ethernet ',
  'octeontx2',
];

/** ENA's driver lists all its counters when it resets the interface: "ena 0000:00:05.0 eth0: tx_timeout: 1". */
const ENA_COUNTER =
  '^{tx_|rx_|queue_|wd_|admin_q_|interface_|ena_admin_q_|missed_|bad_|invalid_|reset_|dma_|empty_|doorbell_}{w}: {n}$';

/** What bcmgenet says at each start of a board whose clocks run anyway. */
const BOARD_CLOCK = 'failed to get {enet|enet-wol|enet-eee} clock';

/** What says its driver's name alone, before it has an interface to name. */
const DRIVERS =
  '^{ixgbe: |ixgbevf: |i40e: |iavf: |igb: |igbvf: |igc: |e1000e: |e1000: |fm10k: |mlx4_core: |mlx5_core: |bnx2: |bnx2x: |tg3: |qede: |qed: |cxgb4: |hns3: |hclge: |nfp: |be2net: |ena: |gve: |mana: |enic: |ionic: |sfc: |xen_netfront: |vmxnet3: |virtio_net: |hv_netvsc: }{*}';

/** How messages of adapters begin. */
const HEADS = [
  // What stands behind the bus: virtio's number, a platform device's name, the GUID of a Hyper-V device.
  ...['virtio_net virtio{n} {dev}: {*}', 'mtk_soc_eth {w} {dev}: {*}', 'hv_netvsc {w} {dev}: {*}'],
  ...[
    'bnx2x: [bnx2x_{w}:{n}({dev})]{*}',
    '[qede_{w}:{n}({dev})]{*}',
    '[qed_{w}:{n}({dev})]{*}',
    '[qed_{w}:{n}()]{*}',
    '[qede_{w}:{n}()]{*}',
  ],
  // netdev_err() of any driver of a platform's device: "driver address interface: ".
  '^{w} {w}.ethernet {dev}: {*}',
  '^{w} {x}:{x}:{x}.{x} (unnamed net_device) (uninitialized): {*}',
  'mlx4_en: {dev}: {*}',
  '<mlx4_ib> {w}: {*}',
  ...NICS.map((name) => `${name}{w}{*}`),
  DRIVERS,
];
/** How messages of drivers begin that are not listed here. */
const ANY_HEADS = [
  // netdev_err() of a PCI device: only drivers of networks name a third thing.
  '^{w} {domain}:{x}:{x}.{x} {dev}: {*}',
  // An interface alone, as old drivers have it.
  '^{eth|eno|ens|enp}{w}: {*}',
];
/** Messages of drivers that could not take up their device, as they were worded up to Linux 6.8 and are since. */
function probes(drivers: readonly string[]): readonly string[] {
  const one = `{${drivers.join('|')}}`;
  return [`^${one}: probe of {dev} failed with error`, `{dev}: probe with driver ${one} failed with error`];
}

/** What drivers of network adapters say in words of their own. */
export const NIC_DRIVERS: readonly Signature[] = group(
  {
    family: 'nic-reset',
    severity: 'info',
    device: 'nic',
    about:
      'The driver of a network adapter could not do something. Where traffic flows, it may be of no weight.',
    remedy: { text: ADVICE, risk: 'connection' },
    except: [...HARMLESS, ENA_COUNTER],
  },
  [
    {
      name: 'nic-driver-dead',
      severity: 'critical',
      title: 'A network adapter cannot be used',
      about:
        'Its driver could not set it up, or could not bring it back after a fault. Until it is seen to, nothing is sent through it.',
      lines: [
        '[qed_probe:{n}({*})]{*}failed',
        '[qed_init_pci:{n}({*})]No memory region found in bar',
        ...probes([...SHORT, ...LONG]),
        ...HEADS.map((head) => `${head}${DEAD}`),
      ],
      except: [...HARMLESS, ...OPTIONAL_PARTS, OF_A_FUNCTION, ...NOT_DEAD, ENA_COUNTER],
    },
    {
      name: 'nic-driver-fault',
      severity: 'warning',
      title: 'The driver of a network adapter reports that it does not get on',
      about: 'The adapter did not answer its driver, or has a fault that it may not come out of by itself.',
      lines: [...HEADS, '^{w} {w}.ethernet: {*}'].map((head) => `${head}${GRAVE}`),
      except: [...HARMLESS, ...OPTIONAL_PARTS, OF_A_FUNCTION, ENA_COUNTER],
    },
    {
      name: 'nic-driver',
      severity: 'warning',
      title: 'The driver of a network adapter reports a trouble',
      about:
        'The driver could not do something with its adapter. Where it comes once at start, it may be of no weight.',
      // The adapter goes on without RDMA.
      lines: [
        ...HEADS.map((head) => `${head}${TROUBLE}`),
        ...ANY_HEADS.map((head) => `${head}${SOUGHT_TROUBLE}`),
        ...probes(['irdma', 'irdma.gen_2', 'mlx5_ib', 'bnxt_re']),
      ],
      except: [...HARMLESS, ...OPTIONAL_PARTS, ...REFUSED, ENA_COUNTER, BOARD_CLOCK],
    },
    {
      name: 'nic-driver-option',
      title: 'A network adapter refused something, or its driver found something odd',
      lines: [...HEADS.map((head) => `${head}${TROUBLE_OR_WEAK}`)],
      except: [...HARMLESS, ENA_COUNTER, BOARD_CLOCK],
    },
  ],
);
