// People of a clinic who can sign in, and the codes their phones show.
import { Secret, TOTP } from 'otpauth';

/** What the phone shows now, or `steps` half minutes from now. */
export function codeOf(totp_secret: string, steps = 0): string {
  const totp = new TOTP({ algorithm: 'SHA1', digits: 6, period: 30, secret: Secret.fromBase32(totp_secret) });
  return totp.generate({ timestamp: Date.now() + steps * 30_000 });
}

/** A code that is none of the present ones. */
export function wrongCodeFor(totp_secret: string): string {
  const right = [-2, -1, 0, 1, 2].map((steps) => codeOf(totp_secret, steps));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) as string;
}

/** So that a test need not wait half a minute for its next code: the last one counts as long ago. */
export async function forgetCodes(admin: { query(sql: string): Promise<unknown> }): Promise<void> {
  await admin.query('update guard.staff set totp_step = 0');
}

export interface Staff {
  email: string;
  password: string;
  totp_secret: string;
}

/** A browser that sends what a page of ours would send, and keeps its cookies. */
export function aBrowser(url: string) {
  const cookies = new Map<string, string>();
  const send = async (
    path: string,
    { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(method !== 'GET' && { 'x-attending': '1', origin: url }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split('=');
      if (attributes.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) => send(path, { method: 'POST', body, headers });
  return {
    cookies,
    send,
    post,
    /** Signs in with password and code. Throws where either is refused. */
    async signIn({ email, password, totp_secret }: Staff) {
      const first = await post('/admin/session', { email, password });
      if (first.status !== 200) throw new Error(`the password was answered ${first.status}`);
      const { challenge } = (await first.json()) as { challenge: string };
      const second = await post('/admin/session/totp', { challenge, code: codeOf(totp_secret) });
      if (second.status !== 200) throw new Error(`the code was answered ${second.status}`);
      return (await second.json()) as { user: Record<string, unknown> };
    },
  };
}
