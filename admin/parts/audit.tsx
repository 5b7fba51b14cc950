/** The log of calls: who asked what, when, and how it ended. What stands in it of a patient is redacted. */
import { Badge, Button, Group, NativeSelect, Table, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { may, useMe } from '../api/me.ts';
import { audit, people } from '../api/queries.ts';
import type { AuditCall } from '../api/types.ts';
import { paths } from '../paths.ts';
import { csv, download } from '../ui/csv.ts';
import { instant } from '../ui/times.ts';
import { roleWord } from '../ui/words.ts';
import { Answer } from './refused.tsx';

const route = getRouteApi('/desk/ai-mcp');
const COLUMNS = [
  'audit_id',
  'at',
  'person',
  'role',
  'credential',
  'tool',
  'door',
  'status',
  'outcome',
  'latency_ms',
  'response_bytes',
  'args_redacted',
] as const satisfies (keyof AuditCall)[];

const ENDINGS = { ok: 'Well', error: 'Refused, or with an error', blocked_injection: 'Held', rate_limited: 'Too often' } as const;
const isEnding = (status: string | undefined): status is keyof typeof ENDINGS => status !== undefined && Object.hasOwn(ENDINGS, status);

export function Audit() {
  const { from, to, user_id, tool, status: asked } = route.useSearch();
  const status = isEnding(asked) ? asked : undefined;
  const query = useInfiniteQuery(audit({ from, to, user_id, tool, status }));
  return (
    <>
      <Search key={JSON.stringify([from, to, user_id, tool, status])} />
      <Answer of={query}>
        {({ pages }) => {
          const calls = pages.flatMap((page) => page.calls);
          if (calls.length === 0) return <p className="nothing">No call fits this search.</p>;
          return (
            <>
              <Group justify="space-between" mb="xs">
                <span className="hint" role="status">
                  {calls.length} {calls.length === 1 ? 'call' : 'calls'} shown, newest first{query.hasNextPage && '; there are more'}
                </span>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() =>
                    download(
                      'attending-calls.csv',
                      csv(
                        COLUMNS,
                        calls.map((call) => COLUMNS.map((column) => call[column])),
                      ),
                      'text/csv',
                    )
                  }
                >
                  Save these as CSV
                </Button>
              </Group>
              <Calls calls={calls} />
              {query.hasNextPage && (
                <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
                  Show older calls
                </Button>
              )}
            </>
          );
        }}
      </Answer>
    </>
  );
}

function Search() {
  const me = useMe();
  const everyone = useQuery({ ...people, enabled: may(me, 'people:read') });
  const navigate = route.useNavigate();
  const { tab: _, ...asked } = route.useSearch();
  const [fields, setFields] = useState<Record<string, string | undefined>>(asked);
  const of = (name: string) => ({
    value: fields[name] ?? '',
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => setFields({ ...fields, [name]: value }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
    void navigate({ to: paths.aiAccess, search: { tab: 'log', ...filled } });
  };
  return (
    <form onSubmit={submit} className="search" aria-label="Search the log">
      <TextInput label="From" type="date" {...of('from')} />
      <TextInput label="To" type="date" {...of('to')} />
      <NativeSelect
        label="Person"
        data={[
          { value: '', label: 'Everybody' },
          ...(everyone.data ?? []).map((person) => ({ value: person.user_id, label: person.display_name })),
        ]}
        {...of('user_id')}
      />
      <TextInput label="Tool" placeholder="get_labs" {...of('tool')} />
      <NativeSelect
        label="Ended"
        data={[{ value: '', label: 'Anyhow' }, ...Object.entries(ENDINGS).map(([value, label]) => ({ value, label }))]}
        {...of('status')}
      />
      <Button type="submit">Search</Button>
    </form>
  );
}

const COLORS: Record<string, string> = { ok: 'green', error: 'red', blocked_injection: 'orange', rate_limited: 'orange' };

function Calls({ calls }: { calls: AuditCall[] }) {
  const { time_zone } = useMe();
  return (
    <Table className="stacked" verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>Ended</Table.Th>
          <Table.Th>Took</Table.Th>
          <Table.Th>Answer</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {calls.map((call) => (
          <Table.Tr key={call.audit_id}>
            <Table.Td data-label="When">
              <time dateTime={call.at}>{instant(call.at, time_zone)}</time>
            </Table.Td>
            <Table.Td data-label="Who">
              {call.person ?? call.user_id}
              <div className="fine">
                {call.role && roleWord(call.role)}
                {call.credential && ` · ${call.credential}`}
              </div>
            </Table.Td>
            <Table.Td data-label="What">
              <code>{call.tool}</code>
              <div className="fine">by {call.door}</div>
              {Object.keys(call.args_redacted).length > 0 && (
                <details>
                  <summary>Arguments</summary>
                  <code className="arguments">{JSON.stringify(call.args_redacted)}</code>
                </details>
              )}
            </Table.Td>
            <Table.Td data-label="Ended">
              <Badge color={COLORS[call.status ?? ''] ?? 'gray'} variant="light">
                {call.status?.replaceAll('_', ' ') ?? 'running'}
              </Badge>
              {call.outcome && <div className="fine">{call.outcome}</div>}
            </Table.Td>
            <Table.Td data-label="Took">{call.latency_ms === undefined ? '–' : `${call.latency_ms} ms`}</Table.Td>
            <Table.Td data-label="Answer">
              {call.response_bytes === undefined ? '–' : `${call.response_bytes.toLocaleString('en-US')} B`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
