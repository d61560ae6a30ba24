/** The texts of /proc/self/mountinfo and /proc/self/cgroup on several kinds of hosts. */

export interface HostTexts {
  readonly mountinfo: string;
  readonly cgroup: string;
}

const frame = `22 27 0:21 / /proc rw,relatime - proc proc rw
23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
`;

const hybridMounts = `${frame}31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
`;

const hybridCgroup = `7:memory:/user.slice
5:devices:/user.slice
4:name=systemd:/user.slice/session-1.scope
3:cpu,cpuacct:/
`;

export const hybridHost: HostTexts = {
  mountinfo: `${hybridMounts}41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
`,
  cgroup: `${hybridCgroup}0::/user.slice/session-1.scope
`,
};

export const legacyHost: HostTexts = { mountinfo: hybridMounts, cgroup: hybridCgroup };

export const unifiedHost: HostTexts = {
  mountinfo: `${frame}31 23 0:28 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate
`,
  cgroup: `0::/user.slice/user-0.slice/session-1.scope
`,
};

/** `unshare -m; mount -t cgroup2 none /sys/fs/cgroup` on a hybrid host. */
export const coveredHost: HostTexts = {
  mountinfo: `${hybridHost.mountinfo}90 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 none rw
`,
  cgroup: hybridHost.cgroup,
};

/** The same host with another tmpfs over /sys/fs/cgroup, in which the hierarchies are mounted once more. */
export const viewedHost: HostTexts = {
  mountinfo: `${hybridHost.mountinfo}90 31 0:60 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
91 90 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
92 90 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
`,
  cgroup: hybridHost.cgroup,
};

/** A container without a cgroup namespace, in which runc mounted the cgroups of the container. */
export const containerOnLegacyHost: HostTexts = {
  mountinfo: `${frame}31 23 0:28 / /sys/fs/cgroup ro - tmpfs tmpfs rw,mode=755
32 31 0:29 /docker/a\\040b /sys/fs/cgroup/memory ro master:9 - cgroup memory rw,memory
33 31 0:30 /docker/a\\040b /sys/fs/cgroup/devices ro master:9 - cgroup devices rw,devices
34 31 0:30 /docker/a\\040b /mnt/my\\040devices ro master:9 - cgroup devices rw,devices
`,
  cgroup: `7:memory:/docker/a b
5:devices:/docker/a b/inner
`,
};

export const hostWithoutCgroups: HostTexts = { mountinfo: frame, cgroup: '0::/\n' };
