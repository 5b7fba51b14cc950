// What the vault keeps for one vendor account, each under an id that follows from the account's.
import { createHash } from 'node:crypto';
import type { Random } from '../base/random.ts';
import { type Secret, secretOf } from '../base/secret.ts';
import type { Name, Vault } from './vault.ts';
import { VaultRefusal } from './vault-keys.ts';
import type { AccountKey } from './write-books.ts';

/** `session`: its cookies and tokens. `totp`: the raw seed. */
export type AccountSecret = 'password' | 'totp' | 'session';

export interface AccountSecrets {
  /** Answers its version. Throws VaultRefusal. */
  put(kind: AccountSecret, secret: Secret): Promise<number>;
  /** Throws VaultRefusal absent, shredded, broken. */
  open(kind: AccountSecret): Promise<{ secret: Secret; version: number }>;
  /** Keeps what a person entered until it is taken, apart from what is in use; answers its id. */
  keepEntered(secret: Secret): Promise<string>;
  /** Answers it, once: what was kept is blank from then on. Throws VaultRefusal. */
  takeEntered(id: string): Promise<Secret>;
}

/** A value that another process puts at the same moment takes its turn before or after. */
const MOST_TURNS = 5;

export function accountSecrets(
  vault: Pick<Vault, 'open' | 'put'>,
  random: Pick<Random, 'uuid'>,
  { tenant_id, connection_id }: AccountKey,
): AccountSecrets {
  const name = (kind: AccountSecret): Name => ({ tenant_id, secret_id: idOf(`${connection_id} ${kind}`), kind, purpose: 'vendor' });
  const entered = (secret_id: string): Name => ({ tenant_id, secret_id, kind: 'entered', purpose: 'vendor' });
  return {
    async put(kind, secret) {
      for (let turn = 1; ; turn += 1) {
        try {
          return await vault.put(secret, { ...name(kind), replaces: await versionOf(vault, name(kind)) });
        } catch (error) {
          if (turn === MOST_TURNS || !isRefusal(error, 'stale')) throw error;
        }
      }
    },
    open: (kind) => vault.open(name(kind)),
    async keepEntered(secret) {
      const id = random.uuid();
      await vault.put(secret, { ...entered(id), replaces: 0 });
      return id;
    },
    async takeEntered(id) {
      const { secret, version } = await vault.open(entered(id));
      await vault.put(secretOf(''), { ...entered(id), replaces: version });
      return secret;
    },
  };
}

/** The key of a clinic's marks (marker.ts): made once, the same for ever, since a write is found again by it. */
export async function markerKeyOf(vault: Pick<Vault, 'open' | 'put'>, random: Random, tenant_id: string): Promise<Buffer> {
  const name: Name = { tenant_id, secret_id: idOf(`${tenant_id} marker`), kind: 'marker', purpose: 'writes' };
  try {
    return (await vault.open(name)).secret.reveal();
  } catch (error) {
    if (!isRefusal(error, 'absent')) throw error;
  }
  await vault.put(secretOf(random.bytes(32)), { ...name, replaces: 0 }).catch((error: unknown) => {
    if (!isRefusal(error, 'stale')) throw error;
  });
  return (await vault.open(name)).secret.reveal();
}

async function versionOf(vault: Pick<Vault, 'open'>, name: Name): Promise<number> {
  return await vault.open(name).then(
    ({ version }) => version,
    (error: unknown) => {
      if (isRefusal(error, 'absent')) return 0;
      throw error;
    },
  );
}

const isRefusal = (error: unknown, reason: VaultRefusal['reason']) => error instanceof VaultRefusal && error.reason === reason;

/** RFC 9562, version 8: 122 bits of SHA-256. */
function idOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
