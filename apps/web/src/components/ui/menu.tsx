"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ComponentProps, ReactNode, RefObject } from "react";
import { cn } from "@/components/ui/controls.tsx";

export const Menu = Base.Root;
export const MenuTrigger = Base.Trigger;
export const MenuRadioGroup = Base.RadioGroup;

const itemClasses =
  "flex min-h-9 select-none items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft";

const dangerClasses = "text-danger data-highlighted:bg-blush [&_svg]:text-danger";

/** `container` keeps the menu inside its landmark. */
export function MenuContent(props: { container: RefObject<HTMLElement | null>; children: ReactNode }) {
  return (
    <Base.Portal container={props.container}>
      <Base.Positioner className="z-50 outline-none" sideOffset={6} align="end">
        <Base.Popup className="max-h-(--available-height) min-w-[min(14rem,var(--available-width))] max-w-(--available-width) overflow-y-auto overscroll-contain origin-(--transform-origin) rounded-xl border bg-card p-1.5 text-ink shadow-black/10 shadow-xl transition-[scale,opacity] duration-100 data-ending-style:scale-98 data-starting-style:scale-98 data-ending-style:opacity-0 data-starting-style:opacity-0">
          {props.children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** `danger` marks what cannot be taken back. */
export function MenuItem({
  danger = false,
  ...props
}: Omit<ComponentProps<typeof Base.Item>, "className"> & { danger?: boolean }) {
  return <Base.Item className={cn(itemClasses, danger && dangerClasses)} {...props} />;
}

export function MenuRadioItem({
  children,
  ...props
}: Omit<ComponentProps<typeof Base.RadioItem>, "className">) {
  return (
    <Base.RadioItem className={itemClasses} {...props}>
      {children}
      <Base.RadioItemIndicator className="ml-auto">
        <Check aria-hidden="true" />
      </Base.RadioItemIndicator>
    </Base.RadioItem>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1.5 my-1.5 h-px bg-line" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Base.GroupLabel className="px-2.5 pt-1.5 pb-1 text-soft text-xs">{children}</Base.GroupLabel>;
}

export const MenuGroup = Base.Group;
