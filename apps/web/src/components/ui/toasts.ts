import type { Toast } from "@base-ui/react/toast";
import type { ReactNode } from "react";
import { createSlot } from "@/lib/later.ts";

export type ToastAction = { label: string; onClick: () => void; danger?: boolean };
export type ToastData = { actions?: ToastAction[]; detail?: ReactNode };
type ToastManager = ReturnType<typeof Toast.createToastManager<ToastData>>;

/** Where the toasts are shown, once their code has been loaded. */
export const toaster = createSlot<ToastManager>();

/** Adds and closes toasts from anywhere. `timeout: 0` keeps one until it is dismissed. */
export const toasts = {
  add: (toast: Parameters<ToastManager["add"]>[0]) => toaster.ask((manager) => void manager.add(toast)),
  close: (id: string) => toaster.ask((manager) => manager.close(id)),
};
