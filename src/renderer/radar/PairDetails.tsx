import { GitCompareArrows, SquareTerminal, TriangleAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConflictLines } from '#renderer/ui/ConflictLines.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { perform } from '#renderer/ui/notify.ts';
import type { CollidingFile, RadarBranch, RadarPair, RadarState } from '#shared/contract/radar.ts';

import styles from './PairDetails.module.css';
import { PairGates } from './PairGates.tsx';
import { Signals } from './Signals.tsx';

export interface PairDetailsProps {
  radar: RadarState;
  pair: RadarPair;
}

/** What two branches collide in: each file with its reason, and the lines that each side and their ancestor has. */
export function PairDetails({ radar, pair }: PairDetailsProps): ReactNode {
  const one = radar.branches.find(({ id }) => id === pair.a);
  const other = radar.branches.find(({ id }) => id === pair.b);
  const files = useCollidingFiles(pair);
  if (!one) return null;
  const otherName = other?.title ?? one.base;
  return (
    <section className={styles.details} aria-label="What the chosen branches collide in">
      <h2 className={styles.names}>
        <span>{one.title}</span>
        <span className={styles.and}>and</span>
        <span>{otherName}</span>
      </h2>
      <div className={styles.actions}>
        <BranchActions branch={one} />
        {other ? <BranchActions branch={other} /> : null}
      </div>
      {pair.areVariants ? (
        <Callout compact>
          They are variants of one spec: only one of them is to be merged, so this harms nothing.
        </Callout>
      ) : null}
      <Outcome pair={pair} files={files} names={{ ours: otherName, theirs: one.title }} />
      <Signals signals={pair.signals} radar={radar} base={one.base} />
      {pair.outcome.kind === 'clean' && !pair.areVariants ? <PairGates a={pair.a} b={pair.b} /> : null}
    </section>
  );
}

interface OutcomeProps {
  pair: RadarPair;
  files: readonly CollidingFile[] | string | null;
  names: { ours: string; theirs: string };
}

function Outcome({ pair, files, names }: OutcomeProps): ReactNode {
  if (pair.outcome.kind === 'clean') {
    return <p className={styles.clean}>Git merges the two without a question.</p>;
  }
  if (pair.outcome.kind === 'unrelated') {
    return <p className={styles.clean}>The two share no history, so Git does not merge them at all.</p>;
  }
  if (files === null) return <Loading label="Merging the two" />;
  if (typeof files === 'string') {
    return (
      <Callout tone="error" title="The two could not be merged to be looked at">
        {files} Nothing was changed. It is tried again when either branch changes.
      </Callout>
    );
  }
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <li key={file.path}>
          <h3 className={styles.path}>
            <TriangleAlert aria-hidden />
            <code>{file.path}</code>
          </h3>
          <p className={styles.reason}>{file.reason}</p>
          {file.hunks?.map((hunk) => (
            <ConflictLines key={hunk.line} hunk={hunk} {...names} />
          ))}
        </li>
      ))}
    </ul>
  );
}

function BranchActions({ branch }: { branch: RadarBranch }): ReactNode {
  return (
    <>
      <Button
        size="sm"
        icon={<GitCompareArrows />}
        onClick={() => {
          useView.getState().showReview(branch.id);
        }}
      >
        Review {short(branch.title)}
      </Button>
      <Button
        size="sm"
        variant="ghost"
        icon={<SquareTerminal />}
        onClick={() => {
          useView.getState().openTerminal(branch.id);
        }}
      >
        Terminal
      </Button>
    </>
  );
}

const short = (title: string): string => (title.length > 24 ? `${title.slice(0, 23)}…` : title);

/** The files that collide, asked for again when the outcome has changed; a sentence where it could not be said. */
function useCollidingFiles(pair: RadarPair): readonly CollidingFile[] | string | null {
  const { a, b, outcome } = pair;
  const key = JSON.stringify([a, b, outcome]);
  const [found, setFound] = useState<{ key: string; files: readonly CollidingFile[] | string } | null>(null);
  const isColliding = outcome.kind === 'conflicts';
  useEffect(() => {
    if (!isColliding) return undefined;
    let isCurrent = true;
    perform('Look at what two branches collide in', async () => {
      const asked = await host.radar.pair({ a, b });
      if (!isCurrent) return;
      if (asked.ok) setFound({ key, files: asked.value });
      else {
        const why = asked.error.kind === 'run-missing' ? 'One of the runs is gone.' : asked.error.message;
        setFound({ key, files: why });
      }
    });
    return () => {
      isCurrent = false;
    };
  }, [a, b, key, isColliding]);
  return found?.key === key ? found.files : null;
}
