import { MessageSquareReply, Pencil, SendHorizontal } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { handOverProblem } from '#renderer/state/hand-over-problem.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { isLive } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConflictLines } from '#renderer/ui/ConflictLines.tsx';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { Select } from '#renderer/ui/Select.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Agent } from '#shared/contract/agents.ts';
import type { ConflictHelp, ConflictOrigin } from '#shared/contract/conflicts.ts';
import type { Conflict } from '#shared/contract/merges.ts';
import type { CollidingFile } from '#shared/contract/radar.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import { assertNever } from '#shared/result.ts';

import { ConflictDialog } from './ConflictDialog.tsx';
import styles from './ConflictSection.module.css';

interface ConflictSectionProps {
  run: Run;
  conflicts: readonly Conflict[];
  base: string;
  onLookAgain: () => void;
}

/** Why a branch does not merge: what collides, what both sides are for, and how it can be solved. */
export function ConflictSection({ run, conflicts, base, onLookAgain }: ConflictSectionProps): ReactNode {
  const help = useConflictHelp(run, conflicts);
  const [brief, setBrief] = useState<string | null>(null);
  const [isByHand, setIsByHand] = useState(false);
  const files: readonly CollidingFile[] = help?.files ?? conflicts.map((each) => ({ ...each, hunks: null }));

  const writeBrief = (): void => {
    perform('Put the message together', async () => {
      const made = await host.conflicts.brief({ id: run.id });
      if (made.ok) setBrief(made.value.text);
      else if (made.error.kind === 'no-conflict') onLookAgain();
      else
        notify.warn({ title: 'The conflict cannot be looked at', description: 'A branch is gone. Nothing was sent.' });
    });
  };

  return (
    <>
      <Callout
        tone="error"
        title={`Conflicts in ${counted(conflicts.length, 'file')}`}
        actions={
          brief === null ? (
            <>
              <Button
                size="sm"
                variant="primary"
                icon={<MessageSquareReply />}
                reason={run.presence.worktree ? null : 'Its worktree is gone, and the merge would be made there.'}
                onClick={writeBrief}
              >
                Ask {run.agent.label} to solve it…
              </Button>
              <Button size="sm" icon={<Pencil />} onClick={() => setIsByHand(true)}>
                Solve it by hand…
              </Button>
            </>
          ) : null
        }
      >
        Nothing was changed. {base} and this branch changed the same places. Its agent can merge {base} into the branch,
        in its own worktree; your checkout is not touched. Or merge another branch first.
      </Callout>
      {brief === null ? null : <AskAgent run={run} text={brief} onText={setBrief} onClose={() => setBrief(null)} />}
      {isByHand ? (
        <ConflictDialog
          run={run}
          onClose={() => {
            setIsByHand(false);
            onLookAgain();
          }}
        />
      ) : null}
      <div className={styles.conflicts}>
        {help && help.origins.length > 0 ? <Origins origins={help.origins} base={base} /> : null}
        <ul className={styles.files} aria-label="Conflicting files">
          {files.map((file) => (
            <li key={`${file.path}:${file.reason}`}>
              <p className={styles.path}>
                <code>{file.path}</code>
                <span>{file.reason}</span>
              </p>
              {file.hunks?.map((hunk) => (
                <ConflictLines key={hunk.line} hunk={hunk} ours={base} theirs={run.branch} />
              ))}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function Origins({ origins, base }: { origins: readonly ConflictOrigin[]; base: string }): ReactNode {
  return (
    <div className={styles.origins}>
      <p className={styles.heading}>What came into {base} meanwhile and changed the same files</p>
      <ul>
        {origins.map(({ hash, subject, author, at, spec, run }) => (
          <li key={hash}>
            <code>{hash.slice(0, 8)}</code>
            <span className={styles.subject} dir="auto">
              {spec?.title ?? subject}
            </span>
            <span className={styles.by}>
              {author}, <RelativeTime at={at} ago />
            </span>
            {spec === null ? null : (
              <Button
                size="sm"
                variant="ghost"
                onClick={() => {
                  if (run === null) useView.getState().showSpec(spec.slug);
                  else useView.getState().showReview(run);
                }}
              >
                {run === null ? 'Its spec' : 'Its review'}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface AskAgentProps {
  run: Run;
  text: string;
  onText: (text: string) => void;
  onClose: () => void;
}

function AskAgent({ run, text, onText, onClose }: AskAgentProps): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const agents = (useMirror((mirror) => mirror.agents) ?? []).filter(({ takesPrompt }) => takesPrompt);
  const [who, setWho] = useState<string>(ownAgent);
  const another = agents.find(({ id }) => id === who) ?? null;
  const hand = async (agent: Agent): Promise<void> => {
    const handed = await host.runs.continueWith({ id: run.id, agentId: agent.id, note: text });
    if (handed.ok) {
      onClose();
      notify.success({
        title: `${agent.label} was asked to solve it`,
        description: 'It works in the same worktree now. When it has merged, this says so.',
        action: { label: 'Terminal', run: () => useView.getState().openTerminal(run.id) },
      });
      return;
    }
    setProblem(handOverProblem(run, handed.error));
  };
  const send = (): void => {
    perform('Ask the agent', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        if (another !== null) {
          await hand(another);
          return;
        }
        const asked = await host.conflicts.ask({ id: run.id, text });
        if (asked.ok) {
          onClose();
          notify.success({
            title: `${run.agent.label} was asked to solve it`,
            description: 'When it has merged, this says so. Its checks run again on the result.',
            action: { label: 'Terminal', run: () => useView.getState().openTerminal(run.id) },
          });
          return;
        }
        const { error } = asked;
        switch (error.kind) {
          case 'run-missing':
            setProblem('This run is no longer there. Nothing was sent.');
            return;
          case 'worktree-missing':
            setProblem('Its worktree is gone. Nothing was sent.');
            return;
          case 'asks':
            setProblem(
              'It waits for an answer, and a message would be taken for that. Answer it in its terminal first.',
            );
            return;
          case 'not-running':
            setProblem(`Nothing was sent. ${error.reason}`);
            return;
          default:
            assertNever(error);
        }
      } finally {
        setIsBusy(false);
      }
    });
  };
  return (
    <div className={styles.ask}>
      <Select
        size="sm"
        label="Who solves it"
        value={who}
        options={[
          { value: ownAgent, label: `${run.agent.label}, which wrote the branch` },
          ...agents.map(({ id, label, availability, isForDemos }) => ({
            value: id as string,
            label: `${isForDemos ? `${label} (for demos)` : label}, from anew`,
            description: 'It takes the run over: the same worktree, the spec, and this.',
            reason: availability.kind === 'missing' ? `Not there. To get it: ${availability.install}` : null,
          })),
        ]}
        onChange={setWho}
      />
      {another !== null && isLive(run) ? (
        <Callout tone="warning" compact>
          {run.agent.label} is still running. It will be ended; its files stay as they are.
        </Callout>
      ) : null}
      <TextField
        label={
          another !== null
            ? `${another.label} is sent the spec, what was done, and this`
            : isLive(run)
              ? `This is typed into the terminal of ${run.agent.label}`
              : `${run.agent.label} is resumed, and then gets this`
        }
        mono
        lines={10}
        value={text}
        error={problem}
        onChange={onText}
      />
      <div className={styles.askActions}>
        <Button size="sm" onClick={onClose}>
          Not now
        </Button>
        <Button
          size="sm"
          variant="primary"
          icon={<SendHorizontal />}
          busy={isBusy}
          reason={whyNotSend(text, another !== null)}
          onClick={send}
        >
          Send
        </Button>
      </div>
    </div>
  );
}

/** The run's own agent. No agent's id has a space. */
const ownAgent = 'own agent';

/** As much as a hand-over takes. */
const mostOfNote = 20_000;

function whyNotSend(text: string, isHandOver: boolean): string | null {
  if (text.trim() === '') return 'There is nothing to send.';
  return isHandOver && text.length > mostOfNote
    ? `It has ${text.length.toLocaleString('en')} characters; a new agent takes ${mostOfNote.toLocaleString('en')} at most.`
    : null;
}

/** What is known of the conflict, asked for again when it is another one; null until it is known, or where it cannot be. */
function useConflictHelp(run: Run, conflicts: readonly Conflict[]): ConflictHelp | null {
  const key = JSON.stringify([run.id, conflicts, run.changes?.commits, run.changes?.behind]);
  const [found, setFound] = useState<{ key: string; help: ConflictHelp | null } | null>(null);
  useEffect(() => {
    let isStale = false;
    host.conflicts
      .look({ id: run.id })
      .then((looked) => {
        if (!isStale) setFound({ key, help: looked.ok ? looked.value : null });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Look at the conflict', error);
      });
    return () => {
      isStale = true;
    };
  }, [run.id, key]);
  return found?.key === key ? found.help : null;
}
