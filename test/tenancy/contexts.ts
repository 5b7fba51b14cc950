// The ways a transaction can come by a clinic, the honest one and the others.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Draft } from './desk.ts';
import { signed } from './signing.ts';
import type { Clinic } from './stage.ts';

export interface Who {
  me: Clinic;
  them: Clinic;
  /** Another session of the same role. */
  aside: pg.Client;
}

export interface Context {
  /** Whose rows the transaction may see: one's own clinic's, or nobody's. */
  sees: 'own' | 'none';
  /** A person's login: she sees the books of the desk, which no credential does. */
  login?: true;
  /** Only the serving role can open it. Opening it writes into these tables, with the time, so that no two of their answers are alike. */
  signs?: readonly string[];
  /** Opens the transaction. */
  open(client: pg.Client, who: Who & { draft?: Draft | undefined }): Promise<void>;
}

export async function sealOf(client: pg.Client, clinic: Clinic, ending: 'commit' | 'stay' = 'commit'): Promise<string> {
  await client.query(`begin; select app.enter(${clinic.live.sql})`);
  const { rows } = await client.query<{ seal: string }>("select current_setting('app.seal') as seal");
  if (ending === 'commit') await client.query('commit');
  return rows[0]?.seal ?? '';
}

const set = (client: pg.Client, seal: string, local = true) => client.query('select set_config($1, $2, $3)', ['app.seal', seal, local]);

/** An enter that is refused, in a transaction that goes on. */
async function refused(client: pg.Client, hash: string): Promise<void> {
  await client.query('savepoint before_enter');
  const entered = await client.query(`select app.enter(${hash})`).then(
    () => true,
    () => false,
  );
  if (entered) throw new Error('the database let it in');
  await client.query('rollback to before_enter');
}

export const CONTEXTS: Record<string, Context> = {
  none: { sees: 'none', open: async (client) => void (await client.query('begin')) },
  entered: { sees: 'own', open: async (client, { me }) => void (await client.query(`begin; select app.enter(${me.live.sql})`)) },
  'entered by a login': {
    sees: 'own',
    login: true,
    open: async (client, { me }) => void (await client.query(`begin; select app.enter(${me.login.sql})`)),
  },
  'a draft of its own clinic signed': {
    sees: 'own',
    login: true,
    signs: ['pending_actions', 'review_events'],
    async open(client, { me, draft = me.drafts[0] }) {
      if (!draft) throw new Error('there is no draft to sign');
      await client.query(signed(me, draft));
    },
  },
  'a clinic set by hand': {
    sees: 'none',
    async open(client, { them }) {
      await client.query('begin');
      await set(client, them.tenant_id);
    },
  },
  'a forged seal': {
    sees: 'none',
    async open(client, { them }) {
      await client.query('begin');
      await set(client, [them.tenant_id, them.live.user_id, them.live.credential_id, randomBytes(32).toString('hex')].join(':'));
    },
  },
  'the clinic swapped inside a seal': {
    sees: 'none',
    async open(client, { me, them }) {
      const seal = await sealOf(client, me, 'stay');
      await set(client, seal.replace(me.tenant_id, them.tenant_id));
    },
  },
  "another clinic's seal of an earlier transaction": {
    sees: 'none',
    async open(client, { them }) {
      const seal = await sealOf(client, them);
      await client.query('begin');
      await set(client, seal);
    },
  },
  "another clinic's seal of a session that is open now": {
    sees: 'none',
    async open(client, { them, aside }) {
      await aside.query('rollback');
      const seal = await sealOf(aside, them, 'stay');
      await client.query('begin');
      await set(client, seal);
    },
  },
  'a seal set for the session': {
    sees: 'none',
    async open(client, { them }) {
      await set(client, await sealOf(client, them), false);
      await client.query('begin');
    },
  },
  'a revoked credential': {
    sees: 'none',
    async open(client, { them }) {
      await client.query('begin');
      await refused(client, them.revoked.sql);
    },
  },
  'an expired credential': {
    sees: 'none',
    async open(client, { them }) {
      await client.query('begin');
      await refused(client, them.expired.sql);
    },
  },
  'a second enter': {
    sees: 'own',
    async open(client, { me, them }) {
      await client.query(`begin; select app.enter(${me.live.sql})`);
      await refused(client, them.live.sql);
    },
  },
};
