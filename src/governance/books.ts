// The books as a login reads them, and makes or ends an AI's credential: the database says who may.
import { present } from '../base/present.ts';
import type { Random } from '../base/random.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import type { Audit, AuditedCall } from '../domains/audit.ts';
import type { Credential, Credentials } from '../domains/credentials.ts';
import { mintToken } from './credentials.ts';

const REFUSALS: Refusals = {
  not_permitted: ['not_permitted', 'Your role does not do this.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  not_found: ['not_found', 'There is nothing by this id here.'],
  use_ai_needed: ['conflict', 'This person has not the grant to use an AI. Give it on the page of people first.'],
};

/** Runs a function of the books; what it refuses is a Fault. */
const asked = <R extends object>(tx: Tx, sql: string, values: readonly unknown[] = []) => refusing(tx, REFUSALS).rows<R>(sql, values);

export function openCredentials(tx: Tx, random: Random): Credentials {
  return {
    async list() {
      return { credentials: (await asked(tx, 'select * from app.credentials()')).map((row) => present(row) as Credential) };
    },
    async mint({ user_id, name, toolsets }) {
      const credential_id = random.uuid();
      const { token, hash } = mintToken(random);
      await asked(tx, 'select app.mint_credential($1, $2, $3, $4, $5)', [credential_id, hash, user_id, name, toolsets ?? null]);
      return { credential_id, token };
    },
    async revoke({ credential_id }) {
      const [row] = await asked<{ revoked_at: string }>(tx, 'select app.revoke_credential($1) as revoked_at', [credential_id]);
      if (!row) throw new Error('a revocation answers its time');
      return row;
    },
  };
}

export function openAudit(tx: Tx): Audit {
  return {
    async list({ from, to, user_id, tool, status, limit, after }) {
      const rows = await asked(tx, 'select * from app.audited($1::date::timestamptz, ($2::date + 1)::timestamptz, $3, $4, $5, $6, $7)', [
        from,
        to,
        user_id ?? null,
        tool ?? null,
        status ?? null,
        after ?? null,
        limit + 1,
      ]);
      return { calls: rows.slice(0, limit).map((row) => present(row) as AuditedCall), more: rows.length > limit };
    },
  };
}
