/** Licences on record. A kind of draft that needs one is signed only by a person whose licence is live today. */
import { Badge, Button, Group, Modal, NativeSelect, Stack, Table, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import type { Inputs } from '../api/generated.ts';
import { may, useMe } from '../api/me.ts';
import { licences, people } from '../api/queries.ts';
import type { Licence } from '../api/types.ts';
import { day } from '../ui/times.ts';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

const KINDS = ['MD', 'DO', 'NP', 'PA', 'CNM', 'CRNA', 'CNS', 'RN', 'LPN', 'PharmD'];
const SOON_MS = 60 * 24 * 3_600_000;

export function Licences() {
  const me = useMe();
  const query = useQuery(licences);
  const [recording, setRecording] = useState<Partial<Licence>>();
  const isManager = may(me, 'people:manage');
  return (
    <>
      <Group mb="md">
        <Button disabled={!isManager} onClick={() => setRecording({})}>
          Record a licence
        </Button>
        {!isManager && <span className="hint">An owner of the clinic records licences.</span>}
      </Group>
      <Answer of={query}>{(rows) => <Rows rows={rows} change={isManager ? setRecording : undefined} />}</Answer>
      {recording && <Record licence={recording} close={() => setRecording(undefined)} />}
    </>
  );
}

function Rows({ rows, change }: { rows: Licence[]; change: ((licence: Licence) => void) | undefined }) {
  if (rows.length === 0) return <p className="nothing">No licence is on record.</p>;
  return (
    <Table className="stacked" verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Who</Table.Th>
          <Table.Th>Licence</Table.Th>
          <Table.Th>Issued</Table.Th>
          <Table.Th>State of it</Table.Th>
          <Table.Th>
            <span className="only-wide">Change</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.licence_id}>
            <Table.Td data-label="Who">
              <strong>{row.display_name ?? 'Nobody with an account'}</strong>
            </Table.Td>
            <Table.Td data-label="Licence">
              {row.kind} {row.number}
              <div className="fine">{row.state}</div>
            </Table.Td>
            <Table.Td data-label="Issued">{row.issued_on ? day(row.issued_on) : '–'}</Table.Td>
            <Table.Td data-label="State of it">
              <StateOf licence={row} />
            </Table.Td>
            <Table.Td data-label="">
              <Button
                size="xs"
                variant="default"
                disabled={!change}
                onClick={() => change?.(row)}
                aria-label={`Change the licence of ${row.display_name}`}
              >
                Change
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function StateOf({ licence: { expires_on, revoked_on } }: { licence: Licence }) {
  if (revoked_on) return <Mark color="red" text={`Revoked ${day(revoked_on)}`} />;
  if (!expires_on) return <Mark color="green" text="Live" />;
  const left = new Date(expires_on).getTime() - Date.now();
  if (left < 0) return <Mark color="red" text={`Ended ${day(expires_on)}`} />;
  return <Mark color={left < SOON_MS ? 'orange' : 'green'} text={`Live until ${day(expires_on)}`} />;
}

function Mark({ color, text }: { color: string; text: string }) {
  return (
    <Badge color={color} variant="light">
      {text}
    </Badge>
  );
}

function Record({ licence, close }: { licence: Partial<Licence>; close(): void }) {
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const everyone = useQuery(people);
  const listed = everyone.data?.filter(({ active, role }) => active && role !== 'integration') ?? [];
  const [fields, setFields] = useState<Record<string, string>>({
    user_id: licence.user_id ?? '',
    kind: licence.kind ?? 'MD',
    number: licence.number ?? '',
    state: licence.state ?? '',
    issued_on: licence.issued_on ?? '',
    expires_on: licence.expires_on ?? '',
    revoked_on: licence.revoked_on ?? '',
  });
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const of = (name: string) => ({
    value: fields[name] ?? '',
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => setFields({ ...fields, [name]: value }),
  });
  const isFull = ['user_id', 'kind', 'number', 'state'].every((name) => fields[name]?.trim());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as Inputs['record_licence'];
      await gate(() => ask('record_licence', filled));
      void client.invalidateQueries({ queryKey: licences.queryKey });
      void client.invalidateQueries({ queryKey: people.queryKey });
      say('The licence is on record.');
      close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={close}
      title={licence.licence_id ? 'Change a licence' : 'Record a licence'}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <NativeSelect
            label="Whose"
            data={[
              { value: '', label: 'Choose a person' },
              ...listed.map((person) => ({ value: person.user_id, label: person.display_name })),
            ]}
            {...of('user_id')}
          />
          <Group grow>
            <NativeSelect label="Kind" data={[...new Set([...KINDS, ...(fields.kind ? [fields.kind] : [])])]} {...of('kind')} />
            <TextInput
              label="State"
              placeholder="VA"
              maxLength={2}
              {...of('state')}
              onBlur={() => setFields({ ...fields, state: (fields.state ?? '').toUpperCase() })}
            />
          </Group>
          <TextInput label="Number" maxLength={40} {...of('number')} />
          <Group grow>
            <TextInput label="Issued" type="date" {...of('issued_on')} />
            <TextInput label="Ends" type="date" {...of('expires_on')} />
          </Group>
          {licence.licence_id && (
            <TextInput label="Revoked" description="From this day on it is not good any more." type="date" {...of('revoked_on')} />
          )}
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={!isFull}>
              Record it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
