import type { Step, Turn } from './plan.ts';
import { toolFor, type Tool } from './tools.ts';

/** A request in one of the four formats, as far as it matters. */
export interface Ask {
  turns: readonly Turn[];
  tools: readonly Tool[];
}

/** A way of speaking with models: how a request is read, and how an answer is streamed. */
export interface WireFormat {
  /** The paths of requests in this format. */
  path: RegExp;
  read(body: Json): Ask;
  /** The events of an answer: name and data; the name is left out where the format has none. */
  answer(step: Step, ask: Ask, folder: string): readonly (readonly [string | null, unknown])[];
  end: string;
}

// Read from what four programs send: whatever is there, at any depth.
// oxlint-disable-next-line typescript/no-explicit-any -- the bodies have no shape that this should insist on
export type Json = any;

const textOf = (content: Json): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: Json) => part?.text ?? (typeof part === 'string' ? part : '')).join('');
};
const newId = (): string => Math.random().toString(36).slice(2, 12);

export const anthropicMessages: WireFormat = {
  path: /\/v1\/messages(?:\?|$)/,
  read: (body) => ({
    turns: body.messages.flatMap((message: Json): Turn[] => {
      const parts = Array.isArray(message.content) ? message.content : [{ type: 'text', text: message.content }];
      const results = parts.filter((part: Json) => part.type === 'tool_result');
      const text = textOf(parts.filter((part: Json) => part.type === 'text'));
      return [
        ...results.map((part: Json): Turn => ({ from: 'tool', text: textOf(part.content) })),
        ...(text === '' ? [] : [{ from: message.role === 'user' ? 'person' : 'model', text } as const]),
      ];
    }),
    tools: (body.tools ?? []).map((tool: Json): Tool => ({ name: tool.name, schema: tool.input_schema ?? {} })),
  }),
  answer: (step, ask, folder) => {
    const use = step.do === 'say' ? null : toolFor(step, ask.tools, folder);
    const usage = { input_tokens: 10, output_tokens: 10, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
    const block = use
      ? { type: 'tool_use', id: `toolu_${newId()}`, name: use.name, input: {} }
      : { type: 'text', text: '' };
    const delta = use
      ? { type: 'input_json_delta', partial_json: JSON.stringify(use.input) }
      : { type: 'text_delta', text: step.do === 'say' ? step.text : '' };
    const message = { id: `msg_${newId()}`, type: 'message', role: 'assistant', model: 'mock', content: [], usage };
    const stop = { stop_reason: use ? 'tool_use' : 'end_turn', stop_sequence: null };
    return (
      [
        { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
        { type: 'content_block_start', index: 0, content_block: block },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: stop, usage },
        { type: 'message_stop' },
      ] as const
    ).map((event) => [event.type, event] as const);
  },
  end: '',
};

export const openAiChat: WireFormat = {
  path: /\/chat\/completions(?:\?|$)/,
  read: (body) => ({
    turns: body.messages.flatMap((message: Json): Turn[] => {
      if (message.role === 'system' || message.role === 'developer') return [];
      const from = message.role === 'user' ? 'person' : message.role === 'tool' ? 'tool' : 'model';
      return [{ from, text: textOf(message.content) }];
    }),
    tools: (body.tools ?? []).map((tool: Json): Tool => ({
      name: tool.function.name,
      schema: tool.function.parameters,
    })),
  }),
  answer: (step, ask, folder) => {
    const use = step.do === 'say' ? null : toolFor(step, ask.tools, folder);
    const calls = use && [
      {
        index: 0,
        id: `call_${newId()}`,
        type: 'function',
        function: { name: use.name, arguments: JSON.stringify(use.input) },
      },
    ];
    const delta = calls
      ? { role: 'assistant', content: null, tool_calls: calls }
      : { role: 'assistant', content: step.do === 'say' ? step.text : '' };
    const chunk = (choice: Json): Json => ({
      id: `chatcmpl-${newId()}`,
      object: 'chat.completion.chunk',
      created: 1,
      model: 'mock-model',
      choices: [{ index: 0, finish_reason: null, ...choice }],
    });
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    return [
      [null, chunk({ delta })],
      [null, { ...chunk({ delta: {}, finish_reason: use ? 'tool_calls' : 'stop' }), usage }],
    ];
  },
  end: 'data: [DONE]\n\n',
};

export const openAiResponses: WireFormat = {
  path: /\/responses(?:\?|$)/,
  read: (body) => ({
    turns: (Array.isArray(body.input) ? body.input : [{ role: 'user', content: body.input }]).flatMap(
      (item: Json): Turn[] => {
        if (String(item.type).endsWith('_output')) return [{ from: 'tool', text: textOf(item.output) }];
        if (item.role === 'user') return [{ from: 'person', text: textOf(item.content) }];
        return item.role === 'assistant' ? [{ from: 'model', text: textOf(item.content) }] : [];
      },
    ),
    tools: (body.tools ?? []).flatMap((tool: Json): Tool[] =>
      tool.type === 'function' || tool.type === 'custom'
        ? [{ name: tool.name, schema: tool.type === 'custom' ? null : tool.parameters }]
        : [],
    ),
  }),
  answer: (step, ask, folder) => {
    const use = step.do === 'say' ? null : toolFor(step, ask.tools, folder);
    const id = `item_${newId()}`;
    const item = !use
      ? {
          type: 'message',
          id,
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: step.do === 'say' ? step.text : '', annotations: [] }],
        }
      : typeof use.input === 'string'
        ? { type: 'custom_tool_call', id, call_id: `call_${newId()}`, name: use.name, input: use.input }
        : {
            type: 'function_call',
            id,
            call_id: `call_${newId()}`,
            name: use.name,
            arguments: JSON.stringify(use.input),
            status: 'completed',
          };
    const response = { id: `resp_${newId()}`, object: 'response', created_at: 1, model: 'mock-model' };
    const usage = {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 10,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 20,
    };
    return (
      [
        { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { ...response, status: 'completed', output: [item], usage } },
      ] as const
    ).map((event) => [event.type, event] as const);
  },
  end: '',
};

export const gemini: WireFormat = {
  path: /:(?:streamGenerateContent|generateContent)(?:\?|$)/,
  read: (body) => ({
    turns: body.contents.flatMap((content: Json): Turn[] =>
      content.parts.flatMap((part: Json): Turn[] => {
        if (part.functionResponse) return [{ from: 'tool', text: JSON.stringify(part.functionResponse.response) }];
        if (part.text === undefined) return [];
        return [{ from: content.role === 'user' ? 'person' : 'model', text: part.text }];
      }),
    ),
    tools: (body.tools ?? []).flatMap((group: Json) =>
      (group.functionDeclarations ?? []).map((tool: Json): Tool => ({
        name: tool.name,
        schema: tool.parametersJsonSchema ?? tool.parameters ?? {},
      })),
    ),
  }),
  answer: (step, ask, folder) => {
    const use = step.do === 'say' ? null : toolFor(step, ask.tools, folder);
    const part = use
      ? { functionCall: { id: newId(), name: use.name, args: use.input } }
      : { text: step.do === 'say' ? step.text : '' };
    return [
      [
        null,
        {
          candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
          usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
          modelVersion: 'mock-model',
        },
      ],
    ];
  },
  end: '',
};

export const wireFormats: readonly WireFormat[] = [anthropicMessages, openAiResponses, openAiChat, gemini];
