"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useRef,
} from "react";
import { cn } from "@/components/ui/controls.tsx";
import { holdsFocus } from "@/lib/keep-focus.ts";
import type { OpenedMenu } from "./menu-button.tsx";

export const MenuRadioGroup = Base.RadioGroup;

const itemClasses =
  "flex min-h-9 select-none items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none [&_svg]:size-4 [&_svg]:shrink-0";

const plainClasses = "data-highlighted:bg-hover [&_svg]:text-soft";

const dangerClasses = "text-danger data-highlighted:bg-blush [&_svg]:text-danger";

type MenuProps = OpenedMenu & {
  label: string;
  /** Where the menu is put in the page: inside the landmark of its button, and outside of what cuts off its overflow. */
  container: (button: HTMLElement) => HTMLElement | null;
  children: ReactNode;
};

const ButtonContext = createContext<OpenedMenu["button"] | null>(null);

/** The menu of a `MenuButton`. */
export function Menu({ isOpen, onOpenChange, button, byKey, label, container, children }: MenuProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <ButtonContext value={button}>
      <Base.Root open={isOpen} onOpenChange={(open) => onOpenChange(open)}>
        <Base.Portal container={button.current ? container(button.current) : null}>
          <Base.Positioner anchor={button} className="z-50 outline-none" sideOffset={6} align="end">
            <Base.Popup
              ref={popup}
              aria-label={label}
              // Unless what was chosen has taken the focus elsewhere, such as into a dialog.
              finalFocus={() => (holdsFocus(popup.current) ? button.current : false)}
              className="max-h-(--available-height) min-w-[min(14rem,var(--available-width))] max-w-(--available-width) overflow-y-auto overscroll-contain origin-(--transform-origin) rounded-xl border bg-card p-1.5 text-ink shadow-black/10 shadow-xl transition-[scale,opacity] duration-100 data-ending-style:scale-98 data-starting-style:scale-98 data-ending-style:opacity-0 data-starting-style:opacity-0"
            >
              {byKey ? <FocusFirst popup={popup} /> : null}
              {children}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </ButtonContext>
  );
}

/** Gives the focus to the first item. Base UI does so for its own triggers only. */
function FocusFirst({ popup }: { popup: RefObject<HTMLElement | null> }) {
  useEffect(() => {
    popup.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus({ preventScroll: true });
  }, [popup]);
  return null;
}

/** `danger` marks what cannot be taken back. */
export function MenuItem({
  danger = false,
  onClick,
  ...props
}: Omit<ComponentProps<typeof Base.Item>, "className"> & { danger?: boolean }) {
  const button = useContext(ButtonContext);
  return (
    <Base.Item
      className={cn(itemClasses, danger ? dangerClasses : plainClasses)}
      onClick={(event) => {
        // One of a menu that fades out.
        if (event.currentTarget.closest("[data-closed]")) return;
        // A dialog that opens now gives the focus back to where it finds it.
        button?.current?.focus({ preventScroll: true });
        onClick?.(event);
      }}
      {...props}
    />
  );
}

export function MenuRadioItem({
  children,
  ...props
}: Omit<ComponentProps<typeof Base.RadioItem>, "className">) {
  return (
    <Base.RadioItem className={cn(itemClasses, plainClasses)} {...props}>
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
