import { parseInvariant } from './invariant-file.ts';
import { rulesInWords } from './rules-in-words.ts';

/**
 * An invariant as it is told to agents: its prose, then what of it is checked, in sentences. `fill` puts values in the places of
 * the prose's variables.
 */
export function invariantInWords(source: string, fill = (prose: string): string => prose): string {
  const { body, rules } = parseInvariant(source);
  const prose = fill(body.trim());
  const checked = rulesInWords(rules).map((sentence) => `- ${sentence}`);
  return checked.length === 0 ? prose : [prose, '', 'This is checked on every change:', '', ...checked].join('\n');
}
