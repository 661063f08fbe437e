"use client";

import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Trash2, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import { cn } from "@/components/ui/controls.tsx";
import { focusHome, keepFocus } from "@/lib/keep-focus.ts";
import { Button } from "./button.tsx";
import { buttonVariants } from "./controls.tsx";
import { useIsModalOpen } from "./modal.ts";
import { type ToastData, toaster } from "./toasts.ts";

const manager = Toast.createToastManager<ToastData>();

/**
 * Where toasts show. On narrow screens they take room of their own under the page, so that they lie on nothing; where there
 * is more room they lie over the right of the page. Every dialog lies over them, and while one is open nothing in a toast
 * can be reached: a question is answered by what is in it. The viewport is a polite live region that is in the page before
 * the first toast, so that it is announced too.
 */
export function Toaster() {
  usePauseWhileHidden();
  useEffect(() => toaster.fill(manager), []);
  return (
    <Toast.Provider toastManager={manager} limit={50}>
      <Viewport />
    </Toast.Provider>
  );
}

function Viewport() {
  const viewport = useRef<HTMLDivElement>(null);
  const isCovered = useIsModalOpen();
  usePauseWhileCovered(isCovered);
  const { leave, onKeyDown } = useWayToToasts(viewport, isCovered);
  return (
    <Toast.Viewport
      ref={viewport}
      inert={isCovered}
      onKeyDown={onKeyDown}
      className="z-30 flex max-h-[min(33dvh,18rem)] shrink-0 flex-col gap-2 overflow-y-auto border-t bg-shore p-2 empty:border-0 empty:p-0 md:fixed md:top-20 md:right-3 md:max-h-[calc(100dvh-6rem)] md:w-96 md:rounded-2xl md:border-0 md:bg-transparent md:p-1 print:hidden"
    >
      <ToastList onAnswered={leave} />
    </Toast.Viewport>
  );
}

/** `onAnswered` is called when what had the focus in a toast is about to go. */
function ToastList({ onAnswered }: { onAnswered: () => void }) {
  const { toasts: shown, close } = Toast.useToastManager<ToastData>();
  return shown.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["right", "up"]}
      className="shrink-0 translate-x-(--toast-swipe-movement-x) translate-y-(--toast-swipe-movement-y) rounded-xl border bg-card text-ink shadow-black/10 shadow-lg transition-[translate,opacity] duration-200 data-ending-style:-translate-y-2 data-starting-style:-translate-y-2 data-ending-style:opacity-0 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex gap-3 py-3 pr-2 pl-3.5">
        <ToastIcon type={toast.type} />
        <div className="min-w-0 flex-1">
          <Toast.Title className="text-pretty break-words font-medium text-sm leading-snug" />
          <Toast.Description className="mt-0.5 text-pretty break-words text-soft text-sm leading-snug" />
          {toast.data?.detail}
          {toast.data?.actions ? (
            <div className="mt-2.5 flex flex-wrap gap-2">
              {toast.data.actions.map((action) => (
                <Button
                  key={action.label}
                  size="sm"
                  breaks
                  variant={action.danger ? "danger" : "outline"}
                  onClick={() => {
                    close(toast.id);
                    action.onClick();
                    onAnswered();
                  }}
                >
                  {action.label}
                </Button>
              ))}
            </div>
          ) : null}
        </div>
        <Toast.Close
          aria-label="Dismiss"
          // Base UI hides it from assistive technology until the stack is expanded; here nothing is stacked.
          aria-hidden={false}
          onClick={onAnswered}
          className={buttonVariants({ variant: "ghost", size: "icon-sm" })}
        >
          <X aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

function ToastIcon({ type }: { type: string | undefined }) {
  const classes = "mt-0.5 size-4.5 shrink-0";
  if (type === "error") return <CircleAlert aria-hidden="true" className={cn(classes, "text-danger")} />;
  if (type === "trash") return <Trash2 aria-hidden="true" className={cn(classes, "text-soft")} />;
  return <CircleCheck aria-hidden="true" className={cn(classes, "text-live")} />;
}

/**
 * Stops the timers of toasts while the tab is hidden. Base UI stops them when the window loses the focus,
 * which a window that is covered or minimised, or never had it, does not report.
 */
function usePauseWhileHidden(): void {
  useEffect(() => {
    const onChange = () => window.dispatchEvent(new FocusEvent(document.hidden ? "blur" : "focus"));
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
}

/**
 * F6 goes to the toasts and back. Base UI has such a key too, but after its first use it keeps guards around the toasts that
 * send Tab back to where one came from, so that nobody gets past them: its listener is never reached.
 */
function useWayToToasts(viewport: RefObject<HTMLElement | null>, isCovered: boolean) {
  const before = useRef<Element | null>(null);
  const place = useCallback(() => {
    const { current } = before;
    return current instanceof HTMLElement && current !== document.body && current.isConnected
      ? current
      : focusHome();
  }, []);

  useEffect(() => {
    const onF6 = (event: globalThis.KeyboardEvent) => {
      const toaster = viewport.current;
      if (event.key !== "F6" || !toaster?.hasChildNodes()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isCovered) return;
      if (toaster.contains(document.activeElement)) return place()?.focus({ preventScroll: true });
      before.current = document.activeElement;
      toaster.focus({ preventScroll: true });
    };
    window.addEventListener("keydown", onF6, true);
    return () => window.removeEventListener("keydown", onF6, true);
  }, [viewport, isCovered, place]);

  return {
    leave: useCallback(() => keepFocus(place), [place]),
    onKeyDown: (event: KeyboardEvent & { preventBaseUIHandler: () => void }) => {
      if (event.key !== "Tab" || !event.shiftKey || event.target !== viewport.current) return;
      event.preventDefault();
      event.preventBaseUIHandler();
      place()?.focus({ preventScroll: true });
    },
  };
}

/** Stops the timers of toasts while a dialog lies over them; they begin anew when it closes. */
function usePauseWhileCovered(isCovered: boolean): void {
  const { toasts: shown, update } = Toast.useToastManager<ToastData>();
  const stopped = useRef(new Map<string, number>());
  useEffect(() => {
    if (isCovered) {
      for (const { id, timeout } of shown) {
        if (!timeout) continue;
        stopped.current.set(id, timeout);
        update(id, { timeout: 0 });
      }
    } else {
      for (const [id, timeout] of stopped.current) update(id, { timeout });
      stopped.current.clear();
    }
  }, [isCovered, shown, update]);
}
