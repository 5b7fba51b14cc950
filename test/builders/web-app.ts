// A web application of a vendor, for a test in a real browser: pages by their method and path, and every request that came, in order.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certified } from './certificate.ts';

export interface Heard {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}
/** Text is a page. What is no answer ends the connection. */
export type Reply = string | { status?: number; headers?: http.OutgoingHttpHeaders; body?: string } | null;
export type Routes = Record<string, Reply | ((heard: Heard) => Reply | Promise<Reply>)>;

export interface WebApp {
  port: number;
  heard: Heard[];
  /** `POST /save` of each request that came, without what a browser asks of its own. */
  lines(): string[];
  close(): Promise<void>;
}

/** `routes` by `GET /path`. What is not there is answered 404. */
export async function startWebApp(routes: Routes, certified?: Certified): Promise<WebApp> {
  const heard: Heard[] = [];
  const converse: http.RequestListener = async (request, response) => {
    const one: Heard = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: '' };
    heard.push(one);
    request.on('error', () => {});
    for await (const piece of request) one.body += piece;
    const route = routes[`${one.method} ${one.path.split('?')[0]}`];
    const reply = typeof route === 'function' ? await route(one) : route === undefined ? { status: 404 } : route;
    if (reply === null) return void request.socket.destroy();
    const { status = 200, headers = {}, body = '' } = typeof reply === 'string' ? { body: reply } : reply;
    return void response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  };
  const server = certified ? https.createServer(certified, converse) : http.createServer(converse);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    lines: () => heard.map(({ method, path }) => `${method} ${path}`).filter((line) => line !== 'GET /favicon.ico'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
