"use client";

import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import type { ComponentProps } from "react";
import { backdropClasses, popupClasses } from "./dialog.tsx";

export const AlertDialog = Base.Root;
export const AlertDialogClose = Base.Close;

export function AlertDialogContent({
  children,
  ...props
}: Omit<ComponentProps<typeof Base.Popup>, "className">) {
  return (
    <Base.Portal>
      <Base.Backdrop className={backdropClasses} />
      <Base.Popup className={popupClasses} {...props}>
        {children}
      </Base.Popup>
    </Base.Portal>
  );
}

export function AlertDialogTitle(props: Omit<ComponentProps<typeof Base.Title>, "className">) {
  return <Base.Title className="text-balance break-words font-semibold text-lg leading-snug" {...props} />;
}

export function AlertDialogDescription(props: Omit<ComponentProps<typeof Base.Description>, "className">) {
  return (
    <Base.Description className="mt-2 text-pretty text-[0.9375rem] text-soft leading-relaxed" {...props} />
  );
}
