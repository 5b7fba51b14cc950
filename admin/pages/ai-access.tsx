/** Which AI works for whom, and every call that it made. */
import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Audit } from '../parts/audit.tsx';
import { Credentials } from '../parts/credentials.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';

const route = getRouteApi('/desk/ai-mcp');

export function AiAccess() {
  const { tab = 'credentials' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Head title="AI access">
        Each credential lets one AI work for one person, with that person’s rights and no more. Every call it makes stands in the log.
      </Head>
      <Tabs value={tab} onChange={(value) => value && navigate({ to: paths.aiAccess, search: { tab: value } })} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="credentials">Credentials</Tabs.Tab>
          <Tabs.Tab value="log">Log of calls</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="credentials" pt="md">
          <NotYours needs="credentials:read" what="the credentials">
            <Credentials />
          </NotYours>
        </Tabs.Panel>
        <Tabs.Panel value="log" pt="md">
          <NotYours needs="audit:read" what="the log of calls">
            <Audit />
          </NotYours>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
