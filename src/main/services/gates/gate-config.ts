import { z } from 'zod';

import { gateTimes, type GateTime } from '#shared/contract/gates.ts';
import { didYouMean } from '#shared/spec/did-you-mean.ts';

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

/** Something wrong about a gate. */
export interface GateProblem {
  /** The gate's id, or its number in the list, or `gates` for all of them. */
  gate: string;
  /** A sentence. */
  message: string;
  /** Where it is, below the key `gates`. */
  at: readonly (string | number)[];
  /** Whether it is not among the gates because of it. */
  isLeftOut: boolean;
}

/** What the config says of gates. While there are problems they are not all the gates that are meant. */
export interface GateConfig {
  gates: readonly Gate[];
  problems: readonly GateProblem[];
}

/** Long enough for the tests of a large project. */
const defaultTimeoutMinutes = 20;

const text = z
  .string('is not text')
  .max(20_000, 'is too long')
  .refine((value) => !value.includes('\0'), 'contains a NUL character');
const gateId = z
  .string('is not text')
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'is not letters, digits, dots and dashes, at most 40');
const gate = z.strictObject(
  {
    id: gateId,
    title: text.optional(),
    run: text.refine((value) => value.trim() !== '', 'is empty'),
    needs: z
      .union([z.string().transform((one) => [one]), z.array(z.string())], 'is not a gate’s id, or a list of them')
      .default([]),
    timeout: z
      .number('is not a number of minutes')
      .min(0.05, 'is shorter than 0.05 minutes')
      .max(240, 'is longer than 240 minutes')
      .default(defaultTimeoutMinutes),
    when: z.enum(gateTimes, `is none of ${gateTimes.join(', ')}`).default('review'),
  },
  'it is not keys with values, like `{ id: tests, run: npm test }`',
);
const gateKeys = Object.keys(gate.shape);

/**
 * Reads the `gates` of a config: a list of `{ id, run, needs, timeout, when }`, or a map of names to commands. A gate that is
 * broken, or that waits for itself, is left out and named: a gate that silently does nothing would count as passed.
 */
export function readGates(value: unknown): GateConfig {
  const problems: GateProblem[] = [];
  const found = new Map<string, Gate>();
  const places = new Map<string, string | number>();
  for (const { name, place, item } of itemsOf(value, problems)) {
    const leaveOut = (message: string, at: readonly (string | number)[] = [place]): void => {
      problems.push({ gate: name, message, at, isLeftOut: true });
    };
    const parsed = gate.safeParse(item);
    if (!parsed.success) {
      const { issues } = parsed.error;
      // A misspelt key is why another one is missing.
      const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
      if (issue) leaveOut(`Gate ${name}: ${issueWords(issue, item)}`, [place, ...placeOf(issue)]);
      continue;
    }
    const { id, title, run, needs, timeout, when } = parsed.data;
    if (found.has(id)) {
      leaveOut(`Gate ${id} is declared twice. Give one of them another id.`);
      continue;
    }
    found.set(id, { id, title: title ?? id, run, needs, timeoutMinutes: timeout, when });
    places.set(id, place);
  }
  for (const { id, needs } of found.values()) {
    const at = [places.get(id) ?? 0, 'needs'];
    const never = (why: string): void => {
      problems.push({ gate: id, message: `Gate ${id} ${why}, so it cannot run.`, at, isLeftOut: false });
    };
    const missing = needs.filter((other) => !found.has(other));
    if (missing.length > 0) never(`needs ${missing.join(', ')}, which is not declared`);
    else if (waitsForItself(id, found)) never('waits for itself through what it needs');
  }
  return { gates: [...found.values()], problems };
}

/** The key that an issue is about; none where it is about the gate as a whole. */
const placeOf = (issue: z.core.$ZodIssue): readonly (string | number)[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.slice(0, 1)
    : issue.path.filter((part): part is string | number => typeof part !== 'symbol');

function issueWords(issue: z.core.$ZodIssue, item: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const meant = didYouMean(key, gateKeys);
    const hint = meant === null ? `A gate can have ${gateKeys.join(', ')}.` : `Did you mean \`${meant}\`?`;
    return `\`${key}\` is not known here. ${hint}`;
  }
  const [key] = issue.path;
  if (key === undefined) return `${issue.message}.`;
  const isThere = typeof item === 'object' && item !== null && Object.hasOwn(item, key);
  return `\`${String(key)}\` ${isThere ? issue.message : 'is missing'}.`;
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

interface GateItem {
  name: string;
  /** Its place below `gates`. */
  place: string | number;
  item: unknown;
}

function itemsOf(value: unknown, problems: GateProblem[]): readonly GateItem[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    return value.map((item, index) => ({ name: nameOf(item) ?? String(index + 1), place: index, item }));
  }
  if (typeof value === 'object') {
    return Object.entries(value).map(([id, item]) => ({
      name: id,
      place: id,
      item: typeof item === 'string' ? { id, run: item } : { id, ...(item as object) },
    }));
  }
  const message = 'gates: expected a list of gates, each with an id and a command.';
  problems.push({ gate: 'gates', message, at: [], isLeftOut: true });
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
