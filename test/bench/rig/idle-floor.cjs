/**
 * The floor of an idle agent: what a Node program holds that listens for HTTP/2 over mutual TLS and has no code of ours.
 *
 *   node idle-floor.cjs PORT ROOT-PEM CHAIN-PEM KEY-PEM
 */

const { readFileSync } = require('node:fs');
const { createSecureServer } = require('node:http2');

const [port, root, chain, key] = process.argv.slice(2);
createSecureServer({
  ca: readFileSync(root),
  cert: readFileSync(chain),
  key: readFileSync(key),
  requestCert: true,
  minVersion: 'TLSv1.3',
}).listen(Number(port), '127.0.0.1');
