// TLS in front of the Spark Connect server, which itself speaks in the open only (Spark 4.2): takes connections on this container's address,
// decrypts, and hands the bytes to the server on 127.0.0.1. gRPC is HTTP/2, which both ends agree on by ALPN. The server's own token check stays.
//
//   node tls-front.mjs <certificate> <key> <port>
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createServer } from 'node:tls';

const [certificate, key, port] = process.argv.slice(2);
const outside = Object.values(networkInterfaces())
  .flat()
  .find(({ family, internal }) => family === 'IPv4' && !internal);
if (port === undefined || outside === undefined) {
  console.error('tls-front: needs a certificate, a key, a port, and a network');
  process.exit(2);
}

const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key), ALPNProtocols: ['h2'], minVersion: 'TLSv1.2' },
  (client) => {
    const upstream = connect({ host: '127.0.0.1', port: Number(port) });
    // An end that breaks ends the other; whoever was connected finds out by that and tries again.
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  },
);
// A handshake that fails is the client's affair; without a listener it would go unseen, not end this process.
server.on('tlsClientError', (error) => console.error(`tls-front: ${error.message}`));
server.listen({ host: outside.address, port: Number(port) }, () => {
  console.error(`tls-front: TLS on ${outside.address}:${port}`);
});
