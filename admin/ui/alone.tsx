/** A page of its own: a card in the middle, for who is not signed in yet. */
import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export function Alone({ title, sub, children }: { title: string; sub?: string; children: ReactNode }) {
  return (
    <main className="alone">
      <div className="brand">
        <Icon name="mark" /> Attending
      </div>
      <Paper withBorder p="xl" className="alone-card">
        <Stack>
          <div>
            <Title order={1} size="h2" tabIndex={-1}>
              {title}
            </Title>
            {sub && (
              <Text c="dimmed" mt={4}>
                {sub}
              </Text>
            )}
          </div>
          {children}
        </Stack>
      </Paper>
    </main>
  );
}
