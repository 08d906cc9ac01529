/**
 * Which of a driver's own counters is which quantity. Names are written as `templateOf` makes them: in lower case, with one
 * underscore for whatever is no letter or digit, and "#" for digits, so that a name stands for all queues, lanes and priorities.
 * Taken from the strings in the drivers' sources, Linux 4.19 to 6.18, and their documentation
 * (Documentation/networking/device_drivers, Documentation/networking/statistics.rst).
 */

import type { Quantity } from './quantities.ts';

/** Names of one quantity, separated by white space. */
type Names = { readonly [Q in Quantity]?: string };

/** Names that mean the same in every driver that has them. */
export const COMMON: Names = {
  crc: `rx_crc_errors rx_crc_errors_phy rx_crc_errors_nic port_rx_crc_errors rx_fcs_errors rx_fcs_error rx_crc_error rx_fcs_err_frames
    mac_rx_fcs_err mac_rx_fcs_err_pkt_num rx_frame_check_sequence_errors mac_rx_frame_check_sequence_errors mmc_rx_crc_error
    mmc_rx_crc_errors bad_crc_event mac_rx_fcs_errors mac_rx_fcs_error mac_crc_error rx_fcs rx_crc ieee_rx_crc frames_rx_bad_fcs rxfcserrors
    rx_eth_crc_err port_rx_bad_crc eth_mac_framechecksequenceerrors rx_crc_errors_small_packets rx_crc_errors_giant_packets
    framesequenceerrors dropped_bad_crc# rx_l#_crc_err
    rx_fcs_errs mac_rx_crc_errors
    a_frame_check_sequence_errors rx_crc_align xgmac_rx_fcs_pkt rx_pmac_crc`,
  symbol: `rx_symbol_err_phy rx_pcs_symbol_err_phy rx_pcs_symbol_err rx_symbol_errors rx_symbol_error mac_rx_sym_err_pkt_num rx_err_lane_#_phy
    rx_alignment_symbol_errors phy_receive_errors phy_receive_errors_copper phy_receive_errors_fiber phy_symbol_errors
    phy_serdes_ber_errors rxsymbolerrors eth_phy_symbolerrorduringcarrier illegal_bytes_nic port_illegal_bytes mac_receive_error rx_mii
    mac_rx_code_error phy_idle_errors phy_false_carrier_sense_errors
    rx_carrier_errors
    rx_symbol rxsymblerr rxsymbolcnt rx_code_error rmac_xgmii_err_sym serdes_fibre_rx_error rx_xgmii_prot_err_cnt rx_bad_ssd
    rx_carrier_sense_error rx_phy_errors`,
  alignment: `rx_align_errors rx_align_err_frames align_errors frame_align rx_alignment_errors mac_rx_alignment_errors mac_rx_alignment_error
    rx_frame_align_error mmc_rx_align_error port_rx_align_error rx_align ieee_rx_align eth_mac_alignmenterrors dribbling_bit
    rx_align_code_errors mac_align_error inframealignerrors rx_frame_errors
    rx_non_octet_errors rx_octet_errors`,
  length: `rx_length_errors rx_length_errors_nic port_rx_length_errors rx_long_length_errors rx_short_length_errors rx_oversize
    rx_oversize_nic port_rx_oversize rx_undersize rx_undersize_nic port_rx_undersize rx_oversize_packets rx_undersize_packets rx_ovrsz_frames
    rx_undrsz_frames rx_mtu_err_frames rx_oversize_pkts_phy rx_undersize_pkts_phy rx_in_range_len_errors_phy rx_out_of_range_len_phy
    rx_oversize_pkts_buffer rx_oversize_pkts_sw_drop rx#_oversize_pkts_sw_drop rx_in_range_errors rx_out_range_errors rx_frame_too_long
    rx_frame_too_long_errors rx_in_length_errors rx_out_length_errors mac_rx_oversize_pkt_num mac_rx_undersize_pkt_num packet_too_big_discard
    rx_drops_mtu port_rx_length_error rx_length mmc_rx_length_error oversize_received undersize_received rx_oversize_pkts rx_undersize_pkts
    frames_rx_bad_length frames_rx_oversized frames_rx_undersized frames_rx_too_long rx_oversize_frames rx_undersized_frames
    rx_length_field_frame_errors rx_in_range_length_error rx_out_range_length_error rmon_etherstatsundersizepkts
    rmon_etherstatsoversizepkts eth_mac_inrangelengtherrors eth_mac_frametoolongerrors rx_mtu_err rx_runt_frames rx_length_error
    rx_len_errs rx_oversize_errs rx_undersize_errs rx_out_of_range_errors rx_oversize_frame_errors rx_undersize_frame_errors rx_range_length_errors mac_rx_range_length_errors rx_len_errors
    rx_frame_length_error rx_frame_length_errors rx_long_err rx_runt_err rxoversizeerrorpkts rxundersizeerrorpkts rxoverszerr
    rxundersizeerr inrangeerrcount outrangeerrcount in_range_length_errors rx_large_frame_errors rx_short_frame_errors
    rx_over_length_errors a_frame_too_long_errors a_in_range_length_errors rx_len_err rx_truncate_errors mac_rx_length_error
    mac_rx_frame_length_error rxlengtherrors rxshorterrors gmac_rx_length_err gmac_rx_long_errors gmac_rx_short_err
    rxframetoolongerrors rxinrangelengtherrors`,
  jabber: `rx_jabber rx_jabber_nic port_rx_jabber rx_fragments rx_fragments_nic port_rx_fragments rx_jabbers rx_jbr_err_frames
    rx_jabbers_phy rx_fragments_phy jabber_events jabber_received fragments_received mmc_rx_jabber_error mmc_rx_run_error
    mac_rx_jabber_pkt_num mac_rx_fragment_pkt_num frames_rx_jabber frames_rx_fragments rx_jabber_errors rx_fragment_errors
    rmon_etherstatsjabbers rmon_etherstatsfragments rx_fragment
    rx_runt_inval_fcs_align
    rxjabber rxjabbers rxjabbererr rxjabbererrors rxetherstatsjabbers etherstatsjabbers in_jabber mac_rx_jabber rx_jabber_err
    gmac_rx_jabber_errors rmac_jabber_frms rx_jabber_frames rx_babbling_errors rx_short_fragment_errors rxfragerr rx_pmac_jabber
    rxrunterrors`,
  missed: `rx_missed_errors rx_missed rx_no_dma_resources rx_out_of_buffer rx_discards port_rx_discards rx_dropped_nic rx_total_discard_pkts
    #_rx_discards rx_drops_no_pbuf rx_drops_no_erx_descr rx_drops_no_tpre_descr rxq#_rx_drops_no_frags dev_rx_discards no_buff_discards
    rx_no_bufs port_rx_nodesc_drops nodesc_drop rx_missed_cntr rx_buf_unav_irq rx_buffer_unavailable rx_resource_errors rx_drop_frame
    hc_rx_discards_no_wqe rx_rrd_ov_drop_packets rxq_#_queue_full_drops rxq_#_packets_bm_drops rx_ring_#_discarded_frames
    rx_queue_#_drops rx_dma_overruns indroppeddma pkts_rx_oob rx_discard rx_discard_vport rx_drops_no_frags hw_rx_missed_errors
    rx_dropped_frames ctx_rx_pkts_dropped_wo_rds dropped_no_big_buffer dropped_no_small_buffer rx_no_buffers_posted_# ieee_rx_drop rx_pb_#_drop
    rx_queue_drop_cnt_#
    rx_fw_discards rxq_#_packets_early_drops ctx_rx_pkts_drop_wo_sds_on_host ctx_rx_pkts_drop_wo_sds_on_card
    rx_lost_in_ring rx_buff_miss rx_busy_errors rx_busy_drop_frames ppe#_rx_drop_pkt_no_bd rx_dropped_nomem indropped
    rx_dropped_oom dev_out_of_buffer`,
  starved: `rx_no_buffer_count rx_buf_errors #_rx_buf_errors queue_#_rx_empty_rx_ring rx#_congst_umr rx_congst_umr rx_buffer_passed_thres_phy
    rx_buffer_passed_threshold`,
  fifo: `rx_discards_phy rx_fifo_errors rx_over_errors rx_fifo_overflow rx_prio#_discards rx_prio#_buf_discard rx_prio#_cong_discard
    rx_discard_packets_cos# rx_brb_discard brb_discards brb_truncates rxpp_fifo_overflow_drop rx_input_fifo_overflow_drop
    pmem_fifo_overflow_drop rx_bg#_frames_dropped bg#_frames_dropped rxfifooverflow mac_rx_mac_head_drop rx_mac_head_drop port_rx_overflow
    port_rx_pm_discard_bb_overflow port_rx_pm_trunc_bb_overflow port_rx_pm_discard_vfifo_full mac_rx_fifo_err mac_rx_fifo_drop
    rx_overflow_cntr overflow_error rx_gmac_overflow mmc_rx_fifo_overflow mmc_rx_fifo_over rx_overrun rx_fifo_or_parser_overrun_drops
    rx_fifo_overrun rx_overruns ieee_rx_macerr icm_dr#_discarded_frames rbuf_ovflow_cnt rx_rxf_ov_drop_packets rx_fifo_overflow_errors
    rx_start_of_frame_overruns rx_middle_of_frame_overruns hw_rx_over_errors rx_overrun_pf rx_overrun_vf mac_rx_dma_drop rx_ftq_discards
    rx_stat_discard dropped_overrun rx_fifo
    rx_drop_events mac_rx_drop_events rx_drops_nic rx_overflow_irq mac_rx_dropped_packets rx_overflows mac_rx_dropped port_rx_pm_trunc_vfifo_full port_rx_dp_di_dropped_packets dropped_link_overflow
    rxbg#framesdropped rxbg#framestrunc rx_overflow
    rxoverflow rxfifodrops rx_overrun_errors gmac_rx_overrun_cnt ppe#_rx_pkt_err_fifo_full mac_rx_drop rx_dropped_pkts_fifo_full
    rmac_ingm_full_discard espi_rxdrops rxoverloaddrop fifo_full_cnt`,
  receiveErrors: `port_rx_bad dev_rx_errors rx_error_frames rx_wqe_err rx#_wqe_err queue_#_inerrors inerrors rx_desc_err_dropped_pkt
    rx_stat_err #_rx_errors pkts_rx_err rx_err_vport hw_rx_errors rx_watchdog_errors rx_coalesced_err queue_#_rx_bad_desc_num
    rx_frm_trunc mac_rx_errors
    #_rx_hw_errors rxq#_rx_compl_err rxq#_l#_err rxq#_err_pkt_len rxq#_l#l#l#_err #_rx_phy_ip_err_discards mac_rx_bad_pkt_num mac_rx_frame_errors rx_other_errs rx_frame_error
    rx_err_pkts rx_error gmac_in_errors rx_mac_errors rx_bad rx_bad_packet in_rx_error rxtotalerrorpackets internal_mac_rx_errors
    rxdataerrors rxerrorframes gmac_rx_data_err`,
  transmitErrors: `tx_errors_phy tx_err tx_stat_error port_tx_errors tx_errors_nic tx#_cqe_err tx_cqe_err tx_queue_#_errors tx_mac_errors
    tx_fcs_err_frames dev_tx_errors tx_error_frames mac_tx_err_all_pkt_num mac_tx_bad_pkt_num tx_err_vport frames_tx_bad hc_tx_err_gdma pkts_tx_err
    eth_mac_frameslostduetointmacxmiterror internal_mac_transmit_err tx_hang_count #_tx_errors txq#_tx_internal_parity_err
    txq#_tx_dma_err tx_err_drop_pkts queue_#_tx_missed_tx
    tx_aborted tx_aborted_errors
    txtotalerrorpackets internal_mac_tx_errors tx_fcs_error mac_tx_fcs_error tx_crc_errors tx_fcs_errors tx_fcs_err txerror
    mac_tx_errors if_out_errors gmac_tx_crc_error`,
  underrun: `tx_fifo_errors tx_fifo_underruns tx_underrun tx_underflow mmc_tx_underflow_error mmc_tx_underflow tx_fifo_underrun fifo_underrun
    tx_underflow_errors ieee_tx_macerr txunderrun tx_undeflow_irq
    tx_underruns tx_underrun_errors txextunderrun tx_hw_underflow gmac_tx_underrun`,
  carrier: `tx_carrier_errors tx_carrier_sense_errors mmc_tx_carrier_error tx_losscarrier tx_carrier ieee_tx_cserr carrier_sense_errors
    mac_tx_carrier_sense_errors eth_mac_carriersenseerrors tx_dropped_link_down_nic port_tx_dropped_link_down
    tx_carrier_lost lost_carrier_sense`,
  lateCollisions: `tx_abort_late_coll tx_late_collisions tx_late_collision mmc_tx_latecol late_collision late_collisions tx_late_col
    mac_tx_late_collisions eth_mac_latecollisions tx_window_errors`,
  collisions: `collisions tx_single_coll_ok tx_multi_coll_ok tx_single_collisions tx_multi_collisions tx_total_collisions
    tx_excess_collisions tx_excessive_collisions tx_single_collision tx_multiple_collisions collision excessive_collision tx_collisions
    single_collisions multi_collisions mmc_tx_singlecol_g mmc_tx_multicol_g`,
  transmitDrops: `tx_discards_phy tx_total_discard_pkts tx_stat_discard #_tx_discards tx_queue_dropped tx#_dropped tx_discards dev_tx_discards
    tx_frames_dropped txq#_tx_drv_drops tx_drops tx_discard_vport pkts_tx_discard drv_dropped_tx_total tx_no_space vf_tx_dropped
    txq_#_queue_full_drops hw_tx_dropped ieee_tx_drop
    tx_drop_frame txdrops txdroppkts mac_tx_drop tx_dropped_frames if_out_discards txdrop txdroppedframes`,
  timeouts: `tx_timeout tx_timeout_count tx_timeouts port_tx_timeout tx_timeout_nic tx_tx_timeouts tx_queue_#_tx_timeouts
    tx_timeout_cnt`,
  resets: `rx_resets #_rx_resets wd_expired reset_cnt reset_count rx_reset recoverable_errors unrecoverable_errors tx#_recover tx_recover rx#_recover
    rx_recover ch#_eq_rearm ch_eq_rearm watchdog_resets checkresets reset_fail tx_queue_restart_hang
    port_resets soft_reset_cnt full_tx_reset`,
  pauseReceived: `rx_pause_ctrl_phy rx_flow_control_xoff link_xoff_rx_nic port_link_xoff_rx rx_pause_frames rx_pause rx_xoff_pause_rcvd
    rx_xoff_frames rx_pfc_frames rx_prio#_pause rx_global_pause rx_priority_#_xoff_nic port_rx_priority_#_xoff_rx rx_pause_prio_#
    rx_pfc_ena_frames_pri# mmc_rx_pause_frames port_rx_pause mac_rx_mac_pause_num mac_rx_pause_num mac_rx_pfc_pkt_num frames_rx_pause
    frames_rx_pripause rx_pause_mac_ctrl_frames mac_rx_pause_mac_ctrl_frames rx_mac_pause mac_rx_valid_pause_frames rx_pause_packets
    rxpauseframes pause_rx_frames rx_flow_control_pause rx_pb_#_pxoff rx_priority_pause_frames fc_rx_pause
    rx_pause_frames_class# mac_rx_pause_frames_class# mac_rx_pause_cnt pause_received`,
  pauseSent: `tx_pause_ctrl_phy tx_flow_control_xoff link_xoff_tx_nic port_link_xoff_tx tx_pause_frames tx_pause tx_xoff_sent tx_xoff_frames
    tx_pfc_frames tx_prio#_pause tx_global_pause tx_priority_#_xoff_nic port_tx_priority_#_xoff_tx tx_pause_prio_# tx_pfc_ena_frames_pri#
    tx_pauseframes mmc_tx_pause_frame port_tx_pause mac_tx_mac_pause_num mac_tx_pause_num mac_tx_pfc_pkt_num frames_tx_pause
    frames_tx_pripause tx_pause_mac_ctrl_frames mac_tx_pause_mac_ctrl_frames tx_mac_pause mac_tx_valid_pause_frames tx_pause_packets
    txpauseframes pause_tx_frames tx_flow_control_pause tx_pb_#_pxoff tx_priority_pauseframes
    tx_pause_frames_class# mac_tx_pause_frames_class# mac_tx_pause_cnt`,
  pauseStorm: `tx_pause_storm_error_events tx_pause_storm_warning_events rx_constant_pause_events continuous_pause_events
    continuous_roce_pause_events`,
  checksum: `rx_csum_offload_errors port_rx_csum_bad rx_csum_bad_nic rx_queue_#_csum_err rx_l#_csum_errors #_rx_l#_csum_errors hw_rx_csum_err
    rx_ip_checksum_errs rx_tcp_checksum_errs rx_udp_checksum_errs rx_csum_error rx_csum_errors csum_errors rx_csum_err queue_#_rx_csum_bad
    queue_#_rx_bad_csum l#_csum_err rx_ip_header_checksum_errors rx_tcp_checksum_errors rx_udp_checksum_errors
    rx_ip_hdr_chksum_err rx_tcp_udp_chksum_err rx_drops_invalid_checksum_#
    #_rx_csum_offload_errors rx_csum_errs ipc_csum_error ip_hdr_err ip_payload_err rxq#_l#l#_csum_err
    rx_chksum_ip_err rx_chksum_tcp_udp_err rx_ip_checksum_errors rxchk_bad_csum ip_cksum_errors tcp_cksum_errors ctx_ip_csum_error`,
  allocation: `alloc_rx_buff_failed alloc_rx_page_failed rx_alloc_fail rx_pg_alloc_fail rx_queue_#_alloc_failed rx_buff_alloc_err
    rx#_buff_alloc_err rx_skb_alloc_fail rx_buf_alloc_fail rx_skb_alloc_discard rxq#_rx_post_fail rx_replace_buf_alloc_fail page_alloc_fail
    queue_#_rx_page_alloc_fail queue_#_rx_skb_alloc_fail skb_alloc_errors refill_errors rx_alloc_failed queue_#_allocfails
    queue_#_skballocfails rx_no_memory rx_noskb_drops rx_#_alloc_err buffer_alloc_failure queue_#_rx_refil_partial
    #_rx_skb_alloc_discard #_rx_alloc_errors rxq#_rx_drops_no_skbs rx_ring_#_alloc_errors`,
  dma: `rx_dma_failed tx_dma_failed dma_map_errors dma_mapping_error dma_map_error tx_dma_out_of_sync queue_#_tx_dma_mapping_err
    queue_#_rx_dma_mapping_err fatal_bus_error_irq tx_#_dma_map_err rx_#_dma_map_err
    tx_mapping_errors rx_mapping_errors ethernet_bus_error fatal_bus_error`,
  pci: `rx_pci_signal_integrity tx_pci_signal_integrity outbound_pci_stalled_wr_events outbound_pci_stalled_rd_events
    outbound_pci_buffer_overflow`,
  fecCorrected: `rx_fec_corrected_blocks rx_corrected_bits_phy rx_corrected_bits rx_rs_corr_symbols fec_corrected_errors
    corrected_blocks fec_corrected`,
  fecUncorrected: `rx_fec_uncorrectable_blocks fec_uncorrected_errors uncorrectable_blocks fec_uncorrectable_errors fec_uncorrected`,
  linkDown: `link_down_events_phy link_down_events link_down_cnt interface_down_cnt link_failures link_down_count`,
  // An interrupt or an event for each, up as well as down.
  linkChange: 'lsc_int link_change_count',
  linkFault: `mac_local_faults_nic mac_remote_faults_nic port_mac_local_faults port_mac_remote_faults rx_link_faults rx_local_faults
    rx_remote_faults linkfaults`,
  module: 'module_high_temp module_bus_stuck module_bad_shorted',
  allowance: `bw_in_allowance_exceeded bw_out_allowance_exceeded pps_allowance_exceeded conntrack_allowance_exceeded
    linklocal_allowance_exceeded`,
  eee: 'eee_wakeup_errors phy_eee_wakeup_error_n',
  firmware: 'ena_admin_q_no_completion adminq_timeouts adminq_cmd_fail cmd_timeout',
};

/** Names that one driver means otherwise than the others, or that say nothing without it. */
export const OF_DRIVERS: Readonly<Record<string, Names>> = {
  // rx_dropped is the kernel's own counter elsewhere; here the hardware found no buffer.
  mlx4_en: { missed: 'rx_dropped rx#_dropped', length: 'rx_in_range_length_error rx_out_range_length_error' },
  gve: { missed: 'rx_dropped rx_dropped_pkt_#', transmitDrops: 'tx_dropped' },
  // Its rx_over_errors and rx_fifo_errors are the same as rx_missed_errors: no buffer was free.
  vmxnet3: {
    crc: 'fcs',
    missed: 'pkts_rx_oob',
    receiveErrors: 'err',
    transmitDrops: 'ring_full',
    starved: 'rx_buf_alloc_fail',
  },
  // The XDP program drops as it likes; what is left are packets that were malformed.
  virtio_net: {
    receiveErrors: 'rx_drops rx_queue_#_drops rx#_drops',
    timeouts: 'tx_tx_timeouts tx#_tx_timeouts tx_queue_#_tx_timeouts',
  },
  // Since 2.9 of its own and Linux 6.x it counts the resets by their reasons.
  ena: {
    missed: 'rx_drops',
    timeouts: 'tx_timeout os_netdev_wd',
    resets: `wd_expired reset_fail missing_tx_cmpl admin_to missing_intr missing_first_intr missing_admin_interrupt
      device_request_reset invalid_state suspected_poll_starvation bad_tx_req_id bad_rx_req_id bad_rx_desc_num rx_desc_malformed
      tx_desc_malformed`,
  },
  // The MAC of these counts what the switch behind a backplane sent while the port was being filtered, too.
  enic: { missed: 'rx_no_bufs', fifo: 'rx_drop' },
  hv_netvsc: {
    transmitDrops: 'tx_no_memory tx_no_space tx_too_big vf_tx_dropped',
    allocation: 'rx_no_memory',
  },
  sfc: { crc: 'port_rx_bad', missed: 'port_rx_nodesc_drops', receiveErrors: 'rx_tobe_disc' },
  cxgb4: { fifo: 'rx_bg#_frames_dropped', receiveErrors: 'rx_runt_frames' },
  '8139cp': { crc: 'rx_err', receiveErrors: 'rx_frags' },
  atlantic: { crc: 'inerrors' },
  liquidio: { missed: 'rx_dropped_nomem', fifo: 'rx_dropped_toomany' },
  ionic: { missed: 'hw_rx_dropped', crc: 'frames_rx_stomped_crc' },
  // What it sent with a wrong checksum on purpose: frames that it received broken and passed on.
  mvpp2: { transmitErrors: 'crc_errors_sent' },
  rvu_nicpf: { missed: 'rx_drops' },
  rvu_nicvf: { missed: 'rx_drops' },
  bcmgenet: { receiveErrors: 'rbuf_err_cnt mdf_err_cnt' },
};
