import { z } from 'zod';

import { gateTimes, type GateTime } from '#shared/contract/gates.ts';

/** A command whose exit code says whether a tree may be merged, as the project's config declares it. */
export interface Gate {
  id: string;
  title: string;
  /** A shell command, run in the worktree. */
  run: string;
  /** Gates that have to pass before it is worth running. */
  needs: readonly string[];
  timeoutMinutes: number;
  when: GateTime;
}

/** What the config says of gates, with what is wrong about it in sentences. */
export interface GateConfig {
  gates: readonly Gate[];
  problems: readonly string[];
}

/** Long enough for the tests of a large project. */
const defaultTimeoutMinutes = 20;

const text = z
  .string()
  .max(20_000)
  .refine((value) => !value.includes('\0'), 'contains a NUL character');
const gate = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'is letters, digits, dots and dashes, at most 40'),
  title: text.optional(),
  run: text.refine((value) => value.trim() !== '', 'is empty'),
  needs: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  timeout: z.number().min(0.05).max(240).default(defaultTimeoutMinutes),
  when: z.enum(gateTimes).default('review'),
});

/**
 * Reads the `gates` of a config: a list of `{ id, run, needs, timeout, when }`, or a map of names to commands. A gate that is
 * broken, or that waits for itself, is left out and named: a gate that silently does nothing would count as passed.
 */
export function readGates(value: unknown): GateConfig {
  const problems: string[] = [];
  const found = new Map<string, Gate>();
  for (const [name, item] of itemsOf(value, problems)) {
    const parsed = gate.safeParse(item);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      problems.push(`Gate ${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not understood'}.`);
      continue;
    }
    const { id, title, run, needs, timeout, when } = parsed.data;
    if (found.has(id)) problems.push(`Gate ${id} is declared twice; the first one holds.`);
    else found.set(id, { id, title: title ?? id, run, needs, timeoutMinutes: timeout, when });
  }
  for (const { id, needs } of found.values()) {
    const missing = needs.filter((other) => !found.has(other));
    if (missing.length > 0)
      problems.push(`Gate ${id} needs ${missing.join(', ')}, which is not declared, so it cannot run.`);
    else if (waitsForItself(id, found))
      problems.push(`Gate ${id} waits for itself through what it needs, so it cannot run.`);
  }
  return { gates: [...found.values()], problems };
}

/** The gates that can never run: what they need is not there, or needs them. */
export function cannotRun(id: string, gates: readonly Gate[]): string | null {
  const byId = new Map(gates.map((each) => [each.id, each]));
  const missing = byId.get(id)?.needs.find((other) => !byId.has(other));
  if (missing !== undefined) return `It needs the gate ${missing}, which is not declared.`;
  return waitsForItself(id, byId) ? 'It waits for itself through what it needs.' : null;
}

/** Gates in an order in which each stands behind what it needs. */
export function inOrder(gates: readonly Gate[]): readonly Gate[] {
  const byId = new Map(gates.map((each) => [each.id, each]));
  const done = new Set<string>();
  const ordered: Gate[] = [];
  const visit = (each: Gate): void => {
    if (done.has(each.id)) return;
    done.add(each.id);
    for (const need of each.needs) {
      const needed = byId.get(need);
      if (needed) visit(needed);
    }
    ordered.push(each);
  };
  for (const each of gates) visit(each);
  return ordered;
}

function itemsOf(value: unknown, problems: string[]): readonly (readonly [string, unknown])[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item, index) => [nameOf(item) ?? String(index + 1), item] as const);
  if (typeof value === 'object') {
    return Object.entries(value).map(([id, item]) => [
      id,
      typeof item === 'string' ? { id, run: item } : { id, ...(item as object) },
    ]);
  }
  problems.push('gates: expected a list of gates, each with an id and a command.');
  return [];
}

const nameOf = (item: unknown): string | null =>
  typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string' ? item.id : null;

function waitsForItself(id: string, byId: ReadonlyMap<string, Gate>): boolean {
  const seen = new Set<string>();
  const waiting = [...(byId.get(id)?.needs ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === id) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(byId.get(next)?.needs ?? []));
  }
  return false;
}
