/**
 * References to images in registries: oci://HOST[:PORT]/REPOSITORY:TAG or @DIGEST. Grammar of names, tags and digests as in the
 * OCI distribution specification 1.1, "Pulling manifests". Nothing is guessed: no default registry and no tag "latest".
 */

import { Failure } from '../failure.ts';

/** What a reference names. Either a tag or a digest is there. */
export interface Reference {
  /** HOST or HOST:PORT; an IPv6 address stands in brackets. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const OCI_SCHEME = 'oci://';

/** Longer texts are no references: 255 for host and repository each, 128 for a tag. */
const MAX_TEXT = 700;
const MAX_REPOSITORY = 255;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text is a digest that this project can check: SHA-256. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Reads a reference. Throws BAD_ARGUMENT that says which part is wrong. */
export function parseReference(text: string): Reference {
  const wrong = (why: string, hint = 'write it as oci://HOST[:PORT]/REPOSITORY:TAG or @sha256:DIGEST') =>
    new Failure('BAD_ARGUMENT', `"${text.slice(0, 120)}" is no reference to an image: ${why}`, { hint });
  if (text.length > MAX_TEXT) throw wrong(`it is longer than ${MAX_TEXT} characters`);
  if (!text.startsWith(OCI_SCHEME)) throw wrong(`it does not begin with ${OCI_SCHEME}`);
  const rest = text.slice(OCI_SCHEME.length);
  const slash = rest.indexOf('/');
  if (slash < 0) throw wrong('the repository is missing behind the host');
  const registry = rest.slice(0, slash);
  if (!isRegistry(registry)) throw wrong(`"${registry.slice(0, 80)}" is no host, or host and port`);
  let path = rest.slice(slash + 1);
  let digest: string | undefined;
  let tag: string | undefined;
  const at = path.indexOf('@');
  if (at >= 0) {
    digest = path.slice(at + 1);
    path = path.slice(0, at);
    if (!isDigest(digest)) throw wrong('behind the @ stands no digest (sha256: and 64 hexadecimal digits)');
  }
  const colon = path.indexOf(':');
  if (colon >= 0) {
    tag = path.slice(colon + 1);
    path = path.slice(0, colon);
    if (!TAG.test(tag)) throw wrong(`"${tag.slice(0, 80)}" is no tag`);
    if (digest) throw wrong('it has both a tag and a digest', 'the digest alone says which image is meant');
  }
  if (!isRepository(path)) throw wrong(`"${path.slice(0, 80)}" is no name of a repository (lower case)`);
  if (digest) return { registry, repository: path, digest };
  if (tag) return { registry, repository: path, tag };
  throw wrong('neither a tag nor a digest is named', `add one, as in ${text.slice(0, 120)}:2026.11.1`);
}

/** Whether a text is the name of a repository. */
export function isRepository(text: string): boolean {
  return text.length <= MAX_REPOSITORY && text.split('/').every((part) => COMPONENT.test(part));
}

/** Whether a text is a registry's place: HOST or HOST:PORT, in lower case. */
export function isRegistry(text: string): boolean {
  const { host, port } = splitRegistry(text);
  if (port !== undefined && !(/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535)) return false;
  if (host.startsWith('[')) return /^\[[0-9a-f:.]{2,45}\]$/.test(host) && URL.canParse(`http://${host}/`);
  if (host.length > 253 || !host.split('.').every((label) => LABEL.test(label))) return false;
  // What ends in a number is an address to URL parsers: 127.1 and 0177.0.0.1 are others than they seem.
  if (!/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(host)) return true;
  return URL.canParse(`http://${host}/`) && new URL(`http://${host}/`).hostname === host;
}

/** Whether a registry is on this machine: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(registry: string): boolean {
  const { host } = splitRegistry(registry);
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function splitRegistry(text: string): { host: string; port?: string } {
  const colon = text.startsWith('[') ? text.indexOf(':', text.indexOf(']')) : text.indexOf(':');
  return colon < 0 ? { host: text } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** A reference as text, as parseReference reads it. */
export function referenceText({ registry, repository, tag, digest }: Reference): string {
  return `${OCI_SCHEME}${registry}/${repository}${digest ? `@${digest}` : `:${tag}`}`;
}
