/** BundleService of the contract: translates requests and files, nothing else. */

import { Failure } from '../../proto/failure.ts';
import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import { VERSION } from '../../proto/version.ts';
import type { DiagnosticsParts } from '../diagnostics/domain.ts';
import { collectBundle } from './collect.ts';

/** Bytes of one answer. */
const PART = 256 * 1024;

/** The handlers of the service. */
export function bundleService(parts: DiagnosticsParts): ServiceHandlers<'nodectl.v1.BundleService'> {
  let busy = false;
  const { node } = parts;
  return {
    CollectBundle: async function* ({ withoutLogs, withoutHistory }, { signal }) {
      if (busy)
        throw new Failure('TOO_MANY_STREAMS', `another bundle of ${node} is being collected`, {
          hint: 'try again in a minute',
        });
      busy = true;
      try {
        const options = { logs: !withoutLogs, history: !withoutHistory, version: VERSION };
        for await (const { path, bytes, sha256 } of collectBundle(parts, options, signal)) {
          yield { node, file: { path, size: bytes.length, sha256 } };
          for (let at = 0; at < bytes.length; at += PART) yield { node, data: bytes.subarray(at, at + PART) };
        }
      } finally {
        busy = false;
      }
    },
  };
}
