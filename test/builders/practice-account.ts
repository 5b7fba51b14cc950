// A clinic with an account at the double of a vendor, on the real server that works it, and the people who bring it back.
import { randomUUID } from 'node:crypto';
import { PRACTICE } from '../../emulators/web-vendor.ts';
import { systemRandom } from '../../src/base/random.ts';
import { secretOf } from '../../src/base/secret.ts';
import { accountSecrets } from '../../src/connections/account-secrets.ts';
import { plannedWrite } from '../../src/connections/write.ts';
import type { ConnectionRow } from '../../src/domains/connections.ts';
import type { Attending } from '../app.ts';
import type { Login } from './login.ts';
import { startWebVendor, type WebVendor } from './web-vendor.ts';

export interface PracticeAccount {
  connection_id: string;
  vendor: WebVendor;
  /** Something was signed that is to be written there. */
  sign(patient: string): Promise<void>;
  /** What became of the writes, by patient. */
  written(): Promise<Record<string, string>>;
  /** As `login` sees it. */
  seen(login: Login): Promise<ConnectionRow>;
  /** Looks until it is so. */
  until(login: Login, isSo: (row: ConnectionRow) => boolean): Promise<ConnectionRow>;
  act(login: Login, body: object): ReturnType<Login['ask']>;
}

export async function aPracticeAccount(
  attending: Attending,
  { password = PRACTICE.password }: { password?: string | null } = {},
): Promise<PracticeAccount> {
  const { admin, tenants, account_vault } = attending;
  const [tenant_id, connection_id, vendor] = [tenants[0]?.tenant_id as string, randomUUID(), await startWebVendor()];
  await admin.query("insert into data.connections (tenant_id, id, vendor, settings) values ($1, $2, 'practice', $3)", [
    ...[tenant_id, connection_id, { port: vendor.port }],
  ]);
  if (!account_vault) throw new Error('start it with dealings');
  if (password !== null)
    await accountSecrets(account_vault, systemRandom, { tenant_id, connection_id }).put('password', secretOf(password));
  const seen = async (login: Login) => {
    const { json } = await login.ask('GET', '/connections');
    const row = (json.connections as unknown as ConnectionRow[]).find((each) => each.connection_id === connection_id);
    if (!row) throw new Error('the connection is not there');
    return row;
  };
  return {
    connection_id,
    vendor,
    async sign(patient) {
      await admin.query(
        `insert into data.vendor_writes (tenant_id, id, connection_id, surface, request, request_key, state)
         values ($1, $2, $3, 'visits.create', $4, $5, $6)`,
        [tenant_id, randomUUID(), connection_id, { patient }, `key of ${patient}`, plannedWrite(0)],
      );
    },
    async written() {
      const { rows } = await admin.query<{ patient: string; status: string }>(
        "select request ->> 'patient' as patient, status from data.vendor_writes where connection_id = $1",
        [connection_id],
      );
      return Object.fromEntries(rows.map(({ patient, status }) => [patient, status]));
    },
    seen,
    async until(login, isSo) {
      for (;;) {
        const row = await seen(login);
        if (isSo(row)) return row;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    act: (login, body) => login.ask('POST', `/connections/${connection_id}`, body),
  };
}
