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
    const name = `image-${at + 1}`;
    const { data } = healthChecks.safeParse({ [name]: ofManifest(one as ManifestCheck) });
    if (data?.[name]) known[name] = data[name];
    else unknown.push(`${name} (${JSON.stringify(one)?.slice(0, 100)})`);
  }
  return { known, unknown };
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
