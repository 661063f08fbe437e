"use client";

import { type ComponentProps, type ReactNode, type RefObject, useRef, useState } from "react";

/** What a menu needs of the button that opens it. */
export type OpenedMenu = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  button: RefObject<HTMLButtonElement | null>;
  /** Opened by a key: the first item gets the focus. */
  byKey: boolean;
};

type MenuButtonProps = Omit<ComponentProps<"button">, "ref"> & {
  /** Renders the menu, from when it is asked for the first time. */
  menu: (opened: OpenedMenu) => ReactNode;
};

/** A button that opens a menu. Lists have one in each row: it is no more than a button until it is pressed. */
export function MenuButton({ menu, ...props }: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const [byKey, setByKey] = useState(false);

  function open(withKey: boolean) {
    setByKey(withKey);
    setWasOpened(true);
    setIsOpen(true);
  }
  return (
    <>
      <button
        {...props}
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-popup-open={isOpen ? "" : undefined}
        // What clicks without a pointer is a key, or assistive technology.
        onClick={(event) => open(event.detail === 0)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          open(true);
        }}
      />
      {wasOpened ? menu({ isOpen, onOpenChange: setIsOpen, button, byKey }) : null}
    </>
  );
}
