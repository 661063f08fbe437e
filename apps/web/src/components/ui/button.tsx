import { Button as BaseButton } from "@base-ui/react/button";
import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

export const buttonVariants = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium text-sm transition-colors duration-150 data-disabled:pointer-events-none data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-river text-on-river hover:bg-river-strong",
        danger: "bg-danger text-on-danger hover:bg-danger-strong",
        outline: "border border-edge bg-card text-ink hover:bg-hover",
        ghost: "text-soft hover:bg-hover hover:text-ink",
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

type ButtonProps = Omit<ComponentProps<typeof BaseButton>, "className"> &
  VariantProps<typeof buttonVariants> & { className?: string };

export function Button({ className, variant, size, breaks, ...props }: ButtonProps) {
  return <BaseButton className={cn(buttonVariants({ variant, size, breaks }), className)} {...props} />;
}

/** The name of a key, such as in a list of shortcuts. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-6 items-center justify-center rounded-md border border-edge/50 bg-card px-1.5 py-0.5 font-medium font-sans text-soft text-xs">
      {children}
    </kbd>
  );
}
