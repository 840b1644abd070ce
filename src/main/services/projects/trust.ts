import { createHash } from 'node:crypto';

import type { TrustState } from '#shared/contract/projects.ts';

import type { ConfiguredAgent, ProjectConfig } from './config.ts';

type NamedCommand = Extract<TrustState, { kind: 'asks' }>['commands'][number];

/** Every command that the config names, as the person is shown it before they let them run. */
export function commandsOf(config: ProjectConfig): readonly NamedCommand[] {
  const { folder, isElsewhere } = config.worktrees;
  // Not a command, and yet a way to have files of the repository run; see `isElsewhere`.
  const worktrees = isElsewhere ? [{ where: 'worktrees', command: `kept in ${folder}` }] : [];
  const setup = config.setup ? [{ where: 'setup', command: config.setup.run }] : [];
  const teardown = config.teardown ? [{ where: 'teardown', command: config.teardown.run }] : [];
  const agents = config.agents.flatMap(commandsOfAgent);
  const invariants = config.invariantCommands.map(({ id, run }) => ({ where: `invariant ${id}`, command: run }));
  const tests = config.tests ? [{ where: 'tests', command: config.tests.run }] : [];
  return [
    ...worktrees,
    ...setup,
    ...teardown,
    ...tests,
    ...commandsInGates(config.writtenGates),
    ...invariants,
    ...agents,
  ].map(({ where, command }) => ({
    where: visible(where),
    command: visible(command),
  }));
}

/** Names what the person was shown: the same commands have the same fingerprint, any other have another. */
export function fingerprintOf(config: ProjectConfig): string {
  // The declarations whole and not just the words on the screen: a variable or a flag can start a program as well.
  const { setup, teardown, tests, writtenGates, agents, worktrees, invariantCommands } = config;
  const invariants = invariantCommands.map(({ id, run }) => ({ invariant: id, run }));
  const elsewhere = worktrees.isElsewhere ? [worktrees.folder] : [];
  return (
    createHash('sha256')
      // What was added later counts only where it is there: what was allowed before stays allowed.
      .update(
        JSON.stringify([
          setup?.run ?? null,
          writtenGates,
          agents,
          ...elsewhere,
          ...(teardown ? [{ teardown: teardown.run }] : []),
          ...invariants,
          ...(tests ? [{ tests: tests.run }] : []),
        ]),
      )
      .digest('hex')
  );
}

export function trustOf(config: ProjectConfig, trusted: readonly string[]): TrustState {
  const commands = commandsOf(config);
  if (commands.length === 0) return { kind: 'nothing-to-trust' };
  const fingerprint = fingerprintOf(config);
  return trusted.includes(fingerprint) ? { kind: 'trusted' } : { kind: 'asks', commands, fingerprint };
}

/** How it is started, and how again: what is only used to resume is run as well. */
function commandsOfAgent({ id, command, args, env, prompt, resume }: ConfiguredAgent): readonly NamedCommand[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  const line = (more: readonly string[]): string =>
    [...variables, ...[command, ...args, ...more].map(quoted)].join(' ');
  const start = { where: `agent ${id}`, command: prompt.flag === null ? line([]) : `${line([prompt.flag])} <prompt>` };
  return resume === null ? [start] : [start, { where: `agent ${id}, to resume`, command: line(resume) }];
}

/** A gate is whatever has a command in it: the gates read the rest. Shown whole when it has none that is recognised. */
function commandsInGates(gates: unknown): readonly NamedCommand[] {
  if (gates === null || gates === undefined) return [];
  const named = Array.isArray(gates)
    ? gates.map((gate, index): readonly [string, unknown] => [nameOf(gate) ?? String(index + 1), gate])
    : typeof gates === 'object'
      ? Object.entries(gates)
      : [['1', gates] as const];
  return named.map(([name, gate]) => ({ where: `gate ${name}`, command: commandOf(gate) ?? JSON.stringify(gate) }));
}

const nameOf = (gate: unknown): string | null => textAt(gate, 'id') ?? textAt(gate, 'name');
const commandOf = (gate: unknown): string | null =>
  typeof gate === 'string' ? gate : (textAt(gate, 'run') ?? textAt(gate, 'command'));

function textAt(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === 'string' ? found : null;
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Characters that would hide a part of the command, or show it in another order, are written as their numbers. */
const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' || character === '\t' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
