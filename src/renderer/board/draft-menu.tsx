import { Copy, FilePenLine, FileText, Play, Split, Trash2 } from 'lucide-react';

import { copyText } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { keysOf } from '#renderer/ui/command-chords.ts';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';

/** Everything that can be done to a draft, as lines of a menu. */
export function draftMenu(spec: SpecSummary): readonly MenuItem[] {
  const view = useView.getState();
  return [
    {
      kind: 'item',
      id: 'open',
      label: 'Open spec',
      icon: <FileText />,
      keys: keysOf('board.spec'),
      onSelect: () => {
        view.showSpec(spec.slug);
      },
    },
    {
      kind: 'item',
      id: 'spawn',
      label: 'Spawn…',
      icon: <Play />,
      keys: keysOf('board.spawn'),
      reason: spec.problemCount > 0 ? 'Its front matter has problems.' : null,
      onSelect: () => {
        view.openDialog({ kind: 'spawn', slugs: [spec.slug] });
      },
    },
    {
      kind: 'item',
      id: 'split',
      label: 'Split into smaller specs…',
      icon: <Split />,
      reason: spec.problemCount > 0 ? 'Its front matter has problems.' : null,
      onSelect: () => {
        view.openDialog({ kind: 'split', slug: spec.slug });
      },
    },
    { kind: 'separator', id: 'after-open' },
    {
      kind: 'item',
      id: 'rename',
      label: 'Rename…',
      icon: <FilePenLine />,
      onSelect: () => {
        view.openDialog({ kind: 'rename-spec', slug: spec.slug });
      },
    },
    {
      kind: 'item',
      id: 'copy',
      label: 'Copy path',
      icon: <Copy />,
      onSelect: () => {
        copyText('path', spec.path);
      },
    },
    { kind: 'separator', id: 'after-copy' },
    {
      kind: 'item',
      id: 'delete',
      label: 'Delete spec…',
      icon: <Trash2 />,
      danger: true,
      onSelect: () => {
        view.openDialog({ kind: 'delete-spec', slug: spec.slug });
      },
    },
  ];
}
