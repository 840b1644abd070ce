import { describe, expect, it } from 'vitest';

import { branchFromTemplate, clashes, freeBranch } from './branch-name.ts';

const facts = { slug: 'toggles', agentId: 'codex', variant: null, severalAgents: false };

describe('a branch name', () => {
  it('fills the template', () => {
    expect(branchFromTemplate('feature/ai-{slug}', facts)).toBe('feature/ai-toggles');
    expect(branchFromTemplate('{agent}/{slug}/{variant}', { ...facts, variant: 2 })).toBe('codex/toggles/2');
  });

  it('tells variants and agents of one spec apart when the template does not', () => {
    expect(branchFromTemplate('ai/{slug}', { ...facts, variant: 2 })).toBe('ai/toggles-2');
    expect(branchFromTemplate('ai/{slug}', { ...facts, severalAgents: true })).toBe('ai/toggles-codex');
    expect(branchFromTemplate('ai/{slug}', { ...facts, severalAgents: true, variant: 1 })).toBe('ai/toggles-codex-1');
  });

  it('takes the next free number', () => {
    expect(freeBranch('ai/x', new Set(['main']))).toBe('ai/x');
    expect(freeBranch('ai/x', new Set(['ai/x', 'ai/x-2']))).toBe('ai/x-3');
  });

  it('knows names that Git or the file system cannot hold side by side', () => {
    expect(clashes('a/b', new Set(['a']))).toBe(true);
    expect(clashes('a', new Set(['a/b']))).toBe(true);
    expect(clashes('A', new Set(['a']))).toBe(true);
    expect(clashes('ab', new Set(['a']))).toBe(false);
  });
});
