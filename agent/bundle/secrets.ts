/**
 * What must not be in a bundle: files that hold secrets, and secrets in texts that are collected for other reasons. Texts lose
 * the value and keep its name, so that one sees that it was set. It is better to take out too much than too little.
 */

import { setImmediate as breathe } from 'node:timers/promises';

/** What stands in the place of a secret. */
const REDACTED = '[redacted]';

/** Files of which nothing is kept, whoever reads them. Paths are relative to the root. */
const SECRET_FILES: readonly RegExp[] = [
  /^etc\/(?:g?shadow-?|krb5\.keytab|sudoers)$/,
  /^etc\/(?:ssh|ssl\/private|pki\/tls\/private|wireguard|openvpn|ipsec\.d|cryptsetup-keys\.d|sudoers\.d)(?:\/|$)/,
  /^etc\/(?:NetworkManager\/system-connections|kubernetes|rancher|nodectl|letsencrypt)(?:\/|$)/,
  /^etc\/(?:chrony\/(?:chrony\.keys|keys\.d\/.*)|chrony\.keys|ntp\.keys|ntp\/keys)$/,
  /^var\/lib\/(?:kubelet|nodectl|containerd|docker|rancher|etcd)(?:\/|$)/,
  /^(?:root|home)(?:\/|$)/,
  /^proc\/(?:\d+|self|thread-self)\/(?:environ|mem|maps|smaps|root|fd|cwd)(?:\/|$)/,
  /^proc\/(?:kcore|keys)$/,
  /^etc\/(?:credstore(?:\.encrypted)?|netplan|wpa_supplicant|nut|iscsi\/iscsid\.conf|snmp)(?:\/|$)/,
  /^run\/(?:secrets|credentials|systemd\/credentials|user|nodectl)(?:\/|$)/,
  // Keys of drives and settings that a hypervisor hands over.
  /^sys\/firmware\/qemu_fw_cfg\//,
  /\.(?:pem|key|p12|pfx|jks|keytab|kubeconfig)$/i,
];

/** Whether nothing of a file is to be kept. */
export function isSecretFile(path: string): boolean {
  return SECRET_FILES.some((pattern) => pattern.test(path));
}

/** Ends of names behind which a secret stands: keys of configurations, of JSON, of a command line or of a URL. */
const NAME =
  '(?:(?:passw(?:or)?d|passphrase|passcode|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|' +
  'encryption[_-]?key|auth[_-]?key|key[_-]?data|credentials?|psk|sharedkey|community)[\\w.-]{0,40}|\\b(?:pass|pwd)\\b)';
/** What stands between a name and its value. */
const IS = '[ \\t]{0,8}[:=][ \\t]{0,8}';

/** Keys in PEM go over many lines. */
const PRIVATE_KEY =
  /-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20})-----(?:[^-]|-(?!----)){0,20000}(?:-----END [A-Z0-9 ]{1,60}-----)?/g;

/**
 * In order, for texts of whole lines. Each is linear in the text: what repeats is bounded, or excludes what follows it. Values
 * run to the end of their quotes, or to the next white space, separator or end of the line.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|digest|token)?\s{0,3})[^\s"',]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b(bearer\s{1,3})[A-Za-z0-9._~+/=-]{8,}/gi, `$1${REDACTED}`],
  // https://user:secret@host
  [/(:\/\/[^\s/:@"']{0,100}:)[^\s/@"']{1,200}@/g, `$1${REDACTED}@`],
  [new RegExp(`(${NAME}["']?${IS})"(?:[^"\\\\\\n]|\\\\.){1,4000}"`, 'gi'), `$1"${REDACTED}"`],
  [new RegExp(`(${NAME}["']?${IS})'[^'\\n]{1,4000}'`, 'gi'), `$1'${REDACTED}'`],
  // JSON stays JSON.
  [new RegExp(`(${NAME}"${IS})(?!["\\[{])[^\\s,\\]}]{1,4000}`, 'gi'), `$1"${REDACTED}"`],
  [new RegExp(`(${NAME}'?${IS})(?!["'{]|\\[redacted\\])[^\\s,;"'&\\]}]{1,4000}`, 'gi'), `$1${REDACTED}`],
  // --name value; arguments in /proc are apart by NUL.
  [
    new RegExp(
      `((?<![\\w.-])--?[\\w.-]{0,40}?${NAME}[ \\t\\0]{1,4})(?!-|\\[redacted\\])[^\\s\\0]{1,4000}`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  // <password>secret</password>
  [new RegExp(`(<[\\w:-]{0,40}?${NAME}>)[^<]{1,4000}`, 'gi'), `$1${REDACTED}`],
  // Formats that are secrets wherever they stand: tokens of ours, GitHub's, GitLab's, Slack's, AWS', Google's, JSON web tokens, Vault's,
  // npm's, Docker's, those that begin with sk-, keys of age.
  [/\bnctl_[A-Za-z0-9_-]{8,}/g, REDACTED],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,})/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bAIza[\w-]{30,}/g, REDACTED],
  [/\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000}/g, REDACTED],
  [/\b(?:hv[sbr]\.[\w-]{24,}|npm_[A-Za-z0-9]{36,}|dckr_pat_[\w-]{20,}|sk-[A-Za-z0-9][\w-]{30,})/g, REDACTED],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/g, REDACTED],
  // Hashes of passwords as crypt(3) writes them.
  [/\$(?:1|2[abxy]?|5|6|7|y|gy)\$[./A-Za-z0-9$,=]{20,}/g, REDACTED],
];

/** Characters that are looked at without letting others have their turn. */
const PART = 256 * 1024;

function cleaned(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return clean;
}

/** A short text without the secrets in it. */
export function withoutSecrets(text: string): string {
  return cleaned(text.replace(PRIVATE_KEY, `-----BEGIN $1-----${REDACTED}`));
}

/** The same for a text of any length, in turns with other work. */
export async function longWithoutSecrets(text: string): Promise<string> {
  const whole = text.replace(PRIVATE_KEY, `-----BEGIN $1-----${REDACTED}`);
  if (whole.length <= PART) return cleaned(whole);
  const parts: string[] = [];
  for (let at = 0; at < whole.length; ) {
    const line = whole.lastIndexOf('\n', at + PART);
    const end = at + PART >= whole.length ? whole.length : line > at ? line + 1 : at + PART;
    parts.push(cleaned(whole.slice(at, end)));
    at = end;
    await breathe();
  }
  return parts.join('');
}
