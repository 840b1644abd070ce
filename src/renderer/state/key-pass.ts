import { create } from 'zustand';

/** Whether the next key is the terminal's, whatever the app would do with it. */
export const useKeyPass = create<{ isArmed: boolean }>()(() => ({ isArmed: false }));

/** Keys that only change what another key means. They neither are what is waited for nor end the waiting. */
const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Fn', 'Dead', 'OS']);

const passed = new WeakSet<Event>();

/** Hands one key to the terminal, as a prefix key does in tmux or screen. */
export const keyPass = {
  arm(): void {
    useKeyPass.setState({ isArmed: true });
  },
  disarm(): void {
    if (useKeyPass.getState().isArmed) useKeyPass.setState({ isArmed: false });
  },
  /** Takes a key press that was waited for: true when the app keeps its hands off. Pressed elsewhere, it is a key like any. */
  take(event: Event & { key: string }, inTerminal: boolean): boolean {
    if (!useKeyPass.getState().isArmed || modifiers.has(event.key)) return false;
    keyPass.disarm();
    if (!inTerminal) return false;
    passed.add(event);
    return true;
  },
  /** Whether this press was handed over, so that the terminal's own keys (copy, paste) leave it alone as well. */
  isPassed: (event: Event): boolean => passed.has(event),
};
