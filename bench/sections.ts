import { bigReviewSection } from './big-review.ts';
import { desktopSection } from './desktop.ts';
import { exitsSection } from './exits.ts';
import { environmentSection } from './environment.ts';
import { fileViewsSection } from './file-views.ts';
import { cloneSection } from './fresh-clone.ts';
import { keystrokesSection } from './keystrokes.ts';
import { manySpawnsSection } from './many-spawns.ts';
import { memorySection } from './memory.ts';
import { mergesSection, radarSection } from './radar.ts';
import { packageSection } from './package.ts';
import type { Section } from './section.ts';
import { soakSection } from './soak.ts';
import { spawnSection } from './spawn.ts';
import { startSection } from './start.ts';
import { survivalSection } from './survival.ts';
import { synchronizedSection } from './synchronized.ts';
import { throughputSection } from './throughput.ts';
import { webglSection } from './webgl.ts';

/** In the order in which they run. A new section is a file and a line here. */
export const sections: readonly Section[] = [
  startSection,
  desktopSection,
  spawnSection,
  environmentSection,
  manySpawnsSection,
  radarSection,
  mergesSection,
  fileViewsSection,
  bigReviewSection,
  exitsSection,
  survivalSection,
  throughputSection,
  keystrokesSection,
  synchronizedSection,
  memorySection,
  webglSection,
  soakSection,
  packageSection,
  cloneSection,
];
