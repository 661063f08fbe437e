import { cva } from "class-variance-authority";
import { type ClassValue, clsx } from "clsx";
import { Check } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

/**
 * Joins class names. Of two Tailwind classes for one property the style sheet's order decides, not this one's: give one of
 * them, or mark the one that is to win with `!`.
 */
export const cn = (...classes: ClassValue[]): string => clsx(classes);

export const buttonVariants = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium text-sm transition-colors duration-150 data-disabled:pointer-events-none data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-river text-on-river hover:bg-river-strong",
        danger: "bg-danger text-on-danger hover:bg-danger-strong",
        outline: "border border-edge bg-card text-ink hover:bg-hover",
        ghost: "text-soft hover:bg-hover hover:text-ink",
        "outline-danger":
          "border border-edge bg-card text-ink hover:border-danger hover:bg-hover hover:text-danger",
        "ghost-danger": "text-soft hover:bg-blush hover:text-danger",
      },
      size: {
        md: "min-h-9 px-3.5 py-1.5",
        sm: "min-h-8 px-2.5 py-1 text-[0.8125rem]",
        lg: "min-h-11 px-5 py-2",
        icon: "size-9",
        "icon-sm": "size-8",
      },
      /** Lets a long label break where one line of it is wider than what holds the button. */
      breaks: { true: "max-w-full whitespace-normal" },
    },
    defaultVariants: { variant: "outline", size: "md" },
  },
);

/** The name of a key, such as in a list of shortcuts. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-6 items-center justify-center rounded-md border border-edge/50 bg-card px-1.5 py-0.5 font-medium font-sans text-soft text-xs">
      {children}
    </kbd>
  );
}

/** How every field looks; a textarea uses it too. */
export const fieldClasses =
  "w-full rounded-lg border border-edge bg-card px-3 text-ink text-sm placeholder:text-soft hover:border-soft focus-visible:border-river focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(fieldClasses, "h-10", className)} {...props} />;
}

/** A checkbox in the colours of the theme. All of the element reacts, the box in its middle shows the state. */
export function Checkbox({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  return (
    <span className={cn("relative inline-flex size-6 shrink-0 items-center justify-center", className)}>
      <input
        type="checkbox"
        className="peer absolute inset-0 size-full cursor-pointer opacity-0 disabled:cursor-default"
        {...props}
      />
      <span
        aria-hidden="true"
        className="pointer-events-none flex size-4.5 items-center justify-center rounded-[0.3125rem] border border-edge bg-card text-on-river outline-river outline-offset-2 peer-checked:border-river peer-checked:bg-river peer-focus-visible:outline-2 peer-disabled:opacity-50 [&>svg]:opacity-0 peer-checked:[&>svg]:opacity-100"
      >
        <Check strokeWidth={3} className="size-3.5" />
      </span>
    </span>
  );
}

/** A grey bar where text will be. It shows only after 300 ms, so that a fast answer does not flicker. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn("animate-late rounded-md bg-hover", className)} />;
}
