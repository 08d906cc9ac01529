/**
 * The floor of a call on many nodes: mutual TLS with each, 32 at a time, and the first bytes of HTTP/2 back. No call is made, no
 * answer decoded, no name in a certificate looked at.
 *
 *   node fleet-floor.cjs ROOT-PEM CREDENTIAL-PEM ADDRESSES-FILE
 */

const { readFileSync } = require('node:fs');
const { connect, createSecureContext } = require('node:tls');

const AT_ONCE = 32;

const [root, credential, list] = process.argv.slice(2);
const pem = readFileSync(credential, 'utf8');
const secureContext = createSecureContext({
  ca: readFileSync(root),
  key: pem,
  cert: pem.slice(pem.indexOf('-----BEGIN CERTIFICATE-----')),
  minVersion: 'TLSv1.3',
});
const left = readFileSync(list, 'utf8').trim().split('\n');

function next() {
  const address = left.pop();
  if (address === undefined) return;
  const [host, port] = address.split(':');
  const socket = connect(
    {
      host,
      port: Number(port),
      secureContext,
      ALPNProtocols: ['h2'],
      checkServerIdentity: () => undefined,
    },
    () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1'),
  );
  socket.once('data', () => {
    socket.destroy();
    next();
  });
}

for (let at = 0; at < AT_ONCE; at++) next();
