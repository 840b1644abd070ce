import { RE2JS } from 're2js';

import { errorMessage } from '#shared/error-message.ts';
import type { InvariantRules } from '#shared/invariant/invariant-file.ts';

/**
 * Makes an expression ready. The engine takes time in proportion to the text, whatever the expression: one from a repository
 * must not be able to stop the app. What it does not know is said as the end of a sentence.
 */
export function compileExpression(source: string): RE2JS | string {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const why = errorMessage(error).replace(/^error parsing regexp: /u, '');
    return `is no expression that can be checked: ${why}`;
  }
}

/** What is wrong with the expressions of an invariant, in sentences. */
export const expressionProblems = (rules: InvariantRules): readonly string[] =>
  rules.lines.flatMap(({ match }) => {
    const compiled = compileExpression(match);
    return typeof compiled === 'string' ? [`The pattern \`${match}\` ${compiled}.`] : [];
  });
