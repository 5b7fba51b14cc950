// Tokens by SMART Backend Services: we prove who we are by a signature, and get a token that lives for minutes. Nothing is kept here: whoever asks keeps the token, sealed.
// Source: HL7 SMART App Launch 2.2.0, "Backend Services" and "Client Authentication: Asymmetric"; RFC 7523.
import { importPKCS8, SignJWT } from 'jose';
import type { Asked, Came } from './exchange.ts';

export interface BackendClient {
  client_id: string;
  /** Whom the assertion is for, to the letter: its `aud`. */
  token_endpoint: string;
  /** Separated by spaces, such as `system/Observation.rs`. */
  scope: string;
  key: {
    alg: 'RS384' | 'ES384';
    /** As in the key set that the vendor knows. */
    kid: string;
    /** PKCS #8, PEM. A secret. */
    private_key: string;
  };
}

/** The most that SMART allows is five minutes; the fifth is left to clocks that differ. */
const LIFETIME_S = 240;

/** The request for a token, to be sent once: `jti` names this assertion for ever, and a second one with the same is refused. Rejects where the key is none of its algorithm. */
export async function tokenRequest(
  { client_id, token_endpoint, scope, key }: BackendClient,
  { now, jti }: { now: Date; jti: string },
): Promise<Asked> {
  const issued_s = Math.floor(now.getTime() / 1000);
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
    .setIssuer(client_id)
    .setSubject(client_id)
    .setAudience(token_endpoint)
    .setIssuedAt(issued_s)
    .setExpirationTime(issued_s + LIFETIME_S)
    .setJti(jti)
    .sign(await importPKCS8(key.private_key, key.alg));
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  return {
    method: 'POST',
    url: new URL(token_endpoint),
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
  };
}

/** `scope` is what was granted, which may be less than what was asked for. From `refresh_at` on a new one is due; from `expires_at` on this one is dead. */
export interface Token {
  access_token: string;
  scope: string;
  refresh_at: Date;
  expires_at: Date;
}

/** What a server says that gives none: the codes of RFC 6749, 5.2, and no other text of its own. */
const REFUSALS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The token in an answer; the refusal; or null where it is neither (a page, a broken answer), which says nothing of the client. `asked_at` is when the request was made: a token
 *  is not thought to live a moment longer than it may. */
export function tokenIn(answer: Came, asked_at: Date): { token: Token } | { refused: Refusal } | null {
  const said = answer.cut === null ? objectIn(answer.body) : null;
  if (said === null) return null;
  const refused = REFUSALS.find((each) => each === said.error);
  if (answer.status !== 200) return refused ? { refused } : null;
  const { access_token, token_type, expires_in, scope } = said;
  if (typeof access_token !== 'string' || access_token === '' || !/^bearer$/i.test(String(token_type))) return null;
  if (typeof expires_in !== 'number' || !(expires_in > 0 && expires_in <= 86_400)) return null;
  const after = (ms: number) => new Date(asked_at.getTime() + Math.floor(ms));
  return {
    token: {
      access_token,
      scope: typeof scope === 'string' ? scope : '',
      refresh_at: after(0.8 * expires_in * 1000),
      expires_at: after(expires_in * 1000),
    },
  };
}

function objectIn(body: Buffer): Record<string, unknown> | null {
  try {
    const said: unknown = JSON.parse(body.toString('utf8'));
    return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
