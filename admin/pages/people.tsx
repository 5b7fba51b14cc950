/** Who works in the clinic: roles, use of AI, licences, and who is signed in where. */
import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Licences } from '../parts/licences.tsx';
import { Logins } from '../parts/logins.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { People } from '../parts/people.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';

const route = getRouteApi('/desk/people');

export function PeoplePage() {
  const { tab = 'people' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Head title="People">A role says what a person sees and signs; an AI that works for her sees no more.</Head>
      <NotYours needs="people:read" what="the people of the clinic">
        <Tabs value={tab} onChange={(value) => value && navigate({ to: paths.people, search: { tab: value } })} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="people">People</Tabs.Tab>
            <Tabs.Tab value="licences">Licences</Tabs.Tab>
            <Tabs.Tab value="logins">Logins</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="people" pt="md">
            <People />
          </Tabs.Panel>
          <Tabs.Panel value="licences" pt="md">
            <Licences />
          </Tabs.Panel>
          <Tabs.Panel value="logins" pt="md">
            <Logins />
          </Tabs.Panel>
        </Tabs>
      </NotYours>
    </>
  );
}
