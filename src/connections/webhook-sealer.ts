// The secrets by which webhooks are signed, in the vault: one for each, under an id of its own.
import type { Random } from '../base/random.ts';
import { secretOf } from '../base/secret.ts';
import type { Name, Vault } from './vault.ts';
import type { Sealer } from './webhook-teller.ts';

/** The vault is asked in transactions of its own: what is put in for an endpoint that is then not made stays there, sealed, under an id that nobody knows. */
export function webhookSealer({ vault, random, tenant_id }: { vault: Vault; random: Random; tenant_id: string }): Sealer {
  const name = (secret_id: string): Name => ({ tenant_id, secret_id, kind: 'webhook', purpose: 'signing' });
  return {
    async put(value) {
      const id = random.uuid();
      await vault.put(secretOf(value), { ...name(id), replaces: 0 });
      return id;
    },
    open: async (id) => (await vault.open(name(id))).secret.reveal().toString('utf8'),
  };
}
