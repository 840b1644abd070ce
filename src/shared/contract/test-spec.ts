import type { SpecSlug } from '#shared/ids.ts';

import type { SpecSummary } from './specs.ts';

/** A spec without a wish of its own, for tests: what they are not about is filled in. */
export function testSpec(slug: string, more: Partial<SpecSummary> = {}): SpecSummary {
  return {
    slug: slug as SpecSlug,
    title: slug,
    path: `specs/${slug}.md`,
    agents: [],
    base: null,
    branch: null,
    footprint: [],
    prompts: [],
    after: [],
    source: null,
    acceptanceCount: 0,
    problemCount: 0,
    modifiedAt: 0,
    ...more,
  };
}
