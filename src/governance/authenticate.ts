import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { Pool } from '../db/pool.ts';
import type { Door, Toolset } from '../operations/operation.ts';
import { type Identity, identify, noteAtEdge } from './audit.ts';
import { hashOf, isSecret, isWellFormed } from './credentials.ts';
import type { Principal } from './principal.ts';
import { permissionsOf, type Role } from './roles.ts';

/** What a door knows of a request before anybody has looked at it. */
export interface Knock {
  authorization: string | undefined;
  door: Door;
  ip: string;
  request_id: string;
  client: Record<string, string>;
  /** What the caller narrowed its tools to (D1); undefined: not at all. */
  toolsets?: ReadonlySet<Toolset>;
}

export interface Doorkeeper {
  /** The sha256 of the bearer; at the door admin, of a login's secret. Throws Fault unauthenticated for none and for one that was never minted; the database is not asked. */
  hashFor(knock: Knock): Buffer;
  /** The audit key of the credential's clinic: read once a credential, since a credential never changes its clinic. Throws Fault unauthenticated. */
  auditKey(knock: Knock, hash: Buffer): Promise<KeyObject>;
  /** Who knocks, asked of the database each time. Throws Fault unauthenticated. */
  identify(knock: Knock): Promise<Principal>;
  /** Notes the knock in edge_log and answers the refusal to throw. */
  refuse(knock: Knock, reason: 'missing' | 'malformed' | 'unknown', hash?: Buffer): Fault;
}

/** At most so many edge rows a minute, so that a scanner cannot fill the disk; what is beyond is counted and written as one row. */
const EDGE_ROWS_A_MINUTE = 600;
const KEYS_KEPT = 10_000;

const NEEDED = {
  credential: 'This needs a live credential: Authorization: Bearer mscp_….',
  login: 'This needs a login: sign in at /admin.',
};

/** A login is good at the door admin alone, and a credential never there. app.begin says the same of calls. */
const isGoodAt = (door: Door, { kind }: Identity) => (kind === 'login') === (door === 'admin');

export function openDoorkeeper({ pool, clock, log }: { pool: Pool; clock: Clock; log: Log }): Doorkeeper {
  const keys = new Map<string, KeyObject>();
  const edge = { minute: 0, rows: 0, suppressed: 0 };

  const note = (knock: Parameters<typeof noteAtEdge>[1]) => {
    noteAtEdge(pool, knock).catch((error) =>
      log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'edge_log row not written'),
    );
  };

  const keeper: Doorkeeper = {
    refuse(knock, reason, hash) {
      const minute = Math.floor(clock.elapsed() / 60_000);
      if (minute !== edge.minute) {
        if (edge.suppressed > 0) note({ reason: 'suppressed', door: knock.door, ip: '', count: edge.suppressed });
        Object.assign(edge, { minute, rows: 0, suppressed: 0 });
      }
      if (edge.rows < EDGE_ROWS_A_MINUTE) {
        edge.rows += 1;
        note({ reason, door: knock.door, ip: knock.ip, ...(hash && { hash }) });
      } else edge.suppressed += 1;
      return new Fault('unauthenticated', NEEDED[knock.door === 'admin' ? 'login' : 'credential']);
    },

    hashFor(knock) {
      const [scheme, token, ...more] = (knock.authorization ?? '').split(' ');
      if (!token || scheme?.toLowerCase() !== 'bearer' || more.length > 0)
        throw keeper.refuse(knock, knock.authorization ? 'malformed' : 'missing');
      if (!(knock.door === 'admin' ? isSecret(token, 'login') : isWellFormed(token)))
        throw keeper.refuse(knock, 'malformed', hashOf(token));
      return hashOf(token);
    },

    async auditKey(knock, hash) {
      const name = hash.toString('base64url');
      const known = keys.get(name);
      if (known) return known;
      const identity = await identify(pool, hash);
      if (!identity || !isGoodAt(knock.door, identity)) throw keeper.refuse(knock, 'unknown', hash);
      if (keys.size >= KEYS_KEPT) keys.clear();
      const key = createSecretKey(identity.audit_key);
      keys.set(name, key);
      return key;
    },

    async identify(knock) {
      const hash = keeper.hashFor(knock);
      const identity = await identify(pool, hash);
      if (!identity || !isGoodAt(knock.door, identity)) throw keeper.refuse(knock, 'unknown', hash);
      return principalOf(identity);
    },
  };
  return keeper;
}

/** The principal that the database's answer describes. */
export function principalOf(identity: Identity): Principal {
  const role = identity.role as Role;
  const { permissions, finance } = permissionsOf(role, identity.permissions, identity.kind);
  return {
    tenant_id: identity.tenant_id,
    user_id: identity.user_id,
    credential_id: identity.grant_id,
    ...(identity.practitioner_id !== null && { practitioner_id: identity.practitioner_id }),
    role,
    permissions,
    ...(identity.toolsets !== null && { toolsets: new Set(identity.toolsets as Toolset[]) }),
    finance,
    tenant_name: identity.tenant_name,
    time_zone: identity.time_zone,
    ...(identity.kind === 'login' && { login: { mfa_at: identity.mfa_at, mfa_fresh: identity.mfa_fresh } }),
    connections: identity.connections,
  };
}
