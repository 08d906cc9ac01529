/** QEMU without hardware help, as all virtual machines of the tests are started. */

/** The program, of the package qemu-system-x86. */
export const QEMU = 'qemu-system-x86_64';

/** Arguments that all machines have: two processors, so much memory, no display, and nothing that is not asked for. */
export function bareMachine(memoryMb: number): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-monitor', 'none'],
    ...['-machine', 'q35', '-cpu', 'max', '-smp', '2'],
    ...['-accel', 'tcg,thread=multi,tb-size=256', '-m', String(memoryMb)],
  ];
}

/** A disk whose content outlives no crash of the host. @param more options of the drive, and of its device */
export function nvmeDisk(file: string, more: { drive?: string; device?: string } = {}): string[] {
  const [drive, device] = [more.drive ?? '', more.device ?? ''].map((one) => (one === '' ? '' : `,${one}`));
  return [
    ...['-drive', `if=none,id=d0,file=${file},format=raw,cache=unsafe${drive}`],
    ...['-device', `nvme,drive=d0,serial=d0${device}`],
  ];
}
