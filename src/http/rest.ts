// The REST door: every operation of the catalogue at its own path under /api/v1, with the JSON that MCP gives.
import { createHmac } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { Fault } from '../base/fault.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Knock } from '../governance/authenticate.ts';
import { type Call, type Outcome, UNREADABLE } from '../governance/execute.ts';
import type { Gate } from '../governance/gate.ts';
import type { Principal } from '../governance/principal.ts';
import type { Operation } from '../operations/operation.ts';
import { coerce, readQuery } from './coerce.ts';
import { docsPage, problemPage } from './docs-page.ts';
import { isText, readBody } from './knock.ts';
import { openApi } from './openapi.ts';
import { broken, problem } from './problem.ts';

export interface RestOptions {
  gate: Gate;
  catalogue: readonly Operation[];
  log: Log;
  /** Which door this is: of programs, or of people. */
  door?: 'rest' | 'admin';
  /** The request as the gate sees it, at this door. Throws Fault where the request may not even ask. */
  knockOf(c: Context): Knock;
  version: string;
  /** Where the world reaches this server, without a path; the documents name it. */
  public_url?: string;
}

/** Mounted at /api/v1, and for people at /admin/v1. Every request but those for the documents is authenticated; every one that asks for something leaves an audit row,
 *  whatever becomes of it. */
export function restDoor({ gate, catalogue, log, knockOf, version, public_url, door: at = 'rest' }: RestOptions): Hono {
  const door = new Hono();
  const served = catalogue.filter(({ doors }) => doors.includes(at)).map((operation) => ({ operation, ...routeOf(operation) }));
  const paths = Map.groupBy(served, ({ path }) => path);
  const document = openApi(catalogue, { version, ...(public_url && { server_url: `${public_url.replace(/\/$/, '')}/api/v1` }) });
  const file = JSON.stringify(document);

  const has = (principal: Principal, operations: readonly Operation[]) => {
    const names = new Set(operations.map(({ name }) => name));
    return gate.list(principal, at).filter(({ name }) => names.has(name));
  };

  /** Ends a call in `refusal`. A path that this credential does not have is not there, whatever else is wrong with the request. */
  const refuse = async (c: Context, call: Call, refusal: Fault, mine: readonly Operation[], headers: Record<string, string> = {}) => {
    if (mine.length === 0) return answer(c, await gate.execute(call));
    return answer(c, await gate.execute(call, refusal), headers);
  };

  const ask = async (c: Context, operation: Operation) => {
    const knock = knockOf(c);
    const { name, input, refusal } = await argumentsOf(c, operation);
    const call = await gate.begin(knock, name, input);
    if (refusal) return refuse(c, call, refusal, has(call.principal, [operation]));
    return answer(c, await gate.execute(call), {}, { operation, secret: knock.authorization ?? '' });
  };

  const wrongMethod = async (c: Context, operations: readonly Operation[]) => {
    const call = await gate.begin(knockOf(c), UNREADABLE, undefined);
    const mine = has(call.principal, operations);
    const allow = methodsOf(mine);
    return refuse(c, call, new Fault('wrong_method', `This path answers ${allow}.`), mine, { allow });
  };

  const unknown = async (c: Context) => answer(c, await gate.execute(await gate.begin(knockOf(c), '(path)', undefined)));

  door.get('/', async (c) => {
    const principal = await gate.identify(knockOf(c));
    const mine = has(principal, catalogue).map((operation) => ({
      name: operation.name,
      title: operation.title,
      toolset: operation.toolset,
      ...routeOf(operation),
    }));
    return c.json(
      {
        version,
        operations: mine.map(({ url, path: _, ...entry }) => ({ ...entry, path: `${at === 'rest' ? '/api' : '/admin'}/v1${url}` })),
        ...(at === 'rest' && { openapi: '/api/v1/openapi.json', docs: '/api/v1/docs' }),
      },
      200,
      {
        'cache-control': 'no-store',
      },
    );
  });
  if (at === 'rest') {
    door.get('/openapi.json', (c) => c.body(file, 200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' }));
    door.get('/docs', (c) => {
      const { html, policy } = docsPage(document, new URL(c.req.url).origin); // the Host was checked at the door
      return c.html(html, 200, { 'content-security-policy': policy, 'cache-control': 'public, max-age=300' });
    });
    door.get('/problems/:type', (c, next) => {
      const page = problemPage(c.req.param('type'));
      return page ? c.html(page.html, 200, { 'content-security-policy': page.policy, 'cache-control': 'public, max-age=300' }) : next();
    });
  }

  // A path that is spelt out comes before one with a place for an id.
  for (const [path, routes] of [...paths].sort(([a], [b]) => (a.replaceAll(':', '~') < b.replaceAll(':', '~') ? -1 : 1))) {
    door.all(path, async (c) => {
      const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
      const route = routes.find((candidate) => candidate.method === method);
      if (route) return ask(c, route.operation);
      const operations = routes.map(({ operation }) => operation);
      if (method !== 'OPTIONS') return wrongMethod(c, operations);
      const allow = methodsOf(has(await gate.identify(knockOf(c)), operations));
      return allow === '' ? unknown(c) : c.body(null, 204, { allow });
    });
  }
  door.all('*', unknown);

  door.onError((error, c) => {
    if (error instanceof Fault) return problem(error);
    log.error({ request_id: knockOf(c).request_id, ...shapeOf(error) }, 'no answer');
    return broken();
  });
  return door;
}

/** 'GET /patients/{patient_id}/labs' → its parts; `path` in the router's spelling. */
function routeOf({ rest }: Operation): { method: string; url: string; path: string } {
  const [method, url] = rest.split(' ') as [string, string];
  return { method, url, path: url.replaceAll(/\{(\w+)\}/g, ':$1') };
}

function methodsOf(operations: readonly Operation[]): string {
  const methods = operations.map((operation) => routeOf(operation).method);
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort().join(', ');
}

/** A request as a call: the name it is recorded under, what it asks with, and what is wrong with it that its schema cannot say. */
async function argumentsOf(
  c: Context,
  { name, rest, input: schema }: Operation,
): Promise<{ name: string; input?: unknown; refusal?: Fault }> {
  const isGet = rest.startsWith('GET ');
  const params: Record<string, string> = c.req.param();
  const query = readQuery(c.req.url);
  if (query instanceof Fault) return { name: UNREADABLE, refusal: query };
  const body = isGet ? { parsed: coerce(schema, query) } : await readBody(c);
  if (body instanceof Fault) return { name: UNREADABLE, refusal: body };
  const given = body.parsed;
  if (!isText(params) || (isGet && !isText(given)))
    return { name: UNREADABLE, refusal: new Fault('malformed', 'A text holds a NUL or half of a character.') };
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return { name, input: given };
  const input = { ...given, ...params };
  const twice = Object.keys(params).find(
    (param) => Object.hasOwn(given, param) && (given as Record<string, unknown>)[param] !== params[param],
  );
  const wrong = [
    ...(twice ? [`${twice}: the path says another one; leave it out of the rest of the request.`] : []),
    ...(!isGet && query.size > 0 ? ['query string: this operation takes its arguments in the JSON body.'] : []),
  ];
  return { name, input, ...(wrong[0] && { refusal: new Fault('invalid_input', wrong[0]) }) };
}

/** An outcome over HTTP. `about` is of an operation's answer: rows by line on request, 304 where the client has this answer but for its `as_of`. */
function answer(
  c: Context,
  outcome: Outcome,
  extra: Record<string, string> = {},
  about?: { operation: Operation; secret: string },
): Response {
  const headers = { 'x-audit-id': outcome.call_id, 'cache-control': 'no-store', vary: 'authorization, accept', ...extra };
  if (!outcome.ok) return problem(outcome.fault, headers);
  const page = about?.operation.effect === 'read' ? about.operation.page : undefined;
  const list = page && (c.req.header('accept') ?? '').includes('application/x-ndjson') ? page.list : undefined;
  const type = list ? 'application/x-ndjson' : 'application/json';
  const body = list ? linesOf(outcome.value, list) : outcome.text;
  if (!about?.operation.rest.startsWith('GET ')) return c.body(body, 200, { ...headers, 'content-type': type });
  const etag = tagOf(outcome, type, about.secret);
  const isKnown = (c.req.header('if-none-match') ?? '').split(',').some((tag) => tag.trim() === etag || tag.trim() === '*');
  return isKnown ? c.body(null, 304, { ...headers, etag }) : c.body(body, 200, { ...headers, etag, 'content-type': type });
}

/** One row a line; the last line is everything else. */
function linesOf(value: Record<string, unknown>, list: string): string {
  const { [list]: rows, ...envelope } = value;
  return [...(rows as unknown[]), envelope].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Weak, since `as_of` is another at each call and is left out. Keyed with the caller's secret: a plain hash of a record in a proxy's log could be tried out. */
function tagOf({ value, text }: Outcome & { ok: true }, type: string, secret: string): string {
  const as_of = `"as_of":${JSON.stringify(value.as_of)}`;
  const at = text.indexOf(as_of);
  const lasting = at < 0 ? text : text.slice(0, at) + text.slice(at + as_of.length);
  return `W/"${createHmac('sha256', secret).update(`${type}\n`).update(lasting).digest('base64url').slice(0, 27)}"`;
}
