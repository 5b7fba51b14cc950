// Before and around a login, at /admin: sign in, the second factor, who am I, sign out, enrol. The operations of a signed-in person are at /admin/v1 (admin.ts).
import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Logins, Visit } from '../governance/logins.ts';
import { LONGEST_PASSWORD } from '../governance/logins-passwords.ts';
import { knockOf, LOGIN_COOKIE, onlyOurs, readBody } from './knock.ts';
import { broken, problem } from './problem.ts';

/** Names a browser that somebody signed in with; it proves nobody, and outlives the login. */
const DEVICE_COOKIE = 'attending_device';
const DEVICE_LIFE_S = 180 * 24 * 3600;

const secret = z.string().max(100);
const password = z
  .string()
  .min(1)
  .max(4 * LONGEST_PASSWORD);
const code = z.string().regex(/^\d{6}$/, 'six digits');
const recovery_code = z.string().min(16).max(40);
const SignIn = z.strictObject({ email: z.string().min(3).max(254), password, clinic: z.uuid().optional() });
const Answer = z.union([z.strictObject({ challenge: secret, code }), z.strictObject({ challenge: secret, recovery_code })]);
const Renewal = z.strictObject({ code });
const Acceptance = z.strictObject({ token: secret, password, recovery_code: recovery_code.optional() });

/** Mounted at /admin. `secure`: the world reaches this server by https, and the cookies are to travel by nothing else. */
export function loginsDoor({ logins, log, secure }: { logins: Logins; log: Log; secure: boolean }): Hono {
  const door = new Hono();
  const cookie = { path: '/admin', httpOnly: true, sameSite: 'Strict', secure } as const;
  const tokenOf = (c: Context) => getCookie(c, LOGIN_COOKIE);
  const visitOf = (c: Context): Visit => {
    const { ip, client, request_id } = knockOf(c, 'admin');
    return { ip, request_id, user_agent: client.user_agent ?? '', device: getCookie(c, DEVICE_COOKIE) };
  };

  // A page of another site cannot set a header of ours, and neither can its form: nobody is signed in or out from there.
  const guarded = async (c: Context, next: () => Promise<void>) => {
    onlyOurs(c);
    await next();
  };
  door.use('/session/*', guarded);
  door.use('/invitation', guarded);

  door.post('/session', async (c) => c.json(await logins.signIn(await bodyOf(c, SignIn), visitOf(c))));
  door.post('/session/totp', async (c) => {
    const { token, device, user } = await logins.answer(await bodyOf(c, Answer), visitOf(c));
    setCookie(c, LOGIN_COOKIE, token, cookie);
    setCookie(c, DEVICE_COOKIE, device, { ...cookie, maxAge: DEVICE_LIFE_S });
    return c.json({ user });
  });
  door.post('/session/mfa', async (c) => c.json(await logins.renew(tokenOf(c), await bodyOf(c, Renewal), visitOf(c))));
  door.get('/session', async (c) => c.json({ user: await logins.whoIs(tokenOf(c)) }));
  door.delete('/session', async (c) => {
    deleteCookie(c, LOGIN_COOKIE, cookie);
    await logins.signOut(tokenOf(c), visitOf(c));
    return c.body(null, 204);
  });
  door.post('/invitation', async (c) => c.json(await logins.enrol(await bodyOf(c, Acceptance), visitOf(c))));

  door.onError((error, c) => {
    if (error instanceof Fault) return problem(error);
    log.error({ request_id: c.get('request_id'), ...shapeOf(error) }, 'no answer');
    return broken();
  });
  return door;
}

/** Names the fields, never what stood in them. */
async function bodyOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const body = await readBody(c);
  if (body instanceof Fault) throw body;
  const parsed = schema.safeParse(body.parsed);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, code }) => path.map(String).join('.') || code);
  throw new Fault('invalid_input', `These do not fit: ${[...new Set(fields)].slice(0, 5).join(', ')}.`);
}
