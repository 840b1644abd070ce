/** Modes as Git's trees and raw diffs have them, of what is treated in a way of its own. `none`: nothing is there. */
export const fileModes = { none: '000000', symlink: '120000', submodule: '160000' } as const;
