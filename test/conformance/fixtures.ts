// What the official conformance suite (0.2.0-alpha.12) asks a server to have, laid over the product by the same door. Never part of the product.
import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type GetPromptResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Extend } from '../../src/http/mcp-server.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

const text = (words: string) => ({ type: 'text' as const, text: words });
const say = (words: string): CallToolResult => ({ content: [text(words)] });
const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };
const embedded = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
});
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

const states = createRequestStateCodec({ key: new Uint8Array(32).fill(7), ttlSeconds: 600 });
const form = (message: string, field: string, type: 'string' | 'boolean') => {
  const asked = type === 'string' ? { type: 'string' as const } : { type: 'boolean' as const };
  return inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [field]: asked }, required: [field] } });
};
const question = (words: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens });

/** What the state of an earlier round says. Throws -32602 for one that is not ours. */
async function stateOf({ mcpReq }: ServerContext): Promise<unknown> {
  const raw = mcpReq.requestState();
  if (typeof raw !== 'string') return undefined;
  try {
    return await states.verify(raw, {} as never);
  } catch {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState');
  }
}

type Asked = CallToolResult | InputRequiredResult;
const given = (context: ServerContext, key: string) => inputResponse(context.mcpReq.inputResponses, key);

/** One question, then the answer. */
const once =
  (key: string, ask: Parameters<typeof inputRequired>[0], answer: string) =>
  (context: ServerContext): Asked =>
    given(context, key).kind === 'missing' ? inputRequired(ask) : say(answer);

async function confirmed(context: ServerContext): Promise<Asked> {
  const state = await stateOf(context);
  if (state !== undefined && acceptedContent(context.mcpReq.inputResponses, 'confirm')) return say('state-ok');
  const requestState = await states.mint('asked');
  return inputRequired({ inputRequests: { confirm: form('Please confirm', 'ok', 'boolean') }, requestState });
}

const TOOLS: Record<string, (context: ServerContext) => Asked | Promise<Asked>> = {
  test_simple_text: () => say('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }),
  test_multiple_content_types: () => ({
    content: [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }),
  test_error_handling: () => ({ ...say('This tool intentionally returns an error for testing'), isError: true }),
  async test_tool_with_progress({ mcpReq }) {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      await pause();
    }
    return say('done');
  },
  async test_tool_with_logging({ mcpReq }) {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.log('info', line);
      await pause();
    }
    return say('done');
  },
  async test_logging_tool({ mcpReq }) {
    await mcpReq.log('info', 'a line that only a request with a log level gets');
    return say('done');
  },
  test_missing_capability({ mcpReq }) {
    const envelope: Record<string, unknown> = { ...mcpReq.envelope };
    const declared = (envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as { sampling?: object };
    if (!declared.sampling) throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return say('sampling is declared');
  },
  test_streaming_elicitation: once('answer', { inputRequests: { answer: form('Go on?', 'ok', 'boolean') } }, 'done'),
  test_input_required_result_elicitation({ mcpReq }) {
    const name = acceptedContent<{ name?: string }>(mcpReq.inputResponses, 'user_name')?.name;
    return name === undefined
      ? inputRequired({ inputRequests: { user_name: form('What is your name?', 'name', 'string') } })
      : say(`Hello, ${name}!`);
  },
  test_input_required_result_sampling: once(
    'capital_question',
    { inputRequests: { capital_question: question('What is the capital of France?', 100) } },
    'The capital was answered.',
  ),
  test_input_required_result_list_roots(context) {
    const answer = given(context, 'client_roots');
    if (answer.kind === 'missing') return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    return say(JSON.stringify(answer));
  },
  test_input_required_result_request_state: confirmed,
  test_input_required_result_tampered_state: confirmed,
  async test_input_required_result_multiple_inputs(context) {
    const state = await stateOf(context);
    const inputRequests = {
      user_name: form('What is your name?', 'name', 'string'),
      greeting: question('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    };
    const missing = Object.keys(inputRequests).some((key) => given(context, key).kind === 'missing');
    return missing || state === undefined ? inputRequired({ inputRequests, requestState: await states.mint('asked') }) : say('done');
  },
  async test_input_required_result_multi_round(context) {
    const state = await stateOf(context);
    if (state === 'two' && given(context, 'step2').kind !== 'missing') return say('done');
    const isSecond = state === 'one' && given(context, 'step1').kind !== 'missing';
    const [step, ask, round] = isSecond
      ? ['step2', form('Step 2: What is your favorite color?', 'color', 'string'), 'two']
      : ['step1', form('Step 1: What is your name?', 'name', 'string'), 'one'];
    return inputRequired({ inputRequests: { [step as string]: ask as ReturnType<typeof form> }, requestState: await states.mint(round) });
  },
  test_input_required_result_capabilities: once('greeting', { inputRequests: { greeting: question('Generate a greeting', 50) } }, 'done'),
};

const RESOURCES: Record<string, { mimeType: string; text: string } | { mimeType: string; blob: string }> = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: PNG },
  'test://watched-resource': { mimeType: 'text/plain', text: 'watched' },
};

const user = (content: GetPromptResult['messages'][number]['content']) => ({ role: 'user' as const, content });
type Arguments = Record<string, string>;
const PROMPTS: Record<string, { takes: string[]; get(args: Arguments, context: ServerContext): GetPromptResult | InputRequiredResult }> = {
  test_simple_prompt: { takes: [], get: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }) },
  test_prompt_with_arguments: {
    takes: ['arg1', 'arg2'],
    get: ({ arg1, arg2 }) => ({ messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }),
  },
  test_prompt_with_embedded_resource: {
    takes: ['resourceUri'],
    get: ({ resourceUri = '' }) => ({
      messages: [
        user(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
        user(text('Please process the embedded resource above.')),
      ],
    }),
  },
  test_prompt_with_image: { takes: [], get: () => ({ messages: [user(image), user(text('Please analyze the image above.'))] }) },
  test_input_required_result_prompt: {
    takes: [],
    get: (_, context) =>
      given(context, 'user_context').kind === 'missing'
        ? inputRequired({ inputRequests: { user_context: form('What context should the prompt use?', 'context', 'string') } })
        : { messages: [user(text('With that context.'))] },
  },
};

/** The fixtures profile: the product's tools and these. */
export const fixtures: Extend = (server, { era, list, call }) => {
  server.registerCapabilities({ completions: {}, logging: {}, ...(era === 'legacy' && { resources: { subscribe: true } }) });
  if (era === 'legacy') {
    server.setRequestHandler('resources/subscribe', () => ({}));
    server.setRequestHandler('resources/unsubscribe', () => ({}));
  }
  const entry = (name: string) => ({ name, title: name, description: 'A fixture.', inputSchema: { type: 'object' as const } });
  server.setRequestHandler('tools/list', async () => ({ tools: [...(await list()), ...Object.keys(TOOLS).map(entry)] }));
  server.setRequestHandler('tools/call', ({ params: { name, arguments: input } }, context) => {
    const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
    return tool ? tool(context) : call(name, input ?? {});
  });
  server.setRequestHandler('resources/list', () => ({
    resources: Object.entries(RESOURCES).map(([uri, { mimeType }]) => ({ uri, name: uri, mimeType })),
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ name: 'data', uriTemplate: 'test://template/{id}/data', mimeType: 'application/json' }],
  }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const known = Object.hasOwn(RESOURCES, uri) ? RESOURCES[uri] : undefined;
    if (known) return { contents: [{ uri, ...known }] };
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    if (id === undefined) throw new ResourceNotFoundError(uri);
    return {
      contents: [{ uri, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }],
    };
  });
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.entries(PROMPTS).map(([name, { takes }]) => ({
      name,
      description: 'A fixture.',
      arguments: takes.map((argument) => ({ name: argument, description: 'A fixture.', required: true })),
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params: { name, arguments: args } }, context) => {
    const prompt = Object.hasOwn(PROMPTS, name) ? PROMPTS[name] : undefined;
    if (!prompt) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Prompt not found');
    return prompt.get(args ?? {}, context);
  });
  server.setRequestHandler('completion/complete', () => ({ completion: { values: [], total: 0, hasMore: false } }));
};
