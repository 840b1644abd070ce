import type { Program } from '#main/base/programs.ts';

import type { HookPlace } from './agent-definition.ts';

/** How an agent starts the reporter: through a shell, for hooks that are command lines, and without one. */
export function reporterCommand(program: Program, platform: NodeJS.Platform): Pick<HookPlace, 'command' | 'argv'> {
  const variables = Object.entries(program.env).map(([name, value]) => `${name}=${value}`);
  const plain = [program.execPath, ...program.args];
  if (platform === 'win32') {
    // Which shell a hook gets there differs from agent to agent, and none of them sets a variable for one command.
    // Without its variables, the app's own executable would start the app with each event.
    return { command: null, argv: variables.length === 0 ? plain : null };
  }
  const argv = variables.length === 0 ? plain : ['/usr/bin/env', ...variables, ...plain];
  return { command: argv.map(quoted).join(' '), argv };
}

const quoted = (text: string): string => (/^[\w./=:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
