"use client";

import type { VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { useListening } from "@/lib/browser.ts";
import { buttonVariants, cn } from "./controls.tsx";

type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonVariants> & {
    /** Keeps the focus on a button that is disabled by its own press, such as one that says "Saving…" meanwhile. */
    focusableWhenDisabled?: boolean;
  };

/** A button. One that cannot be pressed yet, because the page does not listen, looks as it will. */
export function Button(props: ButtonProps) {
  const {
    className,
    variant,
    size,
    breaks,
    disabled = false,
    focusableWhenDisabled = false,
    ...rest
  } = props;
  const isListening = useListening();
  const isInert = disabled && focusableWhenDisabled;
  return (
    <button
      type="button"
      {...rest}
      {...(isInert
        ? { "aria-disabled": true, onClick: (event) => event.preventDefault() }
        : { disabled: disabled || !isListening })}
      data-disabled={disabled ? "" : undefined}
      className={cn(buttonVariants({ variant, size, breaks }), className)}
    />
  );
}
