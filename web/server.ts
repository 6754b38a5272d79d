/**
 * The dashboard's HTTP server: the page, its events (server-sent), `/api/snapshot`, `/metrics`, `/healthz` and `/readyz`. It only reads. On loopback
 * it answers requests that name loopback as their host (so that no web site can reach it through a name of its own); anywhere else it asks for the
 * token, as the password of HTTP's basic authentication or as a bearer token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import type { SnapshotFeed } from './feed.js';
import { renderMetrics } from './metrics.js';
import { NewBatches } from './new-batches.js';
import type { Snapshot } from './snapshot.js';

export interface DashboardOptions {
  readonly feed: SnapshotFeed;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Asked for when set. Anywhere but on loopback there must be one. */
  readonly token: string | undefined;
}

export interface RunningDashboard extends AsyncDisposable {
  readonly url: string;
}

const PAGE = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/flow.js': ['flow.js', 'text/javascript; charset=utf-8'],
  '/chart.js': ['chart.js', 'text/javascript; charset=utf-8'],
  '/text.js': ['text.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const;

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Names that only ever mean this machine: narrower than the Connect client's, which also takes `x.localhost`, since web sites' requests come here. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** @throws Error when host and port cannot be had, or when there is no token where one is needed. */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const { host, port, token } = options;
  if (!isLoopback(host) && token === undefined)
    throw new Error(`${host} can be reached from elsewhere: set DASHBOARD_TOKEN, or leave DASHBOARD_HOST at 127.0.0.1`);
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    answer(request, response, options, open).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else
        send(response, 500, 'text/plain; charset=utf-8', `${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  await listen(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`,
    async [Symbol.asyncDispose]() {
      for (const response of open) response.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { feed, host, token }: DashboardOptions,
  open: Set<ServerResponse>,
): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    send(response, 405, 'text/plain; charset=utf-8', 'The dashboard only reads.\n');
    return;
  }
  const path = new URL(request.url ?? '/', 'http://dashboard').pathname;
  // Whoever watches over the process may ask without a token; the answer says nothing.
  if (path === '/healthz') return send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
  if (isLoopback(host) && !isLoopback(hostnameOf(request)))
    return send(response, 421, 'text/plain; charset=utf-8', 'Ask by 127.0.0.1 or localhost.\n');
  if (token !== undefined && !hasToken(request, token)) {
    response.setHeader('www-authenticate', 'Basic realm="sluice", charset="UTF-8"');
    return send(
      response,
      401,
      'text/plain; charset=utf-8',
      'The password is DASHBOARD_TOKEN; any user name will do.\n',
    );
  }
  const page = PAGE[path as keyof typeof PAGE];
  if (page !== undefined) {
    const [file, type] = page;
    return send(response, 200, type, await readFile(join(packageRoot(), 'web', 'page', file)));
  }
  switch (path) {
    case '/api/snapshot':
      return send(response, 200, 'application/json; charset=utf-8', JSON.stringify(await feed.current()));
    case '/api/events':
      return sendEvents(response, feed, open);
    case '/metrics':
      return send(
        response,
        200,
        'text/plain; version=0.0.4; charset=utf-8',
        renderMetrics(await feed.current(), Date.now()),
      );
    case '/readyz': {
      const { services } = await feed.current();
      const down = services.filter(({ isUp }) => !isUp).map(({ service }) => service);
      const text = down.length === 0 ? 'ready\n' : `${down.join(' and ')} cannot be reached\n`;
      return send(response, down.length === 0 ? 200 : 503, 'text/plain; charset=utf-8', text);
    }
    default:
      return send(response, 404, 'text/plain; charset=utf-8', 'There is nothing here.\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}

/** One event per snapshot, with the batches that are new to this reader. One that is too slow gets the newest when it is ready again. */
function sendEvents(response: ServerResponse, feed: SnapshotFeed, open: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 1000\n\n');
  open.add(response);
  const newBatches = new NewBatches();
  let waiting: Snapshot | undefined;
  let isFull = false;
  const write = (snapshot: Snapshot): void => {
    if (isFull) {
      waiting = snapshot;
      return;
    }
    isFull = !response.write(`data: ${JSON.stringify(newBatches.of(snapshot))}\n\n`);
  };
  response.on('drain', () => {
    isFull = false;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) write(next);
  });
  const stop = feed.listen(write);
  response.on('close', () => {
    stop();
    open.delete(response);
  });
}

function hostnameOf({ headers }: IncomingMessage): string {
  try {
    return new URL(`http://${headers.host ?? ''}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return '';
  }
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ');
  const given = /^bearer$/i.test(scheme)
    ? value
    : /^basic$/i.test(scheme)
      ? Buffer.from(value, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      : '';
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
