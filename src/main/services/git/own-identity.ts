import type { Git } from '#main/services/git/git.ts';

/** Without this, Git makes an identity up from the machine's name when the person has set none. */
export const ownIdentityOnly = ['-c', 'user.useConfigOnly=true'];

/** Whether commits can be made here in the person's own name. */
export async function hasIdentity(folder: string, git: Pick<Git, 'read'>): Promise<boolean> {
  const { exitCode } = await git.read({
    name: 'find out who you are',
    cwd: folder,
    args: [...ownIdentityOnly, 'var', 'GIT_COMMITTER_IDENT'],
    okExitCodes: [0, 128],
  });
  return exitCode === 0;
}

/** Whether Git's words say that it does not know in whose name to commit. */
export const saysNobody = (stderr: string): boolean =>
  /tell me who you are|auto-detection is disabled|empty ident name/iu.test(stderr);
