import type { Prompt, PromptPart } from '#shared/contract/prompts.ts';

/** A part of two prompts, beside each other. */
export interface ComparedPart {
  key: string;
  kind: PromptPart['kind'];
  title: string;
  /** `filled`: from the same file, with other values put in. */
  state: 'same' | 'filled' | 'changed' | 'only-left' | 'only-right';
  left: string | null;
  right: string | null;
}

/**
 * The parts of two prompts, aligned by what they are: an invariant, rules or a module by its name, the spec and the task with
 * each other. The order is the left one's; what only the right one has stands where that has it.
 */
export function comparePrompts(left: Prompt, right: Prompt): readonly ComparedPart[] {
  const lefts = new Map(left.parts.map((part) => [keyOf(part), part]));
  const rights = new Map(right.parts.map((part) => [keyOf(part), part]));
  const order: string[] = [];
  const waiting = [...rights.keys()];
  for (const key of lefts.keys()) {
    if (rights.has(key)) {
      // Whatever the right one has before this, and the left one nowhere.
      const before = waiting.splice(0, waiting.indexOf(key) + 1);
      order.push(...before.filter((each) => each !== key && !lefts.has(each)));
    }
    order.push(key);
  }
  order.push(...waiting.filter((key) => !lefts.has(key)));

  return order.flatMap((key) => {
    const [one, other] = [lefts.get(key), rights.get(key)];
    const part = one ?? other;
    if (!part) return [];
    const texts = { left: one ? textOf(left, one) : null, right: other ? textOf(right, other) : null };
    return [{ key, kind: part.kind, title: part.title, state: stateOf(one, other, texts), ...texts }];
  });
}

const keyOf = ({ kind, id }: PromptPart): string =>
  kind === 'spec' || kind === 'work' || kind === 'task' ? kind : `${kind} ${id}`;

const textOf = (prompt: Prompt, { from, to }: PromptPart): string => prompt.text.slice(from, to);

function stateOf(
  one: PromptPart | undefined,
  other: PromptPart | undefined,
  texts: Pick<ComparedPart, 'left' | 'right'>,
): ComparedPart['state'] {
  if (!one) return 'only-right';
  if (!other) return 'only-left';
  if (texts.left === texts.right) return 'same';
  return one.version === other.version ? 'filled' : 'changed';
}
