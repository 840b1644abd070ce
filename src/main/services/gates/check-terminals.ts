import { createHash, randomBytes } from 'node:crypto';

import type { Log } from '#main/base/log.ts';
import { terminalId, type TerminalId } from '#shared/ids.ts';

import type { TerminalsPort } from './gate-ports.ts';
import { runCommand, type CheckCommand, type CheckEnd } from './run-command.ts';

/** Who has commands run: the checks of a run, the train, a pair of branches, a conflict that is solved by hand. */
export type CheckKind = 'check' | 'train' | 'pair' | 'resolve';

/** Who checks here now: what another has begun was left by a Switchyard that is no more. */
const self = randomBytes(4).toString('hex');

/** The kind, the worktree, whose it is, and which: enough for a later Switchyard, which has nothing but the name. */
const named = /^(?:check|train|pair|resolve)-([0-9a-f]{12})-([0-9a-f]{8})-[0-9a-f]{16}$/u;
/** As they were called before: nobody can tell in which worktree they are. */
const formerlyNamed = /^(?:(?:check|train|pair)-[0-9a-f]{16}|resolve-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u;

/**
 * The terminals in which the commands of checks run. They are the pty host's, so a command goes on when the app is killed, and
 * would write into the files of the next check. So nothing starts in a worktree before whatever was started there has ended.
 */
export class CheckTerminals {
  readonly #kind: CheckKind;
  readonly #terminals: TerminalsPort;
  readonly #log: Log;

  constructor(options: { kind: CheckKind; terminals: TerminalsPort; log: Log }) {
    this.#kind = options.kind;
    this.#terminals = options.terminals;
    this.#log = options.log;
  }

  /** A name for the terminal of the next command in a worktree. */
  next(worktreePath: string): TerminalId {
    return terminalId.parse(`${this.#kind}-${keyOf(worktreePath)}-${self}-${randomBytes(8).toString('hex')}`);
  }

  /**
   * Runs a command to its end, once every earlier one in its folder has been ended. One of those that cannot be ended keeps it
   * from being started, which is no pass.
   */
  async run(command: Omit<CheckCommand, 'terminalId'> & { terminalId?: TerminalId }): Promise<CheckEnd> {
    const { cwd } = command.process;
    const survivors = await this.endEarlier(cwd);
    if (survivors.length > 0) {
      return { outcome: 'not-started', exitCode: null, reason: survivorsInWords(survivors), output: '' };
    }
    const needs = { terminals: this.#terminals, log: this.#log };
    return runCommand(needs, { ...command, terminalId: command.terminalId ?? this.next(cwd) });
  }

  /** Ends what still runs of the checks in a worktree, with all that they have started; returns the processes that would not. */
  async endEarlier(worktreePath: string): Promise<readonly number[]> {
    const key = keyOf(worktreePath);
    return endChecks(this.#terminals, (id) => named.exec(id)?.[1] === key || formerlyNamed.test(id));
  }
}

/**
 * Ends what a Switchyard that was killed has left running of its checks, wherever it is; returns the processes that would not
 * end. Nobody will ask how it came out: no evidence is kept of it.
 */
export async function endLeftoverChecks(
  terminals: Pick<TerminalsPort, 'list' | 'elsewhereIds' | 'kill' | 'remove'>,
): Promise<readonly number[]> {
  return endChecks(terminals, (id) => {
    const [, , by] = named.exec(id) ?? [];
    return by === undefined ? formerlyNamed.test(id) : by !== self;
  });
}

/** Why nothing is started in a worktree. */
export const survivorsInWords = (survivors: readonly number[]): string =>
  `What an earlier check has started here still runs and could not be ended (${survivors.length === 1 ? 'process' : 'processes'} ${survivors.join(', ')}). End it and try again.`;

async function endChecks(
  terminals: Pick<TerminalsPort, 'list' | 'elsewhereIds' | 'kill' | 'remove'>,
  isMeant: (id: TerminalId) => boolean,
): Promise<readonly number[]> {
  // Asked first: it brings over what is known of other versions' hosts.
  const listed = (await terminals.list()).map(({ id }) => id);
  const ids = new Set([...listed, ...terminals.elsewhereIds()].filter(isMeant));
  const ended = await Promise.all(
    Array.from(ids, async (id) => {
      const survivors = await terminals.kill(id);
      // As long as something of it runs its name is all by which that can be found.
      if (survivors.length === 0) await terminals.remove(id);
      return survivors;
    }),
  );
  return ended.flat();
}

const keyOf = (worktreePath: string): string => createHash('sha256').update(worktreePath).digest('hex').slice(0, 12);
