// The door of people: the operations of the desk and the house, for a login's cookie. The cookie is good here and nowhere else; the database sees to it.
import type { Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Knock } from '../governance/authenticate.ts';
import { knockOf, LOGIN_COOKIE, onlyOurs } from './knock.ts';
import { type RestOptions, restDoor } from './rest.ts';

/** Mounted at /admin/v1. */
export function adminDoor(options: Omit<RestOptions, 'door' | 'knockOf'>): Hono {
  return restDoor({ ...options, door: 'admin', knockOf: adminKnockOf });
}

/** A person's request. Throws Fault not_permitted for a change that no page of ours sent. */
export function adminKnockOf(c: Context): Knock {
  onlyOurs(c);
  const token = getCookie(c, LOGIN_COOKIE);
  const { authorization: _, ...knock } = knockOf(c, 'admin');
  return { ...knock, authorization: token === undefined ? undefined : `Bearer ${token}` };
}
