/** A new credential: for whom, under which name, with which toolsets; then its token, once, in the words of each client. */
import { Button, Checkbox, Group, NativeSelect, Stack, Tabs, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { credentials, people } from '../api/queries.ts';
import { Block } from '../ui/copy.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { roleWord } from '../ui/words.ts';
import { CLIENTS } from './clients.ts';
import { Fault } from './refused.tsx';
import { useSecondFactor } from './second-factor.tsx';

const TOOLSETS = ['patients', 'scheduling', 'chart', 'results', 'coverage', 'billing', 'quality', 'practice', 'finance'] as const;

export function Mint({ close }: { close(): void }) {
  const [token, setToken] = useState<string>();
  return (
    <ShownOnce title="New credential" close={close} ask={<Ask close={close} minted={setToken} />}>
      {token === undefined ? undefined : <Minted token={token} />}
    </ShownOnce>
  );
}

function Ask({ close, minted }: { close(): void; minted(token: string): void }) {
  const me = useMe();
  const client = useQueryClient();
  const gate = useSecondFactor();
  const everyone = useQuery({ ...people, enabled: may(me, 'people:read') });
  const [user_id, setUser] = useState(me.user_id);
  const [name, setName] = useState('');
  const [toolsets, setToolsets] = useState<(typeof TOOLSETS)[number][]>([]);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const listed = everyone.data?.filter(({ active }) => active) ?? [];
  const chosen = listed.find((person) => person.user_id === user_id);
  const usesNoAi = chosen !== undefined && !chosen.use_ai;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const body = { user_id, name: name.trim(), ...(toolsets.length > 0 && { toolsets }) };
      const { token } = await gate(() => ask('mint_credential', body));
      void client.invalidateQueries({ queryKey: credentials.queryKey });
      minted(token);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <NativeSelect
          label="It works for"
          description="The AI sees what this person may see, and what it drafts waits for people who may sign."
          error={usesNoAi && 'This person may not use AI yet: allow it on the page People.'}
          value={user_id}
          data={
            listed.length > 0
              ? listed.map((person) => ({ value: person.user_id, label: `${person.display_name} (${roleWord(person.role)})` }))
              : [{ value: me.user_id, label: `${me.display_name} (${roleWord(me.role)})` }]
          }
          onChange={({ currentTarget }) => setUser(currentTarget.value)}
        />
        <TextInput
          label="Name"
          description="Which AI, where: you find it again by this."
          placeholder="Claude Code on the front desk"
          maxLength={80}
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Checkbox.Group
          label="Toolsets"
          description="Choose none, and it has all that the role has."
          value={toolsets}
          onChange={(chosen) => setToolsets(TOOLSETS.filter((toolset) => chosen.includes(toolset)))}
        >
          <div className="choices">
            {TOOLSETS.map((toolset) => (
              <Checkbox key={toolset} value={toolset} label={toolset} />
            ))}
          </div>
        </Checkbox.Group>
        {error !== undefined && <Fault error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={name.trim() === '' || usesNoAi}>
            Make it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Minted({ token }: { token: string }) {
  const url = `${window.location.origin}/mcp`;
  return (
    <>
      <Text size="sm">
        Whoever has this token works with this person’s rights. It goes into the client, and into no mail, chat or ticket.
      </Text>
      <Block text={token} label="Token" />
      <Tabs defaultValue={CLIENTS[0].id}>
        <Tabs.List>
          {CLIENTS.map(({ id, name }) => (
            <Tabs.Tab key={id} value={id}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {CLIENTS.map(({ id, name, how, block }) => (
          <Tabs.Panel key={id} value={id} pt="sm">
            <Text size="sm" mb="xs">
              {how}
            </Text>
            <Block text={block({ url, origin: window.location.origin, token })} label={`For ${name}`} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
