import { z } from 'zod';

import type { Gh } from '#main/services/gh/gh.ts';
import type { GhFailure } from '#shared/contract/imports.ts';
import { fail, ok, type Result } from '#shared/result.ts';

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
  readonly #gh: Gh;

  constructor(gh: Gh) {
    this.#gh = gh;
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
    const end = await this.#gh.run({ args, cwd });
    if (end.kind === 'missing') return fail({ kind: 'gh-missing' });
    const failed = (message: string) => fail({ kind: 'gh-failed' as const, message });
    if (end.kind === 'timed-out') return failed(`It did not answer within ${String(end.seconds)} s.`);
    if (end.kind === 'failed') return failed(end.message);
    if (end.kind === 'cancelled') return failed('It was ended.');
    if (end.exitCode !== 0) {
      return failed(end.stderr === '' ? `It ended with exit code ${String(end.exitCode)}.` : end.stderr);
    }
    const read = schema.safeParse(jsonOf(end.stdout));
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
