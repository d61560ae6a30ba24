/*
 * What this kernel can do, asked by calls that cannot succeed: with arguments that are wrong, a
 * call that is there answers EINVAL and its like. ENOSYS is an older kernel's answer, EPERM that of
 * many a filter around a container.
 */
#include "librunt.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../init/kernel.h"

#define NO_FLAGS 0xffffffffu

static bool lacks(long result)
{
	return result < 0 && LACKING(errno);
}

/* These look at the caller's rights before their arguments: EPERM says nothing to one who has none.
 */
static bool lacks_despite_rights(long result, bool has_rights)
{
	return result < 0 && (errno == ENOSYS || (errno == EPERM && has_rights));
}

static bool may_mount(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{0}};

	return syscall(SYS_capget, &header, data) == 0 &&
	       (data[0].effective & 1u << CAP_SYS_ADMIN) != 0;
}

static bool has_mount_api(void)
{
	bool rights = may_mount();

	return !lacks(syscall(NR_open_tree, -1, "", NO_FLAGS)) &&
	       !lacks(syscall(NR_fsconfig, -1, NO_FLAGS, NULL, NULL, 0)) &&
	       !lacks_despite_rights(syscall(NR_fsopen, "", NO_FLAGS), rights) &&
	       !lacks_despite_rights(syscall(NR_fsmount, -1, NO_FLAGS, 0), rights) &&
	       !lacks_despite_rights(syscall(NR_move_mount, -1, "", -1, "", NO_FLAGS), rights);
}

/* Kernels before 5.7 do not know the structure's last member, and refuse one that is not zero with
 * E2BIG. */
static bool has_birth_in_cgroup(void)
{
	struct clone_arguments arguments = {.flags = K_CLONE_INTO_CGROUP, .cgroup = UINT64_MAX};

	return syscall(NR_clone3, &arguments, sizeof(arguments)) < 0 && errno == EINVAL;
}

/* The one call that may succeed: this thread joins the UTS namespace in which it is. */
static bool has_join_by_pidfd(void)
{
	int self = (int)syscall(NR_pidfd_open, getpid(), 0);

	if (self < 0)
		return false;
	bool joined = setns(self, CLONE_NEWUTS) == 0 || errno == EPERM;

	close(self);
	return joined;
}

unsigned int runt_probe(void)
{
	return (has_mount_api() ? KERNEL_MOUNT_API : 0) |
	       (lacks(syscall(NR_mount_setattr, -1, "", NO_FLAGS, NULL, 0))
		    ? 0
		    : KERNEL_MOUNT_SETATTR) |
	       (has_birth_in_cgroup() ? KERNEL_BIRTH_IN_CGROUP : 0) |
	       (has_join_by_pidfd() ? KERNEL_JOIN_BY_PIDFD : 0);
}
