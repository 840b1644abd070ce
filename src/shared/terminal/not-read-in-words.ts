/** Why words that were to be typed were not, where an agent is at work and its input takes no more. */
export const notReadInWords = 'Its agent does not read what is typed into it. Wait until it does, or stop it.';
