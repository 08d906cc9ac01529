/** How whoever called is shown in a table. */

/**
 * "alice/admin" of an operator, "node/web-1" of a node: tables name few but operators, and have to fit a terminal.
 * @param uri the identity in the caller's certificate: nodectl://operator/alice/admin
 */
export function callerText(uri: string): string {
  return uri.replace(/^nodectl:\/\/(?:operator\/)?/, '');
}
