/** The event under which hooks and plugins of ours tell what tokens were used, as JSON in its message. */
export const usageEvent = 'usage';
