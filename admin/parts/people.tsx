/** The people of the clinic. A change takes effect at the person's next call. */
import { Badge, Button, Checkbox, Group, Modal, NativeSelect, Stack, Switch, Table, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { people } from '../api/queries.ts';
import type { Person, StaffRole } from '../api/types.ts';
import { apart } from '../ui/times.ts';
import { roleWord } from '../ui/words.ts';
import { Handed, type Link } from './invited.tsx';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

const ROLES: StaffRole[] = ['owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'biller', 'quality', 'compliance'];
const ROLE_CHOICES = ROLES.map((value) => ({ value, label: roleWord(value) }));
const LOGINS: Record<Person['login'], string> = {
  ready: 'Can sign in',
  second_factor_reset: 'Second factor to be set up',
  invited: 'Invited',
  none: 'No login',
};

export function People() {
  const me = useMe();
  const query = useQuery(people);
  const [isInviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<Person>();
  const [link, setLink] = useState<Link>();
  const isManager = may(me, 'people:manage');
  return (
    <>
      <Group mb="md">
        <Button disabled={!isManager} onClick={() => setInviting(true)}>
          Invite a person
        </Button>
        {!isManager && <span className="hint">An owner of the clinic invites and changes people.</span>}
      </Group>
      <Answer of={query}>{(rows) => <Rows rows={rows} change={isManager ? setChanging : undefined} />}</Answer>
      {isInviting && <Invite close={() => setInviting(false)} invited={setLink} />}
      {changing && <Change person={changing} close={() => setChanging(undefined)} reset={setLink} />}
      {link && <Handed link={link} close={() => setLink(undefined)} />}
    </>
  );
}

function Rows({ rows, change }: { rows: Person[]; change: ((person: Person) => void) | undefined }) {
  return (
    <Table className="stacked" verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Role</Table.Th>
          <Table.Th>AI</Table.Th>
          <Table.Th>Licence</Table.Th>
          <Table.Th>Login</Table.Th>
          <Table.Th>
            <span className="only-wide">Change</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((person) => (
          <Table.Tr key={person.user_id} data-over={person.active ? undefined : true}>
            <Table.Td data-label="Name">
              <strong>{person.display_name}</strong>
              <div className="fine">{person.email}</div>
            </Table.Td>
            <Table.Td data-label="Role">{roleWord(person.role)}</Table.Td>
            <Table.Td data-label="AI">{person.use_ai ? 'may use' : 'no'}</Table.Td>
            <Table.Td data-label="Licence">{person.licensed ? 'on record' : '–'}</Table.Td>
            <Table.Td data-label="Login">
              {person.active ? (
                <>
                  {LOGINS[person.login]}
                  {person.last_sign_in_at && <div className="fine">last {apart(person.last_sign_in_at, Date.now())}</div>}
                  {person.login === 'invited' && person.invited_until && (
                    <div className="fine">link ends {apart(person.invited_until, Date.now())}</div>
                  )}
                </>
              ) : (
                <Badge color="gray" variant="light">
                  Not active
                </Badge>
              )}
            </Table.Td>
            <Table.Td data-label="">
              <Button
                size="xs"
                variant="default"
                disabled={!change}
                onClick={() => change?.(person)}
                aria-label={`Change ${person.display_name}`}
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

function Invite({ close, invited }: { close(): void; invited(link: Link): void }) {
  const client = useQueryClient();
  const gate = useSecondFactor();
  const [email, setEmail] = useState('');
  const [display_name, setName] = useState('');
  const [role, setRole] = useState<StaffRole>('physician');
  const [use_ai, setUseAi] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const answer = await gate(() => ask('invite_person', { email: email.trim(), display_name: display_name.trim(), role, use_ai }));
      void client.invalidateQueries({ queryKey: people.queryKey });
      invited({ ...answer, name: display_name.trim() });
      close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title="Invite a person" transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            data-autofocus
            maxLength={80}
            value={display_name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput label="E-mail" type="email" value={email} onChange={({ currentTarget }) => setEmail(currentTarget.value)} />
          <NativeSelect
            label="Role"
            data={ROLE_CHOICES}
            value={role}
            onChange={({ currentTarget }) => setRole(currentTarget.value as StaffRole)}
          />
          <Checkbox
            label="May let an AI work for her or him"
            description="Credentials can then be made for this person."
            checked={use_ai}
            onChange={({ currentTarget }) => setUseAi(currentTarget.checked)}
          />
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={email.trim() === '' || display_name.trim() === ''}>
              Make the invitation
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Change({ person, close, reset }: { person: Person; close(): void; reset(link: Link): void }) {
  const { user_id, display_name } = person;
  const me = useMe();
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const [role, setRole] = useState(person.role);
  const [active, setActive] = useState(person.active);
  const [use_ai, setUseAi] = useState(person.use_ai);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const isMe = user_id === me.user_id;
  const doing = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await gate(act);
      void client.invalidateQueries({ queryKey: people.queryKey });
      close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void doing(async () => {
      await ask('update_person', { user_id, active, use_ai, ...(role !== 'integration' && { role }) });
      say(`${display_name} is changed.`);
    });
  };
  const resetFactor = () => doing(async () => reset({ ...(await ask('reset_second_factor', { user_id })), name: display_name }));
  return (
    <Modal opened onClose={close} title={display_name} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={save}>
        <Stack>
          <NativeSelect
            label="Role"
            description={isMe ? 'Another owner changes your own role.' : 'Credentials that work for this person follow it at once.'}
            disabled={isMe || person.role === 'integration'}
            data={person.role === 'integration' ? [{ value: 'integration', label: roleWord('integration') }] : ROLE_CHOICES}
            value={role}
            onChange={({ currentTarget }) => setRole(currentTarget.value as StaffRole)}
          />
          <Switch
            label="May let an AI work for her or him"
            description={person.use_ai && !use_ai ? 'The credentials that were made for this person are revoked.' : undefined}
            checked={use_ai}
            onChange={({ currentTarget }) => setUseAi(currentTarget.checked)}
          />
          <Switch
            label="Works here"
            description={isMe ? 'Nobody ends the own account.' : 'Without it every login and credential of this person ends.'}
            disabled={isMe}
            checked={active}
            onChange={({ currentTarget }) => setActive(currentTarget.checked)}
          />
          {error !== undefined && <Fault error={error} />}
          <Group justify="space-between">
            <Button variant="default" disabled={isBusy || person.login !== 'ready' || isMe} onClick={resetFactor}>
              Reset the second factor
            </Button>
            <Button type="submit" loading={isBusy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
