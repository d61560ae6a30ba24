/*
 * Id-mapped mounts: mount_setattr(2), "ID-mapped mounts". The kernel takes the mapping from a user
 * namespace, so one is made for it, by a child that lives only until the namespace is open.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"

/* "<pid>/<file>", relative to a procfs of our own pid namespace */
static void process_path(char *path, size_t size, pid_t pid, const char *file)
{
	char digits[12];
	size_t at = sizeof(digits), length;

	do
		digits[--at] = (char)('0' + pid % 10);
	while (pid /= 10);
	length = sizeof(digits) - at;
	memcpy(path, digits + at, length);
	path[length++] = '/';
	strncpy(path + length, file, size - length - 1);
	path[size - 1] = '\0';
}

static int write_map(int proc, pid_t pid, const char *file, const char *map, size_t length)
{
	char path[64];

	process_path(path, sizeof(path), pid, file);
	int map_file = openat(proc, path, O_WRONLY | O_CLOEXEC);

	if (map_file < 0)
		return -1;
	ssize_t written = write(map_file, map, length);
	int error = errno;

	close(map_file);
	errno = error;
	return written < 0 ? -1 : 0;
}

static int open_namespace(int proc, pid_t pid)
{
	char path[64];

	process_path(path, sizeof(path), pid, "ns/user");
	return openat(proc, path, O_RDONLY | O_CLOEXEC);
}

int op_mapNamespace(struct machine *m)
{
	int proc = arg_slot(m, 0), namespace = -1;
	pid_t pid = sys_fork(K_CLONE_NEWUSER, SIGCHLD, NULL);

	if (pid < 0)
		return -1;
	if (pid == 0)
		for (;;)
			pause();
	if (write_map(proc, pid, "uid_map", arg_string(m, 1), arg_length(m, 1)) == 0 &&
	    write_map(proc, pid, "gid_map", arg_string(m, 2), arg_length(m, 2)) == 0)
	namespace = open_namespace(proc, pid);
	int error = errno;

	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = error;
	return fill_slot(m, 3, namespace);
}

int op_idmap(struct machine *m)
{
	struct mount_attributes attributes = {.attr_set = K_MOUNT_ATTR_IDMAP};
	int namespace = arg_slot(m, 1);

	if (namespace < 0) {
		errno = EBADF;
		return -1;
	}
	attributes.userns_fd = (uint64_t) namespace;
	return sys_mount_setattr(arg_slot(m, 0), "", AT_EMPTY_PATH | arg_u32(m, 2), &attributes);
}
