/** The fields of a rule that is being written: one for each condition that its kinds have, and those that every rule has. */
import { Checkbox, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { practitioners } from '../api/queries.ts';
import { kindWord, roleWord } from '../ui/words.ts';
import {
  A_DAY,
  AMOUNT_CENTS,
  type Condition,
  conditionsOf,
  FORMS,
  formWord,
  goesWith,
  HORIZON,
  isWithin,
  KINDS,
  type Kind,
  modalityWord,
  type Terms,
  type Written,
} from './approval-terms.ts';

interface FieldProps {
  terms: Written;
  set(change: Partial<Written>): void;
}

const ROLES: Terms['roles'] = ['front_desk', 'scheduler', 'nurse', 'physician', 'owner', 'biller', 'integration'];

export function Fields({ terms, set }: FieldProps) {
  return (
    <>
      <Checkbox.Group
        label="What is signed"
        value={terms.kinds}
        onChange={(chosen) => set({ kinds: (Object.keys(KINDS) as Kind[]).filter((kind) => chosen.includes(kind)) })}
      >
        <div className="choices">
          {(Object.keys(KINDS) as Kind[]).map((kind) => {
            const fits = goesWith(kind, terms.kinds);
            return (
              <Checkbox
                key={kind}
                value={kind}
                label={kindWord(kind)}
                disabled={!fits}
                description={fits ? undefined : 'Has conditions of its own: sign a rule of its own.'}
              />
            );
          })}
        </div>
      </Checkbox.Group>
      <Choices
        label="Whose AI may propose it"
        all={ROLES}
        chosen={terms.roles}
        word={(role) => (role === 'integration' ? 'A program' : roleWord(role))}
        set={(roles) => set({ roles })}
      />
      {conditionsOf(terms.kinds).map((condition) => {
        const Field = FIELDS[condition];
        return <Field key={condition} terms={terms} set={set} />;
      })}
      <Group grow align="start">
        <Numbers
          label="Most in a day"
          least={A_DAY[0]}
          most={A_DAY[1]}
          value={terms.daily_limit}
          set={(daily_limit) => set({ daily_limit })}
        />
        <TextInput
          label="Last day on which it signs"
          type="date"
          required
          withAsterisk={false}
          value={terms.expires_on}
          onChange={({ currentTarget }) => set({ expires_on: currentTarget.value })}
        />
      </Group>
    </>
  );
}

const FIELDS: Record<Condition, (props: FieldProps) => ReactNode> = {
  modalities: ({ terms, set }) => (
    <Choices
      label="How the visit is held"
      all={['in_person', 'telehealth'] as const}
      chosen={terms.modalities}
      word={(modality) => (modality === 'in_person' ? 'In person' : `By ${modalityWord(modality)}`)}
      set={(modalities) => set({ modalities })}
    />
  ),
  horizon_days: ({ terms, set }) => (
    <Numbers
      label="Days ahead, at most"
      least={HORIZON[0]}
      most={HORIZON[1]}
      value={terms.horizon_days}
      set={(horizon_days) => set({ horizon_days })}
    />
  ),
  form_kinds: ({ terms, set }) => (
    <Choices
      label="Only these forms"
      description="Choose none, and it is any."
      all={FORMS}
      chosen={terms.form_kinds}
      word={formWord}
      set={(form_kinds) => set({ form_kinds })}
    />
  ),
  amount_limit_cents: ({ terms, set }) => (
    <Numbers
      label="Dollars of one posting, at most"
      least={1}
      most={AMOUNT_CENTS[1] / 100}
      value={terms.amount_limit_cents / 100}
      set={(dollars) => set({ amount_limit_cents: Math.round(dollars * 100) })}
    />
  ),
  visit_types: VisitTypes,
  practitioner_ids: Clinicians,
};

function VisitTypes({ terms: { visit_types }, set }: FieldProps) {
  return (
    <TextInput
      label="Only these types of visit"
      description="As the schedule names them, with commas between. Left empty: every type."
      placeholder="Follow-up, Lab draw"
      defaultValue={visit_types.join(', ')}
      onChange={({ currentTarget }) => set({ visit_types: wordsIn(currentTarget.value) })}
    />
  );
}

const wordsIn = (text: string) => [
  ...new Set(
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

function Clinicians({ terms: { practitioner_ids }, set }: FieldProps) {
  const { data } = useQuery(practitioners);
  const active = data?.filter(({ inactive }) => !inactive) ?? [];
  return (
    <Checkbox.Group
      label="Only with these clinicians"
      description="Choose none, and it is any."
      value={practitioner_ids}
      onChange={(chosen) => set({ practitioner_ids: chosen })}
    >
      <div className="choices">
        {active.map(({ practitioner_id, name }) => (
          <Checkbox key={practitioner_id} value={practitioner_id} label={name} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

interface ChoicesProps<T extends string> {
  label: string;
  description?: string;
  all: readonly T[];
  chosen: readonly T[];
  word(each: T): string;
  set(chosen: T[]): void;
}

function Choices<T extends string>({ label, description, all, chosen, word, set }: ChoicesProps<T>) {
  return (
    <Checkbox.Group
      label={label}
      description={description}
      value={[...chosen]}
      onChange={(now) => set(all.filter((each) => now.includes(each)))}
    >
      <div className="choices">
        {all.map((each) => (
          <Checkbox key={each} value={each} label={word(each)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

interface NumbersProps {
  label: string;
  least: number;
  most: number;
  value: number;
  set(value: number): void;
}

/** A whole number. What is none is Number.NaN until it is one. */
function Numbers({ label, least, most, value, set }: NumbersProps) {
  const fits = isWithin(value, [least, most]);
  return (
    <TextInput
      label={label}
      type="number"
      min={least}
      max={most}
      step={1}
      error={fits ? undefined : `A whole number from ${least} to ${most.toLocaleString('en-US')}.`}
      value={Number.isNaN(value) ? '' : value}
      onChange={({ currentTarget }) => set(currentTarget.value === '' ? Number.NaN : Number(currentTarget.value))}
    />
  );
}
