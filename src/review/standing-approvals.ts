// Rules signed ahead (migrations 0017, 0023): who signs them, who ends them, and what they sign.
import { Fault } from '../base/fault.ts';
import { present } from '../base/present.ts';
import type { Random } from '../base/random.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import { type Approval, type Approvals, type ApprovalUse, unfit } from '../domains/approvals.ts';

const REFUSALS: Refusals = {
  not_found: ['not_found', 'There is no such approval here.'],
  not_permitted: ['not_permitted', 'Your role does not sign what this approval would sign.'],
  licence_needed: ['licence_needed', 'There is no live licence record for you.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  expiry: ['invalid_input', 'expires_on: today or later, at most a year ahead.'],
};

/** Asks the functions of 0017; what they refuse is a Fault. */
const asked = (tx: Tx, sql: string, values: readonly unknown[]) => refusing(tx, REFUSALS).rows(sql, values);

/** `today`: the clinic's day. */
export function standingApprovals({ tx, random, today }: { tx: Tx; random: Random; today: string }): Approvals {
  return {
    async list() {
      const rows = await tx.rows<{ [K in keyof Approval]-?: Approval[K] | null }>(
        `select a.id as approval_id, app.display_name(a.author_id) as author, a.kinds, a.roles, a.modalities, a.visit_types, a.practitioner_ids, a.horizon_days,
           a.form_kinds, a.amount_limit_cents::float8 as amount_limit_cents, a.daily_limit, a.expires_on, a.created_at, a.revoked_at, app.display_name(a.revoked_by) as revoked_by, u.today as uses_today, u.uses,
           case when a.revoked_at is not null then 'revoked' when a.expires_on < $1::date then 'expired' else 'live' end as state
         from standing_approvals a
         cross join lateral (select count(*)::int as uses, count(*) filter (where u.used_on = $1::date)::int as today from approval_uses u
           where u.tenant_id = a.tenant_id and u.approval_id = a.id) u
         order by a.created_at desc, a.id limit 500`,
        [today],
      );
      return { approvals: rows.map((row) => present(row) as Approval) };
    },
    async create(rule) {
      const approval_id = random.uuid();
      const why = unfit(rule);
      if (why !== undefined) throw new Fault('invalid_input', why);
      await asked(tx, 'select app.create_approval($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
        approval_id,
        rule.kinds,
        rule.roles,
        rule.daily_limit,
        rule.expires_on,
        ...[rule.modalities, rule.visit_types, rule.practitioner_ids, rule.horizon_days, rule.form_kinds, rule.amount_limit_cents].map(
          (condition) => condition ?? null,
        ),
      ]);
      return { approval_id };
    },
    async revoke({ approval_id }) {
      await asked(tx, 'select app.revoke_approval($1)', [approval_id]);
    },
    async uses({ approval_id }) {
      const [found, uses] = await Promise.all([
        tx.rows('select from standing_approvals a where a.id = $1', [approval_id]),
        tx.rows<ApprovalUse>(
          'select u.id as draft_id, u.used_on, u.created_at from approval_uses u where u.approval_id = $1 order by u.created_at desc, u.id limit 500',
          [approval_id],
        ),
      ]);
      if (found.length === 0) throw new Fault('not_found', 'There is no such approval here.');
      return { uses };
    },
  };
}

/** The rule that signed a draft, and what is to be committed. */
export interface SignedAhead {
  approval_id: string;
  operation: string;
  payload: unknown;
}

/** Lets a live rule sign the draft that this transaction has just proposed; undefined where none covers it. What it signed is to be committed and settled in this same
 *  transaction: where the commit refuses, the proposal, the signature and the use of the rule are undone with it. */
export async function signAhead(tx: Tx, draft_id: string): Promise<SignedAhead | undefined> {
  const [signed] = await tx.rows<SignedAhead>('select approval_id, operation, payload from app.sign_ahead($1)', [draft_id]);
  return signed;
}
