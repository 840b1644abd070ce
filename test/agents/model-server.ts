import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { nextStep, type Step, type Turn } from './plan.ts';
import { wireFormats, type Json } from './wire-formats.ts';

/** An answer that was given, and when its last byte was sent. */
export interface Answered {
  at: number;
  turns: readonly Turn[];
  step: Step;
}

/**
 * A model on loopback that does what the prompt's plan says. It speaks Anthropic Messages, OpenAI Responses, OpenAI Chat
 * Completions and Gemini, as streams, so that real agents work without an account.
 */
export class ModelServer {
  /** How long it thinks before each answer, in milliseconds. */
  thinks = 300;
  readonly answered: Answered[] = [];
  /** Requests that it could not answer, with why. */
  readonly refused: string[] = [];
  readonly #server: Server;
  /** Where files are to be written; told by whoever starts an agent. */
  folder = '/';

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.refused.push(`${request.url ?? ''}: ${String(error)}`);
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { type: 'mock', message: String(error) } }));
      });
    });
  }

  static async start(): Promise<ModelServer> {
    const made = new ModelServer();
    await new Promise<void>((resolve) => made.#server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Whether the person's words have reached the model whole. */
  hasHeard(text: string): boolean {
    return this.answered.some(({ turns }) => turns.some((turn) => turn.from === 'person' && turn.text.includes(text)));
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const format = wireFormats.find(({ path }) => path.test(url));
    if (!format || request.method !== 'POST') {
      // Whatever else is asked (models, tokens, settings) has an answer that says little.
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'mock-model', object: 'model' }], input_tokens: 10 }));
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
    const ask = format.read(body);
    const log = process.env['MODEL_LOG'];
    if (log !== undefined) appendFileSync(log, `${JSON.stringify({ url, body })}\n`);
    const step = nextStep(ask.turns);
    if (ask.tools.length > 0) await wait(this.thinks);
    // A request without tools is for a title or the like.
    const given: Step = ask.tools.length === 0 && step.do !== 'say' ? { do: 'say', text: 'A title' } : step;
    const events = format.answer(given, ask, this.folder);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    for (const [name, data] of events) {
      response.write(`${name === null ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
    }
    response.end(format.end);
    if (ask.tools.length > 0) this.answered.push({ at: Date.now(), turns: ask.turns, step: given });
  }
}
