import { useId, type ComponentProps, type MouseEvent, type ReactNode } from 'react';

import { classNames } from './class-names.ts';
import { Kbd } from './Kbd.tsx';
import { Spinner } from './Spinner.tsx';
import { Tooltip } from './Tooltip.tsx';

import styles from './Button.module.css';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger';
  size?: 'sm' | 'md' | 'lg';
  icon?: ReactNode;
  /** A key chord, shown at the end of the button. */
  keys?: string | undefined;
  /** Why it cannot be pressed now. A button is disabled exactly when it has a reason, and shows it. */
  reason?: string | null | undefined;
  /** Its work is under way: it shows a spinner and takes no further press. */
  busy?: boolean;
}

/**
 * A button that never leaves a person guessing: while it cannot be pressed it stays reachable by keyboard and pointer,
 * and says why in a tooltip and to screen readers.
 */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  keys,
  reason,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps): ReactNode {
  const reasonId = useId();
  const isDisabled = Boolean(reason) || busy;
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (isDisabled) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button
      type="button"
      {...rest}
      className={classNames(styles.button, styles[variant], styles[size], className)}
      aria-disabled={isDisabled || undefined}
      aria-busy={busy || undefined}
      aria-describedby={reason ? reasonId : rest['aria-describedby']}
      onClick={press}
    >
      {busy ? <Spinner /> : icon}
      {children}
      {keys ? <Kbd keys={keys} /> : null}
    </button>
  );
  if (!reason) return button;
  return (
    <>
      <Tooltip content={reason}>{button}</Tooltip>
      <span id={reasonId} hidden>
        {reason}
      </span>
    </>
  );
}
