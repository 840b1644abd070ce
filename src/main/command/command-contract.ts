import { z } from 'zod';

import { contract } from '#shared/contract/index.ts';
import { call, fails, returns } from '#shared/contract/define.ts';
import type { Api } from '#shared/contract/define.ts';

/**
 * What the `switchyard` command asks of the host that runs: all that a page can ask, and what only the host's own shell
 * can do.
 */
export const commandContract = {
  ...contract,
  shell: {
    ...contract.shell,
    /**
     * Shows a project to the person: in a window of its own, or at the address that comes back, which lets a browser in and
     * is as good as a password.
     */
    open: call(z.object({ path: z.string().min(1).max(4096) }), returns<{ address: string | null }>(), fails<never>()),
  },
};
export type CommandApi = Api<typeof commandContract>;

const greeting = 'switchyard-command';

/** The first message of a command. Its form never changes, so that any host can refuse any command in words. */
export const commandHello = z.object({
  hello: z.literal(greeting),
  version: z.string().max(100),
  secret: z.string().max(256),
});

export const commandAnswer = z.union([
  z.object({ welcome: z.literal(true) }),
  z.object({ refused: z.enum(['hello', 'secret', 'version']), version: z.string().max(100) }),
]);
export type CommandAnswer = z.output<typeof commandAnswer>;

export const helloOf = (version: string, secret: string): z.output<typeof commandHello> => ({
  hello: greeting,
  version,
  secret,
});
