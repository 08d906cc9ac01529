/** Where the enrolment token comes from: a flag, a file, or a credential that systemd hands over (systemd.exec(5)). */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { EnrolmentSettings } from '../settings/settings.ts';

/** The name of the credential, as in `LoadCredential=nodectl.token:…`. */
const CREDENTIAL = 'nodectl.token';

/** The token, or undefined where there is none. Throws BAD_CONFIG where the named file cannot be read. */
export function enrolmentToken(
  config: EnrolmentSettings,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (config.token !== undefined) return config.token.trim();
  if (config.tokenFile !== undefined) {
    try {
      return readFileSync(config.tokenFile, 'utf8').trim();
    } catch (cause) {
      throw new Failure('BAD_CONFIG', `the token file cannot be read: ${(cause as Error).message}`, {
        hint: 'make a token with "nodectl pki token NAME", and name the file that holds it with --token-file',
        cause,
      });
    }
  }
  if (env.CREDENTIALS_DIRECTORY === undefined) return undefined;
  try {
    return readFileSync(join(env.CREDENTIALS_DIRECTORY, CREDENTIAL), 'utf8').trim();
  } catch {
    return undefined;
  }
}
