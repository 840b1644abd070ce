import type { ReactNode } from 'react';

import { classNames } from './class-names.ts';
import styles from './Field.module.css';

export interface FieldProps {
  /** Of what the label names. The note has it with `-note` behind. */
  id: string;
  label: string;
  /** The label is there for screen readers only. */
  hideLabel: boolean;
  /** Under it: a hint, why it cannot be changed, or what is wrong. */
  note: ReactNode;
  isWrong?: boolean;
  children: ReactNode;
}

/** What every field has around it: a label above and a note below. */
export function Field({ id, label, hideLabel, note, isWrong = false, children }: FieldProps): ReactNode {
  return (
    <div className={styles.field}>
      <label className={hideLabel ? 'visually-hidden' : styles.label} htmlFor={id}>
        {label}
      </label>
      {children}
      {note ? (
        <span id={`${id}-note`} className={classNames(styles.note, isWrong && styles.wrong)}>
          {note}
        </span>
      ) : null}
    </div>
  );
}
