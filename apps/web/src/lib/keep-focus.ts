/** How long to look after the focus: until what closes has left the page, its exit animation included. */
const watchMs = 700;
/** As many frames as that is on most displays: on a slow machine what closes takes longer. */
const watchFrames = 42;

/**
 * Gives the focus a home if what had it is about to leave the page: focus on `body` would throw a
 * keyboard user back to the start. Call it where something that may hold the focus goes away.
 */
export function keepFocus(home: () => HTMLElement | null = focusHome): void {
  const end = performance.now() + watchMs;
  let frames = 0;
  let last: Element | null = null;
  const look = () => {
    const { activeElement, body } = document;
    if (activeElement !== null && activeElement !== body) last = activeElement;
    // Who tabs past the end of the page is on `body` too, and goes on from there.
    else if (last === null || !canHaveFocus(last)) home()?.focus({ preventScroll: true });
    // The element that has it now may go too, such as a row that is about to be deleted.
    frames += 1;
    if (performance.now() < end || frames < watchFrames) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Whether the focus is in what closes, or nowhere: where else it is, something has taken it that shall keep it. */
export function holdsFocus(closing: HTMLElement | null): boolean {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body || closing?.contains(activeElement) === true;
}

const canHaveFocus = (element: Element) =>
  element.checkVisibility() && !element.matches(":disabled") && element.closest("[inert]") === null;

let ownHome: (() => HTMLElement | null) | undefined;

/** Lets the open page decide where the focus goes, as long as `home` returns a place. Call the result on unmount. */
export function registerFocusHome(home: () => HTMLElement | null): () => void {
  ownHome = home;
  return () => {
    if (ownHome === home) ownHome = undefined;
  };
}

/**
 * Where the focus goes when nothing else wants it: where the open page says, else to the list's current row, else to what
 * stands in place of an empty list, else to the main region.
 *
 * @param leaving a chat whose row is about to go: its neighbour is taken instead
 * @returns null while there is no such place yet: the row that is about to go is the only one
 */
export function focusHome(leaving?: string): HTMLElement | null {
  const own = ownHome?.();
  if (own) return own;
  const rows = [...document.querySelectorAll<HTMLElement>("[data-chat-row]")].filter((row) =>
    row.checkVisibility(),
  );
  const at = rows.findIndex((row) => row.dataset.chatRow === leaving);
  const current = rows.find((row) => row.tabIndex === 0);
  const row = at === -1 || current?.dataset.chatRow !== leaving ? current : (rows[at + 1] ?? rows[at - 1]);
  if (row) return row;
  if (at !== -1) return null;
  const instead = document.querySelector<HTMLElement>("[data-focus-home]");
  if (!instead?.checkVisibility()) return document.getElementById("main");
  // What can be done there, whoever gives the focus: a dialog that closes looks for it by itself.
  return instead.querySelector<HTMLElement>("button") ?? instead;
}
