import { useSuspenseQuery } from '@tanstack/react-query';
import { session } from './queries.ts';
import type { Me } from './types.ts';

/** Who is signed in; only for pages behind the login, where the route has asked already. */
export const useMe = (): Me => useSuspenseQuery(session).data;

export const may = ({ permissions }: Me, permission: string) => permissions.includes(permission);
