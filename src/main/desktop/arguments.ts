import { resolve } from 'node:path';

import { z } from 'zod';

/** What a start of the app asks for. A second start hands it to the first. */
export const startRequest = z.object({ project: z.string().nullable(), demo: z.boolean() });
export type StartRequest = z.output<typeof startRequest>;

/**
 * Reads the command line. It also holds switches of Chromium's and what the system adds, so what is not known is passed
 * over; `scripts/start.ts` has refused what the person mistyped.
 */
export function parseStartRequest(argv: readonly string[], currentFolder: string): StartRequest {
  let project: string | null = null;
  for (const [index, argument] of argv.entries()) {
    if (argument.startsWith('--project=')) project = argument.slice('--project='.length);
    else if (argument === '--project') project = argv[index + 1] ?? null;
  }
  const isFolder = project !== null && project !== '' && !project.startsWith('--');
  return {
    project: isFolder && project !== null ? resolve(currentFolder, project) : null,
    demo: argv.includes('--demo'),
  };
}
