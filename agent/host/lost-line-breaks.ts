/** Outputs that lost their line breaks on a web page: `ip -s link`, ifconfig, bonds, ethtool, chronyc tracking and timedatectl in one line. */

/** What tells the format, and before what of it each line begins. */
const FORMATS: readonly (readonly [mark: RegExp, breaks: RegExp])[] = [
  [
    /\d: [\w.@-]{1,32}: <[A-Z_,-]{2,200}> mtu \d.* RX: bytes packets /,
    /(?: (?=\d{1,6}: [\w.@-]{1,32}: <)| (?=link\/\w)| (?=[RT]X(?: errors)?: [a-z])|(?<=mcast|collsns|missed|heartbeat|fifo|overrun) (?=\d))/g,
  ],
  [
    /\w: flags=\d{1,6}<.* RX packets \d/,
    / (?=(?:inet6?|ether|loop|unspec) |[RT]X (?:packets|errors) \d|[\w.@-]{1,32}: flags=\d)/g,
  ],
  [
    /Link encap:.* RX packets:\d/,
    / (?=inet6? addr:|UP [A-Z ]+MTU:|[RT]X packets:\d|RX bytes:|collisions:\d|[\w.:-]{1,32} Link encap:)/g,
  ],
  [
    /Ethernet Channel Bonding Driver: v.* MII Status: /,
    / (?=Ethernet Channel Bonding|Bonding Mode: |Transmit Hash|Primary Slave: |Currently Active Slave: |MII Status: |MII Polling|Up Delay|Down Delay|Peer Notification|802\.3ad info|LACP |Min links|Aggregator (?:ID|selection)|System (?:priority|MAC)|Active Aggregator|Number of ports|Actor |Partner |Slave (?:Interface|queue)|Speed: |Duplex: |Link Failure|Permanent HW)/g,
  ],
  [
    /Settings for [\w.@:-]{1,32}: .*(?:Speed|Link detected): /,
    / (?=Support(?:s|ed) |Advertised |Link partner |Speed: |Duplex: |Port: |PHYAD: |Transceiver: |Auto-negotiation: |MDI-X: |Wake-on: |Current message|Link detected: )/g,
  ],
  [/(?:NIC|PHY) statistics: \S+: \d.* \S+: \d/, / (?=[\w.[\]-]{2,60}: \d+(?: |$))/g],
  [
    /Reference ID\s{0,6}: .*Leap status\s{0,6}: /,
    / (?=(?:Reference ID|Stratum|Ref time|System time|Last offset|RMS offset|Frequency|Residual freq|Skew|Root delay|Root dispersion|Update interval|Leap status)\b[^:]{0,10}: )/g,
  ],
  [
    /Local time: .*(?:System clock|NTP) synchroni[sz]ed: /,
    / (?=Local time: |Universal time: |RTC (?:time|in local TZ): |Time zone: |System clock synchroni|NTP (?:service|synchroni|enabled)|Network time on: )/g,
  ],
];
/** A line of so many characters at least has several in it, and one that is longer is something else. */
const LEAST = 90;
const MOST = 20_000;

/** A text with such lines as the programs printed them. */
export function withLineBreaks(text: string): string {
  if (!text.includes(': ')) return text;
  let found = false;
  const lines = text.split('\n').map((line) => {
    if (line.length < LEAST || line.length > MOST) return line;
    const [, breaks] = FORMATS.find(([mark]) => mark.test(line)) ?? [];
    if (!breaks) return line;
    found = true;
    return line
      .replace(/[ \t]{2,}/g, ' ')
      .replace(breaks, '\n    ')
      .replace(
        /\n {4}(?=\d{1,6}: |[\w.@:-]{1,32}(?:: flags=| Link encap:)|Ethernet Channel|Settings for )/g,
        '\n',
      );
  });
  return found ? lines.join('\n') : text;
}
