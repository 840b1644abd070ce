import type { RE2JS } from 're2js';

import type { InvariantCommand } from '#main/services/gates/gate-ports.ts';
import type { UnreadableCheck } from '#main/services/gates/unreadable-check.ts';
import { promptVersion } from '#main/services/prompts/compose.ts';
import { promptFilePath, promptsRoot, readPromptSources } from '#main/services/prompts/prompt-sources.ts';
import { hasRules, parseInvariant, type InvariantRules, type LineRule } from '#shared/invariant/invariant-file.ts';

import { compileExpression, expressionProblems } from './expressions.ts';

/** An invariant as it lies in the person's checkout, ready to be held against branches. */
export interface Invariant {
  /** File name without `.md`. */
  id: string;
  title: string;
  text: string;
  /** As prompts name it. */
  version: string;
  rules: InvariantRules;
  lines: readonly CompiledLineRule[];
  hasRules: boolean;
}

export interface CompiledLineRule extends LineRule {
  expression: RE2JS;
}

/** The invariants of a checkout, and what of them cannot be read, so that nothing of it counts as kept. */
export interface InvariantFiles {
  /** In the order of their names. */
  invariants: readonly Invariant[];
  unreadable: readonly UnreadableCheck[];
}

export async function readInvariantFiles(projectPath: string): Promise<InvariantFiles> {
  const { sources, unread } = await readPromptSources({ project: projectPath, own: null });
  const unreadable = unread.flatMap(({ kind, id, reason, isRefused }): readonly UnreadableCheck[] => {
    if (kind !== 'invariant' || !isRefused) return [];
    const path = pathOf(id);
    const title = id === '' ? 'The project’s invariants' : id;
    return [{ kind, title, path, line: null, message: reason.replace(path, 'It') }];
  });
  const invariants = sources
    .filter(({ kind }) => kind === 'invariant')
    .map(({ id, title, text }) => {
      const { rules, problems } = parseInvariant(text);
      unreadable.push(
        ...[
          ...problems.filter(({ severity }) => severity === 'error'),
          ...expressionProblems(rules).map((message) => ({ line: null, message })),
        ].map(({ line, message }) => ({ kind: 'invariant' as const, title, path: pathOf(id), line, message })),
      );
      const lines = rules.lines.flatMap((rule) => {
        const expression = compileExpression(rule.match);
        return typeof expression === 'string' ? [] : [{ ...rule, expression }];
      });
      return {
        id,
        title,
        text,
        version: promptVersion(text),
        rules,
        lines,
        hasRules: hasRules(rules),
      };
    });
  return { invariants, unreadable };
}

const pathOf = (id: string): string =>
  id === '' ? `${promptsRoot}/invariants` : promptFilePath({ kind: 'invariant', origin: 'project', id });

/** The invariants of a checkout, in the order of their names. */
export const readInvariants = async (projectPath: string): Promise<readonly Invariant[]> =>
  (await readInvariantFiles(projectPath)).invariants;

/** The commands that invariants carry. */
export const invariantCommandsOf = (invariants: readonly Invariant[]): readonly InvariantCommand[] =>
  invariants.flatMap(({ id, title, rules: { command } }) => (command === null ? [] : [{ id, title, ...command }]));
