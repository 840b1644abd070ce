/**
 * What the model is to do, written into the prompt as one line: `MODEL PLAN: [...]`. The server plays the last plan that
 * the conversation holds, one step for each answer, so that it needs no memory of its own.
 */
export type Step =
  /** Writes a file with the agent's own tool for it. */
  | { do: 'write'; path: string; text: string }
  /** Runs a command with the agent's own shell. */
  | { do: 'run'; command: string }
  /** Says something. The turn is over then. */
  | { do: 'say'; text: string };

const mark = 'MODEL PLAN: ';

/** As a line for a prompt, in which no quote can be lost. */
export const planLine = (steps: readonly Step[]): string =>
  `${mark}${Buffer.from(JSON.stringify(steps)).toString('base64url')}.`;

/** The last plan of a text; null when it has none. */
export function findPlan(text: string): readonly Step[] | null {
  const found = [...text.matchAll(/MODEL PLAN: ([\w-]+)\./g)].at(-1)?.[1];
  return found === undefined ? null : (JSON.parse(Buffer.from(found, 'base64url').toString('utf8')) as Step[]);
}

/** What a conversation is, whatever its wire format: who said what, in order. */
export interface Turn {
  from: 'person' | 'model' | 'tool';
  text: string;
}

/** The step that comes next: the plan's, as many as tools have answered since the person gave it. */
export function nextStep(turns: readonly Turn[]): Step {
  const given = turns.findLastIndex(({ from, text }) => from === 'person' && findPlan(text) !== null);
  const plan = findPlan(turns[given]?.text ?? '');
  if (!plan) return { do: 'say', text: 'A title' };
  const done = turns.slice(given + 1).filter(({ from }) => from === 'tool').length;
  return plan[done] ?? { do: 'say', text: 'There is nothing left to do.' };
}
