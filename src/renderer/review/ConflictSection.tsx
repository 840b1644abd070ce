import { MessageSquareReply, Pencil } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConflictLines } from '#renderer/ui/ConflictLines.tsx';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import type { ConflictHelp, ConflictOrigin } from '#shared/contract/conflicts.ts';
import type { Conflict } from '#shared/contract/merges.ts';
import type { CollidingFile } from '#shared/contract/radar.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import { AskAgent } from './AskAgent.tsx';
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
      const made = await host.conflicts.brief({ id: run.id, to: 'same' });
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
              <Button size="sm" variant="primary" icon={<MessageSquareReply />} onClick={writeBrief}>
                Ask an agent to solve it…
              </Button>
              <Button size="sm" icon={<Pencil />} onClick={() => setIsByHand(true)}>
                Solve it by hand…
              </Button>
            </>
          ) : null
        }
      >
        Nothing was changed. {base} and this branch changed the same places. An agent can bring them together in a
        worktree of its own; your checkout is not touched. Or merge another branch first.
      </Callout>
      {brief === null ? null : <AskAgent run={run} help={help} text={brief} onClose={() => setBrief(null)} />}
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
