/*
 * The system calls that the C library does not wrap, with their numbers and structures as the
 * kernel's own headers (include/uapi) fix them. Numbers from 424 on are the same on every
 * architecture. K_ keeps the names apart from those that newer C libraries define as well.
 */
#ifndef RUNT_KERNEL_H
#define RUNT_KERNEL_H

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NR_pidfd_send_signal 424
#define NR_open_tree 428
#define NR_move_mount 429
#define NR_fsopen 430
#define NR_fsconfig 431
#define NR_fsmount 432
#define NR_pidfd_open 434
#define NR_clone3 435
#define NR_close_range 436
#define NR_openat2 437
#define NR_pidfd_getfd 438
#define NR_mount_setattr 442

#define K_CLONE_PIDFD 0x1000u
#define K_CLONE_VM 0x100u
#define K_CLONE_VFORK 0x4000u
#define K_CLONE_PARENT 0x8000u
#define K_CLONE_CLEAR_SIGHAND 0x100000000ull
#define K_CLONE_INTO_CGROUP 0x200000000ull
#define K_OPEN_TREE_CLONE 1u
#define K_OPEN_TREE_CLOEXEC 02000000u
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#define K_AT_RECURSIVE 0x8000
#define K_MOVE_MOUNT_F_EMPTY_PATH 0x04u
#define K_MOVE_MOUNT_T_EMPTY_PATH 0x40u
#define K_FSOPEN_CLOEXEC 1u
#define K_FSMOUNT_CLOEXEC 1u
#define K_FSCONFIG_SET_FLAG 0u
#define K_FSCONFIG_SET_STRING 1u
#define K_FSCONFIG_CMD_CREATE 6u
#define K_MOUNT_ATTR_RDONLY 0x01u
#define K_MOUNT_ATTR_IDMAP 0x00100000u
#define K_CLONE_NEWUSER 0x10000000u
#define K_RESOLVE_NO_XDEV 0x01u
#define K_RESOLVE_NO_MAGICLINKS 0x02u
#define K_RESOLVE_NO_SYMLINKS 0x04u
#define K_RESOLVE_BENEATH 0x08u
#define K_RESOLVE_IN_ROOT 0x10u
#define K_CLOSE_RANGE_CLOEXEC 4u

struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};

struct open_how_arguments {
	uint64_t flags, mode, resolve;
};

struct mount_attributes {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};

static inline int sys_openat2(int folder, const char *path, uint64_t flags, uint64_t mode,
			      uint64_t resolve)
{
	struct open_how_arguments how = {flags, mode, resolve};

	return (int)syscall(NR_openat2, folder, path, &how, sizeof(how));
}

static inline int sys_open_tree(int folder, const char *path, unsigned int flags)
{
	return (int)syscall(NR_open_tree, folder, path, flags | K_OPEN_TREE_CLOEXEC);
}

static inline int sys_move_mount(int mount, int onto)
{
	return (int)syscall(NR_move_mount, mount, "", onto, "",
			    K_MOVE_MOUNT_F_EMPTY_PATH | K_MOVE_MOUNT_T_EMPTY_PATH);
}

static inline int sys_mount_setattr(int folder, const char *path, unsigned int flags,
				    const struct mount_attributes *attributes)
{
	return (int)syscall(NR_mount_setattr, folder, path, flags, attributes, sizeof(*attributes));
}

static inline int sys_clone3(struct clone_arguments *arguments)
{
	return (int)syscall(NR_clone3, arguments, sizeof(*arguments));
}

static inline int sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	return (int)syscall(NR_close_range, first, last, flags);
}

#endif
