import { monaco } from './monaco.ts';

/** A spec: Markdown, with front matter in YAML between two lines of dashes at its start. */
export const specLanguage = 'switchyard-spec';

let isRegistered = false;

/** Markdown alone takes the comments of front matter for headings, and its lists for code. */
export function registerSpecLanguage(): void {
  if (isRegistered) return;
  isRegistered = true;
  monaco.languages.register({ id: specLanguage, aliases: ['Spec'] });
  monaco.languages.setMonarchTokensProvider(specLanguage, {
    defaultToken: '',
    tokenizer: {
      start: [
        [/^---\s*$/, { token: 'comment', next: '@frontMatter', nextEmbedded: 'yaml' }],
        [/./, { token: '@rematch', next: '@text', nextEmbedded: 'markdown' }],
      ],
      frontMatter: [[/^---\s*$/, { token: 'comment', next: '@body', nextEmbedded: '@pop' }]],
      body: [[/./, { token: '@rematch', next: '@text', nextEmbedded: 'markdown' }]],
      // Nothing follows; an embedded language must have a rule that ends it.
      text: [[/(?!)/, { token: '', next: '@pop', nextEmbedded: '@pop' }]],
    },
  });
  monaco.languages.setLanguageConfiguration(specLanguage, {
    comments: { blockComment: ['<!--', '-->'] },
    brackets: [
      ['{', '}'],
      ['[', ']'],
      ['(', ')'],
    ],
    surroundingPairs: [
      { open: '(', close: ')' },
      { open: '[', close: ']' },
      { open: '`', close: '`' },
      { open: '"', close: '"' },
    ],
  });
}
