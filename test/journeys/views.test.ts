// The views that a chat shows beside an answer (MCP Apps), read over MCP and shown in a real browser by a host that speaks the protocol: sandboxed, without a network.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser } from '../browser.ts';
import { callTool, rpc } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let patient_id: string;
beforeAll(async () => {
  attending = await startAttending();
  const { rows } = await attending.admin.query(
    `select r.patient_id from data.lab_results r join data.patients p on p.tenant_id = r.tenant_id and p.id = r.patient_id and p.replaced_by is null and p.deceased_on is null
     where r.tenant_id = $1 and r.value is not null and r.comparator is null and r.status = 'final' group by 1, r.loinc order by count(*) desc, 1 limit 1`,
    [attending.tenants[0]?.tenant_id],
  );
  patient_id = rows[0].patient_id;
});
afterAll(() => attending.close());

const APPS = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } };
const asked = async (method: string, params: Record<string, unknown>, capabilities: object = APPS) =>
  (await rpc(attending.url, attending.tokens.physician, method, params, '/mcp', capabilities)).json.result as Record<string, never>;
const pageOf = async (uri: string) => {
  const { contents } = (await asked('resources/read', { uri })) as unknown as {
    contents: [{ text: string; mimeType: string; _meta: unknown }];
  };
  return contents[0];
};
interface Tool {
  name: string;
  _meta?: { ui: { resourceUri: string } };
}

/** Rules of whole pages: a view is a part of the chat's. */
const A_PART = ['page-has-heading-one', 'landmark-one-main'];

/** What a chat does, in its own page: a sandboxed frame with its own policy, the handshake, then the arguments and the result. */
const CHAT = `
  const said = [];
  function show({ html, result, args, theme }) {
    const frame = document.querySelector('iframe');
    const send = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
    window.onmessage = ({ data }) => {
      said.push(data);
      if (data.method === 'ui/initialize')
        send({ id: data.id, result: { protocolVersion: '2026-01-26', hostInfo: { name: 'chat', version: '1' }, hostCapabilities: { openLinks: {} }, hostContext: { theme } } });
      if (data.method === 'ui/open-link') send({ id: data.id, result: {} });
      if (data.method === 'ui/notifications/initialized') {
        send({ method: 'ui/notifications/tool-input', params: { arguments: args } });
        send({ method: 'ui/notifications/tool-result', params: result });
      }
    };
    const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";
    frame.srcdoc = html.replace('<head>', '<head><meta http-equiv="Content-Security-Policy" content="' + policy + '">');
  }
`;

async function shown(
  page: Page,
  html: string,
  { result, args = {}, theme = 'light' }: { result: unknown; args?: unknown; theme?: string },
) {
  await page.setContent(
    '<!doctype html><html lang="en"><title>chat</title><header><h1>Chat</h1></header><iframe title="view" sandbox="allow-scripts" style="width:100%;height:740px;border:0"></iframe>',
  );
  await page.addScriptTag({ content: CHAT });
  await page.evaluate(`show(${JSON.stringify({ html, result, args, theme })})`);
  return page.frameLocator('iframe');
}
const saidBy = (page: Page) => page.evaluate('said') as Promise<{ method?: string; params?: { url?: string; height?: number } }[]>;

it('are told of to who shows them, cost who does not nothing, and are the same pages for everybody', async () => {
  const told = (await asked('tools/list', {})) as unknown as { tools: Tool[] };
  const views = Object.fromEntries(told.tools.flatMap(({ name, _meta }) => (_meta ? [[name, _meta.ui.resourceUri]] : [])));
  expect(views.get_labs).toBe('ui://attending/lab-trend.html');
  expect(views.draft_chart_note).toBe('ui://attending/draft.html');
  expect(Object.keys(views).every((name) => name === 'get_labs' || name.startsWith('draft_'))).toBe(true);
  const plain = (await asked('tools/list', {}, {})) as unknown as { tools: Tool[] };
  expect(plain.tools.filter(({ _meta }) => _meta)).toEqual([]);
  expect((await asked('resources/list', {}, {})).resources).toEqual([]);

  const { resources } = (await asked('resources/list', {})) as unknown as { resources: { uri: string }[] };
  for (const { uri } of resources) {
    const page = await pageOf(uri);
    expect(page).toMatchObject({
      mimeType: 'text/html;profile=mcp-app',
      _meta: { ui: { csp: { connectDomains: [], resourceDomains: [] } } },
    });
    expect(Buffer.byteLength(page.text)).toBeLessThan(30_000);
    expect(page.text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  }
  const stranger = await rpc(attending.url, 'attn_live_nobody', 'resources/read', { uri: 'ui://attending/draft.html' });
  expect(stranger.status).toBe(401);
});

const LOOKS = [
  ['light', 'light', 720],
  ['dark', 'dark', 720],
  ['phone', 'light', 360],
] as const;

describeInBrowser('a view in a chat', (browser) => {
  verifies(
    'views:lab-trend',
    async () => {
      const { result } = await callTool(attending.url, attending.tokens.physician, 'get_labs', { patient_id, limit: 60 });
      const { text } = await pageOf('ui://attending/lab-trend.html');
      for (const [look, theme, width] of LOOKS) {
        const context = await browser().newContext({ viewport: { width, height: 850 }, colorScheme: theme });
        const page = await context.newPage();
        const requested: string[] = [];
        page.on('request', (request) => requested.push(request.url()));
        const view = await shown(page, text, { result, theme });
        await view.locator('svg[role=img]').first().waitFor();
        const labs = result?.structuredContent?.labs as { name: string; value?: number; unit?: string; comparator?: string }[];
        const drawn = view.locator('section').first();
        const [name, unit] = [
          await drawn.locator('h2').evaluate((node) => node.firstChild?.textContent),
          await drawn.locator('.unit').textContent(),
        ];
        const same = labs.filter(
          (lab) => lab.name === name && (lab.unit ?? '').replaceAll(/\{.*\}/g, '') === unit && lab.value !== undefined && !lab.comparator,
        );
        expect(same.length).toBeGreaterThan(1);
        expect(await drawn.locator('circle').count()).toBe(same.length);
        await view.locator('summary').last().click();
        expect(await view.locator('tbody tr').count()).toBe(labs.length);
        expect(requested.filter((url) => !url.startsWith('about:'))).toEqual([]);
        expect(
          (
            await new AxeBuilder({ page })
              .include({ fromFrames: ['iframe', 'html'] })
              .disableRules(A_PART)
              .analyze()
          ).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        ).toEqual([]);
        expect(
          (await saidBy(page)).some(({ method, params }) => method === 'ui/notifications/size-changed' && Number(params?.height) > 100),
        ).toBe(true);
        if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/view-labs-${look}.png` });
        await context.close();
      }
    },
    60_000,
  );

  verifies('views:draft', async () => {
    const args = { patient_id, soap: { subjective: '<img src=x onerror="document.title=1"> feels well', plan: 'Return in six weeks.' } };
    const { result } = await callTool(attending.url, attending.tokens.physician, 'draft_chart_note', args);
    const { text } = await pageOf('ui://attending/draft.html');
    const page = await browser().newPage({ viewport: { width: 720, height: 850 } });
    const answer = {
      ...result,
      structuredContent: { ...result?.structuredContent, review_url: 'https://clinic.example/admin/ai-drafts/1' },
    };
    const view = await shown(page, text, { result: answer, args });
    await view.getByRole('heading', { name: 'Waits for a person' }).waitFor();
    await view.getByText('Nothing has changed in the record yet').waitFor();
    await view.getByText('<img src=x onerror="document.title=1"> feels well').waitFor();
    expect(await view.locator('img').count()).toBe(0);
    await view.getByRole('button', { name: 'Review and sign' }).click();
    expect(await saidBy(page)).toContainEqual(
      expect.objectContaining({ method: 'ui/open-link', params: { url: 'https://clinic.example/admin/ai-drafts/1' } }),
    );

    const held = { isError: true, content: [{ type: 'text', text: 'Held: this conversation has read text from outside the clinic.' }] };
    const other = await shown(page, text, { result: held, args });
    await other.getByRole('heading', { name: 'Held for a person' }).waitFor();
    const crooked = await shown(page, text, {
      result: { structuredContent: { status: 'pending', review_url: 'javascript:alert(1)' } },
      args,
    });
    await crooked.getByRole('heading', { name: 'Waits for a person' }).waitFor();
    expect(await crooked.getByRole('button').count()).toBe(0);
    await page.close();
    for (const [look, theme, width] of process.env.SCREENS ? LOOKS : []) {
      const pictured = await browser().newPage({ viewport: { width, height: 420 }, colorScheme: theme });
      const ordinary = { patient_id, soap: { subjective: 'Feels well and walks every day.', plan: 'Return in six weeks.' } };
      const waits = await shown(pictured, text, { result: answer, args: ordinary, theme });
      await waits.getByRole('button', { name: 'Review and sign' }).waitFor();
      await pictured.screenshot({ path: `${process.env.SCREENS}/view-draft-${look}.png` });
      await pictured.close();
    }
  });
});
