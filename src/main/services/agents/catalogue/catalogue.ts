import type { Program } from '#main/base/programs.ts';
import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';

import { amp } from './amp.ts';
import { claude } from './claude.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { droid } from './droid.ts';
import { gemini } from './gemini.ts';
import { kilo } from './kilo.ts';
import { opencode } from './opencode.ts';
import { pi } from './pi.ts';
import { qwen } from './qwen.ts';
import { scribe } from './scribe.ts';
import { shell } from './shell.ts';

/** The agents that come with the app, in the order in which they are offered. */
export function builtInAgents(options: {
  scribe: Program;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}): readonly AgentDefinition[] {
  return [
    claude,
    codex,
    kilo,
    opencode,
    gemini,
    qwen,
    copilot,
    pi,
    droid,
    cline,
    amp,
    shell(shellOf(options)),
    scribe(options.scribe),
  ];
}

/** The person's shell, as the system names it. */
export function shellOf({ platform, env }: { platform: NodeJS.Platform; env: NodeJS.ProcessEnv }): string {
  if (platform === 'win32') return env['ComSpec'] ?? env['COMSPEC'] ?? 'cmd.exe';
  return env['SHELL'] || '/bin/sh';
}
