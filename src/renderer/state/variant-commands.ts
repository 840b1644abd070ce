import type { CommandDeclaration } from './command-declaration.ts';

/** The commands of comparing the runs of one spec. The catalogue takes them in, so that its tests hold for them. */
export const variantCommands = {
  'run.variants': {
    title: 'Selected run: compare the variants of its spec',
    group: 'Run',
    where: 'project',
    keywords: ['compare variants', 'side by side', 'same', 'disagree', 'best of'],
  },
  'spec.variants': {
    title: 'Compare variants of the open spec',
    group: 'Spec',
    where: 'project',
    keywords: ['side by side', 'runs', 'best of', 'disagree'],
  },
  'board.variants': { title: 'The card’s variants, compared', group: 'On the board', where: 'board', keys: ['a'] },
  'variants.nextFile': {
    title: 'Next file of the variants',
    group: 'Variants',
    where: 'variants',
    keys: ['Alt+ArrowDown', ']'],
  },
  'variants.previousFile': {
    title: 'Previous file of the variants',
    group: 'Variants',
    where: 'variants',
    keys: ['Alt+ArrowUp', '['],
  },
  'variants.nextVariant': {
    title: 'Next variant of the file',
    group: 'Variants',
    where: 'variants',
    keys: ['Alt+ArrowRight'],
  },
  'variants.previousVariant': {
    title: 'Previous variant of the file',
    group: 'Variants',
    where: 'variants',
    keys: ['Alt+ArrowLeft'],
  },
  'variants.pick': {
    title: 'Take the file from the variant that is looked at',
    group: 'Variants',
    where: 'variants',
    keys: ['Alt+Enter'],
    keywords: ['choose', 'select'],
  },
  'variants.nextChange': { title: 'Next change', group: 'Variants', where: 'variants', keys: ['F7'] },
  'variants.previousChange': { title: 'Previous change', group: 'Variants', where: 'variants', keys: ['Shift+F7'] },
  'variants.keep': {
    title: 'Keep the variant that is looked at…',
    group: 'Variants',
    where: 'variants',
    keys: ['Alt+K'],
    keywords: ['winner', 'whole', 'discard', 'decide'],
  },
  'variants.take': {
    title: 'Take the chosen files into a new branch…',
    group: 'Variants',
    where: 'variants',
    keys: ['Mod+Enter'],
    keywords: ['combine', 'several', 'best of'],
  },
} satisfies Record<string, CommandDeclaration>;
