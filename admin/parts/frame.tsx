/** The frame of every page behind the login: where one is, what waits, who one is. */
import { Button, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { remove } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { connections, drafts } from '../api/queries.ts';
import type { Me } from '../api/types.ts';
import { paths } from '../paths.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { roleWord } from '../ui/words.ts';
import { KeysHelp } from './keys-help.tsx';
import { forgetEdits } from './unsaved.ts';

const SCHEMES = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const SCHEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

export function Frame() {
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu.
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="frame">
      <a className="skip" href="#page">
        To the page
      </a>
      <section className="bar" aria-label="Attending">
        <Link to={paths.home} className="brand">
          <Icon name="mark" /> Attending
        </Link>
        <Button
          variant="default"
          size="sm"
          className="menu-button"
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => setOpen(!isOpen)}
        >
          Menu
        </Button>
      </section>
      <div id="menu" className="side" data-open={isOpen || undefined}>
        <nav aria-label="Main">
          <Waiting me={me} path={path} />
        </nav>
        <Who me={me} />
      </div>
      <main id="page" className="page">
        <Outlet />
      </main>
    </div>
  );
}

function Waiting({ me, path }: { me: Me; path: string }) {
  const { data } = useInfiniteQuery({ ...drafts({ status: 'pending' }), enabled: may(me, 'drafts:review') });
  const counts = data?.pages[0]?.counts;
  const { data: accounts } = useQuery({ ...connections, enabled: may(me, 'connections:read') });
  const at = path.replace(/^\/admin/, '');
  const isHolds = at.startsWith('/ai-drafts/holds');
  const isApprovals = at.startsWith('/ai-drafts/approvals');
  return (
    <ul>
      <Item to={paths.home} icon="home" name="Home" isHere={at === '/'} />
      <Item
        to={paths.drafts}
        icon="draft"
        name="AI drafts"
        n={counts?.pending}
        of="waiting"
        isHere={at.startsWith('/ai-drafts') && !isHolds && !isApprovals}
      />
      <Item to={paths.holds} icon="hold" name="Holds" n={counts?.held} of="held" isHere={isHolds} />
      {may(me, 'approvals:read') && <Item to={paths.approvals} icon="rule" name="Approvals" isHere={isApprovals} />}
      {may(me, 'deliveries:read') && (
        <Item to={paths.messages} icon="message" name="Messages not gone" isHere={at.startsWith('/messages')} />
      )}
      {may(me, 'connections:read') && (
        <Item
          to={paths.connections}
          icon="plug"
          name="Connections"
          n={accounts?.reduce((sum, { parked }) => sum + parked, 0)}
          of="to be decided"
          isHere={at.startsWith('/connections')}
        />
      )}
      <Item to={paths.aiAccess} icon="key" name="AI access" isHere={at.startsWith('/ai-mcp')} />
      <Item to={paths.people} icon="people" name="People" isHere={at.startsWith('/people')} />
    </ul>
  );
}

interface ItemProps {
  to: (typeof paths)['home' | 'drafts' | 'holds' | 'approvals' | 'messages' | 'connections' | 'aiAccess' | 'people'];
  icon: IconName;
  name: string;
  n?: number | undefined;
  of?: string;
  isHere: boolean;
}

function Item({ to, icon, name, n, of, isHere }: ItemProps) {
  return (
    <li>
      <Link to={to} className="nav-link" activeOptions={{ exact: true }} {...(isHere && { 'aria-current': 'page' })}>
        <Icon name={icon} />
        <span className="nav-name">{name}</span>
        {n !== undefined && n > 0 && (
          <span className="nav-count">
            {n}
            <VisuallyHidden> {of}</VisuallyHidden>
          </span>
        )}
      </Link>
    </li>
  );
}

function Who({ me }: { me: Me }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    await remove('/session').catch(() => {});
    forgetEdits();
    await navigate({ to: paths.signIn });
    client.clear();
  };
  return (
    <section className="who" aria-label="You">
      <div className="who-name">{me.display_name}</div>
      <div className="who-role">
        {roleWord(me.role)} · {me.clinic}
      </div>
      <button type="button" className="plain" onClick={() => setColorScheme(SCHEMES[colorScheme])}>
        Colours: {SCHEME_WORDS[colorScheme]}
      </button>
      <KeysHelp />
      <button type="button" className="plain" onClick={leave}>
        Sign out
      </button>
    </section>
  );
}
