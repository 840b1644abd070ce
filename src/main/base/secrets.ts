/** Names of variables whose values open something. */
const secretName =
  /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(?:API|ACCESS|PRIVATE|AUTH)_?KEY|_PAT)(?:S|_[A-Z0-9]+)*$/i;
/** Shorter ones would be found in all kinds of words. */
const shortest = 8;

/**
 * Puts the name of a variable in the place of its value, for those variables of an environment that hold secrets. A message
 * of a system or of Git can hold any of them: in an address, in a command line.
 */
export function hideSecrets(env: NodeJS.ProcessEnv): (text: string) => string {
  const secrets = Object.entries(env)
    .flatMap(([name, value]) =>
      secretName.test(name) && value !== undefined && value.trim().length >= shortest ? [{ name, value }] : [],
    )
    // One may be a part of another.
    .toSorted((a, b) => b.value.length - a.value.length);
  return (text) =>
    secrets.reduce((hidden, { name, value }) => {
      const written = JSON.stringify(value).slice(1, -1);
      return hidden.replaceAll(value, `[${name}]`).replaceAll(written, `[${name}]`);
    }, text);
}
