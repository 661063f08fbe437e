// Gives each sample a button that copies it, and the search a key.
for (const sample of document.querySelectorAll("main pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(sample.querySelector("code")?.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2_000);
  });
  const frame = document.createElement("div");
  frame.className = "sample";
  sample.replaceWith(frame);
  frame.append(sample, button);
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea")) return;
  event.preventDefault();
  document.querySelector("input[type=search]")?.focus();
});
