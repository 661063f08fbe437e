/** Lethe's mark: a river of which less remains with every line. Decorative; the name stands beside it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" className={`text-river ${className ?? "size-7"}`}>
      <rect width="32" height="32" rx="9" fill="currentColor" />
      <g stroke="var(--on-river)" strokeWidth="2.6" strokeLinecap="round">
        <path d="M7 10.5c3-2.6 6-2.6 9 0s6 2.6 9 0" />
        <path d="M7 16.5c3-2.6 6-2.6 9 0 1.6 1.4 3.3 2 5 1.9" opacity=".72" />
        <path d="M7 22.5c2-1.7 4-2.3 6-1.8" opacity=".42" />
      </g>
    </svg>
  );
}

/** The river behind the sign-in card: lines that thin out towards the bottom. Decorative. */
export function SignInBackground() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1440 520"
      preserveAspectRatio="none"
      fill="none"
      className="-z-10 absolute inset-x-0 bottom-0 h-[55%] w-full text-river"
    >
      {Array.from({ length: 9 }, (_, line) => (
        <path
          key={line}
          d={`M-40 ${60 + line * 52}c180-${64 - line * 4} 360-${64 - line * 4} 540 0s360 ${64 - line * 4} 540 0 360-${64 - line * 4} 540 0`}
          stroke="currentColor"
          strokeWidth="1.25"
          vectorEffect="non-scaling-stroke"
          opacity={0.24 - line * 0.024}
        />
      ))}
    </svg>
  );
}
