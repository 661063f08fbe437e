/** Longest name without its extension; bytes of UTF-8. File systems take 255 with it. */
const longest = 120;

/** What is not seen, or turns text around, or means something to a shell or a file system. */
const refused = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}"*/:<>?\\|]+/gu;
/** Names that Windows takes for devices, whatever follows the first dot. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)/i;

/**
 * A name for an export's file that every file system takes and that leads nowhere: it is no path, not
 * hidden, nobody's device, and says what it seems to say. Made of the chat's title, or of "chat".
 *
 * @param extension without a dot
 */
export function fileName(title: string, extension: string): string {
  const spaced = title.normalize("NFC").replace(refused, " ").replace(/\s+/g, " ");
  const name = trimmed(shortened(trimmed(spaced)));
  if (name === "") return `chat.${extension}`;
  return devices.test(name) ? `chat ${name}.${extension}` : `${name}.${extension}`;
}

/** Dots and spaces at the ends are hidden, dropped or refused; so are tildes and dashes at the begin. */
const trimmed = (name: string): string => name.replace(/^[\s.~-]+/, "").replace(/[\s.]+$/, "");

/** Cut between characters as people see them. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longest) return name;
  let kept = "";
  for (const { segment } of new Intl.Segmenter("en").segment(name)) {
    if (Buffer.byteLength(kept + segment) > longest) break;
    kept += segment;
  }
  return kept;
}
