/** Why the operating system refused something with a file, without Node's repetition of the call. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'this account may not read it';
    case 'EISDIR':
      return 'it is a directory';
    case undefined:
      return 'it cannot be read';
    default:
      return `the system says ${code}`;
  }
}
