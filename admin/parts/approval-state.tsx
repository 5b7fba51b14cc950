/** How a rule stands, and the names of the clinicians that it speaks of. */
import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { may, useMe } from '../api/me.ts';
import { practitioners } from '../api/queries.ts';
import type { Approval } from '../api/types.ts';

const STATES = { live: ['green', 'Live'], revoked: ['gray', 'Revoked'], expired: ['gray', 'Expired'] } as const;

export function ApprovalState({ approval: { state } }: { approval: Approval }) {
  const [color, word] = STATES[state];
  return (
    <Badge color={color} variant="light">
      {word}
    </Badge>
  );
}

/** Asked only where a rule names somebody. */
export function useClinicians(rules: readonly { practitioner_ids?: string[] }[]): ReadonlyMap<string, string> {
  const me = useMe();
  const isNeeded = rules.some(({ practitioner_ids = [] }) => practitioner_ids.length > 0) && may(me, 'practitioners:read');
  const { data = [] } = useQuery({ ...practitioners, enabled: isNeeded });
  return new Map(data.map(({ practitioner_id, name }) => [practitioner_id, name]));
}
