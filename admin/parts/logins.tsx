/** Who is signed in, from where. Ending a login waits for nothing. */
import { Badge, Button, Table } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { logins } from '../api/queries.ts';
import type { Login } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { apart, instant } from '../ui/times.ts';
import { roleWord } from '../ui/words.ts';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

export function Logins() {
  const query = useQuery(logins);
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const [ending, setEnding] = useState<Login>();
  const end = async ({ login_id, display_name }: Login) => {
    await gate(() => ask('revoke_login', { login_id }));
    void client.invalidateQueries({ queryKey: logins.queryKey });
    say(`The login of ${display_name} has ended.`);
    setEnding(undefined);
  };
  return (
    <>
      <Answer of={query}>{(rows) => <Rows rows={rows} end={setEnding} />}</Answer>
      {ending && (
        <Confirm
          title={`End the login of ${ending.display_name}?`}
          yes="End it"
          close={() => setEnding(undefined)}
          act={() => end(ending)}
          refused={(error) => <Fault error={error} />}
        >
          {ending.is_this
            ? 'This is the login you are using now: you will have to sign in again.'
            : 'Whoever uses it has to sign in again. What was not kept there is lost.'}
        </Confirm>
      )}
    </>
  );
}

function Rows({ rows, end }: { rows: Login[]; end(login: Login): void }) {
  const me = useMe();
  return (
    <Table className="stacked" verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Who</Table.Th>
          <Table.Th>Since</Table.Th>
          <Table.Th>Seen</Table.Th>
          <Table.Th>From</Table.Th>
          <Table.Th>
            <span className="only-wide">End</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((login) => (
          <Table.Tr key={login.login_id}>
            <Table.Td data-label="Who">
              <strong>{login.display_name}</strong>{' '}
              {login.is_this && (
                <Badge variant="light" size="sm">
                  you, here
                </Badge>
              )}
              <div className="fine">{roleWord(login.role)}</div>
            </Table.Td>
            <Table.Td data-label="Since">{instant(login.signed_in_at, me.time_zone)}</Table.Td>
            <Table.Td data-label="Seen">{apart(login.seen_at, Date.now())}</Table.Td>
            <Table.Td data-label="From">
              {login.ip ?? '–'}
              {login.user_agent && <div className="fine">{login.user_agent}</div>}
            </Table.Td>
            <Table.Td data-label="">
              <Button
                size="xs"
                variant="default"
                disabled={!may(me, 'people:manage') && !login.is_this}
                onClick={() => end(login)}
                aria-label={`End the login of ${login.display_name}`}
              >
                End
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
