/* The last steps: where the program is, which descriptors it keeps, and the exec. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"

int op_workingFolder(struct machine *m)
{
	char where[PATH_MAX];

	if (m->in_working_folder)
		return 0;
	if (chdir(arg_string(m, 0)) < 0)
		return -1;
	/* getcwd(2): a folder outside the root is named "(unreachable)…" (CVE-2024-21626) */
	if (syscall(SYS_getcwd, where, sizeof(where)) < 0)
		return -1;
	if (where[0] != '/') {
		(void)chdir("/");
		errno = EXDEV;
		return -1;
	}
	m->in_working_folder = 1;
	return 0;
}

/* faccessat2(2) asks for the effective rights, as execve does; without it (before Linux 5.8) the
 * real ids are the same here, but not what capabilities allow. */
static int access_to_execute(const char *path)
{
	if (syscall(NR_faccessat2, AT_FDCWD, path, X_OK, AT_EACCESS) == 0)
		return 0;
	return errno == ENOSYS || errno == EPERM ? access(path, X_OK) : -1;
}

static int may_execute(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -1;
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	return access_to_execute(path);
}

int op_findExecutable(struct machine *m)
{
	int worst = ENOENT;

	for (char **candidate = arg_list(m, 0); *candidate; candidate++) {
		if (may_execute(*candidate) == 0) {
			m->executable = *candidate;
			return 0;
		}
		if (errno != ENOENT && errno != ENOTDIR)
			worst = errno;
	}
	errno = worst;
	return -1;
}

int op_keepDescriptors(struct machine *m)
{
	unsigned int count = arg_u32(m, 0);

	for (unsigned int descriptor = 3; descriptor < 3 + count; descriptor++)
		if (fcntl((int)descriptor, F_SETFD, 0) < 0)
			return -1;
	/* the container's own /proc could lie, and we may be behind its root by now */
	return close_from_at_exec(3 + count, m->proc, "self/fd");
}

int op_exec(struct machine *m)
{
	if (!m->executable) {
		errno = ENOENT;
		return -1;
	}
	char **environment = arg_list(m, 1);

	if (m->home[0] && arg_length(m, 1) > 0)
		environment[arg_length(m, 1) - 1] = m->home;
	return execve(m->executable, arg_list(m, 0), environment);
}
