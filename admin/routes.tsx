/** The map of the application: which address shows which page, and who may be there. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { isFault } from './api/client.ts';
import { session } from './api/queries.ts';
import { Frame } from './parts/frame.tsx';
import { Lost, Refused } from './parts/refused.tsx';
import { Root } from './parts/root.tsx';
import { paths } from './paths.ts';

/** A route is known by its path without the slash at its end; the address keeps it. */
const bare = <const P extends string>(path: P) =>
  path.replace(/(?<=.)\/$/, '') as P extends `${infer Bare}/` ? (Bare extends '' ? P : Bare) : P;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
/** Search parameters that are texts; the others are dropped. */
const texts =
  <const Name extends string>(...names: Name[]) =>
  (search: Record<string, unknown>) =>
    Object.fromEntries(names.flatMap((name) => (text(search[name]) ? [[name, text(search[name])]] : []))) as { [N in Name]?: string };

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Root, notFoundComponent: Lost });

const signIn = createRoute({
  getParentRoute: () => root,
  path: bare(paths.signIn),
  validateSearch: texts('next'),
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: bare(paths.invitation),
  component: lazyRouteComponent(() => import('./pages/invitation.tsx'), 'Invitation'),
});

/** Everything behind the login. */
const desk = createRoute({
  getParentRoute: () => root,
  id: 'desk',
  async beforeLoad({ context: { client }, location }) {
    try {
      return { me: await client.ensureQueryData(session) };
    } catch (error) {
      if (!isFault(error, 'unauthenticated')) throw error;
      throw redirect({ to: paths.signIn, search: location.pathname === '/' ? {} : { next: location.href } });
    }
  },
  component: Frame,
  errorComponent: ({ error, reset }) => <Refused error={error} again={reset} />,
});

const home = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.home),
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'Home'),
});
const drafts = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.drafts),
  validateSearch: texts('status', 'kind'),
  component: lazyRouteComponent(() => import('./pages/drafts.tsx'), 'Drafts'),
});
const draft = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.draft),
  validateSearch: texts('kind'),
  component: lazyRouteComponent(() => import('./pages/draft.tsx'), 'DraftPage'),
});
const together = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.together),
  component: lazyRouteComponent(() => import('./pages/together.tsx'), 'TogetherPage'),
});
const holds = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.holds),
  component: lazyRouteComponent(() => import('./pages/holds.tsx'), 'Holds'),
});
const hold = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.hold),
  component: lazyRouteComponent(() => import('./pages/hold.tsx'), 'HoldPage'),
});
const approvals = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.approvals),
  component: lazyRouteComponent(() => import('./pages/approvals.tsx'), 'Approvals'),
});
const newApproval = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.newApproval),
  component: lazyRouteComponent(() => import('./pages/new-approval.tsx'), 'NewApproval'),
});
const approval = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.approval),
  component: lazyRouteComponent(() => import('./pages/approval.tsx'), 'ApprovalPage'),
});
const messages = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.messages),
  component: lazyRouteComponent(() => import('./pages/messages.tsx'), 'Messages'),
});
const connections = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.connections),
  component: lazyRouteComponent(() => import('./pages/connections.tsx'), 'Connections'),
});
const aiAccess = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.aiAccess),
  validateSearch: texts('tab', 'from', 'to', 'user_id', 'tool', 'status'),
  component: lazyRouteComponent(() => import('./pages/ai-access.tsx'), 'AiAccess'),
});
const people = createRoute({
  getParentRoute: () => desk,
  path: bare(paths.people),
  validateSearch: texts('tab'),
  component: lazyRouteComponent(() => import('./pages/people.tsx'), 'PeoplePage'),
});

const tree = root.addChildren([
  signIn,
  invitation,
  desk.addChildren([home, drafts, draft, together, holds, hold, approvals, newApproval, approval, messages, connections, aiAccess, people]),
]);

export const openRouter = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    basepath: '/admin',
    context: { client },
    trailingSlash: 'preserve',
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ({ error, reset }) => <Refused error={error} again={reset} />,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof openRouter>;
  }
}
