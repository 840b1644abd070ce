import { Check, ChevronDown } from 'lucide-react';
import { Select as RadixSelect } from 'radix-ui';
import { useId, type ReactNode } from 'react';

import { classNames } from './class-names.ts';
import { Field } from './Field.tsx';
import popup from './Popup.module.css';
import styles from './Select.module.css';

export interface SelectOption<V extends string> {
  value: V;
  label: string;
  /** A second line that helps to choose. */
  description?: string | undefined;
  /** Why it cannot be chosen; shown as its second line. */
  reason?: string | null | undefined;
  /** The heading that it stands under; options of one group follow each other. */
  group?: string | undefined;
}

export interface SelectProps<V extends string> {
  value: V;
  options: readonly SelectOption<V>[];
  onChange: (value: V) => void;
  label: string;
  /** The label is there for screen readers only: words beside it say it already. */
  hideLabel?: boolean;
  /** Why nothing can be chosen now. */
  reason?: string | null;
  size?: 'sm' | 'md';
  hint?: ReactNode;
  mono?: boolean;
}

/** One of a few. For more than some twenty, offer a list with a filter instead. */
export function Select<V extends string>({
  value,
  options,
  onChange,
  label,
  hideLabel = false,
  reason = null,
  size = 'md',
  hint,
  mono = false,
}: SelectProps<V>): ReactNode {
  const id = useId();
  const chosen = options.find((option) => option.value === value);
  return (
    <Field id={id} label={label} hideLabel={hideLabel} note={reason ?? hint}>
      <RadixSelect.Root
        value={value}
        disabled={Boolean(reason)}
        onValueChange={(next) => {
          const option = options.find((one) => one.value === next);
          if (option) onChange(option.value);
        }}
      >
        <RadixSelect.Trigger
          id={id}
          className={classNames(styles.trigger, styles[size], mono && styles.mono)}
          title={reason ?? chosen?.label}
        >
          <span className={styles.value}>
            <RadixSelect.Value>{chosen?.label ?? value}</RadixSelect.Value>
          </span>
          <RadixSelect.Icon className={styles.icon}>
            <ChevronDown />
          </RadixSelect.Icon>
        </RadixSelect.Trigger>
        <RadixSelect.Portal>
          <RadixSelect.Content
            className={classNames(popup.popup, styles.content)}
            position="popper"
            sideOffset={4}
            collisionPadding={8}
          >
            <RadixSelect.Viewport className={styles.viewport}>
              {inGroups(options).map(({ group, options: members }) => (
                <RadixSelect.Group key={group ?? ''}>
                  {group === undefined ? null : <RadixSelect.Label className={styles.group}>{group}</RadixSelect.Label>}
                  {members.map((option) => (
                    <Item key={option.value} option={option} mono={mono} />
                  ))}
                </RadixSelect.Group>
              ))}
            </RadixSelect.Viewport>
          </RadixSelect.Content>
        </RadixSelect.Portal>
      </RadixSelect.Root>
    </Field>
  );
}

function Item<V extends string>({ option, mono }: { option: SelectOption<V>; mono: boolean }): ReactNode {
  const { value, label, description, reason } = option;
  return (
    <RadixSelect.Item
      value={value}
      className={classNames(popup.item, mono && styles.mono)}
      disabled={Boolean(reason)}
      textValue={label}
    >
      <span className={styles.text}>
        <RadixSelect.ItemText>{label}</RadixSelect.ItemText>
        {(reason ?? description) ? <span className={styles.description}>{reason ?? description}</span> : null}
      </span>
      <RadixSelect.ItemIndicator className={styles.check}>
        <Check />
      </RadixSelect.ItemIndicator>
    </RadixSelect.Item>
  );
}

interface Group<V extends string> {
  group: string | undefined;
  options: SelectOption<V>[];
}

function inGroups<V extends string>(options: readonly SelectOption<V>[]): readonly Group<V>[] {
  const groups: Group<V>[] = [];
  for (const option of options) {
    const last = groups.at(-1);
    if (last && last.group === option.group) last.options.push(option);
    else groups.push({ group: option.group, options: [option] });
  }
  return groups;
}
