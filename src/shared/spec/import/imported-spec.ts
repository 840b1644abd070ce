import { Document, isMap, isScalar, visit } from 'yaml';

import { withFrontMatterKey } from '#shared/spec/set-yaml-key.ts';
import { findFrontMatter } from '#shared/spec/front-matter.ts';
import { parseSpec, type Acceptance } from '#shared/spec/spec-file.ts';
import type { SpecSource } from '#shared/spec/spec-source.ts';

/** A spec as another tool says it. */
export interface ImportedSpec {
  title: string;
  body: string;
  acceptance: readonly Acceptance[];
  /** What is open in it, and would have to be asked. */
  ask: string | null;
  /** What the person should know about how it was taken over, in sentences. */
  notes: readonly string[];
}

/** Gives every criterion an id of its own that a spec can hold. */
export function withIds(criteria: readonly { id: string; text: string }[]): readonly Acceptance[] {
  const taken = new Set<string>();
  return criteria.map(({ id, text }, index) => {
    const safe = id
      .replaceAll(/[^A-Za-z0-9._-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 36);
    const base = safe === '' ? `a${String(index + 1)}` : safe;
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}-${String(number)}`;
    taken.add(name);
    return { id: name, text, check: null };
  });
}

/** A new spec file. */
export function specTextOf(spec: ImportedSpec & { footprint?: readonly string[] }, source: SpecSource | null): string {
  const frontMatter = {
    title: spec.title,
    agents: [],
    ...(spec.footprint && spec.footprint.length > 0 ? { footprint: [...spec.footprint] } : {}),
    ...(spec.acceptance.length > 0 ? { acceptance: spec.acceptance.map(criterion) } : {}),
    ...(spec.ask === null ? {} : { ask: spec.ask }),
    ...(source ? { source: { kind: source.kind, at: source.at, hash: source.hash } } : {}),
  };
  const document = new Document(frontMatter);
  visit(document, {
    Seq: (_key, node, path) => {
      const key = path.at(-1);
      // Short lists of words on one line, as a person writes them.
      if (node.items.every((item) => isScalar(item)) && !(isMap(key) && node.items.length > 4)) node.flow = true;
    },
  });
  const yaml = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return `---\n${yaml}---\n\n${spec.body.trim()}\n`;
}

/**
 * A spec that was imported before, with what its source says now. What the person has added stays: agents, prompts,
 * footprint, base, what it comes after, and the checks of criteria that are still there by their words or their ids. Null when its front matter is too
 * broken.
 */
export function withImported(text: string, spec: ImportedSpec, source: SpecSource): string | null {
  const { frontMatter } = parseSpec(text);
  const checkOf = checksOf(frontMatter.acceptance, spec.acceptance);
  const acceptance = spec.acceptance.map((each) => criterion({ ...each, check: checkOf(each) ?? each.check }));
  const keys = [
    ['title', spec.title],
    ['acceptance', acceptance.length === 0 ? null : acceptance],
    ['ask', spec.ask],
    ['source', { ...source }],
  ] as const;
  const head = keys.reduce<string | null>(
    (edited, [key, value]) => (edited === null ? null : withFrontMatterKey(edited, key, value)),
    text,
  );
  if (head === null) return null;
  const place = findFrontMatter(head);
  return place.kind === 'found' ? `${head.slice(0, place.bodyFrom)}\n${spec.body.trim()}\n` : null;
}

/**
 * What proves a criterion of the source as it is now: what proved the same words, or else what had its id, unless those words
 * have another id by now. Ids are mostly numbers, and a check must not come to stand for another criterion.
 */
function checksOf(
  before: readonly Acceptance[],
  now: readonly Acceptance[],
): (criterion: Acceptance) => string | null | undefined {
  const present = new Set(now.map(({ text }) => text));
  const byText = new Map(before.map((each) => [each.text, each]));
  const byId = new Map(before.filter(({ text }) => !present.has(text)).map((each) => [each.id, each]));
  return ({ id, text }) => (byText.get(text) ?? byId.get(id))?.check;
}

/** The same spec, with word of the source as it is now: the person has seen it, and keeps their own. */
export const withSource = (text: string, source: SpecSource): string | null =>
  withFrontMatterKey(text, 'source', { ...source });

const criterion = ({ id, text, check }: Acceptance) => ({ id, text, ...(check === null ? {} : { check }) });
