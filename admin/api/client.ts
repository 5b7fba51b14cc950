/** The one way to the server: same origin, the login's cookie, JSON; every refusal is one kind of error. */
import { type Inputs, type Outputs, ROUTES } from './generated.ts';

export class ApiError extends Error {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  /** What to do next, where the server says it. */
  readonly recover: string | undefined;
  readonly request_id: string | undefined;
  readonly retry_after_s: number | undefined;
  /** The draft that it is about, where several were asked for at once. */
  readonly draft_id: string | undefined;

  constructor(problem: {
    type: string;
    status: number;
    title: string;
    detail: string;
    recover?: string;
    request_id?: string;
    retry_after_s?: number;
    draft_id?: string;
  }) {
    super(problem.detail);
    this.type = problem.type;
    this.status = problem.status;
    this.title = problem.title;
    this.recover = problem.recover;
    this.request_id = problem.request_id;
    this.retry_after_s = problem.retry_after_s;
    this.draft_id = problem.draft_id;
  }
}

export const isFault = (error: unknown, type: string): error is ApiError => error instanceof ApiError && error.type === type;

/** Asks an operation of the desk by its name. What its path has no place for goes into the query, or into the body of a change. */
export function ask<N extends keyof typeof ROUTES>(name: N, input: Inputs[N]): Promise<Outputs[N]> {
  const [method, route] = ROUTES[name].split(' ') as ['GET' | 'POST', string];
  const left = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = route.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(left.get(field));
    left.delete(field);
    return encodeURIComponent(value);
  });
  if (method === 'POST') return send(method, `/v1${path}`, Object.fromEntries(left));
  const query = new URLSearchParams([...left].map(([field, value]) => [field, String(value)])).toString();
  return send(method, `/v1${path}${query === '' ? '' : `?${query}`}`);
}

/** What is no operation: the login, and the way to one. */
export const get = <T>(path: string) => send<T>('GET', path);
export const post = <T>(path: string, body: object = {}) => send<T>('POST', path, body);
export const remove = (path: string) => send<undefined>('DELETE', path);

async function send<T>(method: string, path: string, body?: object): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/admin${path}`, {
      method,
      headers: { accept: 'application/json', 'x-attending': '1', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError({
      type: 'unreachable',
      status: 0,
      title: 'The server does not answer',
      detail: 'Look at your connection, then try again. Nothing was changed.',
    });
  }
  const text = await answer.text();
  const said = parse(text);
  if (!answer.ok) throw refusal(answer, said);
  return said as T;
}

function refusal({ status, statusText, headers }: Response, said: unknown): ApiError {
  const { type, title, detail, recover, request_id, retry_after_s, draft_id } = (
    typeof said === 'object' && said !== null ? said : {}
  ) as Record<string, unknown>;
  const after = Number(retry_after_s ?? headers.get('retry-after') ?? Number.NaN);
  return new ApiError({
    // RFC 9457 types are addresses; ours end in the fault's name.
    type: typeof type === 'string' ? (type.split('/').at(-1) ?? type) : status === 401 ? 'unauthenticated' : 'internal',
    status,
    title: typeof title === 'string' ? title : statusText || 'It did not work',
    detail: typeof detail === 'string' ? detail : 'The server could not answer. Try again; if it happens again, tell your administrator.',
    ...(typeof recover === 'string' && { recover }),
    ...(typeof request_id === 'string' && { request_id }),
    ...(Number.isFinite(after) && { retry_after_s: after }),
    ...(typeof draft_id === 'string' && { draft_id }),
  });
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
