/** The checks that an image's manifest declares, in the words that a config document has for them: one code looks at both. */

import { type HealthCheck, type HealthChecks, healthChecks } from '../../../proto/health-check.ts';

/** A check as a manifest writes it, whose schema has looked at it. */
interface ManifestCheck {
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
  readonly url?: unknown;
}

/** Checks by the names under which they are told. Those of an image that this agent does not know are told as not holding. */
export interface DeclaredChecks {
  readonly known: HealthChecks;
  readonly unknown: readonly string[];
}

/**
 * The checks of a manifest and of the document that runs, together.
 * @param manifest `health.checks` of the manifest
 * @param document `health` of the config document, or undefined
 */
export function declaredChecks(
  manifest: readonly unknown[],
  document: HealthChecks | undefined,
): DeclaredChecks {
  const known: Record<string, HealthCheck> = { ...document };
  const unknown: string[] = [];
  for (const [at, one] of manifest.entries()) {
    const { data } = healthChecks.safeParse({ check: ofManifest(one as ManifestCheck) });
    if (data?.check) known[targetOf(data.check)] = data.check;
    else unknown.push(`${at + 1} of the image (${JSON.stringify(one)?.slice(0, 100)})`);
  }
  return { known, unknown };
}

/** What a check looks at, for an image has no names for its checks: "tcp 127.0.0.1:80". */
function targetOf(check: HealthCheck): string {
  const { unit, tcp, http, kubelet } = check;
  if (unit !== undefined) return `unit ${unit}`;
  if (tcp !== undefined) return `tcp ${tcp}`;
  if (http !== undefined) return `http ${http}`;
  return kubelet ? 'kubelet' : 'etcd';
}

function ofManifest({ kind, name, host = '127.0.0.1', port, url }: ManifestCheck): unknown {
  switch (kind) {
    case 'unit':
      return { unit: name };
    case 'tcp':
      return { tcp: `${String(host).includes(':') ? `[${host}]` : host}:${port}` };
    case 'http':
      return { http: url };
    case 'kubelet':
    case 'etcd':
      return { [kind]: true };
    default:
      return undefined;
  }
}
