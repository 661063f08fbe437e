import { Input as BaseInput } from "@base-ui/react/input";
import { Check } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";

/** How every field looks; a textarea uses it too. */
export const fieldClasses =
  "w-full rounded-lg border border-edge bg-card px-3 text-ink text-sm placeholder:text-soft hover:border-soft focus-visible:border-river focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger";

export function Input({
  className,
  ...props
}: Omit<ComponentProps<typeof BaseInput>, "className"> & { className?: string }) {
  return <BaseInput className={cn(fieldClasses, "h-10", className)} {...props} />;
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
