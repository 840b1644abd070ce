import type { RulesFile } from './agent-definition.ts';

/**
 * The rules files of an agent as prompts judge them: a path, or a folder with `/*`; `A|B` is A, and B only where there is
 * no A.
 */
export const rulesPatterns = (rules: readonly RulesFile[]): readonly string[] =>
  rules
    .filter(({ path }) => !rules.some(({ unless }) => unless === path))
    .map(({ path, unless }) => (unless === undefined ? [path] : [unless, path]).map(withStar).join('|'));

const withStar = (path: string): string => (path.endsWith('/') ? `${path}*` : path);
