// The admin application: what an AI proposed waits here, and a person of the clinic reads and signs it.
import './styles.ts';
import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError, isFault } from './api/client.ts';
import { session } from './api/queries.ts';
import { paths } from './paths.ts';
import { openRouter } from './routes.tsx';
import { theme } from './theme.ts';

// Styles that the components write at run time carry the nonce of this page's Content-Security-Policy.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
Object.assign(globalThis, { __webpack_nonce__: nonce });

const client = new QueryClient({
  queryCache: new QueryCache({ onError: (error, { queryKey }) => queryKey[0] !== 'session' && ended(error) }),
  mutationCache: new MutationCache({ onError: ended }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (times, error) => times < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});
const router = openRouter(client);

/** A login that has ended asks for the next one, and leads back to where one was. */
function ended(error: unknown): void {
  const { pathname, href } = router.state.location;
  if (!isFault(error, 'unauthenticated') || pathname === paths.signIn) return;
  const left = router.navigate({ to: paths.signIn, search: { next: href } });
  // Only then: the pages behind the login stand on it.
  void left.then(() => client.removeQueries({ queryKey: session.queryKey }));
}

// A page that was opened before a new version came asks for files that are gone: it is loaded again, once.
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('attending-reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem('attending-reloaded', String(Date.now()));
  window.location.reload();
});

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
