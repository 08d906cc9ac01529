/**
 * The floor of a cold call: what a Node program pays at least for one answer over mTLS. It connects, sends HTTP/2's preface
 * with an empty SETTINGS frame, takes the first bytes of the answer, and ends.
 *
 *   node floor.cjs HOST PORT ROOT-PEM CHAIN-PEM KEY-PEM
 */

const { readFileSync } = require('node:fs');
const { connect } = require('node:tls');

const [host, port, root, chain, key] = process.argv.slice(2);
const socket = connect(
  {
    host,
    port: Number(port),
    ca: readFileSync(root),
    cert: readFileSync(chain),
    key: readFileSync(key),
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2'],
    checkServerIdentity: () => undefined,
  },
  () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1'),
);
socket.once('data', (bytes) => {
  process.stdout.write(`${bytes.length}\n`);
  socket.destroy();
});
