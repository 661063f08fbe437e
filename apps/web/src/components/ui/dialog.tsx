"use client";

import { AlertDialog as Alert } from "@base-ui/react/alert-dialog";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import {
  type ComponentProps,
  type ReactNode,
  type Ref,
  type RefObject,
  type SyntheticEvent,
  useRef,
  useState,
} from "react";
import { focusHome, holdsFocus, keepFocus } from "@/lib/keep-focus.ts";
import { Button } from "./button.tsx";
import { buttonVariants } from "./controls.tsx";
import { useCountsAsModal } from "./modal.ts";

const backdropClasses =
  "fixed inset-0 z-40 bg-veil transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";

const popupClasses =
  "-translate-x-1/2 -translate-y-1/2 fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[28rem] max-w-[calc(100vw-2rem)] overflow-y-auto overscroll-contain rounded-2xl border bg-card p-6 text-ink shadow-2xl shadow-black/20 transition-[scale,opacity] duration-150 data-ending-style:scale-98 data-starting-style:scale-98 data-ending-style:opacity-0 data-starting-style:opacity-0";

/** What a dialog is drawn in. While it is open it counts as modal; while it fades out nothing in it acts any more. */
function Surface({ isOpen, ...props }: ComponentProps<"div"> & { isOpen: boolean }) {
  useCountsAsModal(isOpen);
  return <div {...props} {...(isOpen ? undefined : { onClickCapture: ignore, onSubmitCapture: ignore })} />;
}

function ignore(event: SyntheticEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

const surface = (props: ComponentProps<"div">, { open }: { open: boolean }) => (
  <Surface isOpen={open} {...props} />
);

type FocusPlaces = {
  /** Where the focus starts; else in the first field, or on the first button where there is none. */
  initialFocus?: () => HTMLElement | null;
  /** Where it goes at the end: back to where it was (true), nowhere (false), or to an element. */
  finalFocus?: () => HTMLElement | boolean | null;
};

const fields = "textarea:enabled, input:enabled:not([type=radio], [type=checkbox], [type=hidden])";

/**
 * Gives the focus to a dialog at once: Base UI does so with the next frame, and on a busy machine what is typed until then would
 * act on what lies beneath. While it fades out, what has taken the focus meanwhile keeps it, such as the next dialog.
 */
function useFocusPlaces({ initialFocus, finalFocus }: FocusPlaces) {
  const popup = useRef<HTMLDivElement>(null);
  const first = (what: string) => popup.current?.querySelector<HTMLElement>(what);
  return {
    ref: popup,
    initialFocus: () => {
      const place = initialFocus?.() ?? first(fields) ?? first("button:enabled") ?? popup.current;
      place?.focus({ preventScroll: true });
      return false;
    },
    finalFocus: () => holdsFocus(popup.current) && (finalFocus?.() ?? true),
  };
}

export const Dialog = Base.Root;

type DialogContentProps = FocusPlaces & { title: string; description?: ReactNode; children: ReactNode };

/** A dialog with a title and a button that closes it. */
export function DialogContent({ title, description, children, ...places }: DialogContentProps) {
  return (
    <Base.Portal>
      <Base.Backdrop className={backdropClasses} />
      <Base.Popup render={surface} className={popupClasses} {...useFocusPlaces(places)}>
        <div className="flex items-start justify-between gap-4">
          <Base.Title className="font-semibold text-lg leading-snug">{title}</Base.Title>
          <Base.Close
            aria-label="Close"
            className={buttonVariants({ variant: "ghost", size: "icon-sm", className: "-mt-1 -mr-2" })}
          >
            <X aria-hidden="true" />
          </Base.Close>
        </div>
        {description ? (
          <Base.Description className="mt-1 text-pretty text-sm text-soft">{description}</Base.Description>
        ) : null}
        {children}
      </Base.Popup>
    </Base.Portal>
  );
}

/** A dialog that asks: it is closed by an answer, not by a click beside it. */
export const AlertDialog = Alert.Root;
export const AlertDialogClose = Alert.Close;

export function AlertDialogContent({ children, ...places }: FocusPlaces & { children: ReactNode }) {
  return (
    <Alert.Portal>
      <Alert.Backdrop className={backdropClasses} />
      <Alert.Popup render={surface} className={popupClasses} {...useFocusPlaces(places)}>
        {children}
      </Alert.Popup>
    </Alert.Portal>
  );
}

export function AlertDialogTitle(props: Omit<ComponentProps<typeof Alert.Title>, "className">) {
  return <Alert.Title className="text-balance break-words font-semibold text-lg leading-snug" {...props} />;
}

export function AlertDialogDescription(props: Omit<ComponentProps<typeof Alert.Description>, "className">) {
  return (
    <Alert.Description className="mt-2 text-pretty text-[0.9375rem] text-soft leading-relaxed" {...props} />
  );
}

/** Props of a dialog that can close: `onClose` is called at once; once it has faded out, the focus gets a home. */
export const closing = (onClose: () => void) => ({
  onOpenChange: (open: boolean) => {
    if (!open) onClose();
  },
  onOpenChangeComplete: (open: boolean) => {
    if (!open) keepFocus();
  },
});

/** `value`, or the last one that was not null: a dialog that fades out still shows what it was about. */
export function useLastShown<Value>(value: Value | null): Value | null {
  const [shown, setShown] = useState(value);
  if (value !== null && value !== shown) setShown(value);
  return shown;
}

type Question<Asked> = {
  asked: Asked;
  /** Goes to the button that cancels, which gets the focus first. */
  cancelRef: RefObject<HTMLButtonElement | null>;
  /** Does what was confirmed, once: the dialog can still be clicked while it fades out. */
  confirm: (act: () => void) => void;
};

type QuestionDialogProps<Asked> = {
  /** What to ask about; null closes the dialog. */
  asked: Asked | null;
  onCancel: () => void;
  /** The chat whose row goes when it is confirmed, so that the focus goes elsewhere. */
  leaving?: (asked: Asked) => string;
  children: (question: Question<Asked>) => ReactNode;
};

/** Asks before something is done that cannot be undone. */
export function QuestionDialog<Asked>({ asked, onCancel, leaving, children }: QuestionDialogProps<Asked>) {
  const shown = useLastShown(asked);
  const cancelRef = useRef<HTMLButtonElement>(null);
  const confirmed = useRef(false);
  const confirm = (act: () => void) => {
    if (confirmed.current) return;
    confirmed.current = true;
    act();
  };
  return (
    <AlertDialog open={asked !== null} {...closing(onCancel)}>
      <AlertDialogContent
        initialFocus={() => {
          confirmed.current = false;
          return cancelRef.current;
        }}
        finalFocus={() =>
          confirmed.current ? focusHome(shown === null ? undefined : leaving?.(shown)) : true
        }
      >
        {shown === null ? null : children({ asked: shown, cancelRef, confirm })}
      </AlertDialogContent>
    </AlertDialog>
  );
}

type AnswersProps = {
  /** Where the focus starts. */
  cancelRef?: Ref<HTMLButtonElement>;
  /** What yes is called here. */
  yes: string;
  disabled?: boolean;
  onYes: () => void;
};

/** The two answers to a question that is asked before something is lost. */
export function Answers({ cancelRef, yes, disabled = false, onYes }: AnswersProps) {
  return (
    <div className="mt-6 flex flex-wrap justify-end gap-2">
      <AlertDialogClose ref={cancelRef} className={buttonVariants({ variant: "outline" })}>
        Cancel
      </AlertDialogClose>
      <Button variant="danger" disabled={disabled} onClick={onYes}>
        {yes}
      </Button>
    </div>
  );
}
