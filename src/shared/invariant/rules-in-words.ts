import type { InvariantRules } from './invariant-file.ts';

/** What is checked, one sentence for each rule: for the agent that has to keep it, and for the person who reads along. */
export function rulesInWords(rules: InvariantRules): readonly string[] {
  const { forbid, require, dependencies, limit, lines, command } = rules;
  return [
    ...(forbid.length > 0 ? [`Nothing in ${listed(forbid)} is changed, added or deleted.`] : []),
    ...require.map(({ path, with: condition }) =>
      condition.length === 0
        ? `Something in ${quoted(path)} is changed as well.`
        : `Whoever changes something in ${listed(condition)} changes something in ${quoted(path)} as well.`,
    ),
    ...(dependencies === null
      ? []
      : [
          dependencies.length === 0 ? 'No dependency is added.' : `No dependency is added but ${listed(dependencies)}.`,
        ]),
    ...(limit === null ? [] : [`At most ${limitInWords(limit)} are changed${exceptInWords(limit.except)}.`]),
    ...lines.map(
      ({ match, in: within, except, say }) =>
        `No added line${within.length === 0 ? '' : ` in ${listed(within)}`}${except.length === 0 ? '' : `${exceptInWords(except)},`} matches ${quoted(match)}.${say === '' ? '' : ` ${say}`}`,
    ),
    ...(command === null
      ? []
      : [
          `${quoted(command.run)} ends with exit code 0${command.when === 'review' ? ', when the work comes to review' : ''}.`,
        ]),
  ];
}

export const limitInWords = ({ files, lines }: { files: number | null; lines: number | null }): string =>
  [...(files === null ? [] : [`${String(files)} files`]), ...(lines === null ? [] : [`${String(lines)} lines`])].join(
    ' and ',
  );

const quoted = (text: string): string => `\`${text}\``;
const listed = (texts: readonly string[]): string => texts.map(quoted).join(', ');
const exceptInWords = (globs: readonly string[]): string => (globs.length === 0 ? '' : `, but for ${listed(globs)}`);
