// git-check-ref-format(1), rules 1 to 10, in its order as far as it matters here.
const refNameRules: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty'],
  [/^-/, 'starts with a dash'],
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  [/[\x00-\x20\x7f~^:?*[\\]/, 'has a character in it that Git allows in no branch name'],
  [/\.\.|@\{|\/\/|^\/|\/$|\.$|^@$/, 'is no name that Git allows for a branch'],
  [/(^|\/)\.|\.lock(\/|$)/, 'has a part that starts with a dot or ends in .lock'],
  [/^HEAD$|^refs\//, 'is a name that Git keeps for itself'],
];

/** Why Git would not take this as the name of a branch, as the end of a sentence; null when it would. */
export function refuseBranchName(name: string): string | null {
  if (name.length > 200) return 'is longer than 200 characters';
  return refNameRules.find(([rule]) => rule.test(name))?.[1] ?? null;
}

/** The same for a name with the placeholders `{slug}`, `{agent}` and `{variant}`, which a spawn fills in. */
export function refuseBranchTemplate(template: string): string | null {
  const unknown = /\{(?!(?:slug|agent|variant)\})[^{}]*\}/.exec(template)?.[0];
  if (unknown !== undefined) return `knows no placeholder ${unknown}: there are {slug}, {agent} and {variant}`;
  return refuseBranchName(template.replaceAll(/\{(?:slug|agent|variant)\}/g, 'x'));
}
