/** What programs say that they could not do, wherever it stands in a text: "ls: cannot access '/data': Input/output error". */

/** Programs that say so of files; what stands behind their names is theirs. */
const ERROR =
  /^\s{0,12}(?:-?(?:ba|z|da|k)?sh|df|ls|cat|cp|mv|rm|touch|mkdir|u?mount|find|du|stat|cd|tar|rsync|dd|tee|chmod|chown|ln|head|tail|grep|sed|echo|badblocks|fdisk|parted|sfdisk|blkid|hdparm|ddrescue|file|dpkg|apt-get|yum|dnf)\b: (?!.*\/(?:sys|proc)\/).{0,300}(?:Input\/output error|Stale (?:NFS )?file handle|Transport endpoint is not connected|Structure needs cleaning|Read-only file system|Remote I\/O error|No space left on device|can't read superblock|Cannot allocate memory)\b/;
const MAX_ERRORS = 500;

/** The lines of a text in which programs say so, one below the other; empty where there is none. */
export function toolErrorsIn(text: string): string {
  const found = text
    .split('\n')
    .filter((row) => row.length < 600 && ERROR.test(row.replace(/^ ?(?:> ?){1,12}/, '')));
  return found.length === 0 ? '' : `${found.slice(0, MAX_ERRORS).join('\n')}\n`;
}
