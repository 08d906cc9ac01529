/** What could cut the connection to a node beside the section "network": other ways to the same network, firewalls, the agent itself. */

import type { Resource } from './resource.ts';

const PATHS = [
  /^\/etc\/(?:systemd\/network|systemd\/resolved\.conf\.d|netplan|network|NetworkManager|wpa_supplicant)(?:\/|$)/,
  /^\/etc\/(?:nftables|iptables|firewalld|ufw|nodectl)(?:[./]|$)/,
  /^\/etc\/(?:resolv\.conf|nsswitch\.conf|hosts\.(?:allow|deny))$/,
  /^\/etc\/systemd\/system\/(?:systemd-networkd|NetworkManager|nodectl-agent|nftables|firewalld|ufw)\.(?:service|socket)(?:\.d\/|$)/,
];
const UNITS =
  /^unit\/(?:systemd-networkd|systemd-resolved|NetworkManager|networking|wpa_supplicant.*|nftables|iptables|netfilter-persistent|firewalld|ufw|wg-quick@.*|nodectl-agent)\.(?:service|socket)$/;
/** Settings of the kernel that drop packets or addresses (ip-sysctl of the kernel's documentation). */
const SYSCTLS =
  /^sysctl\/net[./](?:ipv[46][./].*(?:disable_ipv6|rp_filter|accept_ra|autoconf|arp_ignore|arp_filter|forwarding|ip_forward)|netfilter[./])/;

/** The resource, marked where changing it can cut the connection. */
export function riskJudged(resource: Resource): Resource {
  const risky =
    UNITS.test(resource.id) ||
    SYSCTLS.test(resource.id) ||
    (resource.watches ?? []).some((path) => PATHS.some((pattern) => pattern.test(path))) ||
    resource.activates.some(({ id }) => UNITS.test(id.replace(/\/(?:restart|reload)$/, '')));
  return risky && !resource.risksConnection ? { ...resource, risksConnection: true } : resource;
}
