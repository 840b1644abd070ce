import { setTimeout as sleep } from 'node:timers/promises';

import { counted } from '#shared/counted.ts';

import { commitFiles } from './commit.ts';
import type { Lines } from './lines.ts';
import type { Programs } from './programs.ts';
import type { Screen } from './screen.ts';
import { commitMessage, readWork, type CheckOutcome, type CommitStory, type Work } from './work.ts';
import { writeBlock } from './write-block.ts';

export interface ScribeOptions {
  folder: string;
  screen: Screen;
  lines: Lines;
  programs: Programs;
  /** Between two steps, so that a person can follow. Zero in tests. */
  paceMilliseconds: number;
  /** Whether a line that was entered before a question can be its answer: yes from a script, no from a person. */
  answersMayWait: boolean;
}

/** A check that takes longer is stopped and counts as failed. */
const checkLimitMilliseconds = 10 * 60_000;
/** Of a check's output. What failed is worth more lines than what did not. */
const tailLines = { passed: 3, failed: 12 };

const helpText = `I am scribe, the demo agent of Switchyard. I have no model and understand no language. I can:

  checks   run the checks of the spec again
  help     say this
  quit     end (also Ctrl-D)

A message with a fenced block whose first line names a file, such as \`\`\`ts file=src/a.ts, is written and committed.`;

/**
 * An agent that needs no model: it writes the files that a spec quotes, runs its checks, asks its question, commits, and
 * then stays for messages. The same prompt in the same worktree always gives the same files.
 *
 * A check that fails does not keep it from committing. The work is on a branch of its own and is merged by nobody but the
 * person; a commit that says that a check failed can be looked at, and files that lie about cannot.
 */
export class Scribe {
  readonly #options: ScribeOptions;
  #work: Work | null = null;

  constructor(options: ScribeOptions) {
    this.#options = options;
  }

  /** Does the work of a prompt, or only remembers it when that was done by an earlier start. */
  async begin(prompt: string | null, how: 'work' | 'resume'): Promise<void> {
    const { screen } = this.#options;
    screen.heading('scribe');
    screen.say('The demo agent of Switchyard: no model, only what the spec quotes. Type help to see what it can do.');
    screen.say();
    if (prompt === null) {
      screen.say('There is no prompt, so there is nothing to do.');
      return;
    }
    this.#work = readWork(prompt);
    if (how === 'work') await this.#do(this.#work, this.#work.title);
    else screen.say(`Back on “${this.#work.title}”. What was done before is in the worktree.`);
  }

  /** Takes messages until the person leaves. */
  async stay(): Promise<void> {
    const { screen, lines } = this.#options;
    for (;;) {
      screen.title('idle', `Ready · ${this.#work?.title ?? 'scribe'}`);
      screen.prompt(lines.draft);
      const line = await lines.next();
      screen.entered();
      if (line === null || /^\s*(?:quit|exit)\s*$/i.test(line)) return;
      await this.#answer(line);
    }
  }

  async #answer(message: string): Promise<void> {
    const { screen } = this.#options;
    const word = message.trim().toLowerCase();
    if (word === '') return;
    if (word === 'help') {
      screen.say(helpText);
      return;
    }
    if (word === 'checks') {
      await this.#check(this.#work?.acceptance ?? []);
      return;
    }
    const work = readWork(message);
    const lines = message.split('\n').length;
    screen.mark('note', `I have your message: ${String(message.length)} characters on ${counted(lines, 'line')}.`);
    if (work.files.length === 0) {
      for (const problem of work.problems) screen.mark('failed', problem);
      screen.say(
        'It quotes no file, and words alone tell me nothing: I have no model. Type help to see what I can do.',
      );
      return;
    }
    const { acceptance = [], slug = null } = this.#work ?? {};
    await this.#do({ ...work, slug, acceptance }, `Follow up: ${work.title}`);
  }

  async #do(work: Work, subject: string): Promise<void> {
    const { screen } = this.#options;
    screen.heading(work.title);
    const { paths, refused } = await this.#write(work);
    if (work.isSplit) {
      screen.say();
      screen.say(
        `I drafted ${counted(paths.length, 'smaller spec')}, one for each point of its acceptance. Nothing is committed.`,
      );
      return;
    }
    const checks = await this.#check(work.acceptance);
    const answer = work.ask === null ? null : await this.#ask(work.ask);
    if (work.ask !== null && answer === null) {
      screen.mark('failed', 'Nobody answered, so nothing was committed. The files are in the worktree.');
      return;
    }
    const story: CommitStory = {
      subject,
      slug: work.slug,
      answer: work.ask === null || answer === null ? null : { question: work.ask, text: answer },
      checks,
      refused,
    };
    await this.#commit(paths, story);
    screen.say();
  }

  async #write({ files, problems }: Work): Promise<{ paths: readonly string[]; refused: readonly string[] }> {
    const { screen, folder } = this.#options;
    const paths = new Set<string>();
    const refused = [...problems];
    for (const problem of problems) screen.mark('failed', problem);
    if (files.length === 0) screen.mark('note', 'The text quotes no file, so there is none to write.');
    for (const file of files) {
      const written = await this.#step(`Writing ${file.path}`, () => writeBlock(folder, file));
      if (written.ok) {
        const { path, change, lines } = written.value;
        paths.add(path);
        screen.mark('done', `${path}: ${change === 'same' ? 'as it should be' : change}, ${counted(lines, 'line')}`);
      } else {
        const line = `${file.path} ${written.error.reason}`;
        refused.push(line);
        screen.mark('failed', `${line}, so I did not write it`);
      }
    }
    return { paths: [...paths], refused };
  }

  async #check(acceptance: Work['acceptance']): Promise<readonly CheckOutcome[]> {
    const { screen, programs } = this.#options;
    const outcomes: CheckOutcome[] = [];
    for (const criterion of acceptance) {
      const { id, text, check } = criterion;
      // How a test is run by its name is the project's to know, and a question is the person's.
      if (check === null || /^(?:ask|test):/u.test(check)) {
        const why = check === null ? 'There is no check' : 'I cannot check that';
        screen.mark('note', `${id}: ${text} ${why}, so this is not proven.`);
        outcomes.push({ criterion, kind: 'unproven' });
        continue;
      }
      const { code, output } = await this.#step(`Checking ${id}: ${check}`, () =>
        programs.runCommand(check, checkLimitMilliseconds),
      );
      outcomes.push(code === 0 ? { criterion, kind: 'passed' } : { criterion, kind: 'failed', code });
      screen.mark(code === 0 ? 'done' : 'failed', `${id}: ${text}`);
      if (code !== 0)
        screen.mark('failed', `“${check}” ended with ${code === null ? 'no exit code' : `exit code ${String(code)}`}`);
      const shown = code === 0 ? tailLines.passed : tailLines.failed;
      const tail = output.trimEnd().split('\n').slice(-shown).join('\n');
      if (tail !== '') screen.quote(tail);
    }
    const failed = outcomes.filter(({ kind }) => kind === 'failed').length;
    if (failed > 0)
      screen.say(
        `${String(failed)} of ${String(outcomes.length)} did not hold. What becomes of that is for you to decide.`,
      );
    return outcomes;
  }

  /** Null when nobody will answer any more. An empty line is no answer. */
  async #ask(question: string): Promise<string | null> {
    const { screen, lines, answersMayWait } = this.#options;
    screen.title('waiting', question);
    screen.say();
    screen.say(question);
    for (;;) {
      screen.prompt(lines.draft);
      const line = await (answersMayWait ? lines.next() : lines.nextNew());
      screen.entered();
      if (line === null) return null;
      if (line.trim() !== '') return line.trim();
    }
  }

  async #commit(paths: readonly string[], story: CommitStory): Promise<void> {
    const { screen, programs } = this.#options;
    if (paths.length === 0) {
      screen.mark('note', 'Nothing was written, so there is nothing to commit.');
      return;
    }
    const committed = await this.#step('Committing', () => commitFiles(programs, paths, commitMessage(story)));
    if (committed.ok) {
      screen.mark('done', `Committed ${committed.value.hash}: ${story.subject}`);
    } else if (committed.error.kind === 'nothing-to-commit') {
      screen.mark('note', 'All of it is committed already.');
    } else {
      screen.mark('failed', 'Git did not take the commit. The files are in the worktree.');
      screen.quote(committed.error.output.trimEnd());
    }
  }

  async #step<T>(text: string, task: () => Promise<T>): Promise<T> {
    const { screen, paceMilliseconds } = this.#options;
    screen.title('working', text);
    const done = screen.working(text);
    try {
      if (paceMilliseconds > 0) await sleep(paceMilliseconds);
      return await task();
    } finally {
      done();
    }
  }
}
