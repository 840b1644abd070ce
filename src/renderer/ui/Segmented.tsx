import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

import { classNames } from './class-names.ts';
import styles from './Segmented.module.css';

export interface SegmentedProps<V extends string> {
  label: string;
  value: V;
  options: readonly { value: V; label: string; icon?: ReactNode }[];
  onChange: (value: V) => void;
  /** Icons alone; the labels are for screen readers and the pointer. */
  iconsOnly?: boolean;
  size?: 'sm' | 'md';
}

/** One of two to four, all of them in sight. */
export function Segmented<V extends string>({
  label,
  value,
  options,
  onChange,
  iconsOnly = false,
  size = 'md',
}: SegmentedProps<V>): ReactNode {
  return (
    <ToggleGroup.Root
      type="single"
      className={classNames(styles.group, styles[size])}
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((one) => one.value === next);
        if (option) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className={styles.item}
          aria-label={option.label}
          title={iconsOnly ? option.label : undefined}
        >
          {option.icon}
          {iconsOnly ? null : <span>{option.label}</span>}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
