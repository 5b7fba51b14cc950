/** The credentials of the clinic: a new one is shown once, a revoked one works no more from the next call on. */
import { Badge, Button, Group, Table } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { credentials } from '../api/queries.ts';
import type { Credential } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { apart, instant } from '../ui/times.ts';
import { roleWord } from '../ui/words.ts';
import { Mint } from './mint.tsx';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

export function Credentials() {
  const query = useQuery(credentials);
  const me = useMe();
  const [isMinting, setMinting] = useState(false);
  const [revoking, setRevoking] = useState<Credential>();
  const isManager = may(me, 'credentials:manage');
  return (
    <>
      <Group mb="md">
        <Button disabled={!isManager} onClick={() => setMinting(true)}>
          New credential
        </Button>
        {!isManager && <span className="hint">An owner of the clinic makes and revokes credentials.</span>}
      </Group>
      <Answer of={query}>{(rows) => <Rows rows={rows} revoke={isManager ? setRevoking : undefined} />}</Answer>
      {isMinting && <Mint close={() => setMinting(false)} />}
      {revoking && <Revoke credential={revoking} close={() => setRevoking(undefined)} />}
    </>
  );
}

function Rows({ rows, revoke }: { rows: Credential[]; revoke: ((credential: Credential) => void) | undefined }) {
  const { time_zone } = useMe();
  if (rows.length === 0)
    return <p className="nothing">No AI works here yet. Make a credential, and paste it into Claude Code, Cursor or another client.</p>;
  const live = rows.toSorted((a, b) => Number(a.state !== 'live') - Number(b.state !== 'live'));
  return (
    <Table className="stacked" verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Works for</Table.Th>
          <Table.Th>Toolsets</Table.Th>
          <Table.Th>Last used</Table.Th>
          <Table.Th>
            <span className="only-wide">Revoke</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {live.map((row) => (
          <Table.Tr key={row.credential_id} data-over={row.state === 'live' ? undefined : true}>
            <Table.Td data-label="Name">
              <strong>{row.name}</strong>
              <div className="fine">made {instant(row.created_at, time_zone)}</div>
            </Table.Td>
            <Table.Td data-label="Works for">
              {row.person}
              <div className="fine">{roleWord(row.role)}</div>
            </Table.Td>
            <Table.Td data-label="Toolsets">{row.toolsets?.join(', ') ?? 'all of the role'}</Table.Td>
            <Table.Td data-label="Last used">{row.last_call_at ? apart(row.last_call_at, Date.now()) : 'never'}</Table.Td>
            <Table.Td data-label="State">
              {row.state !== 'live' ? (
                <Badge color="gray" variant="light">
                  {row.state === 'revoked' ? 'Revoked' : 'Expired'}
                </Badge>
              ) : (
                <Button size="xs" variant="default" disabled={!revoke} onClick={() => revoke?.(row)} aria-label={`Revoke ${row.name}`}>
                  Revoke
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Revoke({ credential: { credential_id, name, person }, close }: { credential: Credential; close(): void }) {
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const revoke = async () => {
    await gate(() => ask('revoke_credential', { credential_id }));
    void client.invalidateQueries({ queryKey: credentials.queryKey });
    say(`${name} is revoked. Its next call is refused.`);
    close();
  };
  return (
    <Confirm title={`Revoke ${name}?`} yes="Revoke it" close={close} act={revoke} refused={(error) => <Fault error={error} />}>
      The AI that uses it for {person} is turned away from its next call on. This cannot be undone; a new credential can be made at any
      time.
    </Confirm>
  );
}
