import { isScalar, isSeq } from 'yaml';

import { parseGlob } from '#shared/footprint/glob.ts';
import { FrontMatterReader, type Placed, type Report } from '#shared/spec/front-matter-reader.ts';
import { findFrontMatter, problemsIn, type FrontMatterProblem } from '#shared/spec/front-matter.ts';

/** Lines that a branch adds must not match this. */
export interface LineRule {
  /** A regular expression as RE2 has them: no look-around, no back references, and never slow. */
  match: string;
  /** Globs; empty: every file. */
  in: readonly string[];
  except: readonly string[];
  /** What to do instead; empty: nothing more is said. */
  say: string;
}

/** A branch that changes something must change something here too. */
export interface RequireRule {
  path: string;
  /** Only when it changes something of these; empty: whenever it changes anything. */
  with: readonly string[];
}

/** What of an invariant can be checked without anybody's judgement. */
export interface InvariantRules {
  /** Globs of what no branch may touch. */
  forbid: readonly string[];
  require: readonly RequireRule[];
  /** The only dependencies that a branch may add; null: any. */
  dependencies: readonly string[] | null;
  /** How much a branch may change; null: as much as it likes. */
  limit: { files: number | null; lines: number | null; except: readonly string[] } | null;
  lines: readonly LineRule[];
  /** A command that must end with exit code 0 in the branch's worktree: with every change of it, or only when it comes to review. */
  command: { run: string; timeoutMinutes: number; when: 'change' | 'review' } | null;
}

/** An invariant: prose for the agents and, in its front matter, rules that are checked. */
export interface InvariantFile {
  title: string | null;
  rules: InvariantRules;
  body: string;
  problems: readonly FrontMatterProblem[];
}

const noRules: InvariantRules = { forbid: [], require: [], dependencies: null, limit: null, lines: [], command: null };
const ruleKeys = ['forbid', 'require', 'dependencies', 'limit', 'lines', 'command'] as const;
const maxFrontMatterLength = 64 * 1024;
const maxItems = 100;
/** Nobody can read a longer one, and its automaton grows with it. */
export const maxExpressionLength = 500;
const defaultCommandMinutes = 20;

/** Whether anything of it is checked. */
export const hasRules = ({ forbid, require, dependencies, limit, lines, command }: InvariantRules): boolean =>
  forbid.length + require.length + lines.length > 0 || dependencies !== null || limit !== null || command !== null;

/**
 * Reads an invariant. It never fails: what cannot be read becomes a problem and is not checked, and the rest holds. Other keys
 * than `title` and `rules` are other programs' and are left alone.
 */
export function parseInvariant(text: string): InvariantFile {
  const place = findFrontMatter(text);
  if (place.kind !== 'found') return { title: null, rules: noRules, body: text, problems: [] };
  const body = text.slice(place.bodyFrom);
  if (place.yaml.length > maxFrontMatterLength) {
    const message = 'The front matter is longer than 64 KB, so its rules are not checked.';
    const problem = { severity: 'error' as const, message, line: 1, column: 1, endLine: 1, endColumn: 4 };
    return { title: null, rules: noRules, body, problems: [problem] };
  }
  const { report, problems } = problemsIn(text, place);
  const reader = new FrontMatterReader(place.yaml, report);
  const fields = reader.fields(null);
  const title = oneLine(reader.text(fields.get('title')?.value, 'The title'));
  for (const { key } of fields.values()) {
    if (key.value === 'rules' || !/^rules?$/iu.test(key.value)) continue;
    report('error', `\`${key.value}\` is not a key that is known here. Did you mean \`rules\`?`, key.from, key.to);
  }
  const rules = fields.get('rules')?.value;
  // The parser guesses on after an error, and half a rule is worse than none that is reported.
  const read = rules === undefined || reader.hasSyntaxErrors ? noRules : readRules(reader, rules, report);
  return { title: title === '' ? null : title.slice(0, 200), rules: read, body, problems: problems() };
}

/** A key that is not known is no warning here: the rule that it was meant to be is not checked. */
const fieldsOf = (reader: FrontMatterReader, value: unknown, what: string, known: readonly string[]) =>
  reader.fieldsOf(value, what, known, 'error');

function readRules(reader: FrontMatterReader, value: unknown, report: Report): InvariantRules {
  const fields = fieldsOf(reader, value, '`rules`', ruleKeys);
  if (fields === null) return noRules;
  const of = (key: (typeof ruleKeys)[number]): unknown => fields.get(key)?.value;
  const globs = (list: unknown, what: string): readonly string[] => readGlobs(reader, list, what, report);
  return {
    forbid: globs(of('forbid'), '`forbid`'),
    require: readRequired(reader, of('require'), report),
    dependencies: fields.has('dependencies') ? readNames(reader, of('dependencies')) : null,
    limit: fields.has('limit') ? readLimit(reader, of('limit'), report) : null,
    lines: readLines(reader, of('lines'), report),
    command: fields.has('command') ? readCommand(reader, of('command'), report) : null,
  };
}

function readGlobs(reader: FrontMatterReader, list: unknown, what: string, report: Report): readonly string[] {
  const globs: string[] = [];
  for (const item of itemsOf(reader, list, what, report)) {
    const found = reader.text(item, `Each item of ${what}`);
    if (!found) continue;
    const glob = parseGlob(found.value);
    if (typeof glob === 'string') report('error', `In ${what}, “${short(found.value)}” ${glob}.`, found.from, found.to);
    else globs.push(found.value);
  }
  return globs;
}

function readRequired(reader: FrontMatterReader, list: unknown, report: Report): readonly RequireRule[] {
  const rules: RequireRule[] = [];
  for (const item of itemsOf(reader, list, '`require`', report)) {
    const fields = reader.hasKeys(item)
      ? fieldsOf(reader, item, 'an item of `require`', ['path', 'with'])
      : new Map<string, never>();
    const [path] = readGlobs(
      reader,
      reader.hasKeys(item) ? asList(fields?.get('path')?.value) : asList(item),
      '`require`',
      report,
    );
    if (path === undefined || fields === null) {
      if (reader.hasKeys(item) && !fields?.has('path')) {
        report('error', 'An item of `require` needs a path: add `path: …`.', ...placeOf(fields));
      }
      continue;
    }
    const given = fields.get('with')?.value;
    const condition = readGlobs(reader, asList(given), '`with`', report);
    // A condition that cannot be read would otherwise make the rule hold always.
    if (given === undefined || condition.length > 0) rules.push({ path, with: condition });
    else if (isBlank(given)) report('error', '`with` names no file, so this is not checked.', ...placeOf(fields));
  }
  return rules;
}

const readNames = (reader: FrontMatterReader, list: unknown): readonly string[] =>
  reader.items(list, '`dependencies`').flatMap((item) => reader.text(item, 'A dependency')?.value ?? []);

function readLimit(reader: FrontMatterReader, value: unknown, report: Report): InvariantRules['limit'] {
  const fields = fieldsOf(reader, value, '`limit`', ['files', 'lines', 'except']);
  if (fields === null) return null;
  const number = (key: string): number | null => {
    const found = reader.text(fields.get(key)?.value, `\`${key}\``);
    if (!found) return null;
    if (/^\d{1,9}$/u.test(found.value)) return Number(found.value);
    report('error', `\`${key}\` must be a number.`, found.from, found.to);
    return null;
  };
  const [files, lines] = [number('files'), number('lines')];
  return files === null && lines === null
    ? null
    : { files, lines, except: readGlobs(reader, asList(fields.get('except')?.value), '`except`', report) };
}

function readLines(reader: FrontMatterReader, list: unknown, report: Report): readonly LineRule[] {
  const rules: LineRule[] = [];
  for (const item of itemsOf(reader, list, '`lines`', report)) {
    const fields = reader.hasKeys(item)
      ? fieldsOf(reader, item, 'an item of `lines`', ['match', 'in', 'except', 'say'])
      : new Map<string, never>();
    if (fields === null) continue;
    const match = reader.text(reader.hasKeys(item) ? fields.get('match')?.value : item, 'What lines must not match');
    if (!match || match.value === '') {
      if (reader.hasKeys(item))
        report('error', 'An item of `lines` needs a pattern: add `match: …`.', ...placeOf(fields));
      continue;
    }
    if (match.value.length > maxExpressionLength) {
      report('error', `A pattern is longer than ${String(maxExpressionLength)} characters.`, match.from, match.to);
      continue;
    }
    const given = fields.get('in')?.value;
    const within = readGlobs(reader, asList(given), '`in`', report);
    // Without a place that can be read it would hold everywhere.
    if (given !== undefined && within.length === 0) {
      if (isBlank(given)) report('error', '`in` names no file, so this is not checked.', ...placeOf(fields));
      continue;
    }
    rules.push({
      match: match.value,
      in: within,
      except: readGlobs(reader, asList(fields.get('except')?.value), '`except`', report),
      say: oneLine(reader.text(fields.get('say')?.value, '`say`')),
    });
  }
  return rules;
}

function readCommand(reader: FrontMatterReader, value: unknown, report: Report): InvariantRules['command'] {
  const fields = reader.hasKeys(value)
    ? fieldsOf(reader, value, '`command`', ['run', 'timeout', 'when'])
    : new Map<string, never>();
  const run = reader.text(reader.hasKeys(value) ? fields?.get('run')?.value : value, 'The command');
  if (!fields || !run || run.value.trim() === '') {
    if (reader.hasKeys(value)) report('error', '`command` needs what to run: add `run: …`.', ...placeOf(fields));
    return null;
  }
  // A NUL ends an argument early, so that another command would run than the one that was shown.
  if (run.value.includes('\0') || run.value.length > 20_000) {
    report('error', 'The command is too long, or contains a NUL character.', run.from, run.to);
    return null;
  }
  const minutes = reader.text(fields.get('timeout')?.value, '`timeout`');
  const timeoutMinutes = minutes === null ? defaultCommandMinutes : Number(minutes.value);
  if (!(timeoutMinutes >= 0.05 && timeoutMinutes <= 240)) {
    report('error', '`timeout` must be minutes, at most 240.', minutes?.from ?? 0, minutes?.to ?? 0);
    return null;
  }
  const when = reader.text(fields.get('when')?.value, '`when`');
  if (when !== null && when.value !== 'change' && when.value !== 'review') {
    report('error', '`when` must be `change` or `review`.', when.from, when.to);
    return null;
  }
  return { run: run.value, timeoutMinutes, when: when?.value === 'review' ? 'review' : 'change' };
}

function itemsOf(reader: FrontMatterReader, list: unknown, what: string, report: Report): readonly unknown[] {
  const items = Array.isArray(list) ? list : reader.items(list, what);
  if (items.length <= maxItems) return items;
  report('error', `${what} has more than ${String(maxItems)} items; the first ${String(maxItems)} are checked.`, 0, 0);
  return items.slice(0, maxItems);
}

/** A single text where a list may stand is meant as a list of one. */
const asList = (value: unknown): unknown =>
  value === undefined || (typeof value === 'object' && value !== null && 'items' in value) ? value : [value];

/** Whether nothing stands there; what cannot be read is reported where it is read. */
const isBlank = (value: unknown): boolean =>
  value === null || (isScalar(value) && value.value === null) || (isSeq(value) && value.items.length === 0);

const placeOf = (fields: ReadonlyMap<string, { key: Placed<string> }> | null): [number, number] => {
  const [first] = fields?.values() ?? [];
  return first ? [first.key.from, first.key.to] : [0, 0];
};

const oneLine = (found: Placed<string> | null): string => found?.value.replaceAll(/\s+/gu, ' ').trim() ?? '';
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
