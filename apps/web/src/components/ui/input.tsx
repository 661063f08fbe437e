import { Input as BaseInput } from "@base-ui/react/input";
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
