import { describe, expect, it } from 'vitest';

import { parseSpec } from '#shared/spec/spec-file.ts';

import { specTextOf, withImported, withIds, withSource } from './imported-spec.ts';
import { readKiroSpec } from './kiro.ts';
import { readLooseMarkdown } from './loose-markdown.ts';
import { readPastedSpecs } from './pasted.ts';
import { readSpecKitSpec } from './spec-kit.ts';
import { withoutTicks } from './tasks-section.ts';

const requirements = `# Requirements Document

## Introduction

Members log in with a key.

## Requirements

### Requirement 1: Log in

**User Story:** As a member, I want to log in, so that I see my matches.

#### Acceptance Criteria

1. WHEN a member enters a valid key THEN the system SHALL show
   the matches of that member
2. IF the key is unknown THEN the system SHALL say so
   - and SHALL NOT say which part is wrong

### Requirement 2

**User Story:** As an admin, I want to see who is logged in.

**Acceptance Criteria:**

1. WHILE a member is logged in, THE System SHALL list them
1. THE SYSTEM SHALL forget them after a day
`;
const design = '# Design Document\n\n## Overview\n\nA cookie.\n\n```md\n# Not a heading\n```\n';
const tasks = `# Implementation Plan

- [x] 1. Set up
  - Make the module
  - _Requirements: 1.1_
- [ ] 2. Log in
  - [-] 2.1 The form
  - [ ]* 2.2 Write property tests
`;

describe('a Kiro spec', () => {
  it('gives its criteria the numbers that its tasks use, and keeps the rest as text', () => {
    const spec = readKiroSpec('member-login', { requirements, design, tasks });
    expect(spec.acceptance).toEqual([
      {
        id: '1.1',
        text: 'WHEN a member enters a valid key THEN the system SHALL show the matches of that member',
        check: null,
      },
      {
        id: '1.2',
        text: 'IF the key is unknown THEN the system SHALL say so - and SHALL NOT say which part is wrong',
        check: null,
      },
      { id: '2.1', text: 'WHILE a member is logged in, THE System SHALL list them', check: null },
      { id: '2.1-2', text: 'THE SYSTEM SHALL forget them after a day', check: null },
    ]);
    expect(spec).toMatchObject({ title: 'Member login', ask: null, notes: ['1 of 4 tasks are ticked off already.'] });
    expect(spec.body).toBe(`## Introduction

Members log in with a key.

## Requirements

### Requirement 1: Log in

**User Story:** As a member, I want to log in, so that I see my matches.

### Requirement 2

**User Story:** As an admin, I want to see who is logged in.

## Design

### Overview

A cookie.

\`\`\`md
# Not a heading
\`\`\`

## Tasks

- [x] 1. Set up
  - Make the module
  - _Requirements: 1.1_
- [ ] 2. Log in
  - [-] 2.1 The form
  - [ ]* 2.2 Write property tests`);
  });

  it('is read in the other ways in which people and Kiro write it', () => {
    const odd = readKiroSpec('x', {
      requirements:
        '\uFEFF# Requirements: Shared lists\r\n\r\n### 3. Sharing\r\n\r\n##### Acceptance criteria\r\n\r\n- **WHEN** a list is shared\r\n**THE SYSTEM SHALL** send it\r\n- 3.7 is a number in a text, and nothing more\r\n\r\nThis is why.\r\n\r\n3.9. THE SYSTEM SHALL stop\r\n#### Acceptance Criteria\r\n```\n1. not this\n```\r\n',
      design: null,
      tasks: '',
    });
    expect(odd.title).toBe('Shared lists');
    expect(odd.acceptance.map(({ id, text }) => `${id} ${text}`)).toEqual([
      '3.1 WHEN a list is shared THE SYSTEM SHALL send it',
      '3.2 3.7 is a number in a text, and nothing more',
      '3.9 THE SYSTEM SHALL stop',
    ]);
    expect(odd.body).toContain('This is why.');
    expect(odd.notes).toEqual(['1 of the criteria say neither SHALL nor MUST.']);
  });

  it('that has little or nothing is still a spec, and says what it lacks', () => {
    expect(readKiroSpec('012-user_list', { requirements: null, design: null, tasks: null })).toEqual({
      title: 'User list',
      body: '',
      acceptance: [],
      ask: null,
      notes: ['There is no requirements.md, so there is no acceptance yet.'],
    });
    const bugfix = readKiroSpec('x', {
      requirements: '# Requirements Document\n\nFix it.\n',
      design: null,
      tasks: null,
    });
    expect(bugfix).toMatchObject({ title: 'X', body: 'Fix it.', acceptance: [] });
    expect(bugfix.notes[0]).toMatch(/^No acceptance criteria were found/);
  });

  it('makes a spec file that says it all again', () => {
    const spec = readKiroSpec('member-login', { requirements, design, tasks });
    const source = { kind: 'kiro', at: '.kiro/specs/member-login', hash: '001122334455' } as const;
    const text = specTextOf(spec, source);
    const parsed = parseSpec(text);
    expect(parsed.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(parsed.frontMatter).toMatchObject({ title: spec.title, acceptance: spec.acceptance, source });
    expect(parsed.body.trim()).toBe(spec.body);
  });
});

describe('a spec that was imported, when its source says something else', () => {
  const source = { kind: 'kiro', at: '.kiro/specs/member-login', hash: 'aaaaaaaaaaaa' } as const;
  const spec = readKiroSpec('member-login', { requirements, design: null, tasks: null });
  const mine = specTextOf(spec, source)
    .replace('agents: []', 'agents: [claude] # she knows it\nprompts: [testing]\nfootprint: [src/**]')
    .replace('matches of that member\n', 'matches of that member\n    check: npm test -- login\n');

  it('takes over text and criteria, and keeps what the person has added', () => {
    const changed = requirements.replace('say so', 'refuse it').replace('after a day', 'after an hour');
    const next = readKiroSpec('member-login', { requirements: changed, design, tasks: null });
    const taken = withImported(mine, next, { ...source, hash: 'bbbbbbbbbbbb' }) ?? '';
    const { frontMatter, body, problems } = parseSpec(taken);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(frontMatter).toMatchObject({
      agents: ['claude'],
      prompts: ['testing'],
      footprint: ['src/**'],
      source: { ...source, hash: 'bbbbbbbbbbbb' },
    });
    expect(taken).toContain('# she knows it');
    expect(frontMatter.acceptance.map(({ id, check }) => [id, check])).toEqual([
      ['1.1', 'npm test -- login'],
      ['1.2', null],
      ['2.1', null],
      ['2.1-2', null],
    ]);
    expect(body).toContain('## Design');
  });

  it('gives a check to the criterion that it proves, also where another has got its number', () => {
    const issue = (...criteria: string[]) =>
      readLooseMarkdown(`## Acceptance\n\n${criteria.map((each) => `- ${each}`).join('\n')}\n`, { title: 'Log in' });
    const written = specTextOf(issue('The tests pass', 'It is documented'), source);
    const checked = written
      .replace('text: The tests pass', 'text: The tests pass\n    check: npm test')
      .replace('text: It is documented', 'text: It is documented\n    check: grep login docs');
    const next = issue('It can be used by keyboard', 'The tests pass', 'It is documented for members');
    const taken = withImported(checked, next, { ...source, hash: 'bbbbbbbbbbbb' }) ?? '';
    expect(parseSpec(taken).frontMatter.acceptance.map(({ text, check }) => [text, check])).toEqual([
      ['It can be used by keyboard', null],
      ['The tests pass', 'npm test'],
      ['It is documented for members', null],
    ]);
    // Said in other words, under its own number, it is still the same.
    const reworded = withImported(checked, issue('All tests pass', 'It is documented'), source) ?? '';
    expect(parseSpec(reworded).frontMatter.acceptance.map(({ check }) => check)).toEqual([
      'npm test',
      'grep login docs',
    ]);
  });

  it('can be kept as it is, with word of the source as it is now', () => {
    const kept = withSource(mine, { ...source, hash: 'cccccccccccc' });
    expect(kept).toBe(mine.replace('aaaaaaaaaaaa', 'cccccccccccc'));
  });

  it('does not count tasks that were ticked off as another source', () => {
    expect(withoutTicks(tasks)).toBe(withoutTicks(tasks.replaceAll('[x]', '[ ]').replaceAll('\n', '\r\n')));
    expect(withoutTicks(tasks)).not.toBe(withoutTicks(tasks.replace('Log in', 'Log out')));
  });
});

describe('a spec-kit feature', () => {
  const feature = `# Feature Specification: Photo albums

**Feature Branch**: \`003-photo-albums\`
**Created**: 2026-01-02
**Status**: Draft
**Input**: User description: "albums"

<!--
  ACTION REQUIRED: fill this in
-->

## User Scenarios & Testing *(mandatory)*

### User Story 1 - Make an album (Priority: P1)

A person makes an album.

**Why this priority**: It is the heart of it.

**Acceptance Scenarios**:

1. **Given** photos, **When** they are dropped on a date, **Then** an album is made
2. **Given** no photos,
   **When** the page opens, **Then** it says so

---

### User Story 2 - Sort (Priority: P2)

**Acceptance Scenarios**:

1. **Given** two albums, **When** one is dragged, **Then** it stays there

### Edge Cases

- What happens with none?

## Requirements *(mandatory)*

### Functional Requirements

- **FR-001**: System MUST group by date
- **FR-002**: System MUST keep photos for [NEEDS CLARIFICATION: how long?] and
  delete them then
- **FR-002**: System MUST tell [NEEDS CLARIFICATION: whom should it tell?]

### Key Entities *(include if feature involves data)*

- **Album**: photos of a date

## Success Criteria *(mandatory)*

### Measurable Outcomes

- **SC-001**: Making one takes less than a minute
`;
  it('becomes acceptance, a question and text', () => {
    const spec = readSpecKitSpec('003-photo-albums', {
      spec: feature,
      plan: '# Implementation Plan: Photo albums\n\n## Summary\n\nPlain files.\n',
      tasks: '# Tasks\n\n## Phase 1\n\n- [ ] T001 [P] [US1] Make src/album.ts\n',
    });
    expect(spec.title).toBe('Photo albums');
    expect(spec.acceptance.map(({ id, text }) => `${id}: ${text}`)).toEqual([
      'US1.1: Given photos, When they are dropped on a date, Then an album is made',
      'US1.2: Given no photos, When the page opens, Then it says so',
      'US2.1: Given two albums, When one is dragged, Then it stays there',
      'FR-001: System MUST group by date',
      'FR-002: System MUST keep photos for [NEEDS CLARIFICATION: how long?] and delete them then',
      'FR-002-2: System MUST tell [NEEDS CLARIFICATION: whom should it tell?]',
      'SC-001: Making one takes less than a minute',
    ]);
    expect(spec.ask).toBe('1. how long?\n2. whom should it tell?');
    for (const gone of ['ACTION REQUIRED', 'mandatory', 'Feature Branch', 'Functional Requirements', 'FR-001']) {
      expect(spec.body).not.toContain(gone);
    }
    for (const kept of [
      'What happens with none?',
      '**Album**',
      '## Plan\n\n### Summary',
      '## Tasks\n\n### Phase 1',
      'T001',
    ]) {
      expect(spec.body).toContain(kept);
    }
    expect(parseSpec(specTextOf(spec, null)).frontMatter.ask).toBe(spec.ask);
  });

  it('that is still the empty template is a spec without acceptance, and says so', () => {
    const empty = readSpecKitSpec('001-x', {
      spec: '# Feature Specification: [FEATURE NAME]\n',
      plan: null,
      tasks: null,
    });
    expect(empty).toMatchObject({ title: 'X', acceptance: [] });
    expect(empty.notes).toHaveLength(1);
  });
});

describe('an issue', () => {
  it('has its acceptance under a heading, or in its checkboxes', () => {
    const issue = readLooseMarkdown(
      'We need it.\r\n\r\n## Acceptance criteria\r\n- [ ] It **works**\r\n- It is fast\r\n  and small\r\n\r\n## Notes\r\n- [ ] not this\r\n',
      { title: 'Add it' },
    );
    expect(issue.acceptance.map(({ id, text }) => [id, text])).toEqual([
      ['a1', 'It works'],
      ['a2', 'It is fast and small'],
    ]);
    expect(issue.body).toBe('We need it.\n\n## Notes\n- [ ] not this');
    const boxes = readLooseMarkdown('- [x] one\n- two\n- [ ] three', { title: 'x' });
    expect(boxes.acceptance.map(({ text }) => text)).toEqual(['one', 'three']);
    expect(boxes.body).toBe('- two');
    expect(readLooseMarkdown('', { title: 'x' })).toMatchObject({ body: '', acceptance: [] });
  });

  it('may hold ids that no spec could, and they are made into ones that it can', () => {
    const ids = withIds(['1.1', '1.1', '', 'ä/ö', '-x', 'y'.repeat(60)].map((id) => ({ id, text: 't' })));
    expect(ids.map(({ id }) => id)).toEqual(['1.1', '1.1-2', 'a3', 'a4', 'x', 'y'.repeat(36)]);
  });
});

describe('a pasted text', () => {
  const titles = (text: string): readonly string[] => readPastedSpecs(text).map(({ title }) => title);

  it('is one spec, whatever it has or lacks', () => {
    expect(titles('just a thought')).toEqual(['just a thought']);
    expect(titles('\n- first do this\n- then that')).toEqual(['first do this']);
    expect(titles('## Small\n\ntext\n\n---\n\nmore text')).toEqual(['Small']);
    expect(titles('---\ntitle: Whole\nagents: [claude]\n---\n\n# A heading\n\n## And more\n')).toEqual(['Whole']);
    expect(titles('---\nagents: [claude]\n---\n\n# From the text\n')).toEqual(['From the text']);
    expect(titles('Setext\n---\nis a heading of its own\n')).toEqual(['Setext']);
    expect(titles('  \n\n')).toEqual([]);
    expect(titles('---')).toEqual(['---']);
  });

  it('is several where titles or rules before headings say so', () => {
    expect(titles('# One\n\na\n\n# Two\n\nb\n')).toEqual(['One', 'Two']);
    expect(titles('## One\n\na\n\n---\n\n## Two\n\nb\n\n---\n\nnot another\n')).toEqual(['One', 'Two']);
    expect(titles('---\ntitle: One\n---\na\n---\ntitle: Two\nask: Why?\n---\n\n# Its heading\n')).toEqual([
      'One',
      'Two',
    ]);
    expect(titles('# One\n\n```sh\n# not a title\n---\n```\n\n<!-- # nor this -->\n')).toEqual(['One']);
    expect(titles('\uFEFF# One\r\n\r\n# Two\r\n')).toEqual(['One', 'Two']);
  });

  it('keeps what was written, to the letter, where it is a spec already', () => {
    const text = '---\ntitle: One # yes\nfootprint: [a]\n---\n\nBody\n\n---\n\nmore\n';
    expect(readPastedSpecs(text)).toEqual([{ title: 'One', text, notes: [] }]);
    const [made] = readPastedSpecs('# Two: a thing\n\nWhy.\n\n### Acceptance criteria\n1. It works\n');
    expect(made?.text).toBe(
      '---\ntitle: "Two: a thing"\nagents: []\nacceptance:\n  - id: a1\n    text: It works\n---\n\nWhy.\n',
    );
  });

  it('that is hostile or huge is read in time', () => {
    expect(readPastedSpecs(`${'---\n'.repeat(3000)}`).length).toBeLessThan(5);
    expect(readPastedSpecs(`# x\n${'- '.repeat(20_000)}`)).toHaveLength(1);
    expect(readPastedSpecs(`# x\n${'<!--'.repeat(20_000)}`)).toHaveLength(1);
  });
});
