const lines = Array.from({ length: 9 }, (_, index) => index);

/** The river behind the sign-in card: lines that thin out towards the bottom. Decorative. */
export function River() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1440 520"
      preserveAspectRatio="none"
      fill="none"
      className="-z-10 absolute inset-x-0 bottom-0 h-[55%] w-full text-river"
    >
      {lines.map((line) => (
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
