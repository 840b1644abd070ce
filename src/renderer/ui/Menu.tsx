import { Check, ChevronRight } from 'lucide-react';
import { ContextMenu as RadixContextMenu, DropdownMenu as RadixDropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

import { classNames } from './class-names.ts';
import { Kbd } from './Kbd.tsx';
import type { MenuItem } from './menu-item.ts';
import styles from './Menu.module.css';
import popup from './Popup.module.css';

/** The lines, or how to make them: a function is called when the menu opens, and says how things are by then. */
export type MenuItems = readonly MenuItem[] | (() => readonly MenuItem[]);

export interface MenuProps {
  /** One element that takes a ref: usually a Button or an IconButton. */
  trigger: ReactElement;
  items: MenuItems;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
}

/** A menu that drops from a button. */
export function Menu({ trigger, items, align = 'start', side = 'bottom' }: MenuProps): ReactNode {
  return (
    <RadixDropdownMenu.Root modal={false}>
      <RadixDropdownMenu.Trigger asChild>{trigger}</RadixDropdownMenu.Trigger>
      <RadixDropdownMenu.Portal>
        <RadixDropdownMenu.Content
          className={classNames(popup.popup, styles.content)}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          loop
          onCloseAutoFocus={leaveFocus}
        >
          <Lines items={items} parts={dropdownParts} />
        </RadixDropdownMenu.Content>
      </RadixDropdownMenu.Portal>
    </RadixDropdownMenu.Root>
  );
}

export interface ContextMenuProps {
  items: MenuItems;
  /** One element that takes a ref. */
  children: ReactElement;
}

/** The menu of the right mouse button, and of the menu key, on what it wraps. */
export function ContextMenu({ items, children }: ContextMenuProps): ReactNode {
  return (
    <RadixContextMenu.Root modal={false}>
      <RadixContextMenu.Trigger asChild>{children}</RadixContextMenu.Trigger>
      <RadixContextMenu.Portal>
        <RadixContextMenu.Content
          className={classNames(popup.popup, styles.content)}
          collisionPadding={8}
          loop
          onCloseAutoFocus={leaveFocus}
        >
          <Lines items={items} parts={contextParts} />
        </RadixContextMenu.Content>
      </RadixContextMenu.Portal>
    </RadixContextMenu.Root>
  );
}

/** What was chosen may have taken the focus to a terminal, a field or a dialog. Else it goes back to where it was. */
function leaveFocus(event: Event): void {
  const active = document.activeElement;
  const isElsewhere = active !== null && active !== document.body;
  if (isElsewhere && !(event.currentTarget instanceof Node && event.currentTarget.contains(active))) {
    event.preventDefault();
  }
}

/** The two menus of Radix have equal parts under different names. */
type MenuParts = Pick<
  typeof RadixDropdownMenu,
  'Item' | 'Separator' | 'Label' | 'Sub' | 'SubTrigger' | 'SubContent' | 'Portal'
>;
const dropdownParts: MenuParts = RadixDropdownMenu;
const contextParts: MenuParts = RadixContextMenu;

function Lines({ items: given, parts }: { items: MenuItems; parts: MenuParts }): ReactNode {
  const items = typeof given === 'function' ? given() : given;
  const hasIcons = items.some((item) => (item.kind === 'item' || item.kind === 'submenu') && Boolean(item.icon));
  const isChecklist = items.some((item) => item.kind === 'item' && item.checked !== undefined);
  const lead = (icon: ReactNode, checked?: boolean): ReactNode =>
    isChecklist || hasIcons ? <span className={styles.lead}>{checked ? <Check /> : icon}</span> : null;

  return items.map((item) => {
    switch (item.kind) {
      case 'separator':
        return <parts.Separator key={item.id} className={styles.separator} />;
      case 'label':
        return (
          <parts.Label key={item.id} className={styles.label}>
            {item.label}
          </parts.Label>
        );
      case 'submenu':
        return (
          <parts.Sub key={item.id}>
            <parts.SubTrigger className={popup.item}>
              {lead(item.icon)}
              <span className={styles.text}>{item.label}</span>
              <ChevronRight className={styles.more} />
            </parts.SubTrigger>
            <parts.Portal>
              <parts.SubContent className={classNames(popup.popup, styles.content)} sideOffset={2} collisionPadding={8}>
                <Lines items={item.items} parts={parts} />
              </parts.SubContent>
            </parts.Portal>
          </parts.Sub>
        );
      case 'item':
        return (
          <parts.Item
            key={item.id}
            className={classNames(popup.item, item.danger && styles.danger)}
            disabled={Boolean(item.reason)}
            textValue={item.label}
            onSelect={item.onSelect}
          >
            {lead(item.icon, item.checked)}
            <span className={styles.text}>
              <span className={styles.name}>{item.label}</span>
              {item.reason ? <span className={styles.reason}>{item.reason}</span> : null}
            </span>
            {item.hint ? <span className={styles.hint}>{item.hint}</span> : null}
            {item.keys ? <Kbd keys={item.keys} /> : null}
          </parts.Item>
        );
    }
  });
}
