import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { npiHolds } from '../../domains/npi.ts';
import type { Practitioner, Practitioners } from '../../domains/practitioners.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands } from './standing.ts';

export function practitioners({ tx }: Surroundings): Practitioners {
  return {
    async list(query) {
      const [, rows] = await Promise.all([
        cursorStands(query.after, (id) => clinicians(tx, { ...query, after: undefined, limit: 1 }, id)),
        clinicians(tx, { ...query, limit: query.limit + 1 }),
      ]);
      return { practitioners: rows.slice(0, query.limit).map(practitionerOf), more: rows.length > query.limit };
    },
  };
}

type Row = Nullable<Omit<Practitioner, 'npi_invalid' | 'inactive'>> & { active: boolean };

async function clinicians(tx: Tx, query: Parameters<Practitioners['list']>[0], id?: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select d.id as practitioner_id, d.given_name || ' ' || d.family_name as name, d.credentials, d.npi, d.role, d.specialty, d.accepts_new_patients, d.active
     from practitioners d
     where (d.active or not $1::boolean)
       and ($2::text is null or d.role = $2)
       and ($3::text is null or strpos(lower(d.specialty), lower($3)) > 0)
       and ($4::text is null or strpos(lower(d.given_name || ' ' || d.family_name), lower($4)) > 0
         or strpos(lower(d.family_name || ', ' || d.given_name), lower($4)) > 0)
       and ($5::uuid is null or (d.family_name, d.given_name, d.id) > (select b.family_name, b.given_name, b.id from practitioners b where b.id = $5))
       and ($7::uuid is null or d.id = $7)
     order by d.family_name, d.given_name, d.id
     limit $6`,
    [query.active_only, query.role ?? null, query.specialty ?? null, query.name ?? null, query.after ?? null, query.limit, id ?? null],
  );
}

/** An NPI that cannot be one is said to be wrong, not left out: somebody has to correct it. */
export function practitionerOf({ active, ...row }: Row): Practitioner {
  return {
    ...present(row),
    ...(row.npi !== null && !npiHolds(row.npi) && { npi_invalid: true as const }),
    ...(!active && { inactive: true as const }),
  };
}
