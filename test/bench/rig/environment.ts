/** The environment of measured programs. */

/**
 * This process' environment without what makes a Node or an OpenSSL program do more at its start than it does by itself,
 * such as extra certificates to read, and without a user's own nodectl settings.
 */
export function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(NODE_|NODECTL_|SSL_|OPENSSL_)/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...extra };
}
