import { join } from 'node:path';

import type { ConfiguredAgent } from '#main/services/projects/config.ts';

import { noStatusRules, type AgentDefinition, type PromptEntry } from './agent-definition.ts';

/** The declaration as a definition like any other. A command with a slash in it is a path from the project's top. */
export function configuredDefinition(declared: ConfiguredAgent, projectPath: string): AgentDefinition {
  const { id, label, description, command, args, resume, env, install } = declared;
  return {
    id,
    label,
    description: description === '' ? 'Declared in this project’s config.' : description,
    source: 'config',
    isForDemos: false,
    command: /^\.{0,2}[^/\\]*[/\\]/.test(command) && !isAbsolute(command) ? join(projectPath, command) : command,
    args,
    modes: [],
    prompt: entryOf(declared.prompt),
    readyPattern: null,
    message: 'paste',
    session: resume === null ? { kind: 'none' } : { kind: 'last', resume },
    rules: [],
    env,
    // Its command is the repository's: it runs when the person spawns it, and not to be asked for its version.
    version: null,
    install: install ?? `The project’s config names the command “${command}”.`,
    hooks: null,
    status: noStatusRules,
  };
}

const isAbsolute = (path: string): boolean => /^(?:[/\\]|[A-Za-z]:)/.test(path);

function entryOf({ via, flag }: ConfiguredAgent['prompt']): PromptEntry {
  switch (via) {
    case 'arg':
      return { via, endOfOptions: null };
    case 'flag':
      return { via, flag: flag ?? '--prompt' };
    case 'type':
    case 'stdin':
      return { via };
  }
}
