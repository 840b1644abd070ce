import { z } from 'zod';

/** The repository's canonical top folder, as an opaque id: two paths to the same repository have the same id. */
export const projectId = z.string().min(1).max(200).brand<'ProjectId'>();
export type ProjectId = z.output<typeof projectId>;

/** One agent at work on one spec. Random, never reused. */
export const runId = z
  .string()
  .regex(/^[a-z0-9-]{4,64}$/)
  .brand<'RunId'>();
export type RunId = z.output<typeof runId>;

/** A pty in the pty host. */
export const terminalId = z
  .string()
  .regex(/^[a-z0-9-]{4,80}$/)
  .brand<'TerminalId'>();
export type TerminalId = z.output<typeof terminalId>;

/** A spec's file name without `.md`: lower case letters, digits and dashes, safe as a file name and in a branch name. */
export const specSlug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(80)
  .brand<'SpecSlug'>();
export type SpecSlug = z.output<typeof specSlug>;

/** The catalogue's name of an agent: `claude`, `codex`, `shell`, ... */
export const agentId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
  .brand<'AgentId'>();
export type AgentId = z.output<typeof agentId>;
