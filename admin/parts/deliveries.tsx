/** What the signature of a draft sent out of the house, and how far it has come. */
import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { deliveries } from '../api/queries.ts';
import type { Delivery } from '../api/types.ts';
import { deliverySentence } from '../ui/deliveries.ts';

const COLORS: Record<Delivery['status'], string> = {
  waiting: 'blue',
  sending: 'blue',
  sent: 'green',
  failed: 'red',
  unknown: 'orange',
  cancelled: 'gray',
};

export function Deliveries({ draft_id, time_zone }: { draft_id: string; time_zone: string }) {
  const { data = [] } = useQuery(deliveries(draft_id));
  return data.map((delivery) => (
    <Alert key={delivery.message_id} color={COLORS[delivery.status]} mb="md" role="status">
      {deliverySentence(delivery, time_zone)}
    </Alert>
  ));
}
