import { Check, Minus } from 'lucide-react';
import { Checkbox as RadixCheckbox } from 'radix-ui';
import { useId, type ReactNode } from 'react';

import styles from './Checkbox.module.css';

export interface CheckboxProps {
  /** `mixed`: some of what it stands for. */
  checked: boolean | 'mixed';
  onChange: (checked: boolean) => void;
  label: ReactNode;
  hint?: ReactNode;
  /** Why it cannot be changed now. */
  reason?: string | null | undefined;
  /** Where the label is a symbol or hidden. */
  ariaLabel?: string;
}

/** Yes or no, with a label that can be clicked. */
export function Checkbox({ checked, onChange, label, hint, reason, ariaLabel }: CheckboxProps): ReactNode {
  const id = useId();
  const note = reason ?? hint;
  return (
    <div className={styles.field}>
      <RadixCheckbox.Root
        id={id}
        className={styles.box}
        checked={checked === 'mixed' ? 'indeterminate' : checked}
        disabled={Boolean(reason)}
        aria-label={ariaLabel}
        aria-describedby={note ? `${id}-note` : undefined}
        onCheckedChange={(next) => {
          onChange(next === true);
        }}
      >
        <RadixCheckbox.Indicator className={styles.mark}>
          {checked === 'mixed' ? <Minus /> : <Check />}
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      <label className={styles.text} htmlFor={id}>
        <span>{label}</span>
        {note ? (
          <span id={`${id}-note`} className={styles.note}>
            {note}
          </span>
        ) : null}
      </label>
    </div>
  );
}
