import { execFile } from 'node:child_process';

import { z } from 'zod';

import { errorCode } from '#main/base/error-code.ts';
import type { GhFailure } from '#shared/contract/imports.ts';
import { fail, ok, type Result } from '#shared/result.ts';

const limitMilliseconds = 30_000;
const maxOutputBytes = 8_000_000;

const listed = z.array(
  z.object({
    number: z.number(),
    title: z.string(),
    labels: z.array(z.object({ name: z.string() })).default([]),
    updatedAt: z.string().default(''),
    url: z.string().default(''),
  }),
);
const single = z.object({ number: z.number(), title: z.string(), body: z.string().nullable().default('') });

/** Reads the issues of a repository through GitHub's own `gh`, with the person's own login. It writes nothing there. */
export class GithubIssues {
  readonly #environment: () => Promise<NodeJS.ProcessEnv>;

  /** `environment`: with the person's own PATH, on which `gh` is looked for. */
  constructor(environment: () => Promise<NodeJS.ProcessEnv>) {
    this.#environment = environment;
  }

  async list(
    projectPath: string,
    search: string,
  ): Promise<
    Result<readonly (Omit<z.output<typeof listed>[number], 'labels'> & { labels: readonly string[] })[], GhFailure>
  > {
    const found = await this.#ask(
      projectPath,
      ['issue', 'list', '--state', 'open', '--limit', '100', '--json', 'number,title,labels,updatedAt,url'].concat(
        search.trim() === '' ? [] : [`--search=${search.trim()}`],
      ),
      listed,
    );
    if (!found.ok) return found;
    return ok(found.value.map((issue) => ({ ...issue, labels: issue.labels.map(({ name }) => name) })));
  }

  async read(projectPath: string, number: number): Promise<Result<{ title: string; body: string }, GhFailure>> {
    const found = await this.#ask(
      projectPath,
      ['issue', 'view', String(number), '--json', 'number,title,body'],
      single,
    );
    return found.ok ? ok({ title: found.value.title, body: found.value.body ?? '' }) : found;
  }

  async #ask<T>(cwd: string, args: readonly string[], schema: z.ZodType<T>): Promise<Result<T, GhFailure>> {
    const env = {
      ...(await this.#environment()),
      GH_PROMPT_DISABLED: '1',
      GH_NO_UPDATE_NOTIFIER: '1',
      NO_COLOR: '1',
      // `gh` asks Git where the repository comes from, and the repository's own programs are not to run for that.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: 'false',
    };
    const answer = await new Promise<Result<string, GhFailure>>((resolve) => {
      const child = execFile(
        'gh',
        [...args],
        { cwd, env, timeout: limitMilliseconds, maxBuffer: maxOutputBytes, windowsHide: true },
        (error, stdout, stderr) => {
          if (!error) resolve(ok(stdout));
          else if (errorCode(error) === 'ENOENT') resolve(fail({ kind: 'gh-missing' }));
          else resolve(fail({ kind: 'gh-failed', message: wordsOf(stderr, error) }));
        },
      );
      child.stdin?.end();
    });
    if (!answer.ok) return answer;
    const read = schema.safeParse(jsonOf(answer.value));
    if (read.success) return ok(read.data);
    return fail({ kind: 'gh-failed', message: 'It answered in a form that is not known here. Is it up to date?' });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function wordsOf(stderr: string, error: { message: string; killed?: boolean | undefined }): string {
  if (error.killed) return `It did not answer within ${String(limitMilliseconds / 1000)} s.`;
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const words = stderr.replaceAll(/\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f]/g, '').trim();
  return (words === '' ? error.message : words).slice(0, 600);
}
