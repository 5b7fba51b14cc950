// The people of a clinic, in the transaction of one login. The law is in the database (migration 0014_people); here its rows get their shape.
import { present } from '../base/present.ts';
import type { Random } from '../base/random.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import type { Invited, Licence, Login, People, Person } from '../domains/people.ts';
import { mintSecret } from './credentials.ts';
import { normalEmail } from './logins.ts';

const REFUSALS: Refusals = {
  not_found: ['not_found', 'There is no such person, login or licence here.'],
  not_permitted: ['not_permitted', 'Your role does not do this, or not to this person.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  has_login: ['conflict', 'This person can sign in already. Reset the second factor instead, if that is what is lost.'],
  last_owner: ['conflict', 'The clinic needs an owner: make another person owner first.'],
};

/** `admin_url`: where people work, /admin or the whole address. */
export function openPeople({ tx, random, admin_url }: { tx: Tx; random: Random; admin_url: string }): People {
  const books = refusing(tx, REFUSALS);
  const asked = async <R extends object>(sql: string, values: readonly unknown[] = []): Promise<R[]> =>
    (await books.rows<R>(sql, values)).map((row) => present(row) as R);
  const list = () => asked<Person>('select * from app.people()');
  const licences = () => asked<Licence>('select * from app.licences()');
  /** The secret stands behind the #, which no server and no log is sent. */
  const linkTo = (token: string) => `${admin_url}/invitation#token=${token}`;
  return {
    list,
    async invite({ email, display_name, role, practitioner_id, use_ai }) {
      const { token, hash } = mintSecret(random, 'invitation');
      const [made] = await asked<Pick<Invited, 'user_id' | 'expires_at'>>('select * from app.invite_person($1, $2, $3, $4, $5, $6, $7)', [
        ...[random.uuid(), normalEmail(email), display_name, role, practitioner_id ?? null, use_ai, hash],
      ]);
      return { ...theOne(made), invitation_url: linkTo(token) };
    },
    async update({ user_id, role, active, use_ai }) {
      await asked('select app.update_person($1, $2, $3, $4)', [user_id, role ?? null, active ?? null, use_ai ?? null]);
      return theOne((await list()).find((person) => person.user_id === user_id));
    },
    logins: () => asked<Login>('select * from app.logins()'),
    async revokeLogin({ login_id }) {
      await asked('select app.revoke_login($1)', [login_id]);
    },
    licences,
    async recordLicence({ user_id, kind, number, state, issued_on, expires_on, revoked_on }) {
      const [made] = await asked<{ licence_id: string }>('select app.record_licence($1, $2, $3, $4, $5, $6, $7, $8) as licence_id', [
        ...[random.uuid(), user_id, kind, number, state, issued_on ?? null, expires_on ?? null, revoked_on ?? null],
      ]);
      return theOne((await licences()).find(({ licence_id }) => licence_id === made?.licence_id));
    },
    async resetSecondFactor({ user_id }) {
      const { token, hash } = mintSecret(random, 'invitation');
      const [made] = await asked<{ expires_at: string }>('select app.reset_second_factor($1, $2) as expires_at', [user_id, hash]);
      return { user_id, expires_at: theOne(made).expires_at, invitation_url: linkTo(token) };
    },
  };
}

function theOne<R>(row: R | undefined): R {
  if (row === undefined) throw new Error('the database answered no row');
  return row;
}
