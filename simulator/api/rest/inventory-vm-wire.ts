import type { Vm } from '../../world/state';

/** com.vmware.vcenter.VM.Summary */
export function vmSummary(vm: Vm): Record<string, unknown> {
  return {
    vm: vm.moid,
    name: vm.name,
    power_state: vm.powerState,
    cpu_count: vm.cpuCount,
    memory_size_MiB: vm.memoryMb,
  };
}

/** com.vmware.vcenter.VM.Info of a machine without devices: the simulator knows none. */
export function vmInfo(vm: Vm): Record<string, unknown> {
  return {
    guest_OS: 'OTHER_LINUX_64',
    name: vm.name,
    power_state: vm.powerState,
    hardware: { version: 'VMX_20', upgrade_policy: 'NEVER', upgrade_status: 'NONE' },
    boot: {
      type: 'EFI',
      efi_legacy_boot: false,
      network_protocol: 'IPV4',
      delay: 0,
      retry: false,
      retry_delay: 10_000,
      enter_setup_mode: false,
    },
    boot_devices: [],
    cpu: { count: vm.cpuCount, cores_per_socket: 1, hot_add_enabled: false, hot_remove_enabled: false },
    memory: { size_MiB: vm.memoryMb, hot_add_enabled: false },
    disks: {},
    nics: {},
    cdroms: {},
    floppies: {},
    parallel_ports: {},
    serial_ports: {},
    sata_adapters: {},
    scsi_adapters: {},
    nvme_adapters: {},
  };
}
