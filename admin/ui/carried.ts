/** Where something that was signed stands at a vendor, in the words of somebody who waits for it. */
import type { Draft } from '../api/types.ts';
import { vendorWord } from './words.ts';

type Carried = NonNullable<Draft['carried']>;

/** `says`: why, in one sentence, as the server has it. */
export function carriedWords(
  { vendor, status, says }: Carried,
  vendor_id: string | undefined,
): { title: string; says: string; color: 'blue' | 'green' | 'orange' | 'red' | 'gray' } {
  const there = vendorWord(vendor);
  switch (status) {
    case 'pending':
      return { title: `Signed; being written to ${there}`, says, color: 'blue' };
    case 'confirmed':
      return {
        title: 'Signed',
        says: vendor_id === undefined ? `It is in ${there}.` : `It is in ${there}, as ${vendor_id}.`,
        color: 'green',
      };
    case 'rejected':
      return {
        title: `Could not be written to ${there}`,
        says: `${says} It is not sent again: have it drafted anew if it is still wanted.`,
        color: 'red',
      };
    case 'needs_a_person':
      return { title: `A person has to look at ${there}`, says, color: 'orange' };
    case 'cancelled':
      return {
        title: 'Given up',
        says: `Whether it is in ${there} is not known. Nothing more is sent, and what stands there stays as it is.`,
        color: 'gray',
      };
    default:
      return status satisfies never;
  }
}
