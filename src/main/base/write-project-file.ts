import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { errorCode } from './error-code.ts';
import { moveOver } from './move-over.ts';
import { readProjectFile, refusePlace, type ProjectFile } from './project-file.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

export type CouldNotWrite = { kind: 'could-not-write'; path: string; message: string };

/**
 * Puts another text into a file that is there, in one step: a reader sees the old text or the new one, and a crash
 * leaves one of them. The file keeps its mode. Nothing is written when it is not what it was when it was read.
 */
export async function replaceFile(
  root: string,
  path: string,
  read: ProjectFile,
  text: string,
): Promise<Result<void, CouldNotWrite | { kind: 'changed' }>> {
  const temporary = join(
    dirname(read.realPath),
    // Hidden, so that what a crash leaves behind is not taken for a spec.
    `.${basename(read.realPath)}.${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    // A rename would overwrite a file that the person has made read-only.
    await access(read.realPath, constants.W_OK);
    await writeWhole(temporary, text, read.stats.mode & 0o777);
    const present = await readProjectFile(root, path);
    if (!present.ok || present.value.version !== read.version) {
      await rm(temporary, { force: true });
      return fail({ kind: 'changed' });
    }
    await moveOver(temporary, read.realPath);
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return couldNotWrite(path, error);
  }
}

/** Writes a file that is not there, with its folder. What is there, even if it came this moment, is never touched. */
export async function writeNewFile(
  root: string,
  path: string,
  text: string,
  mode = 0o666,
): Promise<Result<void, CouldNotWrite | { kind: 'exists' }>> {
  const target = join(root, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    const refusal = refusePlace(await realpath(dirname(target)), await realpath(root));
    if (refusal !== null) return fail({ kind: 'could-not-write', path, message: `Its folder ${refusal}.` });
    await writeWhole(target, text, mode);
    return ok(undefined);
  } catch (error) {
    return errorCode(error) === 'EEXIST' ? fail({ kind: 'exists' }) : couldNotWrite(path, error);
  }
}

export function couldNotWrite(path: string, error: unknown): { ok: false; error: CouldNotWrite } {
  // What the file system refuses is an answer; anything else is a bug.
  if (errorCode(error) === null) throw error;
  return fail({ kind: 'could-not-write', path, message: errorMessage(error) });
}

/** Writes a new file and has it on the disk when it returns. When that fails, what was written is taken away again. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(text);
    // The mode that `open` was given is cut by the process's mask, and an existing file's mode was not.
    if (mode !== 0o666) await handle.chmod(mode);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
  await handle.close();
}
