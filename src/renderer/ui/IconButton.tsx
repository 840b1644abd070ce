import { useId, type ComponentProps, type MouseEvent, type ReactNode } from 'react';

import { classNames } from './class-names.ts';
import styles from './IconButton.module.css';
import { Tooltip } from './Tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children'> {
  /** What it does, for the tooltip and for screen readers. */
  label: string;
  icon: ReactNode;
  size?: 'sm' | 'md';
  /** A key chord, shown in the tooltip. */
  keys?: string | undefined;
  /** Why it cannot be pressed now; shown instead of the label. */
  reason?: string | null | undefined;
  /** Set for a button that stays pressed. */
  pressed?: boolean;
  tooltipSide?: 'top' | 'right' | 'bottom' | 'left';
}

/** A square button with an icon and a name. */
export function IconButton({
  label,
  icon,
  size = 'md',
  keys,
  reason,
  pressed,
  tooltipSide = 'bottom',
  className,
  onClick,
  ...rest
}: IconButtonProps): ReactNode {
  const reasonId = useId();
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (reason) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <>
      <Tooltip content={reason ? `${label}: ${reason}` : label} keys={reason ? undefined : keys} side={tooltipSide}>
        <button
          type="button"
          {...rest}
          className={classNames(styles.button, styles[size], className)}
          aria-label={label}
          aria-pressed={pressed}
          aria-disabled={reason ? true : undefined}
          aria-describedby={reason ? reasonId : rest['aria-describedby']}
          onClick={press}
        >
          {icon}
        </button>
      </Tooltip>
      {reason ? (
        <span id={reasonId} hidden>
          {reason}
        </span>
      ) : null}
    </>
  );
}
