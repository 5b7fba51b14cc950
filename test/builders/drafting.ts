// A draft's way from the call to the record, for tests: proposed by the AI of a role, shown to a person, revised, signed.
import { expect } from 'vitest';
import type { Role } from '../../src/governance/roles.ts';
import type { Attending } from '../app.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';
import type { Login } from './login.ts';

/** A draft as a person sees it. */
export interface Shown {
  payload: Record<string, unknown> & { warnings: string[] };
  payload_hash: string;
  version: number;
  may_sign: boolean;
  why_not?: string;
}

/** `by`: whose AI drafts, unless a call says another. */
export function drafting(attending: Attending, by: Role = 'physician') {
  const asked = async <R extends object>(sql: string, values: unknown[] = []): Promise<R[]> =>
    (await attending.admin.query(sql, values)).rows as R[];
  const one = async (sql: string, values: unknown[] = []): Promise<string> => {
    const [row] = await asked<{ id: string }>(sql, values);
    if (!row) throw new Error(`there is none: ${sql}`);
    return row.id;
  };

  const draft = async (tool: string, args: object, role: Role = by) => {
    const { result, body } = await callTool(attending.url, attending.tokens[role], tool, args, EVERY_TOOLSET);
    const { draft_id = '' } = (result?.structuredContent ?? {}) as { draft_id?: string };
    return { isError: result?.isError === true, draft_id, text: result?.content[0]?.text ?? body };
  };
  const shownTo = async (login: Login, draft_id: string) => (await login.ask('GET', `/drafts/${draft_id}`)).json as unknown as Shown;

  return {
    asked,
    one,
    draft,
    shownTo,
    /** A living patient of a clinic, of whom the SQL condition on `p` holds. */
    aPatientId: (tenant_id: string, where = 'true') =>
      one(
        `select p.id from data.patients p where p.tenant_id = $1 and p.replaced_by is null and p.deceased_on is null and p.active and ${where} order by p.id limit 1`,
        [tenant_id],
      ),
    async sign(login: Login, draft_id: string) {
      const { version, payload_hash } = await shownTo(login, draft_id);
      // Who may not see it has nothing to sign with.
      if (payload_hash === undefined) return login.ask('GET', `/drafts/${draft_id}`);
      return login.ask('POST', `/drafts/${draft_id}/sign`, { version, payload_hash });
    },
    /** Signs all of them at the same moment; answers the statuses, sorted. */
    async signAtOnce(login: Login, draft_ids: readonly string[]): Promise<number[]> {
      const shown = await Promise.all(draft_ids.map(async (draft_id) => ({ draft_id, ...(await shownTo(login, draft_id)) })));
      const signed = await Promise.all(
        shown.map(({ draft_id, version, payload_hash }) => login.ask('POST', `/drafts/${draft_id}/sign`, { version, payload_hash })),
      );
      return signed.map(({ status }) => status).sort();
    },
    async revise(login: Login, draft_id: string, change: object) {
      const { version, payload } = await shownTo(login, draft_id);
      return login.ask('POST', `/drafts/${draft_id}/revise`, { version, payload: { ...payload, ...change } });
    },
    /** What a tool drafts after its person's AI was given a patient's message is held, and a new conversation ends it. */
    async isHeldAfterTheInbox(login: Login, tool: string, args: object) {
      await callTool(attending.url, attending.tokens[by], 'get_inbox', {}, EVERY_TOOLSET);
      const { isError, text } = await draft(tool, args);
      expect([isError, text]).toEqual([true, expect.stringContaining('/admin/ai-drafts/holds/')]);
      await login.ask('POST', '/conversation/new', {});
    },
    /** Expects that it is refused with these words, and that nothing waits because of it. Answers what the model reads. */
    async refused(tool: string, args: object, words: RegExp, role: Role = by): Promise<string> {
      const [before] = await asked('select count(*)::int as n from data.pending_actions');
      const { isError, text } = await draft(tool, args, role);
      expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
      expect(await asked('select count(*)::int as n from data.pending_actions')).toEqual([before]);
      return text;
    },
  };
}
