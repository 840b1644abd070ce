import type { ReactNode } from 'react';

import { Segmented } from '#renderer/ui/Segmented.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { ConflictFile, Resolution } from '#shared/contract/conflicts.ts';
import type { Run } from '#shared/contract/runs.ts';

import styles from './ConflictDialog.module.css';

type Named = Extract<Resolution, { kind: 'names' }>;
type Choice = 'ours' | 'theirs' | 'both' | 'neither';

interface NamesResolutionProps {
  file: ConflictFile & { names: NonNullable<ConflictFile['names']> };
  run: Run;
  resolution: Resolution | undefined;
  onResolve: (resolution: Resolution) => void;
}

/** A file whose name or kind collides: which versions of it are kept, and what each is called then. */
export function NamesResolution({ file, run, resolution, onResolve }: NamesResolutionProps): ReactNode {
  const { has, names } = file;
  const chosen: Named | null = resolution?.kind === 'names' ? resolution : null;
  const choose = (choice: Choice): void => {
    // A version that stands alone needs no name beside the other one's.
    const alone = (name: string | null): string | null => (has.ours && has.theirs ? file.path : name);
    onResolve({
      kind: 'names',
      ours: choice === 'both' ? names.ours : choice === 'ours' ? alone(names.ours) : null,
      theirs: choice === 'both' ? names.theirs : choice === 'theirs' ? alone(names.theirs) : null,
    });
  };
  return (
    <div className={styles.resolution}>
      <div className={styles.choice}>
        <Segmented
          size="sm"
          label="What becomes of the file"
          value={chosen === null ? 'none' : choiceOf(chosen)}
          options={[
            ...(has.ours ? [{ value: 'ours' as const, label: `As in ${run.base}` }] : []),
            ...(has.theirs ? [{ value: 'theirs' as const, label: `As in ${run.branch}` }] : []),
            ...(has.ours && has.theirs ? [{ value: 'both' as const, label: 'Both, under two names' }] : []),
            { value: 'neither' as const, label: 'Leave it out' },
          ]}
          onChange={(choice) => {
            if (choice !== 'none') choose(choice);
          }}
        />
      </div>
      <div className={styles.names}>
        {chosen === null ? (
          <p className={styles.nothing}>
            Names or kinds of files collide here, not lines. Choose which version is kept; it can be given another name.
          </p>
        ) : (
          <>
            <Kept
              side={run.base}
              text={file.ours}
              name={chosen.ours}
              onName={(ours) => onResolve({ ...chosen, ours })}
            />
            <Kept
              side={run.branch}
              text={file.theirs}
              name={chosen.theirs}
              onName={(theirs) => onResolve({ ...chosen, theirs })}
            />
            {chosen.ours === null && chosen.theirs === null ? (
              <p className={styles.nothing}>Nothing of it is kept.</p>
            ) : null}
          </>
        )}
      </div>
    </div>
  );
}

const choiceOf = ({ ours, theirs }: Named): Choice => {
  if (ours !== null) return theirs === null ? 'ours' : 'both';
  return theirs === null ? 'neither' : 'theirs';
};

interface KeptProps {
  side: string;
  text: string | null;
  /** Null: this version is not kept. */
  name: string | null;
  onName: (name: string) => void;
}

/** A version that is kept, with its name and what is in it. */
function Kept({ side, text, name, onName }: KeptProps): ReactNode {
  if (name === null) return null;
  return (
    <div className={styles.kept}>
      <TextField
        mono
        label={`The version of ${side} is called`}
        value={name}
        error={name.trim() === '' ? 'It needs a name, from the top of the project.' : null}
        onChange={onName}
      />
      {text === null ? (
        <p className={styles.hint}>
          It is no text that can be shown: a link, a folder of another repository, or binary.
        </p>
      ) : (
        <pre className={styles.keptText} aria-label={`The version of ${side}`}>
          {text.slice(0, mostShown)}
        </pre>
      )}
    </div>
  );
}

const mostShown = 20_000;
