import { useId, type ComponentProps, type ReactNode, type Ref } from 'react';

import { classNames } from './class-names.ts';
import { Field } from './Field.tsx';
import styles from './TextField.module.css';

export interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** The label is there for screen readers only. */
  hideLabel?: boolean;
  hint?: ReactNode;
  /** What is wrong with the value, in a sentence. */
  error?: string | null | undefined;
  /** Why it cannot be edited now. */
  reason?: string | null | undefined;
  placeholder?: string;
  mono?: boolean;
  size?: 'sm' | 'md' | 'lg';
  icon?: ReactNode;
  /** Something at the end of the field: a button, a key. */
  end?: ReactNode;
  /** Several lines: how many are shown. */
  lines?: number;
  inputRef?: Ref<HTMLInputElement>;
  /** Anything else for the input: handlers, aria attributes, autoFocus. */
  input?: Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'ref' | 'size'>;
}

/** A field for text, with its label, its hint and what is wrong with it. */
export function TextField({
  label,
  value,
  onChange,
  hideLabel = false,
  hint,
  error,
  reason,
  placeholder,
  mono = false,
  size = 'md',
  icon,
  end,
  lines,
  inputRef,
  input,
}: TextFieldProps): ReactNode {
  const id = useId();
  const note = error ?? reason ?? hint;
  const shared = {
    id,
    value,
    placeholder,
    readOnly: Boolean(reason),
    spellCheck: false,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': note ? `${id}-note` : undefined,
  };
  return (
    <Field id={id} label={label} hideLabel={hideLabel} note={note} isWrong={Boolean(error)}>
      <div className={classNames(styles.box, styles[size], mono && styles.mono, lines !== undefined && styles.tall)}>
        {icon ? <span className={styles.icon}>{icon}</span> : null}
        {lines ? (
          <textarea
            {...shared}
            className={styles.input}
            rows={lines}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          />
        ) : (
          <input
            autoComplete="off"
            {...shared}
            {...input}
            ref={inputRef}
            className={styles.input}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          />
        )}
        {end ? <span className={styles.end}>{end}</span> : null}
      </div>
    </Field>
  );
}
