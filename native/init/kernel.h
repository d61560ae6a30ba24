/*
 * The system calls that the C library does not wrap, with their numbers and structures as the
 * kernel's own headers (include/uapi) fix them. Numbers from 424 on are the same on every
 * architecture. K_ keeps the names apart from those that newer C libraries define as well.
 */
#ifndef RUNT_KERNEL_H
#define RUNT_KERNEL_H

#include <errno.h>
#include <fcntl.h>
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
#define NR_faccessat2 439
#define NR_mount_setattr 442

/* What older kernels, and filters of an outer container, answer in place of a call they do not
 * know. */
#define LACKING(error) ((error) == ENOSYS || (error) == EPERM)

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

/* The C library's fork() would run handlers, and its clone() wants a stack. Both calls take no
 * stack here, so the child goes on where the parent is, on its own copy. `pidfd` may be NULL. With
 * CLONE_PARENT the signal is 0. */
static inline int sys_fork(uint64_t flags, int exit_signal, int *pidfd)
{
	struct clone_arguments arguments = {.flags = flags | (pidfd ? K_CLONE_PIDFD : 0),
					    .pidfd = (uint64_t)(uintptr_t)pidfd,
					    .exit_signal = (uint64_t)exit_signal};
	int pid = (int)syscall(NR_clone3, &arguments, sizeof(arguments));

	/* CLONE_PIDFD puts the descriptor where CLONE_PARENT_SETTID would put the pid: clone(2) */
	if (pid < 0 && LACKING(errno))
		pid = (int)syscall(SYS_clone, arguments.flags | (uint64_t)exit_signal, 0, pidfd, 0,
				   0);
	return pid;
}

/* Marks every descriptor from `first` on close-on-exec, in the list that /proc/self/fd is. It makes
 * system calls and writes locals only. Entries are getdents64(2)'s: inode, offset, length, type,
 * name. */
static inline int mark_listed(int list, unsigned int first)
{
	_Alignas(8) unsigned char entries[1024];
	long got;

	while ((got = syscall(SYS_getdents64, list, entries, sizeof(entries))) > 0)
		for (long at = 0; at < got;) {
			const unsigned char *entry = entries + at, *digit = entry + 19;
			unsigned int descriptor = 0;

			for (; *digit >= '0' && *digit <= '9'; digit++)
				descriptor = descriptor * 10 + (*digit - '0');
			if (!*digit && descriptor >= first &&
			    syscall(SYS_fcntl, descriptor, F_SETFD, FD_CLOEXEC) < 0)
				return -1;
			at += entry[16] | entry[17] << 8;
		}
	return (int)got;
}

/* close_range(first, ~0, CLOSE_RANGE_CLOEXEC). Where the kernel lacks it, the open descriptors are
 * looked up in `proc`, a trusted procfs (AT_FDCWD takes the path as it is); it fails where there is
 * none, and leaves nothing open in silence. */
static inline int close_from_at_exec(unsigned int first, int proc, const char *list_path)
{
	if (syscall(NR_close_range, first, ~0u, K_CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	if (!LACKING(errno) && errno != EINVAL) /* 5.9 and 5.10 do not know the flag */
		return -1;
	int list = (int)syscall(SYS_openat, proc, list_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (list < 0)
		return -1;
	int result = mark_listed(list, first);
	int error = errno;

	syscall(SYS_close, list);
	errno = error;
	return result;
}

#endif
