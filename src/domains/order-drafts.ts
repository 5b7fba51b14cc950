// What a draft of an order says, and what the record says against it.
import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import type { Allergy, AllergyRecord } from './allergies.ts';
import { controlledIn } from './controlled-substances.ts';
import { Day } from './days.ts';
import { shareIngredient, speaksOf } from './drug-classes.ts';
import type { LabOrder } from './lab-orders.ts';
import { ANALYTES, isLoinc } from './loinc.ts';
import { GRAMMARS, phi } from './mark.ts';
import type { Medication } from './medications.ts';
import { groupsOfOrder } from './order-coverage.ts';
import { analytesOf, PANELS } from './panels.ts';

const OrderPriority = z.enum(['routine', 'urgent', 'asap', 'stat']);

/** A name as a chart shows it. */
export const Term = (kind: string) => phi(kind, z.string().min(2).max(80).regex(GRAMMARS.term, 'a short name, no sentence'));

/** A laboratory test: of the house's panels or analytes by name or LOINC, else a LOINC with the name that it is ordered by. */
export const LabRequest = z.object({
  test: Term('test'),
  name: Term('test').optional(),
  priority: OrderPriority.default('routine'),
  due_on: Day.optional(),
});
export type LabRequest = z.infer<typeof LabRequest>;

/** A drug's name, in plain letters: what looks like one and is another would pass the list of controlled substances. */
const DrugName = (kind: string) =>
  phi(
    kind,
    z
      .string()
      .min(2)
      .max(80)
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ,.'%+&/()[\]:#*-]*$/, 'a drug by name, in plain letters'),
  );

export const DrugRequest = z.object({
  drug: DrugName('drug'),
  ingredient: DrugName('ingredient'),
  sig: phi('sig', z.string().trim().min(5).max(300)),
  quantity: z.number().positive().max(10_000),
  quantity_unit: Term('quantity_unit').optional(),
  refills: z.number().int().min(0).max(12),
  days_supply: z.number().int().min(1).max(365).optional(),
});
export type DrugRequest = z.infer<typeof DrugRequest>;

/** ICD-10-CM as written: E11.9. */
export const Icd10 = phi('icd10', z.string().regex(/^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/, 'an ICD-10-CM code, like E11.9'));

const PANEL_OF = new Map(
  Object.entries(PANELS).flatMap(([name, panel]) =>
    [name.toLowerCase(), ...panel.also, ...panel.codes].map((word) => [word, name] as const),
  ),
);

/** The name and LOINC that an order is written with. Throws Fault invalid_input for a test that is none, and for a code whose name is not known here and not given. */
export function testOf({ test, name }: Pick<LabRequest, 'test' | 'name'>): { name: string; loinc?: string; unknown_code: boolean } {
  const word = test.trim().toLowerCase();
  const panel = PANEL_OF.get(word);
  if (panel !== undefined) {
    const { codes, groups } = PANELS[panel] ?? { codes: [], groups: [] };
    const [analyte] = groups.length === 1 ? (analytesOf(panel) ?? []) : [];
    const loinc = codes.find((code) => code === word) ?? codes[0] ?? analyte;
    return { name: ANALYTES.get(analyte ?? '')?.name ?? `${panel} panel`, ...(loinc !== undefined && { loinc }), unknown_code: false };
  }
  const code = ANALYTES.has(word)
    ? word
    : [...ANALYTES].find(([, { name: known, group }]) => known.toLowerCase() === word || group === word)?.[0];
  const known = code === undefined ? undefined : ANALYTES.get(code);
  if (code !== undefined && known) return { name: known.name, loinc: code, unknown_code: false };
  if (!isLoinc(word))
    throw new Fault(
      'invalid_input',
      `lab.test: no test of this house. Use a LOINC, the name of an analyte, or one of ${Object.keys(PANELS).join(', ')}.`,
    );
  if (name === undefined)
    throw new Fault(
      'invalid_input',
      'lab.test: this LOINC has no name here. Give lab.name too, as LOINC names it; the signer compares the two.',
    );
  return { name, loinc: word, unknown_code: true };
}

/** What the signer of a laboratory order is told: an open order brings the same already, or the code is not one that the house knows. */
export function labWarnings({ name, loinc, unknown_code }: ReturnType<typeof testOf>, open: readonly LabOrder[]): string[] {
  const wanted = groupsOfOrder({ loinc: loinc ?? null, name });
  const same = open.filter((order) => {
    const brought = groupsOfOrder({ loinc: order.loinc ?? null, name: order.name });
    return wanted.length > 0 ? wanted.every((group) => brought.includes(group)) : order.loinc === loinc;
  });
  return [
    ...same.map(
      (order) =>
        `An open order brings this already: ${order.name}, ordered ${order.ordered_at.slice(0, 10)}${order.due_on === undefined ? '' : `, due ${order.due_on}`}.`,
    ),
    ...(unknown_code ? [`LOINC ${loinc} is not among the codes known here: check that it is this test.`] : []),
  ];
}

/** Throws Fault not_permitted where anything of the order names a controlled substance. */
export function refuseControlled({ drug, ingredient, sig, quantity_unit }: DrugRequest): void {
  const schedule = controlledIn([drug, ingredient, sig, quantity_unit].join(' '));
  if (schedule === undefined) return;
  const section = { I: 11, II: 12, III: 13, IV: 14, V: 15 }[schedule];
  throw new Fault(
    'not_permitted',
    `medication: this names a controlled substance (schedule ${schedule}, 21 CFR 1308.${section}), and no draft orders one, whoever would sign it. Tell the user that the prescriber orders it in the clinic's own e-prescribing (EPCS). Do not draft it under another name.`,
  );
}

/** What the record says of this drug for this patient. `crossing`: an active allergy or intolerance to it or its class. */
export interface DrugFindings {
  /** Every active allergy, as the signer reads it; where nobody asked, that. */
  allergies: string[];
  warnings: string[];
  crossing: boolean;
}

const NOT_ASKED = 'Nobody has recorded whether this patient has drug allergies.';

export function findingsOf(
  { drug, ingredient }: DrugRequest,
  record: { allergies: readonly Allergy[]; record: AllergyRecord; medications: readonly Medication[] },
): DrugFindings {
  const name = `${drug} ${ingredient}`;
  const active = record.allergies.filter(({ clinical_status }) => clinical_status === 'active');
  const spoken = active.map((allergy) => ({ allergy, said: speaksOf(allergy.substance, name) }));
  const crossing = spoken.filter(({ said }) => said?.how === 'ingredient' || said?.how === 'class');
  const beside = spoken.filter(({ said }) => said?.how === 'beside');
  const taken = record.medications.filter(
    (it) => CURRENT.includes(it.status) && shareIngredient(`${it.name} ${it.ingredient ?? ''}`, ingredient),
  );
  return {
    allergies:
      active.length > 0 ? active.map(toldOf) : record.record.drug_allergies === 'none_known' ? ['No known drug allergies.'] : [NOT_ASKED],
    warnings: [
      ...crossing.map(
        ({ allergy, said }) =>
          `Recorded ${allergy.type ?? 'allergy'}: ${allergy.substance}${said?.how === 'class' ? `, of the same class (${said.name})` : ', this ingredient'}.`,
      ),
      ...beside.map(
        ({ allergy, said }) => `Recorded ${allergy.type ?? 'allergy'}: ${allergy.substance}; reactions to ${said?.name} can cross.`,
      ),
      ...taken.map(
        (it) => `An order of the same ingredient stands already: ${it.name}${it.start_on === undefined ? '' : `, since ${it.start_on}`}.`,
      ),
      ...(active.length === 0 && record.record.drug_allergies !== 'none_known' ? [NOT_ASKED] : []),
    ],
    crossing: crossing.length > 0,
  };
}

const CURRENT: readonly Medication['status'][] = ['active', 'active_unverified', 'on_hold'];

function toldOf({ substance, type, criticality, reactions = [] }: Allergy): string {
  const more = [
    type,
    criticality && `criticality ${criticality.replaceAll('_', ' ')}`,
    ...reactions.map(({ manifestation }) => manifestation),
  ];
  return `${substance} (${more.filter((word) => word !== undefined).join('; ')})`;
}

/** Throws Fault conflict where the record speaks against the drug and nobody says why it is right all the same. */
export function refuseAllergy({ crossing }: DrugFindings, considered: string | undefined): void {
  if (crossing && considered === undefined)
    throw new Fault(
      'conflict',
      'medication: the chart records an allergy or intolerance to this ingredient or its class. Call get_allergies, and tell the user. Where the prescriber wants it all the same, draft it again with allergy_considered, the reason; the signer reads it.',
    );
}

/** Throws Fault conflict where the record now says what the signer was not shown. */
export function refuseUnseen(now: readonly string[], shown: readonly string[]): void {
  if (now.some((warning) => !shown.includes(warning)))
    throw new Fault(
      'conflict',
      'The record speaks against this order in a way that the draft does not show. Reject it and have it drafted anew.',
    );
}
