import { createHash } from 'node:crypto';

/** How many tokens a text is likely to be. */
export type CountTokens = (text: string) => number;

/** Above this the tokeniser is not asked at all: a prompt of that size is a mistake, and the count beside the point. */
const maxExactBytes = 200_000;
/** Texts whose count is remembered: those of a project's modules, and the last few states of a spec being typed. */
const maxRemembered = 500;

/**
 * Counts as OpenAI's o200k models do. The tokeniser is loaded when it is first needed, because that takes a noticeable
 * moment (0.15 s and 20 MB here).
 */
export class TokenCounter {
  readonly #counts = new Map<string, number>();
  #loading: Promise<CountTokens> | null = null;

  async load(): Promise<CountTokens> {
    this.#loading ??= loadTokeniser();
    const exact = await this.#loading;
    return (text) => this.#remembered(text, exact);
  }

  #remembered(text: string, exact: CountTokens): number {
    const key = createHash('sha1').update(text).digest('base64');
    const known = this.#counts.get(key);
    const count = known ?? countTokens(text, exact);
    // Whatever was asked for last is forgotten last.
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > maxRemembered && oldest.done === false) this.#counts.delete(oldest.value);
    return count;
  }
}

async function loadTokeniser(): Promise<CountTokens> {
  const tokeniser = await import('gpt-tokenizer/encoding/o200k_base');
  // Without this a text that merely mentions a special token such as <|endoftext|> is refused.
  return (text) => tokeniser.countTokens(text, { disallowedSpecial: new Set() });
}

/**
 * The tokeniser takes the square of the length of an unbroken run: 40 s for 200 KB of one letter, measured. Runs of a
 * thousand characters and more are no prose, and are estimated at four bytes a token.
 */
export function countTokens(text: string, exact: CountTokens): number {
  if (Buffer.byteLength(text) > maxExactBytes) return estimate(text);
  return text
    .split(/(\S{1000,}|\s{1000,})/)
    .reduce((sum, part, index) => sum + (index % 2 === 0 ? exact(part) : estimate(part)), 0);
}

const estimate = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);
