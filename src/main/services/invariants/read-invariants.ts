import type { RE2JS } from 're2js';

import type { InvariantCommand } from '#main/services/gates/gate-ports.ts';
import { promptVersion } from '#main/services/prompts/compose.ts';
import { readPromptSources } from '#main/services/prompts/prompt-sources.ts';
import { hasRules, parseInvariant, type InvariantRules, type LineRule } from '#shared/invariant/invariant-file.ts';

import { compileExpression } from './expressions.ts';

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
  /** What of its rules cannot be checked as it is written, in sentences. */
  problems: readonly string[];
}

export interface CompiledLineRule extends LineRule {
  expression: RE2JS;
}

/** The invariants of a checkout, in the order of their names. */
export async function readInvariants(projectPath: string): Promise<readonly Invariant[]> {
  const { sources } = await readPromptSources({ project: projectPath, own: null });
  return sources
    .filter(({ kind }) => kind === 'invariant')
    .map(({ id, title, text, errors }) => {
      const { rules } = parseInvariant(text);
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
        problems: errors,
      };
    });
}

/** The commands that invariants carry. */
export async function readInvariantCommands(projectPath: string): Promise<readonly InvariantCommand[]> {
  return (await readInvariants(projectPath)).flatMap(({ id, title, rules: { command } }) =>
    command === null ? [] : [{ id, title, ...command }],
  );
}
