// The bytes that a clinic's vendors sent, as they came: sealed in the clinic's vault, under their own hash, so that a fact can be led back to them and read anew by a newer mapping.
// And tapes of what could not be read, on which nobody's record is.
import type { Random } from '../base/random.ts';
import { secretOf } from '../base/secret.ts';
import { type Pool, query } from '../db/pool.ts';
import { inTransaction } from '../db/sender.ts';
import type { Tx } from '../db/tx.ts';
import type { HeldSurface } from './contract-books.ts';
import type { CamePage, PageOf } from './contract-keeper.ts';
import { vocabularyOf } from './contract-shape.ts';
import { RawBlob, rawBlob, sha256Of } from './provenance.ts';
import { scrubbed, tapeText } from './tape.ts';
import type { Name, Vault } from './vault.ts';
import { refuse, VaultRefusal } from './vault-keys.ts';

export interface RawBooks {
  /** Keeps them, once for each clinic, and notes that they came. Throws VaultRefusal as the vault does. */
  keep(bytes: Buffer, from: Omit<RawBlob, 'raw_sha256'>): Promise<RawBlob>;
  /** The bytes with this hash; undefined: they are not kept. Throws VaultRefusal broken for bytes that are not what they were. */
  read(raw_sha256: string): Promise<Buffer | undefined>;
  /** What came of a surface, the newest first. */
  list(of: Pick<HeldSurface, 'vendor' | 'surface'>, limit: number): Promise<RawBlob[]>;
}

export interface RawParts {
  /** Of app_keeper. */
  pool: Pool;
  vault: Vault;
  random: Random;
  tenant_id: string;
}

export function openRawBooks({ pool, vault, random, tenant_id }: RawParts): RawBooks {
  const name = (secret_id: string): Name => ({ tenant_id, secret_id, kind: 'raw', purpose: 'provenance' });
  const alone: Tx = { rows: (sql, values) => query(pool, sql, values) };

  const idOf = async (raw_sha256: string, tx: Tx): Promise<string | null> => {
    const [row] = await tx.rows<{ id: string | null }>('select app.raw_secret($1, $2) as id', [tenant_id, raw_sha256]);
    return row?.id ?? null;
  };

  /** False: another process keeps the same bytes at this moment. */
  const keptBytes = async (bytes: Buffer, raw_sha256: string, tx: Tx): Promise<boolean> => {
    if ((await idOf(raw_sha256, tx)) !== null) return true;
    const id = random.uuid();
    await vault.put(secretOf(bytes), { ...name(id), replaces: 0 }, tx);
    const [row] = await tx.rows<{ kept: boolean }>('select app.keep_raw_bytes($1, $2, $3) as kept', [tenant_id, raw_sha256, id]);
    return row?.kept ?? false;
  };

  /** Whoever keeps the same bytes at the same moment has kept them once both are through. */
  async function keep(bytes: Buffer, from: Omit<RawBlob, 'raw_sha256'>, turn: 1 | 2): Promise<RawBlob> {
    const blob = rawBlob(bytes, from);
    try {
      await inTransaction(pool, async (tx) => {
        if (!(await keptBytes(bytes, blob.raw_sha256, tx))) throw new KeptMeanwhile();
        await tx.rows('select app.keep_raw_blob($1, $2)', [tenant_id, JSON.stringify(blob)]);
      });
    } catch (error) {
      if (!(error instanceof KeptMeanwhile) || turn === 2) throw error;
      return keep(bytes, from, 2);
    }
    return blob;
  }

  return {
    keep: (bytes, from) => keep(bytes, from, 1),
    async read(raw_sha256) {
      const id = await idOf(raw_sha256, alone);
      if (id === null) return undefined;
      const bytes = (await vault.open(name(id))).secret.reveal();
      return sha256Of(bytes) === raw_sha256 ? bytes : refuse('broken');
    },
    async list({ vendor, surface }, limit) {
      const rows = await alone.rows<{ blob: RawBlob }>('select blob from app.raw_blobs($1, $2, $3, $4)', [
        tenant_id,
        vendor,
        surface,
        limit,
      ]);
      return rows.map(({ blob }) => RawBlob.parse(blob));
    },
  };
}

class KeptMeanwhile extends Error {}

/** Where the address of a kept page lies: beside its bytes, since it may name a patient. */
const addressName = (tenant_id: string, secret_id: string): Name => ({ tenant_id, secret_id, kind: 'raw', purpose: 'address' });

/** What contract-keeper.ts keeps of a page that broke its contract: its bytes and its address in the clinic's vault, on which the next contract is tried, and a tape, for where the vault
 *  gives nothing. The key that tapes are scrubbed by is this process's own and nowhere kept: nobody can find out what a pseudonym stood for. */
export function openEvidence(parts: RawParts & { clock: { now(): Date } }): {
  keep(of: HeldSurface, page: Pick<PageOf, 'which' | 'contract'>, came: CamePage): Promise<void>;
} {
  const { pool, vault, random, tenant_id, clock } = parts;
  const raw = openRawBooks(parts);
  const key = random.bytes(32);
  return {
    async keep({ vendor, surface, version }, { which, contract }, came) {
      const { bytes, url, status, content_type, http_date, epoch, operation_id } = came;
      const from = { vendor, surface, recipe_version: version, fetched_at: clock.now().toISOString(), http_date, epoch, operation_id };
      const tape = scrubbed(
        {
          ...{ method: 'GET', url: url.href, request_headers: [], request_body: null, status },
          ...{ response_headers: [['content-type', content_type]], response_body: bytes },
        },
        { key, vocabulary: vocabularyOf(contract) },
      );
      const keepTape = (tx: Tx, raw_sha256: string | null, url_secret: string | null) =>
        tx.rows('select app.keep_tape($1, $2, $3, $4, $5, $6, $7, $8)', [
          ...[tenant_id, vendor, surface, version, which, tapeText(tape), raw_sha256, url_secret],
        ]);
      try {
        const { raw_sha256 } = await raw.keep(bytes, from);
        await inTransaction(pool, async (tx) => {
          const url_secret = random.uuid();
          await vault.put(secretOf(Buffer.from(url.href)), { ...addressName(tenant_id, url_secret), replaces: 0 }, tx);
          await keepTape(tx, raw_sha256, url_secret);
        });
      } catch (error) {
        // A vault that takes nothing keeps the tape from nobody.
        if (error instanceof VaultRefusal) await inTransaction(pool, (tx) => keepTape(tx, null, null));
        throw error;
      }
    },
  };
}

/** A page that broke its contract, as it is kept (openEvidence). */
export interface KeptPage {
  readonly tenant_id: string;
  readonly tape: string;
  /** Null where the clinic's vault took nothing. */
  readonly raw_sha256: string | null;
  readonly url_secret: string | null;
}

/** The page as it came, and where from; undefined where the clinic's vault does not give it: shredded, forgotten, or no longer what it was. */
export async function openedPage(
  { tenant_id, raw_sha256, url_secret }: KeptPage,
  parts: Omit<RawParts, 'tenant_id'>,
): Promise<{ body: string; url: string } | undefined> {
  if (raw_sha256 === null || url_secret === null) return undefined;
  try {
    const bytes = await openRawBooks({ ...parts, tenant_id }).read(raw_sha256);
    const address = await parts.vault.open(addressName(tenant_id, url_secret));
    return bytes && { body: bytes.toString('utf8'), url: address.secret.reveal().toString('utf8') };
  } catch (error) {
    if (error instanceof VaultRefusal) return undefined;
    throw error;
  }
}

/** The page as it is on its tape: names that its contract of then did not know are not on it. */
export function tapedPage({ tape }: KeptPage): { body: string; url: string } {
  const { url, response } = JSON.parse(tape) as { url: string; response: { body: string | null } };
  return { body: response.body ?? '', url };
}
