import type { Git } from '#main/services/git/git.ts';
import type { SpecSlug } from '#shared/ids.ts';

/** Whether the history of a base has a commit that says, by the trailer of our merges, that it brought a spec in. */
export async function isSpecMerged(
  git: Pick<Git, 'read'>,
  { projectPath, base, slug }: { projectPath: string; base: string; slug: SpecSlug },
): Promise<boolean> {
  const { text, exitCode } = await git.read({
    name: 'look for a merged spec',
    cwd: projectPath,
    // A slug is letters, digits and dashes: nothing in it means anything to a pattern.
    args: ['log', '-1', '--format=%H', `--grep=^Spec: ${slug}$`, `refs/heads/${base}`, '--'],
    // 128: there is no such branch.
    okExitCodes: [0, 128],
  });
  return exitCode === 0 && text.trim() !== '';
}
