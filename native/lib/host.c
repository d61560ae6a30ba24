/*
 * What this host lets its caller do, for a report on it: calls that leave nothing behind. Each
 * answer is 0, or -errno.
 */
#include "librunt.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>
#include "../init/kernel.h"

#define NO_FLAGS 0xffffffffl

/* Asked with arguments that are wrong: only ENOSYS, and EPERM from a filter, speak of the call
 * itself. */
const struct host_call host_calls[HOST_CALLS] = {
    {"pidfd_open", NR_pidfd_open, false, {-1}},
    {"pidfd_send_signal", NR_pidfd_send_signal, false, {-1}},
    {"pidfd_getfd", NR_pidfd_getfd, false, {-1, -1}},
    {"clone3", NR_clone3, false, {0}},
    {"close_range", NR_close_range, false, {1, 0}},
    {"openat2", NR_openat2, false, {-1}},
    {"open_tree", NR_open_tree, false, {-1, (long)"", NO_FLAGS}},
    {"fsconfig", NR_fsconfig, false, {-1, NO_FLAGS}},
    {"fsopen", NR_fsopen, true, {(long)"", NO_FLAGS}},
    {"fsmount", NR_fsmount, true, {-1, NO_FLAGS}},
    {"move_mount", NR_move_mount, true, {-1, (long)"", -1, (long)"", NO_FLAGS}},
    {"mount_setattr", NR_mount_setattr, false, {-1, (long)"", NO_FLAGS}},
};

int runt_try_call(const struct host_call *call)
{
	const long *with = call->arguments;

	return syscall(call->number, with[0], with[1], with[2], with[3], with[4]) < 0 ? -errno : 0;
}

/* A child that goes into a user namespace and asks for a right which it must have there: some hosts
 * give the namespace and withhold the rights. */
int runt_try_user_namespace(void)
{
	int status;
	int pid = sys_fork(K_CLONE_NEWUSER, SIGCHLD, NULL);

	if (pid < 0)
		return -errno;
	if (pid == 0)
		syscall(SYS_exit_group, unshare(CLONE_NEWNS) < 0 ? errno : 0);
	status = runt_wait(pid);
	if (status < 0)
		return status;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/* A device program that allows nothing; it is attached nowhere. */
int runt_try_device_program(void)
{
	static const struct bpf_insn refuse_all[] = {
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
	    {.code = BPF_JMP | BPF_EXIT},
	};
	int program = runt_load_device_program(refuse_all, sizeof(refuse_all));

	if (program < 0)
		return program;
	close(program);
	return 0;
}

/* The memfd that runt-init would be started from. */
int runt_try_image(void)
{
	int memfd = runt_image_memfd();

	if (memfd < 0)
		return -errno;
	close(memfd);
	return 0;
}

int runt_space(const char *path, struct space *space)
{
	struct statfs status;

	if (statfs(path, &status) < 0)
		return -errno;
	space->type = (unsigned long)status.f_type;
	space->flags = (unsigned long)status.f_flags;
	space->free_bytes = (double)status.f_bavail * (double)status.f_bsize;
	space->files = (double)status.f_files;
	space->free_files = (double)status.f_ffree;
	return 0;
}

int runt_has_attribute(const char *path, const char *name)
{
	return getxattr(path, name, NULL, 0) < 0 ? -errno : 0;
}

int runt_is_terminal(int descriptor)
{
	struct termios settings;

	return tcgetattr(descriptor, &settings) < 0 ? -errno : 0;
}
