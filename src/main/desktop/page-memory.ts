/**
 * How V8 collects in the pages, as `js-flags`. By its own measure it lets a page that draws terminals as elements grow to 2.5
 * times what it holds, because elements that were let go of wait for a full collection. Young objects get 8 MB instead of
 * 32 MB, and the heap may double between two collections: `node bench/hostile-output.ts --flood` has the difference, typing
 * beside floods is as quick as without.
 */
export const pageMemoryFlags = '--max-semi-space-size=8 --heap-growing-percent=100';
