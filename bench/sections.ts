import { exitsSection } from './exits.ts';
import { cloneSection } from './fresh-clone.ts';
import type { Section } from './section.ts';
import { spawnSection } from './spawn.ts';
import { startSection } from './start.ts';
import { survivalSection } from './survival.ts';

/** In the order in which they run. A new section is a file and a line here. */
export const sections: readonly Section[] = [startSection, spawnSection, exitsSection, survivalSection, cloneSection];
