/** Files that hold secrets: nothing of them is in a bundle, whoever reads them. */

/** Paths relative to the root. */
const SECRET_FILES: readonly RegExp[] = [
  /^etc\/(?:g?shadow-?|krb5\.keytab|sudoers)$/,
  /^etc\/(?:ssh|ssl\/private|pki\/tls\/private|wireguard|openvpn|ipsec\.d|cryptsetup-keys\.d|sudoers\.d)(?:\/|$)/,
  /^etc\/(?:NetworkManager\/system-connections|kubernetes|rancher|nodectl|letsencrypt)(?:\/|$)/,
  /^etc\/(?:chrony\/(?:chrony\.keys|keys\.d\/.*)|chrony\.keys|ntp\.keys|ntp\/keys)$/,
  /^var\/lib\/(?:kubelet|nodectl|containerd|docker|rancher|etcd)(?:\/|$)/,
  /^(?:root|home)(?:\/|$)/,
  /^proc\/(?:\d+|self|thread-self)\/(?:environ|mem|maps|smaps|root|fd|cwd)(?:\/|$)/,
  /^proc\/(?:kcore|keys)$/,
  /^etc\/(?:credstore(?:\.encrypted)?|netplan|wpa_supplicant|nut|iscsi\/iscsid\.conf|snmp|cloud|docker|containerd)(?:\/|$)/,
  /^etc\/(?:ceph|sssd|nslcd\.conf|(?:libnss-|pam_)?ldap\.secret|security\/opasswd|munge|swanctl|strongswan|ppp|pve\/priv)(?:\/|$)/,
  /^etc\/(?:ipsec\.secrets|apt\/auth\.conf(?:\.d)?|exim4\/passwd\.client|msmtprc|postfix\/sasl[^/]*|frr|keepalived)(?:\/|$)/,
  /^var\/lib\/(?:cloud|tailscale|iwd|snmp|NetworkManager|bluetooth)(?:\/|$)/,
  /^run\/(?:cloud-init|wpa_supplicant)(?:\/|$)/,
  // The hash of the boot loader's password.
  /^boot\/(?:efi\/EFI\/[^/]+|grub2?)\/user\.cfg$/,
  /^run\/(?:secrets|credentials|systemd\/credentials|user|nodectl)(?:\/|$)/,
  // Keys of drives and settings that a hypervisor hands over.
  /^sys\/firmware\/qemu_fw_cfg\//,
  // Keys, and networks with their keys.
  /\.(?:pem|key|p12|pfx|jks|keytab|kubeconfig|psk|netdev|ovpn)$/i,
];

/** Whether nothing of a file is to be kept. */
export function isSecretFile(path: string): boolean {
  return SECRET_FILES.some((pattern) => pattern.test(path));
}
