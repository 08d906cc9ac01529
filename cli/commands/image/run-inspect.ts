/** `nodectl image inspect`. */

import { parseEnvelope, verifyManifest } from '../../../proto/image/envelope.ts';
import type { Keyring } from '../../../proto/image/keyring.ts';
import {
  type ImageHealthCheck,
  type Manifest,
  manifestSha256,
  parseManifest,
} from '../../../proto/image/manifest.ts';
import { quantity } from '../../diag/text/words.ts';
import { openImage } from '../../image/open.ts';
import { formatOf, isForPeople, printItems } from '../../output/format.ts';
import type { Session } from '../../session.ts';
import { trustedKeys } from './keys.ts';
import { labelled } from './labelled.ts';

/** Characters of a digest that tell it from others, for people. */
const SHORT = 16;
const NAMED_DRIVERS = 12;

export async function run(session: Session): Promise<void> {
  const [reference = ''] = session.args;
  const keyring = trustedKeys(session);
  const image = await openImage(reference, session);
  try {
    const manifest = parseManifest(image.manifestBytes);
    const signatures = parseEnvelope(image.envelopeBytes);
    const trusted =
      keyring === undefined ? undefined : verifyManifest(image.manifestBytes, signatures, keyring);
    const signers = signatures.map(({ keyId }) => ({
      keyId,
      name: keyring?.get(keyId)?.name ?? '',
      trusted: trusted?.includes(keyId) ?? false,
    }));
    const sha256 = manifestSha256(image.manifestBytes);
    if (isForPeople(formatOf(session))) {
      for (const [label, value] of rows(manifest, sha256, signers, keyring))
        await labelled(session.terminal, 12, label, value);
      return;
    }
    const item = { ...manifest, sha256, signers };
    await printItems(session, [item], { columns: [], json: (one) => one, name: () => sha256 });
  } finally {
    await image.close();
  }
}

interface Signer {
  keyId: string;
  name: string;
  trusted: boolean;
}

/** What is told, label and value a line. */
function rows(
  manifest: Manifest,
  sha256: string,
  signers: readonly Signer[],
  keyring: Keyring | undefined,
): [string, string][] {
  const { name, version, serial, minSerial, compatible, created, notAfter, minAgent, cmdline, health } =
    manifest;
  const lines: [string, string | undefined][] = [
    ['image', `${name} ${version}, serial ${serial}, manifest sha256 ${sha256.slice(0, SHORT)}`],
    [
      'made',
      `${time(created)}${notAfter === undefined ? ', does not expire' : `, ${Date.parse(notAfter) < Date.now() ? 'EXPIRED' : 'expires'} ${time(notAfter)}`}`,
    ],
    ['for', compatible.join(', ')],
    ...signers.map((signer): [string, string] => ['signed by', signerText(signer, keyring)]),
    ...manifest.images.map(({ role, size, sha256: digest, frames }): [string, string] => [
      role,
      `${quantity(size, ' B')}, ${quantity(frames.size, ' B')} packed, sha256 ${digest.slice(0, SHORT)}`,
    ]),
    ...manifest.deltas.map(({ fromRootSha256, size }): [string, string] => [
      'delta',
      `${quantity(size, ' B')} from root ${fromRootSha256.slice(0, SHORT)}`,
    ]),
    ['carries', kernelText(manifest)],
    ['drivers', driversText(manifest.modules)],
    [
      'firmware',
      manifest.firmware &&
        `${manifest.firmware.length} files for ${new Set(manifest.firmware.map(({ driver }) => driver)).size} drivers`,
    ],
    ['command line', cmdline],
    ['needs', minAgent && `an agent of version ${minAgent} or later`],
    ['afterwards', minSerial > 0 ? `no image below serial ${minSerial} is taken any more` : undefined],
    ['health', health && healthText(health)],
  ];
  return lines.filter((line): line is [string, string] => line[1] !== undefined);
}

function signerText({ keyId, name, trusted }: Signer, keyring: Keyring | undefined): string {
  if (trusted) return `${name}, key ${keyId.slice(0, SHORT)}`;
  return `key ${keyId.slice(0, SHORT)}, ${keyring === undefined ? 'not verified: name the keys with --keys' : 'which is not among the keys'}`;
}

function kernelText({ kernelRelease, kernelPackage, distribution }: Manifest): string | undefined {
  if (kernelRelease === undefined) return undefined;
  const from = [distribution, kernelPackage === undefined ? undefined : `package ${kernelPackage}`]
    .filter(Boolean)
    .join(', ');
  return `kernel ${kernelRelease}${from === '' ? '' : ` (${from})`}`;
}

function driversText(modules: readonly string[] | undefined): string | undefined {
  if (modules === undefined) return undefined;
  const rest = modules.length - NAMED_DRIVERS;
  return `${modules.length} of network cards: ${modules.slice(0, NAMED_DRIVERS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function healthText({ deadlineSeconds, checks }: NonNullable<Manifest['health']>): string {
  const within = deadlineSeconds === undefined ? [] : [`within ${deadlineSeconds} s`];
  return [...within, ...checks.map(checkText)].join(', ');
}

function checkText(check: ImageHealthCheck): string {
  switch (check.kind) {
    case 'unit':
      return `unit ${check.name}`;
    case 'tcp':
      return `TCP ${check.host ?? 'localhost'}:${check.port}`;
    case 'http':
      return check.url;
    default:
      return check.kind;
  }
}

function time(rfc3339: string): string {
  return rfc3339.replace('T', ' ').replace(/:\d\dZ$/, ' UTC');
}
