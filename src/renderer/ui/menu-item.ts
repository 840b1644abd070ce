import type { ReactNode } from 'react';

/** A line of a menu, as data: the same list serves a drop-down menu and a context menu. */
export type MenuItem =
  | {
      kind: 'item';
      id: string;
      label: string;
      icon?: ReactNode;
      /** A key chord that does the same. */
      keys?: string | undefined;
      /** Shown at the end in small letters. */
      hint?: string | undefined;
      danger?: boolean;
      /** Present for an item that is on or off. */
      checked?: boolean | undefined;
      /** Why it cannot be chosen now; shown under the label. */
      reason?: string | null | undefined;
      onSelect: () => void;
    }
  | { kind: 'submenu'; id: string; label: string; icon?: ReactNode; items: readonly MenuItem[] }
  | { kind: 'label'; id: string; label: string }
  | { kind: 'separator'; id: string };
