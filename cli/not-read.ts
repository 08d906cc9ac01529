/** Files that a command was to read for whoever runs it, and could not. */

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
};

/** Why a file cannot be read, in words; what the error says itself where it is another one. */
export function whyNotRead(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return WHY[code] ?? message;
}
