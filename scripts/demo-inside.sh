# What scripts/demo runs as the container's first process: looks around, and says what it sees.
# The demo gives the host's side as HOST_NAME and HOST_PROCESSES. Only bash and coreutils are needed.

heading() { printf '\n\033[1m%s\033[0m  %s\n' "$1" "$2"; }
[ "$COLOR" = 1 ] || heading() { printf '\n%s  %s\n' "$1" "$2"; }
row() { printf '  %-12s %s\n' "$1" "$2"; }

heading 'Host name' 'its own (UTS namespace)'
row here "$(cat /proc/sys/kernel/hostname)"
row 'on the host' "$HOST_NAME"

heading 'Processes' "only its own (pid namespace); the host has $HOST_PROCESSES"
if processes=$(ps -e -o pid,args 2>/dev/null); then
  sed 's/^/  /' <<<"$processes"
else
  for process in /proc/[0-9]*; do
    row "${process#/proc/}" "$(tr '\0' ' ' <"$process/cmdline")"
  done 2>/dev/null
fi

heading 'Mounts' 'its own (mount namespace); a selection'
while read -r _ _ _ _ target options rest; do
  type=${rest#*- }
  case $target in
    / | /usr | /proc | /dev | /sys | /tmp) row "$target" "${type%% *}, ${options%%,*}" ;;
  esac
done </proc/self/mountinfo
row 'touch /usr/x' "$(touch /usr/x 2>&1 | sed 's/.*: //')"

heading 'Network' 'its own, with nothing but a loopback (network namespace)'
for interface in /sys/class/net/*; do
  row "${interface##*/}" "$((($(<"$interface/flags") & 1)) && echo up || echo down)"
done

heading 'Limits' 'as the config asks (process.rlimits)'
row 'open files' "$(ulimit -Sn) (hard $(ulimit -Hn))"
row 'core file' "$(ulimit -Sc) (hard $(ulimit -Hc))"

heading 'Cgroups' 'where the kernel accounts for it'
declare -A controllers
while IFS=: read -r _ names path; do
  controllers[$path]+="${names:-unified} "
done </proc/self/cgroup
for path in "${!controllers[@]}"; do
  printf '  %s\n    %s\n' "${controllers[$path]% }" "$path"
done

heading 'Capabilities' 'what is left of root (process.capabilities)'
names=(chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
  net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin
  sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override
  mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore)
while read -r name value; do
  case $name in
    CapEff:)
      held=
      for bit in "${!names[@]}"; do (((0x$value >> bit & 1) == 0)) || held+="${held:+, }${names[bit]}"; done
      row effective "${held:-none} (${#names[@]} exist)"
      ;;
    NoNewPrivs:) row 'new ones' "$([ "$value" = 1 ] && echo 'can never be gained (noNewPrivileges)' || echo 'may be gained')" ;;
  esac
done </proc/self/status
