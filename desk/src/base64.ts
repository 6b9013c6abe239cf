// The policy of the page forbids to fetch a data: address, so that base64 is read by hand.

// Newer browsers read it themselves.
const Bytes = Uint8Array as typeof Uint8Array & { fromBase64?(text: string): Uint8Array };

export function asBytes(base64: string): Uint8Array {
  if (Bytes.fromBase64) return Bytes.fromBase64(base64);
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export function asBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
