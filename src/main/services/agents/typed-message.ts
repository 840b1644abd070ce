import type { AgentDefinition } from './agent-definition.ts';

/** What goes into an agent's terminal to give it a message: the text, and a moment later the key that sends it. */
export interface TypedMessage {
  paste: string;
  send: string;
}

/**
 * A message as the agent takes one. Control characters are left out, so that a text that somebody else has written
 * cannot end the paste early and press keys.
 */
export function typedMessage(definition: Pick<AgentDefinition, 'message'>, text: string): TypedMessage {
  const clean = text
    .replaceAll(/\r\n?/g, '\n')
    // oxlint-disable-next-line no-control-regex -- control characters are what is left out
    .replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '')
    .trimEnd()
    // A terminal sends the Enter key's character for a line end, also within a paste.
    .replaceAll('\n', '\r');
  return { paste: definition.message === 'paste' ? `\x1b[200~${clean}\x1b[201~` : clean, send: '\r' };
}
