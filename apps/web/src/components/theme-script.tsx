/** Reads what next-themes keeps, and sets the class that it would set. */
const script = `try {
  const stored = localStorage.getItem("theme") || "system";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = stored === "system" ? system : stored;
  document.documentElement.classList.add(theme);
  document.documentElement.style.colorScheme = theme;
} catch {}`;

/**
 * Sets the theme while the document's head is read: nothing is painted before there is a body. The script
 * of next-themes stands in the body, where browsers may paint once before they run it.
 */
export function ThemeScript({ nonce }: { nonce: string | undefined }) {
  const html = { __html: script };
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={html} />;
}
