/** One line of a text log, read again: logrus quotes as Go does, which for most texts is as JSON does. */
const word = String.raw`("(?:[^"\\]|\\.)*"|[^"\s]*)`;
const form = new RegExp(`^time="[^"]*" level=\\w+ msg=${word}(?: hint=${word})?$`);

export interface LogLine {
  readonly message: string;
  readonly hint: string | undefined;
}

/** Undefined for what is no such line. */
export function logLine(line: string): LogLine | undefined {
  const [, message, hint] = form.exec(line) ?? [];
  if (message === undefined) return undefined;
  return { message: unquoted(message), hint: hint === undefined ? undefined : unquoted(hint) };
}

const unquoted = (text: string): string =>
  text.startsWith('"')
    ? String(JSON.parse(text.replaceAll(/\\x([0-9a-f]{2})/g, String.raw`\u00$1`)))
    : text;
