/**
 * Secrets in texts that are collected for other reasons must not be in a bundle. Texts lose the value and keep its name, so
 * that one sees that it was set. It is better to take out too much than too little.
 */

import { setImmediate as breathe } from 'node:timers/promises';

/** What stands in the place of a secret. */
const REDACTED = '[redacted]';

/** Ends of names behind which a secret stands: keys of configurations, of JSON, of a command line or of a URL. */
const NAME =
  '(?:(?:passw(?:or)?d|passphrase|passcode|secret|token|(?:api|access|private|account|encryption|signing|licen[sc]e|activation|auth|luks|recovery)' +
  '[ _-]?key|(?:pre-?)?shared[ _-]?key|key[_-]?data|credentials?|psk|community)[\\w.-]{0,40}|(?<![a-z\\d])(?:pass|pwd|pw|_auth)\\b)';
/** What stands between a name and its value. */
const IS = '[ \\t]{0,8}[:=][ \\t]{0,8}';

/** Keys in PEM go over many lines, or stand in one with their line breaks written out, or as a URL has them. */
const PRIVATE_KEY =
  /-----BEGIN([A-Z0-9 +]{0,40}PRIVATE[ +]KEY[A-Z +]{0,20})-----(?!\[redacted\])(?:[^-]|-(?!----)){0,20000}(?:-----END[A-Z0-9 +]{1,60}-----)?/g;

/** A secret that stands behind a word and a blank, as configurations of daemons and routers have it at the beginning of a line. */
const WORDS =
  'requirepass|masterauth|auth_pass|password|passwd|secret|key-string|private-key|preshared-key|[a-z]{0,10}community6?|' +
  'trap2?sink[ \\t]{1,8}\\S{1,100}|com2sec6?[ \\t]{1,8}\\S{1,100}[ \\t]{1,8}\\S{1,100}|createUser[^\\n]{0,100}?(?:MD5|SHA[\\d-]*)|snmp-server community';
/** The same anywhere in a line: "new password is …", "neighbor 10.0.0.1 password …", "message-digest-key 1 md5 …". */
const PHRASES =
  '(?:password|passphrase|token|secret)(?: for \\S{1,100})? (?:is|was|set to|changed to)|(?:login|neighbor) \\S{1,100} password|' +
  'bind password|message-digest-key \\d{1,5} md5|(?:AES|DES)(?:[-\\d]{0,8})(?=[ \\t]{1,8}\\S{8,100}$)';

/** What is between an option and its value: arguments in /proc are apart by NUL. */
const APART = '[ \\0]{0,3}';
/** What administrators type, which sudo and the audit log: the options behind which a secret stands, by program. */
const OPTIONS: readonly (readonly [programs: string, option: string])[] = [
  ['(?:sshpass|mysql|mariadb)', '-p[ \\0]?'],
  ['(?:ipmi|zip)', `-P${APART}`],
  ['mongo', `-p${APART}`],
  ['redis', `-a${APART}`],
  ['ldap', `-w${APART}`],
  ['snmp', `-c${APART}`],
  ['snmp', `-A${APART}`],
  ['snmp', `-X${APART}`],
  ['(?:smb|rpcclient)', `(?:-U|--user)[ =\\0]{0,3}[^\\s\\0%]{1,64}%`],
  ['openssl', '-pass(?:in|out)?[ \\0]pass:'],
  ['chpasswd', '<<< ?["\']?[\\w.-]{1,64}:'],
  ['(?:curl|wget)', '(?:-[uU]|--(?:proxy-)?user)[ =\\0]{0,3}["\']?[^\\s\\0:"\']{1,100}:'],
];

/**
 * In order, for texts of whole lines. Each is linear in the text: what repeats is bounded, or excludes what follows it. Values
 * run to the end of their quotes, or to the next white space, separator or end of the line.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  // With a scheme or without; in JSON and in what Go prints of headers it is a list. The parts of Digest and AWS4 have names.
  [
    /\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}(?:\[(?!redacted)|["']){0,3}(?:[a-z][\w-]{0,30} {1,3})?)(?:\[redacted\]|[^\s"',\]]+)/gi,
    `$1${REDACTED}`,
  ],
  [/\b(response=\\?["'])[^"'\\\n]{8,200}/gi, `$1${REDACTED}`],
  [/(\b(?:x-amz-)?sig(?:nature)?=)[^\s&"',;]{8,1000}/gi, `$1${REDACTED}`],
  [/\b((?:set-)?cookie["']?: {0,3}["']?)[^\n"']{1,4000}/gi, `$1${REDACTED}`],
  [/\b(bearer\s{1,3})[A-Za-z0-9._~+/=-]{8,}/gi, `$1${REDACTED}`],
  // https://user:secret@host, where the secret may have an @ or a / in it; a port and a path may not be taken for one.
  [/(:\/\/[^\s/:@"'[]{0,100}:)(?!\d{1,5}[/?#\s"'])[^\s"'<>]{1,200}@/g, `$1${REDACTED}@`],
  // https://token@host
  [/(:\/\/)[^\s/:@"'[]{16,200}@/g, `$1${REDACTED}@`],
  [/(\bhooks\.slack\.com\/services\/)[\w/]{10,200}/g, `$1${REDACTED}`],
  // Keys of chrony and ntpd: "1 SHA256 HEX:…".
  [
    /^([ \t]{0,8}\d{1,10}[ \t]{1,8}(?:MD5|SHA\d{1,3}(?:-\d{3})?|TIGER|WHIRLPOOL|AES\d{3}|M)[ \t]{1,8})\S{4,1000}/gim,
    `$1${REDACTED}`,
  ],
  [
    new RegExp(
      `^([ \\t]{0,40}(?:${WORDS})[ \\t]{1,8})(?![:=\\[{]|(?:for|is|was|set|to)\\b)["']?[^\\s;"']{1,1000}`,
      'gim',
    ),
    `$1${REDACTED}`,
  ],
  [new RegExp(`\\b((?:${PHRASES})[ \\t]{1,8})(?!\\[redacted)["']?[^\\s;"']{1,1000}`, 'gim'), `$1${REDACTED}`],
  ...OPTIONS.map(([programs, option]): [RegExp, string] => [
    new RegExp(
      `(\\b${programs}[\\w-]{0,12}(?=[ \\t\\0])[^\\n|]{0,300}?(?<=[\\s\\0])${option})(?!\\[redacted)[^\\s\\0"'-][^\\s\\0"']{0,200}`,
      'g',
    ),
    `$1${REDACTED}`,
  ]),
  [/(\becho\s["']?[\w.-]{1,64}:)[^\s"'|]{1,200}(?=["']?\s{0,3}\|)/g, `$1${REDACTED}`],
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
  // The logins of Docker and of npm: "auth": "…".
  [/("auth"\s{0,3}:\s{0,3})"[A-Za-z0-9+/=]{8,4000}"/g, `$1"${REDACTED}"`],
  // Formats that are secrets wherever they stand: tokens of ours, GitHub's, GitLab's, Slack's, AWS', Google's, JSON web tokens, Vault's,
  // npm's, Docker's, those that begin with sk-, Stripe's, SendGrid's, Tailscale's, keys of age, PEM that was encoded once more.
  [/\bnctl_[A-Za-z0-9_-]{8,}/g, REDACTED],
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|(?:xox[abprs]|xapp)-[\w-]{10,})/g,
    REDACTED,
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\b(?:AIza[\w-]{30,}|ya29\.[\w-]{20,})/g, REDACTED],
  [/\b(?:[rs]k_(?:live|test)_\w{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|tskey-[\w-]{10,})/g, REDACTED],
  [/\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}/g, REDACTED],
  [/\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000}/g, REDACTED],
  [/\b(?:hv[sbr]\.[\w-]{24,}|npm_[A-Za-z0-9]{36,}|dckr_pat_[\w-]{20,}|sk-[A-Za-z0-9][\w-]{30,})/g, REDACTED],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/g, REDACTED],
  // PINs of cards, modems and keys: those of a chip's legs have fewer digits.
  [/(\bpin["']?[ \t]{0,3}[:=][ \t]{0,3}["']?)\d{4,12}\b/gi, `$1${REDACTED}`],
  // "using token abcdef.0123456789abcdef", as kubeadm has them, and others of letters and digits that stand behind the word.
  [/\b[a-z0-9]{6}\.(?=[a-z]{0,15}\d)[a-z0-9]{16}\b/g, REDACTED],
  [
    /((?<!unexpected )\btoken[ \t]{1,4}["']?)(?=[\w~+=-]{0,80}\d)(?=[\w~+=-]{0,80}[a-z])[\w~+=-]{16,1000}/gi,
    `$1${REDACTED}`,
  ],
  // Hashes of passwords as crypt(3) writes them.
  [/\$(?:1|2[abxy]?|5|6|7|y|gy)\$[./A-Za-z0-9$,=]{20,}/g, REDACTED],
];

/** What cloud-init is told to set: lists of users with their passwords in plain text, below this key. */
const LISTS = /\bchpasswd["']?:[^\n]{0,80}\n(?:[ \t][^\n]{0,200}(?:\n|$)){1,100}/g;
const LISTED = /^([ \t]{1,40}(?:- )?["']?[\w.-]{1,64}:)(?!\[redacted\])[^\s"'][^\n]{0,200}/gm;

/** Characters that are looked at without letting others have their turn. */
const PART = 256 * 1024;

function cleaned(text: string): string {
  let clean = text.replace(LISTS, (list) => list.replace(LISTED, `$1${REDACTED}`));
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return clean;
}

/** A short text without the secrets in it. */
export function withoutSecrets(text: string): string {
  return cleaned(text.replace(PRIVATE_KEY, `-----BEGIN$1-----${REDACTED}`));
}

/** The same for a text of any length, in turns with other work. */
export async function longWithoutSecrets(text: string): Promise<string> {
  const whole = text.replace(PRIVATE_KEY, `-----BEGIN$1-----${REDACTED}`);
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
