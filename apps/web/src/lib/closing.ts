import { keepFocus } from "./keep-focus.ts";

/** What a dialog does that closes: it tells so at once, and gives the focus a home when it has faded out. */
export const closing = (onClose: () => void) => ({
  onOpenChange: (open: boolean) => {
    if (!open) onClose();
  },
  onOpenChangeComplete: (open: boolean) => {
    if (!open) keepFocus();
  },
});
