import { staleCursor } from '../../base/ids.ts';
import type { Tx } from '../../db/tx.ts';
import type { PatientSummary, Patients } from '../../domains/patients.ts';
import type { Surroundings } from '../connector.ts';
import { type Candidate, type Match, rank } from './patient-match.ts';
import { type PatientQuery, parseQuery } from './patient-query.ts';
import { EXACT_NAME, type Lookup, lookupsOf, wordsOf } from './patient-tokens.ts';

/** So many candidates are scored; what is cut off fits the tokens less well, or just as well (`too_many`). */
const CANDIDATES = 300;
/** A name that fewer patients bear tells enough to look only among them, and those of a birth date, for the rest of the query. */
const FEW = 100;
/** So many patients of one token are looked at where another token narrows them. Bounds a query for SMITH in a clinic of a million. */
const PER_TOKEN = 20_000;

interface Row extends Candidate {
  active: boolean;
  deceased_on: string | null;
  city: string | null;
}

/** Patients.search of the native record: tokens find the candidates, §2.1 ranks them. */
export async function searchPatients(
  { tx, today }: Pick<Surroundings, 'tx' | 'today'>,
  { query, limit, after }: Parameters<Patients['search']>[0],
): ReturnType<Patients['search']> {
  const asked = parseQuery(query, today);
  const { rows, too_many, bearers } = await candidatesFor(tx, asked);
  const { resolution, matches } = rank(asked, rows, bearers);

  const from = after === undefined ? 0 : matches.findIndex(({ candidate }) => candidate.patient_id === after) + 1;
  if (after !== undefined && from === 0) throw staleCursor();
  const page = matches.slice(from, from + limit);
  return { resolution, patients: page.map(summaryOf), more: matches.length > from + limit, too_many };
}

/** The charts whose tokens fit what was asked, unjudged. */
export async function candidatesFor(
  tx: Tx,
  asked: PatientQuery,
): Promise<{ rows: Row[]; too_many: boolean; bearers: (name: string) => number }> {
  const words = wordsOf(asked);
  const counts = await bearersOf(tx, words.flat());
  const bearers = (name: string) => counts.get(name) ?? 0;
  const isSelective = (piece: number) => piece < 0 || (words[piece] ?? []).every((form) => bearers(form) < FEW);
  const { ids, too_many } = await candidatesOf(tx, lookupsOf(asked, bearers), isSelective);
  return { rows: await rowsOf(tx, ids), too_many, bearers };
}

/** How many patients bear a name, counted to 300: for the weight of a common name. */
async function bearersOf(tx: Tx, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await tx.rows<{ name: string; bearers: number }>(
    `select asked.name, (
       select count(*)::int from (select from patient_tokens t where t.kind = 'name' and t.token = asked.name limit 300) borne
     ) as bearers
     from unnest($1::text[]) asked(name)`,
    [names],
  );
  return new Map(rows.map(({ name, bearers }) => [name, bearers]));
}

/** Where a piece of the query tells much (a birth date, a rare name), the common ones are asked of its bearers only. */
async function candidatesOf(
  tx: Tx,
  asked: readonly Lookup[],
  isSelective: (piece: number) => boolean,
): Promise<{ ids: string[]; too_many: boolean }> {
  const narrows = asked.some(({ piece, kind }) => isSelective(piece) && kind !== 'phone4');
  const common = new Set(asked.filter(({ piece }) => !isSelective(piece)).map(({ piece }) => piece));
  // Of two common names, whoever bears both is looked for, should the rest of the query be wrong.
  const stays = ({ kind, worth }: Lookup) => common.size > 1 && kind === 'name' && worth === EXACT_NAME;
  const lookups = asked.map((lookup) => ({ ...lookup, probed: narrows && common.has(lookup.piece) && !stays(lookup) }));
  const pieces = new Set(lookups.map(({ piece }) => piece)).size;
  if (pieces === 0) return { ids: [], too_many: false };
  const firm = asked.map((lookup) => ({ ...lookup, loose: false, probed: false }));
  if (pieces === 1) return chosen(await bestBearers(tx, firm, CANDIDATES + 1));
  const found = await bestBearers(tx, lookups, PER_TOKEN);
  if (found.some((row) => row.pieces > 1)) return chosen(found);
  // No two pieces meet in one patient: perhaps each has a slip.
  return chosen(await bestBearers(tx, firm, PER_TOKEN / 4));
}

/** A look-up, and whether it is asked only of the bearers of another, rarer piece. */
type Asked = Lookup & { probed: boolean };

function chosen(found: readonly { patient_id: string; worth: number }[]): { ids: string[]; too_many: boolean } {
  const too_many = found.length > CANDIDATES && found[CANDIDATES]?.worth === found[0]?.worth;
  return { ids: found.slice(0, CANDIDATES).map(({ patient_id }) => patient_id), too_many };
}

/** Patients by how much of the query their tokens bear. A loose hit counts where another piece of the query hits the same patient firmly.
 *  `=` and ranges on text collate "C" are leakproof, so row security leaves the index in use. */
async function bestBearers(
  tx: Tx,
  lookups: readonly Asked[],
  per_token: number,
): Promise<{ patient_id: string; worth: number; pieces: number }[]> {
  return tx.rows(
    `with asked as materialized (
       select * from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bool[], $8::bool[]) q (piece, kind, low, high, worth, loose, probed)
     ), firm as materialized (
       select q.piece, t.patient_id, max(q.worth) as worth
       from asked q cross join lateral (
         select t.patient_id from patient_tokens t where t.kind = q.kind and t.token >= q.low and t.token < q.high
         order by t.token, t.patient_id limit $7::int
       ) t
       where not q.loose and not q.probed
       group by q.piece, t.patient_id
     ), loose as (
       select q.piece, t.patient_id, max(q.worth) as worth
       from asked q cross join lateral (
         select t.patient_id from patient_tokens t where t.kind = q.kind and t.token >= q.low and t.token < q.high
         order by t.token, t.patient_id limit $7::int
       ) t
       where q.loose and not q.probed and exists (select from firm f where f.patient_id = t.patient_id and f.piece <> q.piece)
       group by q.piece, t.patient_id
     ), few as materialized (
       select distinct f.piece, f.patient_id from firm f
       where exists (select from asked q where q.probed) and f.piece not in (select q.piece from asked q where q.probed)
       limit ${CANDIDATES * 4}
     ), probed as (
       select q.piece, f.patient_id, max(q.worth) as worth
       from few f
       join patient_tokens t on t.patient_id = f.patient_id
       join asked q on q.probed and q.piece <> f.piece and q.kind = t.kind and t.token >= q.low and t.token < q.high
       group by q.piece, f.patient_id
     ), best as (
       select h.piece, h.patient_id, max(h.worth) as worth
       from (select * from firm union all select * from loose union all select * from probed) h
       group by h.piece, h.patient_id
     )
     select b.patient_id, sum(b.worth)::int as worth, count(*)::int as pieces
     from best b
     group by b.patient_id
     order by sum(b.worth) desc, b.patient_id
     limit ${CANDIDATES + 1}`,
    [
      lookups.map(({ piece }) => piece),
      lookups.map(({ kind }) => kind),
      lookups.map(({ low }) => low),
      lookups.map(({ high }) => high),
      lookups.map(({ worth }) => worth),
      lookups.map(({ loose }) => loose),
      per_token,
      lookups.map(({ probed }) => probed),
    ],
  );
}

export async function rowsOf(tx: Tx, ids: readonly string[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return tx.rows<Row>(
    `select p.id as patient_id, p.mrn, p.family_name, p.given_name, p.middle_name, p.name_suffix, p.preferred_name, p.previous_family_name,
       p.birth_date, p.sex, p.phone, p.phone_alternate, p.email, p.city, p.postal_code, p.active, p.deceased_on, p.replaced_by
     from patients p
     where p.id = any($1::uuid[])`,
    [ids],
  );
}

function summaryOf({ candidate, grade, matched_on }: Match<Row>): PatientSummary {
  const status = statusOf(candidate);
  return {
    patient_id: candidate.patient_id,
    family_name: candidate.family_name,
    given_name: candidate.given_name,
    ...(candidate.preferred_name && { preferred_name: candidate.preferred_name }),
    ...(candidate.birth_date && { birth_date: candidate.birth_date }),
    sex: candidate.sex as PatientSummary['sex'],
    mrn: candidate.mrn,
    ...(candidate.phone && { phone_last4: candidate.phone.slice(-4) }),
    ...(candidate.city && { city: candidate.city }),
    match: grade,
    matched_on: [...new Set(matched_on)],
    ...(status !== 'active' && { status }),
  };
}

/** A merged chart is merged first of all; the dead are deceased, active or not. */
export function statusOf({
  active,
  deceased_on,
  replaced_by,
}: {
  active: boolean;
  deceased_on: string | null;
  replaced_by: string | null;
}): 'active' | 'inactive' | 'deceased' | 'merged' {
  if (replaced_by !== null) return 'merged';
  if (deceased_on !== null) return 'deceased';
  return active ? 'active' : 'inactive';
}
