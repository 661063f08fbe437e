"use client";

import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Trash2, X } from "lucide-react";
import { useEffect } from "react";
import { cn } from "@/components/ui/controls.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { Button, buttonVariants } from "./controls.tsx";
import { type ToastData, toaster } from "./toasts.ts";

const manager = Toast.createToastManager<ToastData>();

/**
 * Where toasts show. The viewport is a polite live region that is in the page before the first toast, so that
 * it is announced too; F6 moves focus to it.
 */
export function Toaster() {
  usePauseWhileHidden();
  useEffect(() => toaster.fill(manager), []);
  return (
    <Toast.Provider toastManager={manager} limit={50}>
      <Toast.Portal>
        <Toast.Viewport className="fixed top-20 right-3 z-60 flex max-h-[calc(100dvh-6rem)] w-96 max-w-[calc(100vw-1.5rem)] flex-col gap-2 overflow-y-auto rounded-2xl p-1 empty:p-0">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
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
                    keepFocus();
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
          onClick={() => keepFocus()}
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
