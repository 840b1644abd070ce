/** Where an agent that splits a spec writes its drafts, from the top of its worktree. */
export const draftsFolder = '.switchyard/drafts';
