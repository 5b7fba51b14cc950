/** The one place where a refusal becomes words. */
import { Alert, Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { paths } from '../paths.ts';

/** A refusal inside a form or dialog. */
export function Fault({ error, children }: { error: unknown; children?: ReactNode }) {
  const { title, detail, recover, request_id } = wordsOf(error);
  return (
    <Alert color="red" title={title} role="alert">
      <Stack gap={6}>
        <span>{detail}</span>
        {recover && recover !== detail && <span>{recover}</span>}
        {request_id && <Text size="xs">For your administrator: request {request_id}</Text>}
        {children}
      </Stack>
    </Alert>
  );
}

/** A refusal in place of a page, or of a part of it. */
export function Refused({ error, again }: { error: unknown; again?: () => void }) {
  return (
    <div className="refused">
      <Fault error={error}>
        {again && (
          <Group mt={6}>
            <Button size="xs" variant="default" onClick={again}>
              Try again
            </Button>
          </Group>
        )}
      </Fault>
    </div>
  );
}

export function Lost() {
  return (
    <main className="alone">
      <Title order={1} tabIndex={-1}>
        Nothing here
      </Title>
      <Text>This address leads nowhere, or to something that you may not see.</Text>
      <Anchor component={Link} to={paths.home}>
        To the start
      </Anchor>
    </main>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch(): unknown;
}

/** What was asked, once it is there; until then a place for it, or why not. */
export function Answer<T>({ of, children }: { of: Asked<T>; children(data: T): ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Refused error={of.error} again={() => void of.refetch()} />;
  return (
    <Stack aria-busy="true" aria-label="Loading" role="status" gap="sm">
      <Skeleton height={28} width="45%" />
      <Skeleton height={72} />
      <Skeleton height={72} />
    </Stack>
  );
}

function wordsOf(error: unknown): { title: string; detail: string; recover?: string | undefined; request_id?: string | undefined } {
  if (error instanceof ApiError) return { title: error.title, detail: error.message, recover: error.recover, request_id: error.request_id };
  return { title: 'This page does not work', detail: 'Load it again; if it happens again, tell your administrator.' };
}
